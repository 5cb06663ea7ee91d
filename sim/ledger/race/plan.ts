/** Everything one race is to hold, from its seed: bounds that are just too small, requests that come at once, and all that goes wrong. */
import { epochMs } from '../../../protocol/index.ts';
import type { SeededRandom } from '../../seeded-random.ts';
import type { Change, DelegationTerms, SpendRequest } from '../orders.ts';

/** 2026-11-19T00:00:00Z. */
export const RACE_START = epochMs(1_795_046_400_000);
const DAY_MS = 86_400_000;
/** Requests come within this much of a moment; an answer of the ledger takes about as long. */
const BURST_MS = 60;

export interface Delivery {
  readonly atMs: number;
  readonly gateway: number;
  readonly request: SpendRequest;
}

export interface Stop {
  readonly atMs: number;
  readonly gateway: number;
  readonly change: Change;
}

/** Somebody wants money back for whatever trade this request led to. */
export interface Return {
  readonly atMs: number;
  readonly gateway: number;
  readonly refundId: string;
  readonly requestId: string;
  readonly amountMinor: number;
}

/** A gateway is cut off from the ledger, or is down, for a while. */
export interface Outage {
  readonly gateway: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface RacePlan {
  readonly terms: DelegationTerms;
  readonly walletMinor: number;
  readonly gateways: number;
  readonly deliveries: readonly Delivery[];
  readonly stops: readonly Stop[];
  readonly returns: readonly Return[];
  readonly partitions: readonly Outage[];
  readonly crashes: readonly Outage[];
}

const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

export function planRace(random: SeededRandom): RacePlan {
  const between = (from: number, to: number): number => from + random.below(to - from + 1);
  const gateways = between(2, 5);
  const terms = drawTerms(random, between);
  const localMidnight = RACE_START + DAY_MS - (terms.utcOffsetMin ?? 0) * 60_000;
  // On the first day, around its local midnight, and on the day after.
  const moments = [RACE_START + 3_600_000, localMidnight - BURST_MS / 2, localMidnight + 3_600_000];
  const moment = (): number => (moments[random.below(3)] ?? 0) + random.below(BURST_MS);
  const gateway = (): number => random.below(gateways);
  const requests = times(between(5, 12), (i) => drawRequest(i, terms, between));
  return {
    terms,
    // A wallet that is too small for a sub-account would open nothing.
    walletMinor: terms.instrument === 'wallet' && random.chance(0.2) ? between(40, 160) : 1_000_000,
    gateways,
    deliveries: requests.flatMap((request) => drawDeliveries(request, moment(), random, gateway)),
    stops: drawStops(random, moment, gateway),
    returns: times(between(0, 6), (i) => ({
      atMs: moment() + between(0, 4 * BURST_MS),
      gateway: gateway(),
      // Two of them may come under one number.
      refundId: `refund-${random.chance(0.8) ? i : 0}`,
      requestId: requests[random.below(requests.length)]?.requestId ?? '',
      amountMinor: between(1, 40),
    })),
    partitions: times(between(0, 2), () => drawOutage(gateway(), moment(), between(5, 3 * BURST_MS))),
    crashes: times(between(0, 2), () => drawOutage(gateway(), moment() + between(0, BURST_MS), between(1, 5_000))),
  };
}

type Between = (from: number, to: number) => number;

function drawTerms(random: SeededRandom, between: Between): DelegationTerms {
  const perhaps = (from: number, to: number): number | undefined =>
    random.chance(0.5) ? between(from, to) : undefined;
  const key = { subAccountId: 'sub-1', agentId: 'did:act:example.com/agent-1', keyKid: 'k1' };
  return {
    delegationId: 'd0',
    account: 'wearer-1',
    device: 'glasses-01',
    currency: 'CNY',
    maxTotalMinor: between(60, 140),
    maxSingleMinor: perhaps(20, 40),
    maxDailyMinor: perhaps(30, 80),
    maxOrders: perhaps(2, 6),
    utcOffsetMin: between(-720, 840),
    validFrom: RACE_START,
    // Most often after everything; now and then in the middle of a burst.
    validUntil: epochMs(RACE_START + (random.chance(0.9) ? 4 * DAY_MS : 3_600_000 + random.below(2 * BURST_MS))),
    instrument: random.chance(0.3) ? key : 'wallet',
  };
}

function drawRequest(i: number, { delegationId, currency }: DelegationTerms, between: Between): SpendRequest {
  return {
    requestId: `request-${i}`,
    delegationId,
    contentDigest: `content-${i}`,
    amountMinor: between(8, 45),
    currency,
  };
}

/** Once or more often, to any gateways, and now and then with another content under the same id. */
function drawDeliveries(request: SpendRequest, atMs: number, random: SeededRandom, gateway: () => number): Delivery[] {
  const again = random.chance(0.4) ? 1 + random.below(3) : 0;
  return times(1 + again, (copy) => {
    const altered = copy > 0 && random.chance(0.1);
    const late = random.chance(0.1) ? random.below(100_000) : random.below(BURST_MS);
    return {
      atMs: atMs + late,
      gateway: gateway(),
      request: altered ? { ...request, contentDigest: 'altered', amountMinor: request.amountMinor + 1 } : request,
    };
  });
}

/** Suspended, resumed and revoked in the middle of it all, each word perhaps by two gateways. */
function drawStops(random: SeededRandom, moment: () => number, gateway: () => number): Stop[] {
  const kinds = [
    ['Suspended', 'PRINCIPAL'],
    ['Active', 'PRINCIPAL'],
    ['Suspended', 'RISK_CONTROL'],
    ['Active', 'RISK_CONTROL'],
    ['Revoked', 'PRINCIPAL'],
    ['Revoked', 'AGENT'],
  ] as const;
  return times(random.chance(0.5) ? 0 : 1 + random.below(3), (i) => {
    const [to, by] = kinds[random.below(kinds.length)] ?? kinds[0];
    const version = random.chance(0.2) ? 1 + random.below(3) : undefined;
    const change: Change = { delegationId: 'd0', changeId: `change-${i}`, to, by, version };
    const atMs = moment();
    const copies = random.chance(0.3) ? 2 : 1;
    return times(copies, () => ({ atMs: atMs + random.below(BURST_MS), gateway: gateway(), change }));
  }).flat();
}

const drawOutage = (gateway: number, fromMs: number, lastsMs: number): Outage => ({
  gateway,
  fromMs,
  untilMs: fromMs + lastsMs,
});
