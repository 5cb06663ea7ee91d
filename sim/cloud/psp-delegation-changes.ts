/**
 * Where delegations stand and who may change that (ACT 2.1 ADD-IAC-LCM): the wearer by a signed order, the agent by giving
 * back, risk control by the operator's command, the clock. Stopping is obeyed from whoever may ask for it, always; going on
 * again is looked at twice (T17, T18).
 */
import {
  CLOCK_SKEW_S,
  type EpochMs,
  type IacState,
  type Id16,
  type LifecycleActor,
  type LifecycleChange,
  type OpenedObject,
  type Party,
  secondsOf,
} from '../../protocol/index.ts';
import { changeState } from '../ledger/delegations.ts';
import { derivedId } from './derive.ts';
import { genuine } from './genuine.ts';
import type { FrameOf, Outgoing, Reaction } from './handler.ts';
import { REQUEST_WINDOW_S } from './psp-checks.ts';
import type { Delegation } from './psp-delegation-book.ts';
import { type DelegationParts, instrumentFor, statusFor, toAgent, toDevice } from './psp-delegation-parts.ts';
import { type RefusalCode, refusal } from './refusals.ts';
import { requestKey } from './requests.ts';
import type { CounterVerdict } from './signer-counters.ts';

/** Who wants what. */
interface Wish {
  readonly changeId: Id16;
  readonly to: IacState;
  readonly by: LifecycleActor;
  /** Absent where any state will do: stopping does not depend on what was known when it was ordered. */
  readonly version?: number;
}

type Decided = 'done' | 'illegal' | 'stale';

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
  /** What was found of each order before the ledger was asked, by its digest: it is not found otherwise later. */
  readonly #orders = new Map<string, RefusalCode | 'sound'>();

  constructor(parts: DelegationParts) {
    this.#parts = parts;
  }

  order({ from, body }: FrameOf<'lifecycle'>, now: EpochMs): Reaction {
    const { book, retries } = this.#parts;
    const order = genuine('lifecycle-order', body.order, { ...this.#parts, at: secondsOf(now) });
    if (!order) return [refusal(from, body.requestId, 'bad-confirmation')];
    const { change } = order.value;
    const delegation = book.find(change.delegationId);
    const verdict = this.#orders.get(order.digest) ?? this.#judge(order, delegation, from.party, now);
    if (verdict === 'delegation-unknown' || !delegation) return [refusal(from, body.requestId, 'delegation-unknown')];
    this.#orders.set(order.digest, verdict);
    if (verdict !== 'sound') return [refusal(from, body.requestId, verdict)];
    const { changeId, to, by, version } = change;
    const wish = { changeId, to, by, ...(to === 'Active' && { version }) };
    return retries.insist(`change/${order.digest}`, now, (at) =>
      this.#carryOut(delegation, wish, { to: from, requestId: body.requestId }, at),
    );
  }

  /** The agent gives back what it was given. */
  end(frame: FrameOf<'delegation-end'>, now: EpochMs): Reaction {
    const { from, body } = frame;
    const { book, retries, secret } = this.#parts;
    const delegation = book.find(body.delegationId);
    if (delegation?.agent !== from.party) return [refusal(from, body.requestId, 'delegation-unknown')];
    const changeId = derivedId(secret, 'end', body.delegationId);
    const wish: Wish = { changeId, to: 'Revoked', by: 'AGENT' };
    return retries.insist(`end/${body.delegationId}`, now, (at) =>
      this.#carryOut(delegation, wish, { to: from, requestId: body.requestId }, at),
    );
  }

  /** Only whoever it belongs to hears of it; for all others it does not exist (T5). */
  query(frame: FrameOf<'delegation-query'>, now: EpochMs): Reaction {
    const { from, body } = frame;
    const delegation = this.#parts.book.find(body.delegationId);
    if (!delegation || (delegation.device !== from.party && delegation.agent !== from.party))
      return [refusal(from, body.requestId, 'delegation-unknown')];
    return this.#parts.retries.attempt(`query/${requestKey(frame)}`, now, (at) => {
      const status = statusFor(this.#parts, delegation, from, at, body.requestId);
      return from.role === 'agent' && !delegation.isOver ? [status, instrumentFor(delegation)] : [status];
    });
  }

  /** From when this returns, nothing is paid under it until risk control lifts that, whether or not the ledger answers. */
  suspend(delegationId: string, now: EpochMs): Reaction {
    const delegation = this.#parts.book.find(delegationId);
    if (!delegation) return { drop: 'delegation-unknown' };
    if (delegation.isOver) return { drop: 'delegation-state' };
    delegation.isHeld = true;
    return this.#byRiskControl(delegation, 'Suspended', now);
  }

  resume(delegationId: string, now: EpochMs): Reaction {
    const delegation = this.#parts.book.find(delegationId);
    if (!delegation) return { drop: 'delegation-unknown' };
    if (delegation.isOver) return { drop: 'delegation-state' };
    if (this.#parts.isLocked(delegation.device)) return { drop: 'device-locked' };
    delegation.isHeld = false;
    return this.#byRiskControl(delegation, 'Active', now);
  }

  /** Has something to say where the device was reported lost while its wearer's credential was on its way. */
  issued(delegation: Delegation, now: EpochMs): readonly Outgoing[] {
    return this.#parts.isLocked(delegation.device) ? this.#byRiskControl(delegation, 'Suspended', now) : [];
  }

  /** A device was reported lost: what its wearer has delegated stops with it (T18). The wearer resumes it once it is found. */
  lockdown(device: string, now: EpochMs): readonly Outgoing[] {
    return this.#parts.book.liveOf(device).flatMap((delegation) => this.#byRiskControl(delegation, 'Suspended', now));
  }

  /** Tells once that an end has come. */
  tick(now: EpochMs): readonly Outgoing[] {
    const { book, retries } = this.#parts;
    return book.ended(now).flatMap((delegation) => {
      book.close(delegation);
      return retries.insist(`ended/${delegation.delegationId}`, now, (at) => this.#news(delegation, at));
    });
  }

  #byRiskControl(delegation: Delegation, to: 'Suspended' | 'Active', now: EpochMs): readonly Outgoing[] {
    const { retries, secret } = this.#parts;
    const { delegationId } = delegation;
    delegation.riskChanges += 1;
    const changeId = derivedId(secret, 'risk', delegationId, to, String(now), String(delegation.riskChanges));
    const wish: Wish = { changeId, to, by: 'RISK_CONTROL' };
    return retries.insist(`change/${changeId}`, now, (at) => {
      if (to === 'Active' && this.#haltOf(delegation)) return [];
      return this.#change(delegation, wish, at) === 'done' ? this.#news(delegation, at) : [];
    });
  }

  #judge(
    order: OpenedObject<'lifecycle-order'>,
    delegation: Delegation | undefined,
    from: string,
    now: EpochMs,
  ): RefusalCode | 'sound' {
    // A counter that a signer has signed is used, whatever comes of it.
    const counter = this.#parts.counters.judge(order);
    const { change } = order.value;
    if (delegation?.device !== from) return 'delegation-unknown';
    if (order.signer.party !== from) return 'wrong-signer';
    if (change.by !== 'PRINCIPAL') return 'bad-confirmation';
    if (change.to !== 'Active') return 'sound';
    const facts = { change, counter, nowS: secondsOf(now) };
    return this.#haltOf(delegation) ?? RESUME_CHECKS.find(([holds]) => !holds(facts))?.[1] ?? 'sound';
  }

  /** Why nothing resumes it now. */
  #haltOf({ device, isHeld }: Delegation): RefusalCode | undefined {
    if (this.#parts.isLocked(device)) return 'device-locked';
    return isHeld ? 'risk-hold' : undefined;
  }

  #carryOut(
    delegation: Delegation,
    wish: Wish,
    { to, requestId }: { readonly to: Party; readonly requestId: Id16 },
    now: EpochMs,
  ): readonly Outgoing[] {
    // What has stopped it since the order came is not undone by it.
    const halt = wish.to === 'Active' ? this.#haltOf(delegation) : undefined;
    if (halt) return [refusal(to, requestId, halt)];
    const decided = this.#change(delegation, wish, now);
    // Whoever wanted it stopped, and finds it stopped for longer than that, has got what was wanted.
    if (decided === 'done' || (wish.to !== 'Active' && delegation.isOver))
      return this.#news(delegation, now, { to, requestId });
    if (wish.to === 'Suspended') return [statusFor(this.#parts, delegation, to, now, requestId)];
    const code = decided === 'stale' ? 'stale-version' : 'delegation-state';
    return [refusal(to, requestId, code), statusFor(this.#parts, delegation, to, now)];
  }

  /** Once for each id: one that was refused is refused for good, one that was made is found made. */
  #change(delegation: Delegation, { changeId, to, by, version }: Wish, now: EpochMs): Decided {
    const { store, book } = this.#parts;
    const { delegationId } = delegation;
    const { kind } = store.transact((books) => changeState(books, { delegationId, changeId, to, by, version }, now));
    if (kind === 'unknown') throw new Error('what was issued stands in the ledger');
    if (kind === 'illegal' || kind === 'stale') return kind;
    if (to === 'Revoked' && !delegation.isOver) book.close(delegation);
    return 'done';
  }

  /** Both sides hear of each change; whoever asked for it finds the request in it. */
  #news(delegation: Delegation, now: EpochMs, asked?: { readonly to: Party; readonly requestId: Id16 }): Outgoing[] {
    return [toDevice(delegation), toAgent(delegation)].map((to) =>
      statusFor(this.#parts, delegation, to, now, to.party === asked?.to.party ? asked.requestId : undefined),
    );
  }
}
