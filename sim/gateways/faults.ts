/**
 * What was wrong in a run of many gateways, read from the postings in the ledger and from the frames that people were told. Of
 * the code it judges it calls nothing and believes no sum.
 */
import type { Id16 } from '../../protocol/index.ts';
import type { PlannedDelegation, PlannedOrder } from './plan.ts';
import { RUN_START } from './plan.ts';
import type { GatewayRun } from './run.ts';
import type { Signed, Told } from './told.ts';
import { idOf } from './wearer.ts';

export type GatewayFault =
  | 'over-single'
  | 'over-daily'
  | 'over-total'
  | 'over-orders'
  | 'debited-twice'
  | 'not-as-asked'
  | 'paid-after-stop'
  | 'paid-while-held'
  | 'paid-out-of-window'
  | 'done-though-refused'
  | 'told-wrongly'
  | 'unknown-elsewhere'
  | 'receipt-differs'
  | 'unresolved'
  | 'not-told'
  | 'over-refunded'
  | 'money-made-or-lost'
  | 'broken';

export interface Payment {
  /** Where in the course of things. */
  readonly place: number;
  readonly atMs: number;
  /**
   * When it was promised and when it was made by the time of its gateway. One that died over a request goes on with it as of when
   * it took it; {@link asAsked} holds these times between the agent's signature and the posting.
   */
  readonly promisedAtMs: number;
  readonly paidAtMs: number;
  readonly delegationId: string;
  readonly orderNo: string;
  readonly payee: string;
  readonly tradeNo: string;
  readonly amountMinor: number;
  readonly receiptHex: string;
}

const DAY_MS = 86_400_000;
const PAYEE = 'payee:';
const HELD = 'held:';

/** Every kind of fault that occurred, once each. */
export function faultsOf(run: GatewayRun): readonly GatewayFault[] {
  const payments = paymentsOf(run);
  const checks = [overspent, asAsked, stopped, changed, toldRightly, known, resolved, refunded, conserved];
  const found = checks.flatMap((check) => [...check(run, payments)]);
  return [...new Set<GatewayFault>(run.broken.length > 0 ? [...found, 'broken'] : found)];
}

/** Every posting to a payee, with what the ledger wrote of the order in the same transaction. */
export function paymentsOf({ happened }: GatewayRun): readonly Payment[] {
  const promised = new Map<string, number>();
  return happened.flatMap(({ atMs, posted, became }, place) => {
    for (const { id, reservedAt } of became) if (reservedAt !== undefined) promised.set(id, reservedAt);
    return posted.flatMap(({ id, from, to, amountMinor }) => {
      if (!to.startsWith(PAYEE)) return [];
      const request = id.slice('pay '.length);
      const made = became.find((one) => one.id === request);
      const { orderNo = '', tradeNo = '', receipt: receiptHex = '', committedAt: paidAtMs = atMs } = made ?? {};
      const [payee, delegationId] = [to.slice(PAYEE.length), from.slice(HELD.length)];
      const promisedAtMs = promised.get(request) ?? atMs;
      return [{ place, atMs, promisedAtMs, paidAtMs, delegationId, orderNo, payee, tradeNo, amountMinor, receiptHex }];
    });
  });
}

/** T14, T15: within every bound that the wearer has signed, and no order twice. */
function* overspent({ plan }: GatewayRun, payments: readonly Payment[]): Generator<GatewayFault> {
  const sum = (some: readonly Payment[]) => some.reduce((total, { amountMinor }) => total + amountMinor, 0);
  for (const terms of plan.delegations) {
    const own = payments.filter(({ delegationId }) => delegationId === idOf(`${terms.name} delegation`));
    if (sum(own) > terms.maxTotalMinor) yield 'over-total';
    if (own.some(({ amountMinor }) => amountMinor > terms.maxSingleMinor)) yield 'over-single';
    if (own.length > (terms.maxOrders ?? own.length)) yield 'over-orders';
    const dayOf = ({ promisedAtMs }: Payment) => localDay(promisedAtMs, terms);
    const ofDay = (day: number) => sum(own.filter((one) => dayOf(one) === day));
    if (own.some((one) => ofDay(dayOf(one)) > (terms.maxDailyMinor ?? terms.maxTotalMinor))) yield 'over-daily';
    const fromMs = Math.floor((RUN_START + terms.atMs) / 1_000) * 1_000;
    const untilMs = fromMs + terms.validForS * 1_000;
    if (own.some(({ paidAtMs }) => paidAtMs < fromMs || paidAtMs >= untilMs)) yield 'paid-out-of-window';
  }
  const orders = payments.map(({ payee, orderNo }) => `${payee}/${orderNo}`);
  if (new Set(orders).size < orders.length) yield 'debited-twice';
}

function localDay(atMs: number, { utcOffsetMin }: PlannedDelegation): number {
  return Math.floor((atMs + utcOffsetMin * 60_000) / DAY_MS);
}

/** Only what the agent has signed, for an order as it was made, at the one payee the wearer has named. */
function* asAsked({ plan, signed }: GatewayRun, payments: readonly Payment[]): Generator<GatewayFault> {
  for (const payment of payments) {
    const order = plan.orders.find((one) => isOf(payment, one));
    const request = signed.find((one) => isSame(payment, one));
    // Of two machines the one may promise it later than the other, which died over it and pays it, has taken it.
    const times = [payment.promisedAtMs, payment.paidAtMs];
    const isThen = times.every((time) => time >= (request?.createdAtMs ?? 0) && time <= payment.atMs);
    if (!order || !request || !isThen) yield 'not-as-asked';
  }
}

function isOf(payment: Payment, order: PlannedOrder): boolean {
  return (
    payment.orderNo === order.orderNo &&
    payment.payee === order.payee &&
    payment.amountMinor === order.amountMinor &&
    payment.delegationId === idOf(`${order.delegation} delegation`)
  );
}

function isSame(payment: Payment, { orderNo, payee, amountMinor, delegationId }: Signed): boolean {
  return (
    payment.orderNo === orderNo &&
    payment.payee === payee &&
    payment.amountMinor === amountMinor &&
    payment.delegationId === delegationId
  );
}

/** T17: from the moment a stop was told until it was lifted, whichever machine has told it. */
function* stopped({ happened, told }: GatewayRun, payments: readonly Payment[]): Generator<GatewayFault> {
  const paidBetween = (delegationId: string, from: number, until: number) =>
    payments.some((one) => one.delegationId === delegationId && one.place >= from && one.place < until);
  for (const one of told) {
    if (one.kind === 'status' && one.status.state !== 'Active') {
      const { delegationId, version } = one.status;
      const resumed = happened.findIndex(({ entered }) =>
        entered.some((it) => it.delegationId === delegationId && it.version > version && it.state === 'Active'),
      );
      const until = one.status.state === 'Suspended' && resumed >= 0 ? resumed : happened.length;
      if (paidBetween(delegationId, one.after, until)) yield 'paid-after-stop';
    }
    // What the operator has stopped nobody else lets go on.
    const lift = one.kind === 'command' ? LIFTED_BY.get(one.words) : undefined;
    if (one.kind === 'command' && lift !== undefined && one.said === 'done') {
      const lifted = told
        .slice(told.indexOf(one))
        .filter((it) => it.kind === 'command')
        .find((it) => it.words === lift && it.delegationId === one.delegationId);
      if (paidBetween(one.delegationId, one.after, lifted?.before ?? happened.length)) yield 'paid-while-held';
    }
  }
}

const LIFTED_BY: ReadonlyMap<string, string> = new Map([
  ['suspend', 'resume'],
  ['lock', 'unlock'],
]);

/** An order to go on that was refused is not carried out by another machine. */
function* changed({ told, changes, happened }: GatewayRun): Generator<GatewayFault> {
  for (const { requestId, delegationId, to, version } of changes) {
    if (to !== 'Active') continue;
    const refused = told.find((one) => one.kind === 'refusal' && one.requestId === requestId);
    if (!refused) continue;
    const others = changes.filter((one) => one.delegationId === delegationId && one.version === version);
    const isDone = happened
      .slice(refused.after)
      .some(({ entered }) =>
        entered.some((it) => it.delegationId === delegationId && it.version === version && it.state === 'Active'),
      );
    const isByRisk = told.some((one) => one.kind === 'command' && one.delegationId === delegationId);
    if (isDone && others.length === 1 && !isByRisk) yield 'done-though-refused';
  }
}

/** `paid` was said of what was paid only, with the one receipt for it; and never one thing here and another there. */
function* toldRightly({ told, signed }: GatewayRun, payments: readonly Payment[]): Generator<GatewayFault> {
  const said = new Map<Id16, boolean>();
  const receipts = new Map<string, string>();
  for (const one of told) {
    if (one.kind === 'result' && one.result.error !== 'REQUEST_REPEATED') {
      const { requestId, error, orderNo, amountMinor } = one.result;
      const isPaid = error === undefined;
      if (said.get(requestId) === !isPaid) yield 'told-wrongly';
      said.set(requestId, isPaid);
      const { value } = one.receipt ?? {};
      if (isPaid && (!value || value.orderNo !== orderNo || value.amountMinor !== amountMinor)) yield 'receipt-differs';
      if (isPaid && !signed.some((it) => it.requestId === requestId && it.digest === value?.confirmationDigest))
        yield 'receipt-differs';
    }
    if (!('receipt' in one) || !one.receipt) continue;
    const { value, bytesHex } = one.receipt;
    const payment = payments.find(({ tradeNo }) => tradeNo === value.tradeNo);
    if (!payment || payment.place >= one.after) yield 'told-wrongly';
    const isAsPaid =
      payment?.payee === value.payee &&
      payment.orderNo === value.orderNo &&
      payment.amountMinor === value.amountMinor &&
      payment.receiptHex === bytesHex;
    if (!isAsPaid || (receipts.get(value.tradeNo) ?? bytesHex) !== bytesHex) yield 'receipt-differs';
    receipts.set(value.tradeNo, bytesHex);
  }
}

/** What one machine has issued or challenged every other one knows. */
function* known({ told }: GatewayRun): Generator<GatewayFault> {
  const isUnknown = (one: Told) =>
    (one.kind === 'refusal' && (one.code === 'unknown-request' || one.code === 'delegation-unknown')) ||
    (one.kind === 'result' && one.result.error === 'IAC_INVALID');
  if (told.some(isUnknown)) yield 'unknown-elsewhere';
}

/** In the end nothing is open, everybody who asked has an answer, and of each payment the device and its merchant have heard. */
function* resolved(run: GatewayRun, payments: readonly Payment[]): Generator<GatewayFault> {
  const { balances, standings, unanswered, told } = run;
  if ([...balances].some(([pot, minor]) => pot.startsWith(HELD) && minor !== 0)) yield 'unresolved';
  if ([...standings.values()].some((standing) => standing === 'reserved')) yield 'unresolved';
  if (unanswered.length > 0) yield 'unresolved';
  const heard = (kind: Told['kind'], trade: string) =>
    told.some((one) => one.kind === kind && 'receipt' in one && one.receipt?.value.tradeNo === trade);
  for (const { tradeNo, orderNo } of payments) {
    const isRegistered = run.plan.orders.some((one) => one.orderNo === orderNo && one.noticeAtMs !== undefined);
    if (!heard('device-receipt', tradeNo) || (isRegistered && !heard('merchant-receipt', tradeNo))) yield 'not-told';
  }
}

/** T29: no more goes back than was paid for the trade, and the device hears of it. */
function* refunded({ happened, told }: GatewayRun, payments: readonly Payment[]): Generator<GatewayFault> {
  const back = new Map<string, number>();
  for (const { posted, returned } of happened) {
    for (const { from, amountMinor } of posted) {
      const tradeNo = from.startsWith(PAYEE) ? (returned[0]?.tradeNo ?? 'none') : undefined;
      if (tradeNo !== undefined) back.set(tradeNo, (back.get(tradeNo) ?? 0) + amountMinor);
    }
  }
  for (const [tradeNo, minor] of back) {
    const paidMinor = payments.find((one) => one.tradeNo === tradeNo)?.amountMinor ?? 0;
    if (minor > paidMinor) yield 'over-refunded';
    if (!told.some((one) => one.kind === 'device-refund' && one.tradeNo === tradeNo)) yield 'not-told';
  }
  const isUnknown = (one: Told) => one.kind === 'refund-answer' && one.reason === 'unknown-trade';
  if (told.some(isUnknown)) yield 'unknown-elsewhere';
}

/** Money only moves. */
function* conserved({ happened, balances }: GatewayRun): Generator<GatewayFault> {
  const sums = new Map<string, number>();
  const add = (pot: string, minor: number) => sums.set(pot, (sums.get(pot) ?? 0) + minor);
  for (const { posted } of happened) {
    for (const { from, to, amountMinor } of posted) {
      add(from, -amountMinor);
      add(to, amountMinor);
      if (from !== 'outside' && (sums.get(from) ?? 0) < 0) yield 'money-made-or-lost';
    }
  }
  const kept = [...balances].map(([key, minor]) => [key.slice(0, key.lastIndexOf('/')), minor] as const);
  if (kept.some(([pot, minor]) => (sums.get(pot) ?? 0) !== minor)) yield 'money-made-or-lost';
}
