/**
 * Where delegations stand and who may change that (ACT 2.1 ADD-IAC-LCM): the wearer by a signed order, the agent by giving
 * back, the clock; what risk control does stands in psp-delegation-risk.ts. Stopping is obeyed from whoever may ask for it, always; going on
 * again is looked at twice (T17, T18).
 */
import {
  CLOCK_SKEW_S,
  type EpochMs,
  type LifecycleChange,
  type OpenedObject,
  secondsOf,
} from '../../protocol/index.ts';
import type { Books } from '../ledger/store.ts';
import { derivedId } from './derive.ts';
import { genuine } from './genuine.ts';
import type { FrameOf, Outgoing, Reaction } from './handler.ts';
import { REQUEST_WINDOW_S } from './psp-checks.ts';
import type { Delegation } from './psp-delegation-book.ts';
import { type AskedBy, changeIn, type Decided, newsOf, type Wish } from './psp-delegation-change.ts';
import { haltIn } from './psp-delegation-halts.ts';
import { type DelegationParts, payingInstrumentFor, statusFor } from './psp-delegation-parts.ts';
import { type RefusalCode, refusal } from './refusals.ts';
import { requestKey } from './requests.ts';
import type { CounterVerdict } from './signer-counters.ts';

interface ResumeFacts {
  readonly change: LifecycleChange;
  readonly counter: CounterVerdict;
  readonly nowS: number;
}

/** What an order to go on has to meet before the ledger is asked. */
const RESUME_CHECKS: readonly (readonly [holds: (facts: ResumeFacts) => boolean, otherwise: RefusalCode])[] = [
  [({ counter }) => counter !== 'forked' && counter !== 'key-forked', 'counter-forked'],
  [({ counter }) => counter !== 'overtaken', 'counter-replayed'],
  // Nobody keeps an order to go on and brings it when it suits.
  [({ change, nowS }) => change.changedAt >= nowS - REQUEST_WINDOW_S, 'expired-request'],
  [({ change, nowS }) => change.changedAt <= nowS + CLOCK_SKEW_S, 'expired-request'],
];

export class DelegationChanges {
  readonly #parts: DelegationParts;
  /** What was found of each order's counter when it came, by its digest: it is not found otherwise when the ledger answers. */
  readonly #counters = new Map<string, CounterVerdict>();

  constructor(parts: DelegationParts) {
    this.#parts = parts;
  }

  order({ from, body }: FrameOf<'lifecycle'>, now: EpochMs): Reaction {
    const { counters, retries } = this.#parts;
    const order = genuine('lifecycle-order', body.order, { ...this.#parts, at: secondsOf(now) });
    if (!order) return [refusal(from, body.requestId, 'bad-confirmation')];
    // A counter that a signer has signed is used, whatever comes of it.
    const counter = this.#counters.get(order.digest) ?? counters.judge(order);
    this.#counters.set(order.digest, counter);
    const facts = { change: order.value.change, counter, nowS: secondsOf(now) };
    return retries.insist(`change/${order.digest}`, now, (at) =>
      this.#obey(order, facts, { to: from, requestId: body.requestId }, at),
    );
  }

  /**
   * What was found of an order, by whichever gateway first, is kept in the transaction that carries it out: a refusal that was
   * told stays one.
   */
  #obey(order: OpenedObject<'lifecycle-order'>, facts: ResumeFacts, asked: AskedBy, now: EpochMs): readonly Outgoing[] {
    const { book, store } = this.#parts;
    const { delegationId, changeId, to, by, version } = facts.change;
    const delegation = book.find(delegationId);
    const wish: Wish = { changeId, to, by, ...(to === 'Active' && { version }) };
    const decided = store.transact((books) => {
      const key = `order-verdict/${order.digest}`;
      const kept = books.get(key) as RefusalCode | 'sound' | undefined;
      const verdict = kept ?? this.#judge(order, delegation, asked.to.party, facts, books);
      if (verdict === 'delegation-unknown' || !delegation) return 'delegation-unknown';
      books.put(key, verdict);
      return verdict === 'sound' ? changeIn(books, delegation, wish, now) : verdict;
    });
    if (!delegation || typeof decided === 'string')
      return [refusal(asked.to, asked.requestId, typeof decided === 'string' ? decided : 'delegation-unknown')];
    return this.#answer(delegation, wish, decided, asked, now);
  }

  /** The agent gives back what it was given. */
  end(frame: FrameOf<'delegation-end'>, now: EpochMs): Reaction {
    const { from, body } = frame;
    const { book, retries, secret, store } = this.#parts;
    const changeId = derivedId(secret, 'end', body.delegationId);
    const wish: Wish = { changeId, to: 'Revoked', by: 'AGENT' };
    const isOwn = book.known(body.delegationId)?.agent === from.party;
    return retries[isOwn ? 'insist' : 'attempt'](`end/${from.party}/${body.delegationId}`, now, (at) => {
      const delegation = book.find(body.delegationId);
      if (delegation?.agent !== from.party) return [refusal(from, body.requestId, 'delegation-unknown')];
      const decided = store.transact((books) => changeIn(books, delegation, wish, at));
      return this.#answer(delegation, wish, decided, { to: from, requestId: body.requestId }, at);
    });
  }

  /** Only whoever it belongs to hears of it; for all others it does not exist (T5). */
  query(frame: FrameOf<'delegation-query'>, now: EpochMs): Reaction {
    const { from, body } = frame;
    return this.#parts.retries.attempt(`query/${requestKey(frame)}`, now, (at) => {
      const delegation = this.#parts.book.find(body.delegationId);
      if (!delegation || (delegation.device !== from.party && delegation.agent !== from.party))
        return [refusal(from, body.requestId, 'delegation-unknown')];
      const status = statusFor(this.#parts, delegation, from, at, body.requestId);
      const isOfUse = from.role === 'agent' && !delegation.isOver;
      return isOfUse ? [status, ...payingInstrumentFor(this.#parts, delegation)] : [status];
    });
  }

  /** Tells once that an end has come. */
  tick(now: EpochMs): readonly Outgoing[] {
    const { book, retries } = this.#parts;
    return book.ended(now).flatMap((delegation) => {
      book.close(delegation);
      return retries.insist(`ended/${delegation.delegationId}`, now, (at) => newsOf(this.#parts, delegation, at));
    });
  }

  #judge(
    order: OpenedObject<'lifecycle-order'>,
    delegation: Delegation | undefined,
    from: string,
    facts: ResumeFacts,
    books: Books,
  ): RefusalCode | 'sound' {
    const { change } = facts;
    if (delegation?.device !== from) return 'delegation-unknown';
    if (order.signer.party !== from) return 'wrong-signer';
    if (change.by !== 'PRINCIPAL') return 'bad-confirmation';
    if (change.to !== 'Active') return 'sound';
    return this.#haltOf(delegation, books) ?? RESUME_CHECKS.find(([holds]) => !holds(facts))?.[1] ?? 'sound';
  }

  /** Why nothing resumes it now. */
  #haltOf(delegation: Delegation, books: Books): RefusalCode | undefined {
    if (this.#parts.isLocked(delegation.device)) return 'device-locked';
    return delegation.isHeld ? 'risk-hold' : haltIn(books, delegation);
  }

  #answer(
    delegation: Delegation,
    wish: Wish,
    decided: Decided,
    { to, requestId }: AskedBy,
    now: EpochMs,
  ): readonly Outgoing[] {
    if (decided.isOver && !delegation.isOver) this.#parts.book.close(delegation);
    // Whoever wanted it stopped, and finds it stopped for longer than that, has got what was wanted.
    if (decided.kind === 'done' || (wish.to !== 'Active' && delegation.isOver))
      return newsOf(this.#parts, delegation, now, { to, requestId });
    if (wish.to === 'Suspended') return [statusFor(this.#parts, delegation, to, now, requestId)];
    const code = decided.kind === 'stale' ? 'stale-version' : 'delegation-state';
    return [refusal(to, requestId, code), statusFor(this.#parts, delegation, to, now)];
  }
}
