/** What state, window and limits of a credential say to a payment, in the order of ACT 2.1 PSD-PAY-DEL. Pure. */
import type { EpochMs, IacState, PaymentError } from '../../protocol/index.ts';
import type { SpendRequest } from './orders.ts';
import type { DelegationRecord } from './records.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

const STOPPED: Readonly<Record<Exclude<IacState, 'Active'>, PaymentError>> = {
  Suspended: 'IAC_SUSPENDED',
  Revoked: 'IAC_REVOKED',
  Expired: 'IAC_EXPIRED',
};

/** Why a credential does not pay now at all. */
export function stateRefusal({ state, terms }: DelegationRecord, now: EpochMs): PaymentError | undefined {
  if (state !== 'Active') return STOPPED[state];
  return now < terms.validFrom ? 'IAC_INVALID' : undefined;
}

/** Why it does not pay so much more: paid and promised count alike, because what is promised may yet be paid (T14). */
export function limitRefusal(
  record: DelegationRecord,
  { amountMinor, currency }: Pick<SpendRequest, 'amountMinor' | 'currency'>,
  now: EpochMs,
): PaymentError | undefined {
  const { terms, spentMinor, reservedMinor, spends, openSpends } = record;
  const { maxTotalMinor, maxSingleMinor = amountMinor, maxDailyMinor = maxTotalMinor } = terms;
  if (currency !== terms.currency) return 'ORDER_MISMATCH';
  if (amountMinor > maxSingleMinor) return 'SINGLE_LIMIT_EXCEEDED';
  const dayMinor = dayOf(record, now) === record.day ? record.dayMinor : 0;
  const over =
    dayMinor + amountMinor > maxDailyMinor ||
    spentMinor + reservedMinor + amountMinor > maxTotalMinor ||
    spends + openSpends + 1 > (terms.maxOrders ?? Number.POSITIVE_INFINITY);
  return over ? 'TOTAL_LIMIT_EXCEEDED' : undefined;
}

/**
 * The local day that a reservation of now counts against, in days since 1970; a payment belongs to the day it was reserved
 * on, whenever it is committed. Never an earlier day than one before: a clock set back opens no day again (T16).
 */
export function dayOf({ terms, day }: DelegationRecord, now: EpochMs): number {
  return Math.max(day, Math.floor((now + (terms.utcOffsetMin ?? 0) * MINUTE_MS) / DAY_MS));
}
