/** Whether money is promised to a request of an agent: every check, and the promise, in one transaction (T14, T15). */
import { type Currency, type EpochMs, type PaymentError, secondsOf } from '../../protocol/index.ts';
import { check, find, reserve } from '../ledger/spending.ts';
import type { Books } from '../ledger/store.ts';
import { genuine } from './genuine.ts';
import type { OrderBook, RegisteredOrder } from './order-book.ts';
import type { Delegation } from './psp-delegation-book.ts';
import type { DelegationParts } from './psp-delegation-parts.ts';
import { spendingFault } from './psp-spending-checks.ts';
import type { Asked, SpendRecord } from './psp-spending-record.ts';
import { type OpenedRequest, type SpendingRequest, spendIdOf } from './psp-spending-request.ts';

export interface DecisionParts extends DelegationParts {
  readonly orders: OrderBook;
  /** The categories of what a payee sells that registers no orders; `undefined` for all others. */
  soldWithoutOrder(payee: string): readonly string[] | undefined;
}

/** Under which id the ledger knows a request. */
export function ledgerIdOf({ from, requestId }: Pick<SpendRecord, 'from' | 'requestId'>): string {
  return spendIdOf(from.party, requestId);
}

/** The order that the payee has registered, if any. */
export function orderOf({ orders }: DecisionParts, { payee, orderNo }: SpendingRequest): RegisteredOrder | undefined {
  return orderNo === undefined ? undefined : orders.find(payee, orderNo);
}

/** Whether nothing is paid, whatever the ledger knows of that yet: the device is lost, or risk control holds it (T17, T18). */
export function isHalted({ isLocked }: DecisionParts, { device, isHeld }: Delegation): boolean {
  return isHeld || isLocked(device);
}

/**
 * What was decided is kept in the transaction that decided it: a service that replays its journal over a ledger which has
 * gone on meanwhile decides as it did then, and a refusal that was told stays one.
 * @returns why nothing is promised, or nothing. @throws LedgerUnavailable.
 */
export function decide(
  parts: DecisionParts,
  record: SpendRecord,
  asked: Asked,
  isStatusDown: boolean,
  now: EpochMs,
): PaymentError | undefined {
  const id = ledgerIdOf(record);
  return parts.store.transact((books) => {
    const kept = books.get(`decided/${id}`) as { readonly error?: PaymentError } | undefined;
    if (kept) return kept.error;
    const fault = faultOf(parts, record, asked, isStatusDown, books, now);
    const error = fault ?? (asked.opened && promise(asked.opened, id, books, now));
    books.put(`decided/${id}`, error === undefined ? {} : { error });
    return error;
  });
}

function promise({ value, digest }: OpenedRequest, id: string, books: Books, now: EpochMs): PaymentError | undefined {
  const { delegationId, amountMinor, currency } = value;
  const spend = { requestId: id, delegationId, contentDigest: digest, amountMinor, currency };
  const reserved = reserve(books, spend, now);
  if (reserved.kind === 'refused') return reserved.error;
  books.put(orderKey(value), id);
  return undefined;
}

function faultOf(
  parts: DecisionParts,
  record: SpendRecord,
  { body, opened }: Asked,
  isStatusDown: boolean,
  books: Books,
  now: EpochMs,
): PaymentError | undefined {
  const { from, requestId } = record;
  const request = opened?.value;
  const delegation = request && parts.book.find(request.delegationId);
  const account = delegation && parts.accountOf(delegation.device);
  return spendingFault({
    ...{ opened, from: from.party, requestId, now: secondsOf(now), delegation, isStatusDown },
    isHalted: delegation !== undefined && isHalted(parts, delegation),
    ledgerFault: request && delegation && check(books, priceOf(request, delegation), now),
    methods: parts.methods.filter((method) => account?.methods.includes(method)),
    isMerchant: request !== undefined && parts.roleOf(request.payee) === 'merchant',
    order: request && orderOf(parts, request),
    isOrderTaken: request !== undefined && isTaken(request, ledgerIdOf(record), books),
    cart: body.cart && genuine('cart', body.cart, { ...parts, at: secondsOf(now) }),
    soldWithoutOrder: request && parts.soldWithoutOrder(request.payee),
    paidBy: request && paidBy(parts, request),
  });
}

/** Whether the request is in the currency of the credential at all is a check of its own. */
function priceOf(
  { amountMinor }: SpendingRequest,
  { delegationId, iac }: Delegation,
): { delegationId: string; amountMinor: number; currency: Currency } {
  return { delegationId, amountMinor, currency: iac.currency };
}

function paidBy({ book }: DelegationParts, { paymentToken, subAccountId }: SpendingRequest): Delegation | undefined {
  if (paymentToken !== undefined) return book.paidBy({ paymentToken });
  return subAccountId === undefined ? undefined : book.paidBy({ subAccountId });
}

/** An order is paid once: by the request that was promised money for it first, unless that came to nothing. */
function isTaken(request: SpendingRequest, id: string, books: Books): boolean {
  const by = books.get(orderKey(request)) as string | undefined;
  return by !== undefined && by !== id && find(books, by)?.standing !== 'released';
}

function orderKey({ payee, orderNo, requestId }: SpendingRequest): string {
  return `paid-order/${payee}/${orderNo ?? `request ${requestId}`}`;
}
