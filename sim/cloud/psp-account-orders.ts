/**
 * What the wearer has pressed for: to fill the sub-account of an agent up, or to unfreeze it (ACT 2.1 PSD-AGT-SUB). Both let the
 * agent spend more than before, so an order is looked at as closely as one to go on again (T17, T18), and the bounds stay
 * what they were: no account holds more than its credential still lets it pay (T14).
 */
import {
  CLOCK_SKEW_S,
  type EpochMs,
  type EpochSeconds,
  nextSubAccountState,
  type OpenedObject,
  type SubAccountFailure,
  type SubAccountResult,
  secondsOf,
} from '../../protocol/index.ts';
import { statusOf } from '../ledger/delegations.ts';
import type { SubAccountAnswer, SubAccountOrder } from '../ledger/orders.ts';
import type { Books } from '../ledger/store.ts';
import { accountStanding, operate } from '../ledger/sub-accounts.ts';
import { genuine } from './genuine.ts';
import type { FrameOf, Outgoing, Reaction } from './handler.ts';
import { REQUEST_WINDOW_S } from './psp-checks.ts';
import type { Delegation } from './psp-delegation-book.ts';
import { haltIn } from './psp-delegation-halts.ts';
import { type DelegationParts, instrumentFor, say } from './psp-delegation-parts.ts';
import { type RefusalCode, refusal } from './refusals.ts';
import type { CounterVerdict } from './signer-counters.ts';

type Opened = OpenedObject<'sub-account-order'>;

/** What was found of an order when it came. */
interface Facts {
  readonly from: string;
  readonly counter: CounterVerdict;
  readonly nowS: EpochSeconds;
}

type Verdict = { readonly refusal: RefusalCode } | { readonly failure: SubAccountFailure } | { readonly isSound: true };

/** What an order has to meet, whatever it is about. */
const CHECKS: readonly (readonly [holds: (facts: Facts, order: Opened) => boolean, otherwise: RefusalCode])[] = [
  [({ from }, { signer }) => signer.party === from, 'wrong-signer'],
  [({ counter }) => counter !== 'forked' && counter !== 'key-forked', 'counter-forked'],
  [({ counter }) => counter !== 'overtaken', 'counter-replayed'],
  // Nobody keeps an order and brings it when it suits.
  [({ nowS }, { value }) => value.change.changedAt >= nowS - REQUEST_WINDOW_S, 'expired-request'],
  [({ nowS }, { value }) => value.change.changedAt <= nowS + CLOCK_SKEW_S, 'expired-request'],
];

export class SubAccountOrders {
  readonly #parts: DelegationParts;
  /** What was found of each order's counter when it came, by its digest: it is not found otherwise when the ledger answers. */
  readonly #counters = new Map<string, CounterVerdict>();

  constructor(parts: DelegationParts) {
    this.#parts = parts;
  }

  order({ from, body }: FrameOf<'sub-account-order'>, now: EpochMs): Reaction {
    const { counters, retries } = this.#parts;
    const nowS = secondsOf(now);
    const order = genuine('sub-account-order', body.order, { ...this.#parts, at: nowS });
    if (!order) return [refusal(from, body.requestId, 'bad-confirmation')];
    // A counter that a signer has signed is used, whatever comes of it.
    const counter = this.#counters.get(order.digest) ?? counters.judge(order);
    this.#counters.set(order.digest, counter);
    const facts = { from: from.party, counter, nowS };
    return retries.insist(`account-order/${from.party}/${order.digest}`, now, (at) => {
      const { verdict, delegation, answer } = this.#carryOut(order, facts, at);
      if ('refusal' in verdict) return [refusal(from, body.requestId, verdict.refusal)];
      const result = 'failure' in verdict ? verdict : resultOf(answer as SubAccountAnswer, at);
      const told: Outgoing = say(from, { type: 'sub-account-result', body: { requestId: body.requestId, ...result } });
      // The agent may have been told that nothing is there to pay with.
      return delegation && 'status' in result ? [told, instrumentFor(delegation)] : [told];
    });
  }

  /** Found and carried out in one transaction, once for each order: a refusal that was told stays one (T2). */
  #carryOut(order: Opened, facts: Facts, now: EpochMs) {
    const { book, store } = this.#parts;
    const { delegationId } = order.value.change;
    return store.transact((books) => {
      const delegation = book.findIn(books, delegationId);
      if (delegation?.device !== facts.from) return { verdict: { refusal: 'delegation-unknown' } as Verdict };
      const key = `account-order/${order.digest}`;
      const verdict = (books.get(key) as Verdict | undefined) ?? this.#judge(books, order, delegation, facts, now);
      books.put(key, verdict);
      if (!('isSound' in verdict)) return { verdict };
      return { verdict, delegation, answer: operate(books, ledgerOrder(order, delegation)) };
    });
  }

  #judge(books: Books, order: Opened, delegation: Delegation, facts: Facts, now: EpochMs): Verdict {
    const { instrument, iac, device, isHeld } = delegation;
    const { change } = order.value;
    const otherwise = CHECKS.find(([holds]) => !holds(facts, order))?.[1];
    if (otherwise) return { refusal: otherwise };
    const isOfAccount = 'subAccountId' in instrument && instrument.subAccountId === change.subAccountId;
    if (!isOfAccount || change.currency !== iac.currency) return { failure: 'BINDING_MISMATCH' };
    const word = this.#parts.isLocked(device) ? 'device-locked' : isHeld ? 'risk-hold' : undefined;
    const halt = word ?? haltIn(books, delegation);
    if (halt) return { refusal: halt };
    const standing = accountStanding(books, change.subAccountId);
    const isLegal = standing && nextSubAccountState(standing.state, change.operation) !== undefined;
    // What stands in the way is told by the ledger; what was ordered before something else was done is void.
    if (!isLegal) return { isSound: true };
    if (change.version !== standing.version + 1) return { refusal: 'stale-version' };
    const amountMinor = change.amountMinor ?? 0;
    const most = mayHold(books, delegation, now);
    return amountMinor > 0 && standing.balanceMinor + amountMinor > most
      ? { failure: 'LIMIT_EXCEEDED' }
      : { isSound: true };
  }
}

/** What the credential still lets the account pay: nothing that was spent or is promised, and no refund, gives room (T14). */
function mayHold(books: Books, { delegationId, iac }: Delegation, now: EpochMs): number {
  const { spentMinor = 0, reservedMinor = 0 } = statusOf(books, delegationId, now) ?? {};
  return iac.maxTotalMinor - spentMinor - reservedMinor;
}

function ledgerOrder({ digest, value }: Opened, { account }: Delegation): SubAccountOrder {
  const { subAccountId, operation, amountMinor, currency } = value.change;
  const about = { requestId: digest, account, subAccountId };
  return operation === 'TOP_UP' && amountMinor !== undefined
    ? { ...about, operation, currency, amountMinor }
    : { ...about, operation: 'UNFREEZE' };
}

/** The ledger's answer as the device gets it. */
export function resultOf(answer: SubAccountAnswer, now: EpochMs): Omit<SubAccountResult, 'requestId'> {
  if (answer.kind === 'refused') return { failure: answer.failure };
  const { subAccountId, agentId, state, keyState, currency, balanceMinor, version } = answer.status;
  return {
    status: { subAccountId, agentId, state, keyState, currency, balanceMinor, asOf: secondsOf(now), version },
  };
}
