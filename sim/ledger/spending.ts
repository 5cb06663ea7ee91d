/**
 * ACT 2.1 PSD-PAY-DEL and PSD-PAY-AUP: reserve, execute, commit. A payment is promised its amount before it is executed, so
 * that committed + reserved stays inside every bound however many payments race (T14, T15). A promise whose outcome nobody
 * knows stays until a commit or a release: no time ends it.
 */
import type { EpochMs, PaymentError } from '../../protocol/index.ts';
import { dayOf, limitRefusal, stateRefusal } from './bounds.ts';
import { currentRecord } from './delegations.ts';
import { heldPot, move, moveHeld, payeePot } from './money.ts';
import type { Executed, Spend, SpendRequest, Standing } from './orders.ts';
import { type DelegationRecord, idsOf, readRecord, sameContent, writeRecord } from './records.ts';
import type { Books } from './store.ts';
import { freezesOf, promise, refusalOf, sourceOf } from './sub-accounts.ts';

export type Reserved =
  | { readonly kind: 'reserved' }
  | { readonly kind: 'refused'; readonly error: PaymentError }
  | { readonly kind: 'known'; readonly standing: Standing };

export type Committed =
  | { readonly kind: 'committed' }
  | { readonly kind: 'refused'; readonly error: PaymentError }
  | { readonly kind: 'known'; readonly standing: Standing };

type Promised = Extract<Standing, { standing: 'reserved' }>;
export type Price = Pick<SpendRequest, 'delegationId' | 'amountMinor' | 'currency'>;

export function check(books: Books, price: Price, now: EpochMs): PaymentError | undefined {
  const record = currentRecord(books, price.delegationId, now);
  return record === undefined ? 'IAC_INVALID' : (stateRefusal(record, now) ?? limitRefusal(record, price, now));
}

/** @throws Error for an amount that is no whole number from 1: whoever asks has read it from a checked message. */
export function reserve(books: Books, request: SpendRequest, now: EpochMs): Reserved {
  const asked = requestOf(request);
  if (!Number.isSafeInteger(asked.amountMinor) || asked.amountMinor < 1)
    throw new Error('a payment is of whole minor units');
  const known = find(books, asked.requestId);
  if (known !== undefined) {
    const same = sameContent(asked, requestOf(known));
    return same ? { kind: 'known', standing: known } : { kind: 'refused', error: 'REQUEST_REPEATED' };
  }
  const error = check(books, asked, now) ?? hold(books, asked, now);
  if (error === undefined) return { kind: 'reserved' };
  writeRecord(books, 'request', asked.requestId, { ...asked, standing: 'released', error, releasedAt: now });
  return { kind: 'refused', error };
}

/**
 * State and window are those of this moment. A version other than that of the reservation says that the credential was
 * stopped in between: what was on its way then is void, also where it is Active again, so that the order in which a
 * resumption and this commit arrive decides nothing (T17). So it is with a sub-account that was frozen in between.
 */
export function commit(books: Books, requestId: string, executed: Executed, now: EpochMs): Committed {
  const known = find(books, requestId);
  if (known === undefined) throw new Error('a payment is reserved before it is committed');
  if (known.standing === 'committed' && !sameTrade(known, executed))
    return { kind: 'refused', error: 'REQUEST_REPEATED' };
  if (known.standing !== 'reserved') return { kind: 'known', standing: known };
  const record = currentRecord(books, known.delegationId, now) as DelegationRecord;
  const { instrument } = record.terms;
  const stopped = record.version === known.version ? undefined : 'IAC_SUSPENDED';
  // Its limits were judged when it was promised; here the promise itself would count against it.
  const barred = instrument !== 'wallet' && refusalOf(books, instrument.subAccountId, 0, now);
  const frozen = freezesOf(books, record.terms) === (known.freezes ?? 0) ? undefined : 'SUB_ACCOUNT_INVALID';
  const error = stateRefusal(record, now) ?? stopped ?? frozen ?? (barred || undefined);
  if (error !== undefined) {
    giveBack(books, record, known, error, now);
    return { kind: 'refused', error };
  }
  pay(books, record, known, executed, now);
  return { kind: 'committed' };
}

export function release(books: Books, requestId: string, error: PaymentError, now: EpochMs): void {
  const known = find(books, requestId);
  if (known?.standing !== 'reserved') return;
  giveBack(books, currentRecord(books, known.delegationId, now) as DelegationRecord, known, error, now);
}

export function find(books: Books, requestId: string): Standing | undefined {
  return readRecord(books, 'request', requestId);
}

export function spendsOf(books: Books, delegationId: string): readonly Spend[] {
  return idsOf(books, 'spend', `${delegationId}/`).map((id) => readRecord(books, 'spend', id) as Spend);
}

/** Sets the amount apart and counts it. @returns why not. */
function hold(books: Books, asked: SpendRequest, now: EpochMs): PaymentError | undefined {
  const { requestId, delegationId, currency, amountMinor } = asked;
  const record = readRecord(books, 'delegation', delegationId) as DelegationRecord;
  const { instrument } = record.terms;
  const subAccountId = instrument === 'wallet' ? undefined : instrument.subAccountId;
  const refusal = subAccountId !== undefined && refusalOf(books, subAccountId, amountMinor, now);
  if (refusal) return refusal;
  const posting = { from: sourceOf(books, record.terms), to: heldPot(delegationId), currency, amountMinor };
  if (move(books, `hold ${requestId}`, posting) === 'overdrawn') return 'INSUFFICIENT_BALANCE';
  if (subAccountId !== undefined) promise(books, subAccountId, amountMinor);
  const day = dayOf(record, now);
  writeRecord(books, 'delegation', delegationId, {
    ...record,
    reservedMinor: record.reservedMinor + amountMinor,
    openSpends: record.openSpends + 1,
    day,
    dayMinor: (day === record.day ? record.dayMinor : 0) + amountMinor,
  });
  const { version } = record;
  const freezes = freezesOf(books, record.terms);
  const held = { ...asked, standing: 'reserved', reservedAt: now, version, day } as const;
  writeRecord(books, 'request', requestId, { ...held, ...(freezes > 0 && { freezes }) });
  return undefined;
}

export function pay(books: Books, record: DelegationRecord, known: Promised, executed: Executed, now: EpochMs): void {
  const { requestId, delegationId, currency, amountMinor } = known;
  const { tradeNo, orderNo, payee, receipt } = executed;
  if (readRecord(books, 'trade', tradeNo) !== undefined)
    throw new Error('this trade number stands for another payment');
  moveHeld(books, `pay ${requestId}`, { from: heldPot(delegationId), to: payeePot(payee), currency, amountMinor });
  writeRecord(books, 'delegation', delegationId, {
    ...record,
    spentMinor: record.spentMinor + amountMinor,
    reservedMinor: record.reservedMinor - amountMinor,
    spends: record.spends + 1,
    openSpends: record.openSpends - 1,
  });
  const paid = { requestId, tradeNo, orderNo, payee, amountMinor, committedAt: now };
  const outcome = { tradeNo, orderNo, payee, receipt, committedAt: now };
  writeRecord(books, 'request', requestId, { ...requestOf(known), standing: 'committed', ...outcome });
  writeRecord(books, 'trade', tradeNo, { requestId, refundedMinor: 0 });
  writeRecord(books, 'spend', `${delegationId}/${String(record.spends).padStart(10, '0')}`, paid);
}

function giveBack(books: Books, record: DelegationRecord, known: Promised, error: PaymentError, now: EpochMs): void {
  const { requestId, delegationId, currency, amountMinor, day } = known;
  const { instrument } = record.terms;
  const posting = { from: heldPot(delegationId), to: sourceOf(books, record.terms), currency, amountMinor };
  moveHeld(books, `give-back ${requestId}`, posting);
  if (instrument !== 'wallet') promise(books, instrument.subAccountId, -amountMinor);
  writeRecord(books, 'delegation', delegationId, {
    ...record,
    reservedMinor: record.reservedMinor - amountMinor,
    openSpends: record.openSpends - 1,
    dayMinor: record.dayMinor - (day === record.day ? amountMinor : 0),
  });
  const request = requestOf(known);
  writeRecord(books, 'request', requestId, { ...request, standing: 'released', error, releasedAt: now });
}

function requestOf({ requestId, delegationId, contentDigest, amountMinor, currency }: SpendRequest): SpendRequest {
  return { requestId, delegationId, contentDigest, amountMinor, currency };
}

/** Two gateways that learn of one execution make receipts of their own; the trade they are for is one. */
function sameTrade(left: Executed, right: Executed): boolean {
  return left.tradeNo === right.tradeNo && left.orderNo === right.orderNo && left.payee === right.payee;
}
