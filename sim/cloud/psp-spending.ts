/**
 * Paying under a delegation (ACT 2.1 PSD-PAY-DEL, PSD-PAY-AUP): check, reserve, execute, commit. Each request goes that way
 * once, however often it comes, and nothing is answered while its outcome is open.
 */
import {
  type Currency,
  digestOf,
  type EpochMs,
  type EpochSeconds,
  fromHex,
  hex,
  type PaymentError,
  secondsOf,
  signObject,
} from '../../protocol/index.ts';
import type { Standing as LedgerStanding } from '../ledger/orders.ts';
import { commit, find, release } from '../ledger/spending.ts';
import { LedgerUnavailable } from '../ledger/store.ts';
import { derivedHex } from './derive.ts';
import type { FrameOf, Outgoing, Reaction } from './handler.ts';
import type { RegisteredOrder } from './order-book.ts';
import type { Delegation } from './psp-delegation-book.ts';
import type { Notices } from './psp-notices.ts';
import type { Trades } from './psp-refunds.ts';
import { type DecisionParts, decide, decidedIn, isHalted, ledgerIdOf, orderIn } from './psp-spending-decision.ts';
import {
  type Asked,
  type Paid,
  paidNotice,
  type Refused,
  resultOf,
  type SpendRecord,
  spendNotice,
} from './psp-spending-record.ts';
import { type OpenedRequest, openRequest } from './psp-spending-request.ts';
import { refusal } from './refusals.ts';
import { contentOf, requestKey } from './requests.ts';

/** A request may overtake its merchant's notice on the way: so long it is held before the order counts as unknown. */
export const ORDER_WAIT_MS = 5_000;

export interface SpendingParts extends DecisionParts {
  /** In which this PSP keeps its books: what an answer names where a request nobody can read names none. */
  readonly currency: Currency;
  readonly notices: Notices;
  readonly trades: Trades;
}

export class SpendingDesk {
  readonly #parts: SpendingParts;
  readonly #records = new Map<string, SpendRecord>();
  /** Those that wait for their order. */
  readonly #held = new Set<SpendRecord>();
  /** Those that are promised their money and whose outcome is open, in order. */
  readonly #open = new Set<SpendRecord>();
  #isLate = false;
  #isStatusDown = false;

  constructor(parts: SpendingParts) {
    this.#parts = parts;
  }

  pay(frame: FrameOf<'delegated-pay'>, now: EpochMs): Reaction {
    const { from, body } = frame;
    const [key, content] = [requestKey(frame), contentOf(frame)];
    const known = this.#records.get(key);
    // It says nothing of the request that used the id first: that has to be asked for.
    if (known && known.content !== content) return [resultOf(known, refused('REQUEST_REPEATED', now))];
    if (known) return this.#again(known, now);
    const opened = openRequest(this.#parts, body.request);
    const record: SpendRecord = {
      ...{ content, from, requestId: body.requestId, since: now, standing: { at: 'new' }, asked: { body, opened } },
      about: { currency: this.#parts.currency, ...aboutOf(opened) },
    };
    this.#records.set(key, record);
    return this.#advance(record, now);
  }

  /** While the outcome is open there is no answer; what was never seen may still arrive (T4). */
  query(frame: FrameOf<'delegated-query'>, now: EpochMs): Reaction {
    const known = this.#records.get(requestKey(frame));
    if (known) return this.#again(known, now);
    return this.#parts.retries.attempt(`ask/${requestKey(frame)}`, now, () => this.#elsewhere(frame));
  }

  /** What another gateway has made of a request. */
  #elsewhere({ from, body: { requestId } }: FrameOf<'delegated-query'>): readonly Outgoing[] {
    const id = ledgerIdOf({ from, requestId });
    const [decided, standing] = this.#parts.store.transact((books) => [decidedIn(books, id), find(books, id)] as const);
    if (!decided) return [refusal(from, requestId, 'unknown-request')];
    const { about, error, decidedAt } = decided;
    if (error) return [resultOf({ from, requestId, about }, { at: 'refused', error, decidedAt })];
    const outcome = standing && outcomeOf(standing);
    return outcome ? [resultOf({ from, requestId, about }, outcome)] : [];
  }

  /** A merchant has registered an order: what was held for it goes on. */
  orderCame(payee: string, orderNo: string, now: EpochMs): readonly Outgoing[] {
    const concerned = [...this.#held].filter(
      ({ asked }) => asked?.opened?.value.payee === payee && asked.opened.value.orderNo === orderNo,
    );
    return concerned.flatMap((record) => this.#advance(record, now));
  }

  /** From now on outcomes do not come at once; with `done` or `failed` those that are open come, and all others at once again. */
  executions(how: 'late' | 'done' | 'failed', now: EpochMs): readonly Outgoing[] {
    this.#isLate = how === 'late';
    if (how === 'late') return [];
    const failed = how === 'failed' ? 'EXECUTION_FAILED' : undefined;
    return [...this.#open].flatMap((record) => {
      this.#open.delete(record);
      record.standing = { at: 'executed', ...(failed && { error: failed }) };
      return this.#advance(record, now);
    });
  }

  /** Whether where credentials stand can be known to the last second (T17). */
  statusService(isDown: boolean): void {
    this.#isStatusDown = isDown;
  }

  wakeAt(): EpochMs | undefined {
    const [first] = this.#held;
    return first && ((first.since + ORDER_WAIT_MS) as EpochMs);
  }

  tick(now: EpochMs): readonly Outgoing[] {
    const due = [...this.#held].filter(({ since }) => since + ORDER_WAIT_MS <= now);
    return due.flatMap((record) => this.#advance(record, now));
  }

  /** The same answer as before, without the notices that went out with it. */
  #again(record: SpendRecord, now: EpochMs): readonly Outgoing[] {
    const { standing } = record;
    if (standing.at === 'paid' || standing.at === 'refused') return [resultOf(record, standing)];
    return this.#advance(record, now);
  }

  #advance(record: SpendRecord, now: EpochMs): readonly Outgoing[] {
    const { from, requestId } = record;
    return this.#parts.retries.insist(`spend/${from.party}/${requestId}`, now, (at) => this.#step(record, at));
  }

  /** One way, never back; whatever the ledger does not answer in between is asked again. */
  #step(record: SpendRecord, now: EpochMs): readonly Outgoing[] {
    const { asked } = record;
    if (!asked) return [];
    if (record.standing.at === 'new') {
      if (this.#waits(record, asked, now)) return [];
      const decided = decide(this.#parts, record, asked, this.#isStatusDown, now);
      if (decided === 'repeated') {
        this.#records.delete(keyOf(record));
        return [resultOf(record, refused('REQUEST_REPEATED', now))];
      }
      const { error, decidedAt } = decided;
      if (error) return [this.#end(record, { at: 'refused', error, decidedAt })];
      record.standing = { at: 'reserved' };
    }
    if (record.standing.at === 'reserved') {
      if (this.#isLate) this.#open.add(record);
      else record.standing = { at: 'executed' };
    }
    return record.standing.at === 'executed' ? this.#finish(record, asked, record.standing.error, now) : [];
  }

  /** Decided for good: of what was sent nothing is needed any more. */
  #end(record: SpendRecord, standing: Refused | Paid): Outgoing {
    record.standing = standing;
    delete record.asked;
    return resultOf(record, standing);
  }

  #waits(record: SpendRecord, { opened }: Asked, now: EpochMs): boolean {
    const request = opened?.value;
    const isMissing =
      now < record.since + ORDER_WAIT_MS &&
      request?.orderNo !== undefined &&
      this.#parts.roleOf(request.payee) === 'merchant' &&
      this.#parts.soldWithoutOrder(request.payee) === undefined &&
      this.#parts.store.transact((books) => orderIn(books, this.#parts, request)) === undefined;
    if (isMissing) this.#held.add(record);
    else this.#held.delete(record);
    return this.#held.has(record);
  }

  /** Makes the payment or gives back what was promised to it; what became of it is read back from the ledger. */
  #finish(record: SpendRecord, asked: Asked, failed: PaymentError | undefined, now: EpochMs): readonly Outgoing[] {
    const { store, book } = this.#parts;
    const { opened } = asked;
    const delegation = opened && book.find(opened.value.delegationId);
    if (!opened) throw new Error('what was promised has a request');
    // A ledger that outlives this service knows of the promise; the delegation is read back once it answers again.
    if (!delegation) throw new LedgerUnavailable('the delegation was not read back yet');
    const executed = this.#executed(opened, secondsOf(now));
    const [standing, order] = store.transact((books) => {
      const order = orderIn(books, this.#parts, opened.value);
      const barred = isHalted(this.#parts, delegation, books) ? 'IAC_SUSPENDED' : order?.receipt && 'ORDER_MISMATCH';
      const error = failed ?? barred;
      if (error) release(books, ledgerIdOf(record), error, now);
      else commit(books, ledgerIdOf(record), executed, now);
      return [find(books, ledgerIdOf(record)), order] as const;
    });
    const outcome = standing && outcomeOf(standing);
    if (outcome?.at === 'refused') return [this.#end(record, outcome)];
    if (standing?.standing !== 'committed') throw new Error('a payment is made or given back');
    return this.#paid(record, asked, delegation, order, standing, now);
  }

  #executed({ value, digest }: OpenedRequest, paidAt: EpochSeconds) {
    const { secret, objectKey } = this.#parts;
    const { payee, amountMinor, currency, requestId } = value;
    const orderNo = value.orderNo ?? derivedHex(secret, 'order', payee, requestId).slice(0, 20);
    const tradeNo = derivedHex(secret, 'trade', payee, orderNo).slice(0, 20);
    const paid = { tradeNo, confirmationDigest: digest, orderNo, amountMinor, currency, payee, paidAt };
    return { tradeNo, orderNo, payee, receipt: hex(signObject('receipt', paid, objectKey)) };
  }

  /** Agent and merchant hear of it at once, the device until it has acknowledged the notice. */
  #paid(
    record: SpendRecord,
    { body }: Asked,
    { device }: Delegation,
    order: RegisteredOrder | undefined,
    { tradeNo, orderNo, payee, amountMinor, currency, ...committed }: Committed,
    now: EpochMs,
  ): readonly Outgoing[] {
    const { notices, trades } = this.#parts;
    const receipt = fromHex(committed.receipt);
    trades.add({ tradeNo, orderNo, payee, device, amountMinor, currency, pot: 'delegated' });
    if (order) order.receipt = receipt;
    const decidedAt = secondsOf(committed.committedAt as EpochMs);
    const result = this.#end(record, { at: 'paid', tradeNo, orderNo, receipt, decidedAt });
    const told = order ? [result, paidNotice(order, receipt)] : [result];
    return [...told, ...notices.add(device, digestOf(receipt), spendNotice(body, receipt), now)];
  }
}

/** What is told of a request that is made or given back; nothing while it is neither. */
function outcomeOf(standing: LedgerStanding): Refused | Paid | undefined {
  if (standing.standing === 'released') {
    const { error, releasedAt } = standing;
    return { at: 'refused', error, decidedAt: secondsOf(releasedAt as EpochMs) };
  }
  if (standing.standing === 'reserved') return undefined;
  const { tradeNo, orderNo, receipt, committedAt } = standing;
  return { at: 'paid', tradeNo, orderNo, receipt: fromHex(receipt), decidedAt: secondsOf(committedAt as EpochMs) };
}

/** As {@link requestKey} of the frame that brought it. */
function keyOf({ from, requestId }: SpendRecord): string {
  return `${from.party}/${requestId}`;
}

type Committed = Extract<LedgerStanding, { standing: 'committed' }>;

function refused(error: PaymentError, now: EpochMs): Refused {
  return { at: 'refused', error, decidedAt: secondsOf(now) };
}

function aboutOf(opened: OpenedRequest | undefined): Partial<SpendRecord['about']> {
  if (!opened) return {};
  const { currency, delegationId, amountMinor } = opened.value;
  return { currency, delegationId, amountMinor };
}
