/**
 * Whether all payments of a delegation together stayed within what the wearer had signed, and none was made after it was ended
 * (T14, T17). Evidence can be short of payments: then it says so, and accuses nobody of what is not there.
 */
import { type EpochSeconds, equalBytes, msOf, type OpenedObject } from '../../protocol/index.ts';
import { offsetOf, readTerms } from '../delegation/bounds.ts';
import { dayAt } from '../voice/delegation/calendar.ts';
import type { Bundle } from './bundle.ts';
import type { OpenedObjects } from './bundle-objects.ts';

export interface OpenedPayment {
  readonly receipt: OpenedObject<'receipt'>;
  readonly request: OpenedObject<'delegated-pay-request'> | OpenedObject<'autonomous-pay-request'>;
}

export interface JudgedLimits {
  readonly faults: readonly string[];
  readonly missing: readonly string[];
}

type Delegated = Required<Pick<OpenedObjects, 'request' | 'authorization' | 'receipt'>> &
  Pick<OpenedObjects, 'statuses' | 'orders' | 'payments'>;
type Paid = Pick<OpenedPayment['receipt']['value'], 'amountMinor' | 'paidAt' | 'tradeNo'>;

/** Nothing is judged where no authorization could be opened; that is told elsewhere. */
export function judgeLimits({ header }: Bundle, objects: OpenedObjects): JudgedLimits {
  const { request, authorization, receipt, statuses, orders, payments } = objects;
  if (!request || !authorization || !receipt) return { faults: [], missing: [] };
  const delegated: Delegated = { request, authorization, receipt, statuses, orders, payments };
  const own = payments.filter((payment) => isAsked(payment) && isUnder(payment, delegated));
  const paid = [receipt, ...own.map((payment) => payment.receipt)].map(({ value }) => value);
  const isWithheld = header.withheld?.includes('payments') ?? false;
  const faults: readonly (readonly [code: string, isWrong: boolean])[] = [
    ['payment-request', !payments.every(isAsked)],
    ['payment-delegation', !payments.every((payment) => isUnder(payment, delegated))],
    ['payment-repeated', new Set(paid.map(({ tradeNo }) => tradeNo)).size < paid.length],
    ...overLimits(paid, delegated),
    ['paid-after-end', paid.some((one) => isAfterEnd(one, delegated))],
    ['paid-while-suspended', paid.some((one) => isWhileSuspended(one, delegated))],
  ];
  const missing: readonly (readonly [code: string, isMissing: boolean])[] = [
    ['delegation-status', !isWithheld && !statuses.some(({ value }) => value.asOf >= receipt.value.paidAt)],
    ['payments', !isWithheld && statuses.some(({ value }) => lacksPayments(paid, value))],
    ['resume', paid.some((one) => mayBeSuspended(one, delegated))],
  ];
  const codes = (rows: typeof faults) => rows.flatMap(([code, holds]) => (holds ? [code] : []));
  return { faults: codes(faults), missing: codes(missing) };
}

/** The PSP's receipt is for what the agent had asked for. */
function isAsked({ receipt: { value: paid }, request: { value: asked, digest } }: OpenedPayment): boolean {
  return (
    paid.confirmationDigest === digest &&
    paid.amountMinor === asked.amountMinor &&
    paid.currency === asked.currency &&
    paid.payee === asked.payee &&
    paid.orderNo === (asked.orderNo ?? paid.orderNo)
  );
}

/** Under the very same signature of the wearer. */
function isUnder({ request: { value }, receipt }: OpenedPayment, { request, authorization }: Delegated): boolean {
  return equalBytes(value.iac, request.value.iac) && receipt.value.currency === authorization.value.iac.currency;
}

function overLimits(paid: readonly Paid[], { authorization, statuses }: Delegated) {
  const { iac } = authorization.value;
  const terms = readTerms(iac);
  const { maxDailyMinor = Number.POSITIVE_INFINITY, maxOrders = Number.POSITIVE_INFINITY } = terms ?? {};
  const days = new Map<number, number>();
  for (const { paidAt, amountMinor } of paid) {
    const day = dayAt(msOf(paidAt), offsetOf(terms));
    days.set(day, (days.get(day) ?? 0) + amountMinor);
  }
  // What the PSP itself counts is evidence against it, too.
  const totals = [sumOf(paid), ...statuses.map(({ value }) => value.spentMinor)];
  const counts = [paid.length, ...statuses.map(({ value }) => value.spends)];
  return [
    ['limit-total', Math.max(...totals) > iac.maxTotalMinor],
    ['limit-daily', Math.max(...days.values()) > maxDailyMinor],
    ['limit-orders', Math.max(...counts) > maxOrders],
  ] as const;
}

function sumOf(paid: readonly Paid[]): number {
  return paid.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

type Status = Delegated['statuses'][number]['value'];

/** The PSP had counted more by then than is shown. */
function lacksPayments(paid: readonly Paid[], { asOf, spends, spentMinor }: Status): boolean {
  const known = paid.filter(({ paidAt }) => paidAt <= asOf);
  return known.length < spends || sumOf(known) < spentMinor;
}

/** After the PSP's own word that nothing pays any more; before that word the wearer's order alone binds nobody (T17). */
function isAfterEnd({ paidAt }: Paid, { statuses }: Delegated): boolean {
  return statuses.some(({ value: { state, asOf } }) => (state === 'Revoked' || state === 'Expired') && paidAt > asOf);
}

/** Between two words of the PSP that it was suspended, with no change between them. */
function isWhileSuspended({ paidAt }: Paid, { statuses }: Delegated): boolean {
  return suspendedBefore(paidAt, statuses).some((known) =>
    statuses.some(
      ({ value: { state, version, asOf } }) => state === 'Suspended' && version === known && asOf >= paidAt,
    ),
  );
}

/** It was suspended when the PSP spoke before, and nothing shows that it ever went on. */
function mayBeSuspended({ paidAt }: Paid, { statuses, orders }: Delegated): boolean {
  const versions = [...statuses.map(({ value }) => value.version), ...orders.map(({ value }) => value.change.version)];
  return suspendedBefore(paidAt, statuses).some((known) => versions.every((version) => version <= known));
}

/** The versions of the states it was suspended in by the PSP's earlier words. */
function suspendedBefore(paidAt: EpochSeconds, statuses: Delegated['statuses']): readonly number[] {
  return statuses.flatMap(({ value: { state, version, asOf } }) =>
    state === 'Suspended' && asOf < paidAt ? [version] : [],
  );
}
