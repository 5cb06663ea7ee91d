/**
 * What was wrong in a race, read from the money that moved and from what people were told; nothing here asks the ledger's rules or
 * believes its sums.
 */
import type { Race } from './race.ts';
import type { Happened } from './witness.ts';

export type RaceFault =
  | 'over-single'
  | 'over-daily'
  | 'over-total'
  | 'over-orders'
  | 'over-promised'
  | 'debited-twice'
  | 'paid-after-stop'
  | 'paid-out-of-window'
  | 'money-made-or-lost'
  | 'overdrawn'
  | 'over-refunded'
  | 'refunded-elsewhere'
  | 'unresolved'
  | 'told-wrongly';

const PAYEE = 'payee:';
const HELD = 'held:';
const DAY_MS = 86_400_000;

/** Every kind of fault that occurred, once each. */
export function faultsOf(race: Race): readonly RaceFault[] {
  const payments = paymentsOf(race);
  const checks = [overspent, stopped, conserved, refunded, resolved, toldRightly];
  return [...new Set(checks.flatMap((check) => [...check(race, payments)]))];
}

interface Payment {
  readonly requestId: string;
  readonly amountMinor: number;
  readonly at: Happened;
  readonly place: number;
}

/** Every transaction in which a payee gained. */
function paymentsOf({ happened }: Race): readonly Payment[] {
  return happened.flatMap((at, place) => {
    const amountMinor = gainOf(at, PAYEE);
    return amountMinor > 0 ? [{ requestId: at.id, amountMinor, at, place }] : [];
  });
}

function gainOf({ moved }: Happened, pots: string): number {
  return [...moved].reduce((sum, [pot, minor]) => sum + (pot.startsWith(pots) ? minor : 0), 0);
}

function* overspent({ plan, happened }: Race, payments: readonly Payment[]): Generator<RaceFault> {
  const { maxTotalMinor, maxSingleMinor = maxTotalMinor, maxDailyMinor = maxTotalMinor, maxOrders } = plan.terms;
  const sum = (some: readonly Payment[]) => some.reduce((total, { amountMinor }) => total + amountMinor, 0);
  if (sum(payments) > maxTotalMinor) yield 'over-total';
  if (payments.some(({ amountMinor }) => amountMinor > maxSingleMinor)) yield 'over-single';
  if (payments.length > (maxOrders ?? payments.length)) yield 'over-orders';
  const ids = payments.map(({ requestId }) => requestId);
  if (new Set(ids).size < ids.length) yield 'debited-twice';

  // A payment belongs to the local day on which its reservation was granted.
  const granted = new Map<string, number>();
  const offsetMs = (plan.terms.utcOffsetMin ?? 0) * 60_000;
  for (const { what, id, result, atMs } of happened) {
    const isGranted = what === 'reserve' && (result as { kind: string }).kind === 'reserved';
    if (isGranted && !granted.has(id)) granted.set(id, Math.floor((atMs + offsetMs) / DAY_MS));
  }
  const days = new Map<number | undefined, Payment[]>();
  for (const payment of payments) {
    const day = granted.get(payment.requestId);
    days.set(day, [...(days.get(day) ?? []), payment]);
  }
  if ([...days.values()].some((some) => sum(some) > maxDailyMinor)) yield 'over-daily';

  // At each moment: what was paid and what is held for payments that may yet be made.
  let promisedMinor = 0;
  for (const one of happened) {
    promisedMinor += Math.max(0, gainOf(one, PAYEE)) + gainOf(one, HELD);
    if (promisedMinor > maxTotalMinor) yield 'over-promised';
  }
}

/** T17: from the moment the wearer was told until a resumption took effect. */
function* stopped({ plan, happened, told }: Race, payments: readonly Payment[]): Generator<RaceFault> {
  const isResumed = ({ what, result }: Happened): boolean => {
    const { kind, status } = (result ?? {}) as { kind?: string; status?: { state: string } };
    return what === 'change' && kind === 'changed' && status?.state === 'Active';
  };
  for (const one of told) {
    if (one.kind !== 'acknowledgement' || one.state === undefined || one.state === 'Active') continue;
    // Another gateway may have resumed it while this word was on its way to the wearer.
    const place = happened.findLastIndex(
      ({ what, id }, i) => i < one.after && what === 'change' && id === one.change.changeId,
    );
    const resumed = one.state === 'Suspended' ? happened.findIndex((at, i) => i > place && isResumed(at)) : -1;
    const until = resumed < 0 ? happened.length : resumed;
    if (payments.some((payment) => payment.place >= one.after && payment.place < until)) yield 'paid-after-stop';
  }
  const { validFrom, validUntil } = plan.terms;
  if (payments.some(({ at }) => at.atMs < validFrom || at.atMs >= validUntil)) yield 'paid-out-of-window';
}

function* conserved({ happened, balances }: Race): Generator<RaceFault> {
  if (happened.some((one) => gainOf(one, '') !== 0)) yield 'money-made-or-lost';
  const holds = new Map<string, number>();
  for (const { moved } of happened) {
    for (const [pot, minor] of moved) {
      const after = (holds.get(pot) ?? 0) + minor;
      holds.set(pot, after);
      if (after < 0 && !pot.startsWith('outside')) yield 'overdrawn';
    }
  }
  if ([...balances.values()].reduce((sum, minor) => sum + minor, 0) !== 0) yield 'money-made-or-lost';
}

/** T29: no more than was paid for the trade, and only to where it came from. */
function* refunded({ plan, happened }: Race, payments: readonly Payment[]): Generator<RaceFault> {
  const tradeOf = new Map(plan.returns.map(({ refundId, requestId }) => [refundId, requestId]));
  const back = new Map<string, number>();
  for (const one of happened) {
    const givenMinor = -gainOf(one, PAYEE);
    if (givenMinor <= 0) continue;
    // Two refunds under one number stand for the trade of the one that came first.
    const candidates = plan.returns.filter(({ refundId }) => refundId === one.id).map(({ requestId }) => requestId);
    const trade = candidates.length === 1 ? (tradeOf.get(one.id) ?? '') : `any of ${candidates.join()}`;
    back.set(trade, (back.get(trade) ?? 0) + givenMinor);
    if (gainOf(one, 'wallet:') + gainOf(one, 'sub:') !== givenMinor) yield 'refunded-elsewhere';
  }
  for (const [trade, minor] of back) {
    const paid = payments.filter(({ requestId }) => trade.startsWith('any of ') || requestId === trade);
    if (minor > paid.reduce((sum, { amountMinor }) => sum + amountMinor, 0)) yield 'over-refunded';
  }
}

function* resolved({ plan, told, balances, standings }: Race): Generator<RaceFault> {
  if ([...balances].some(([pot, minor]) => pot.startsWith(HELD) && minor !== 0)) yield 'unresolved';
  if ([...standings.values()].some((standing) => standing !== 'committed' && standing !== 'released'))
    yield 'unresolved';
  const answers = told.filter(({ kind }) => kind === 'answer');
  if (answers.length !== plan.deliveries.length) yield 'unresolved';
}

/** `paid` was said of what was paid only, never one thing to the one and another to the other. */
function* toldRightly({ told }: Race, payments: readonly Payment[]): Generator<RaceFault> {
  const said = new Map<string, boolean>();
  for (const one of told) {
    if (one.kind !== 'answer') continue;
    const { requestId, contentDigest } = one.request;
    const place = payments.find((payment) => payment.requestId === requestId)?.place ?? Number.POSITIVE_INFINITY;
    if (one.paid && place >= one.after) yield 'told-wrongly';
    const key = `${requestId} ${contentDigest}`;
    if (said.get(key) === !one.paid) yield 'told-wrongly';
    said.set(key, one.paid);
  }
  for (const { requestId } of payments) {
    const contents = [...said].filter(([key, paid]) => paid && key.startsWith(`${requestId} `));
    if (contents.length !== 1) yield 'told-wrongly';
  }
}
