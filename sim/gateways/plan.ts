/** What is to happen to whole PSPs over one ledger, drawn from a seed: who asks what of whom, and what goes wrong on the way. */
import type { EpochMs, IacState } from '../../protocol/index.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { demoTimeMs } from '../shops/index.ts';

/** The time of a run in milliseconds: everything is asked by `asked`, all faults have stopped by `calm`. */
export const RUN_MS = { asked: 70_000, calm: 110_000, end: 420_000 } as const;

export const RUN_START = (demoTimeMs - 30_000) as EpochMs;
/** For whom a day begins 30 s after the start, and for whom none does. */
const UTC_OFFSETS_MIN = { midnight: -90, morning: 480 } as const;

export interface PlannedDelegation {
  readonly name: string;
  readonly atMs: number;
  /** Out of a sub-account, for data; otherwise out of the wallet, for coffee at one shop. */
  readonly isBounded: boolean;
  readonly maxTotalMinor: number;
  readonly maxSingleMinor: number;
  readonly maxDailyMinor?: number;
  readonly maxOrders?: number;
  readonly utcOffsetMin: number;
  readonly validForS: number;
}

/**
 * One request of the agent. `again`: another number for an order that is asked for already. `altered`: the number of another
 * request for something else, at a shop the wearer never named.
 */
export interface PlannedRequest {
  readonly name: string;
  readonly kind: 'first' | 'again' | 'altered';
  readonly atMs: number;
}

export interface PlannedOrder {
  readonly orderNo: string;
  readonly delegation: string;
  readonly payee: string;
  readonly amountMinor: number;
  /** When its merchant registers it; absent where none does. */
  readonly noticeAtMs?: number;
  readonly requests: readonly PlannedRequest[];
  /** What the merchant gives back once it is paid, in minor units, each under a number of its own. */
  readonly refundsMinor: readonly number[];
}

export interface PlannedStop {
  readonly atMs: number;
  readonly delegation: string;
  readonly to: Exclude<IacState, 'Expired'>;
}

/** `risk-suspend` and the like name a delegation; the others stand as an operator says them. */
export interface PlannedCommand {
  readonly atMs: number;
  readonly gateway: number;
  readonly words: string;
  readonly delegation?: string;
}

export interface Outage {
  readonly gateway: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface GatewayPlan {
  readonly gateways: number;
  readonly delegations: readonly PlannedDelegation[];
  readonly orders: readonly PlannedOrder[];
  readonly stops: readonly PlannedStop[];
  readonly commands: readonly PlannedCommand[];
  /** From the ledger, and from everybody else. */
  readonly ledgerCuts: readonly Outage[];
  readonly netCuts: readonly Outage[];
  readonly crashes: readonly Outage[];
}

export const ALLOWED_SHOP = 'luna-coffee';
export const OTHER_SHOP = 'paper-crane';
export const DATA_DESK = 'data-desk';

export function planGateways(random: SeededRandom): GatewayPlan {
  const gateways = 2 + random.below(4);
  const delegations = times(random.chance(0.4) ? 2 : 1, (i) => drawDelegation(i, random));
  const bursts = times(1 + random.below(3), () => 8_000 + random.below(45_000));
  const orders = delegations.flatMap((delegation) => drawOrders(delegation, bursts, random));
  const outages = (chance: number, mostMs: number): Outage[] =>
    times(gateways, (gateway) => (random.chance(chance) ? drawOutage(gateway, mostMs, random) : [])).flat();
  const operator = delegations.flatMap(({ name }) => drawOperator(name, gateways, bursts, random));
  // What risk control has stopped, or what stopped with a lost device, the wearer tries to resume.
  const tries = operator
    .filter(({ words }) => (words === 'suspend' || words === 'lock') && random.chance(0.6))
    .map(({ atMs, delegation }): PlannedStop => {
      return { atMs: atMs + 500 + random.below(5_000), delegation: delegation ?? '', to: 'Active' };
    });
  return {
    gateways,
    delegations,
    orders,
    stops: [...delegations.flatMap(({ name }) => drawStops(name, orders, random)), ...tries],
    commands: [...drawExecutions(gateways, bursts, random), ...operator].sort((a, b) => a.atMs - b.atMs),
    ledgerCuts: outages(0.5, 15_000),
    netCuts: outages(0.4, 15_000),
    crashes: [...outages(0.6, 10_000), ...outages(0.3, 5_000)],
  };
}

function drawDelegation(i: number, random: SeededRandom): PlannedDelegation {
  const maxSingleMinor = 1_500 + random.below(1_500);
  return {
    name: `delegation-${i}`,
    atMs: random.below(3_000),
    isBounded: random.chance(0.3),
    maxTotalMinor: 3_000 + random.below(6_000),
    maxSingleMinor,
    ...(random.chance(0.4) && { maxDailyMinor: 2_500 + random.below(3_000) }),
    ...(random.chance(0.3) && { maxOrders: 2 + random.below(3) }),
    utcOffsetMin: UTC_OFFSETS_MIN[random.chance(0.3) ? 'midnight' : 'morning'],
    // Most often after everything; now and then in the middle of it.
    validForS: random.chance(0.9) ? 7 * 86_400 : 30 + random.below(60),
  };
}

function drawOrders(
  { name, isBounded, maxSingleMinor }: PlannedDelegation,
  bursts: readonly number[],
  random: SeededRandom,
): PlannedOrder[] {
  return times(4 + random.below(6), (i) => {
    const atMs = (bursts[random.below(bursts.length)] ?? 10_000) + random.below(1_500);
    const isDear = random.chance(0.08);
    const amountMinor = isDear ? maxSingleMinor + 1 + random.below(500) : 400 + random.below(maxSingleMinor - 399);
    const first: PlannedRequest = { name: `${name}-r${i}`, kind: 'first', atMs };
    const later = () => atMs + random.below(random.chance(0.8) ? 800 : 8_000);
    const requests = [
      first,
      ...(random.chance(0.3) ? [{ name: `${name}-r${i}b`, kind: 'again', atMs: later() } as const] : []),
      ...(random.chance(0.3)
        ? [{ name: first.name, kind: 'altered', atMs: atMs - 300 + random.below(900) } as const]
        : []),
    ];
    const payee = isBounded ? DATA_DESK : ALLOWED_SHOP;
    const noticeAtMs = atMs - 200 + random.below(random.chance(0.9) ? 300 : 9_000);
    const refundsMinor = times(random.chance(0.7) ? 0 : 1 + random.below(2), () => 1 + random.below(amountMinor));
    const order = { orderNo: `${name}-o${i}`, delegation: name, payee, amountMinor, requests, refundsMinor };
    return isBounded ? order : { ...order, noticeAtMs };
  });
}

/** By the wearer: suspended, resumed, in the end perhaps revoked; most often while payments are on their way. */
function drawStops(delegation: string, orders: readonly PlannedOrder[], random: SeededRandom): PlannedStop[] {
  const busy = orders.filter((order) => order.delegation === delegation).flatMap(({ requests }) => requests);
  const moment = () =>
    random.chance(0.7)
      ? (busy[random.below(busy.length)]?.atMs ?? 0) + random.below(5_000)
      : 8_000 + random.below(50_000);
  const pauses = times(random.below(3), () => {
    const atMs = moment();
    return [
      { atMs, delegation, to: 'Suspended' as const },
      { atMs: atMs + 1_000 + random.below(15_000), delegation, to: 'Active' as const },
    ];
  }).flat();
  return random.chance(0.4) ? [...pauses, { atMs: moment(), delegation, to: 'Revoked' }] : pauses;
}

/** How payments are executed at each gateway: with outcomes that come late, most often where there are many. */
function drawExecutions(gateways: number, bursts: readonly number[], random: SeededRandom): PlannedCommand[] {
  return bursts.flatMap((burst) =>
    times(gateways, (gateway) => {
      if (random.chance(0.2)) return [];
      const atMs = burst - 500 + random.below(1_000);
      const words = random.chance(0.85) ? 'execution-done' : 'execution-failed';
      return [
        { atMs, gateway, words: 'execution-late' },
        { atMs: atMs + 1_000 + random.below(random.chance(0.7) ? 5_000 : 20_000), gateway, words },
      ];
    }).flat(),
  );
}

/** Risk control, and a device that is reported lost; the word that lifts it goes to any gateway. */
function drawOperator(
  delegation: string,
  gateways: number,
  bursts: readonly number[],
  random: SeededRandom,
): PlannedCommand[] {
  const pair = (stop: string, go: string) => {
    const atMs = (bursts[random.below(bursts.length)] ?? 10_000) + random.below(6_000);
    const [one, other] = [random.below(gateways), random.below(gateways)];
    return [
      { atMs, gateway: one, words: stop, delegation },
      { atMs: atMs + 2_000 + random.below(20_000), gateway: other, words: go, delegation },
    ];
  };
  const held = random.chance(0.3) ? pair('suspend', 'resume') : [];
  return [...held, ...(random.chance(0.15) ? pair('lock', 'unlock') : [])];
}

function drawOutage(gateway: number, mostMs: number, random: SeededRandom): Outage[] {
  const fromMs = 2_000 + random.below(65_000);
  return [{ gateway, fromMs, untilMs: fromMs + 500 + random.below(mostMs) }];
}

function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}
