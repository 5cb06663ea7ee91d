/** Whether money is promised to a request of an agent: every check, and the promise, in one transaction (T14, T15). */
import { type Currency, type EpochMs, type EpochSeconds, type PaymentError, secondsOf } from '../../protocol/index.ts';
import { check, find, reserve } from '../ledger/spending.ts';
import type { Books } from '../ledger/store.ts';
import { genuine } from './genuine.ts';
import type { OrderBook, RegisteredOrder } from './order-book.ts';
import type { Delegation } from './psp-delegation-book.ts';
import { haltIn } from './psp-delegation-halts.ts';
import type { DelegationParts } from './psp-delegation-parts.ts';
import { spendingFault } from './psp-spending-checks.ts';
import { registeredIn } from './psp-spending-orders.ts';
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

/** What was decided of a request, and of which one: the first that came under its number. */
export interface Decided extends Pick<SpendRecord, 'content' | 'about'> {
  readonly decidedAt: EpochSeconds;
  readonly error?: PaymentError;
}

export function decidedIn(books: Books, id: string): Decided | undefined {
  return books.get(decidedKey(id)) as Decided | undefined;
}

const decidedKey = (id: string): string => `decided/${id}`;

/** The order that the payee has registered, with whichever gateway, if any. */
export function orderIn(
  books: Books,
  { orders }: DecisionParts,
  { payee, orderNo }: SpendingRequest,
): RegisteredOrder | undefined {
  return orderNo === undefined ? undefined : (orders.find(payee, orderNo) ?? registeredIn(books, payee, orderNo));
}

/** Whether nothing is paid: the device is lost, or risk control holds it, as this gateway knows or the ledger (T17, T18). */
export function isHalted({ isLocked }: DecisionParts, delegation: Delegation, books: Books): boolean {
  return delegation.isHeld || isLocked(delegation.device) || haltIn(books, delegation) !== undefined;
}

/**
 * What was decided is kept in the transaction that decided it: a service that replays its journal over a ledger which has
 * gone on meanwhile decides as it did then, and a refusal that was told stays one.
 * @returns what stands, or `repeated` where another gateway was asked something else under this number first (T2).
 * @throws LedgerUnavailable.
 */
export function decide(
  parts: DecisionParts,
  record: SpendRecord,
  asked: Asked,
  isStatusDown: boolean,
  now: EpochMs,
): Decided | 'repeated' {
  const id = ledgerIdOf(record);
  return parts.store.transact((books) => {
    const kept = decidedIn(books, id);
    if (kept) return kept.content === record.content ? kept : 'repeated';
    const fault = faultOf(parts, record, asked, isStatusDown, books, now);
    const error = fault ?? (asked.opened && promise(asked.opened, id, books, now));
    const { content, about } = record;
    const decided: Decided = { content, about, decidedAt: secondsOf(now), ...(error && { error }) };
    books.put(decidedKey(id), decided);
    return decided;
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
  const delegation = request && parts.book.findIn(books, request.delegationId);
  const account = delegation && parts.accountOf(delegation.device);
  return spendingFault({
    ...{ opened, from: from.party, requestId, now: secondsOf(now), delegation, isStatusDown },
    isHalted: delegation !== undefined && isHalted(parts, delegation, books),
    ledgerFault: request && delegation && check(books, priceOf(request, delegation), now),
    methods: parts.methods.filter((method) => account?.methods.includes(method)),
    isMerchant: request !== undefined && parts.roleOf(request.payee) === 'merchant',
    order: request && orderIn(books, parts, request),
    isOrderTaken: request !== undefined && isTaken(request, ledgerIdOf(record), books),
    cart: body.cart && genuine('cart', body.cart, { ...parts, at: secondsOf(now) }),
    soldWithoutOrder: request && parts.soldWithoutOrder(request.payee),
    paidBy: request && paidBy(parts, request, books),
  });
}

/** Whether the request is in the currency of the credential at all is a check of its own. */
function priceOf(
  { amountMinor }: SpendingRequest,
  { delegationId, iac }: Delegation,
): { delegationId: string; amountMinor: number; currency: Currency } {
  return { delegationId, amountMinor, currency: iac.currency };
}

function paidBy(
  { book }: DelegationParts,
  { paymentToken, subAccountId }: SpendingRequest,
  books: Books,
): Delegation | undefined {
  if (paymentToken !== undefined) return book.paidByIn(books, { paymentToken });
  return subAccountId === undefined ? undefined : book.paidByIn(books, { subAccountId });
}

/** An order is paid once: by the request that was promised money for it first, unless that came to nothing. */
function isTaken(request: SpendingRequest, id: string, books: Books): boolean {
  const by = books.get(orderKey(request)) as string | undefined;
  return by !== undefined && by !== id && find(books, by)?.standing !== 'released';
}

/** Of the payment that an order was made with, in hex. */
export function receiptIn(books: Books, payee: string, orderNo: string): string | undefined {
  const by = books.get(`paid-order/${payee}/${orderNo}`) as string | undefined;
  const standing = by === undefined ? undefined : find(books, by);
  return standing?.standing === 'committed' ? standing.receipt : undefined;
}

function orderKey({ payee, orderNo, requestId }: SpendingRequest): string {
  return `paid-order/${payee}/${orderNo ?? `request ${requestId}`}`;
}
