/**
 * How fast stores append durably, against the first of them. They take turns append by append, so that whatever else the disk
 * does falls on all of them alike, and the ratio of each round is taken before the median.
 */
import { median } from './measure.ts';

export interface Appender {
  readonly name: string;
  /** All of the records, durable before it returns. */
  append(records: readonly Uint8Array[]): void;
}

export interface AppendRate {
  readonly name: string;
  /** Records, not appends; the median over the rounds. */
  readonly perSecond: number;
  /** Of one append, over all rounds. */
  readonly p50Us: number;
  readonly p99Us: number;
  /** In rates of the first store: the median over the rounds. */
  readonly ratio: number;
}

export interface AppendEffort {
  readonly rounds: number;
  readonly appendsPerRound: number;
  /** Records in one append, under one sync. */
  readonly atOnce: number;
  readonly nowMs: () => number;
}

/** Rounds that do not count: the engine compiles what runs often. */
const WARM_UP_ROUNDS = 2;

/** Appends `records` over and over, the same ones to each store. @throws Error for no stores. */
export function appendRates(
  stores: readonly Appender[],
  records: readonly Uint8Array[],
  { rounds, appendsPerRound, atOnce, nowMs }: AppendEffort,
): AppendRate[] {
  let turn = 0;
  const batch = () =>
    Array.from({ length: atOnce }, (_, i) => records[(turn * atOnce + i) % records.length] as Uint8Array);
  const playRound = (): readonly (readonly number[])[] => {
    const taken: number[][] = stores.map(() => []);
    for (let i = 0; i < appendsPerRound; i++, turn++) {
      const next = batch();
      // Each comes first as often as the others: the one behind it may find the disk at work.
      for (let place = 0; place < stores.length; place++) {
        const which = (turn + place) % stores.length;
        const start = nowMs();
        stores[which]?.append(next);
        taken[which]?.push(nowMs() - start);
      }
    }
    return taken;
  };
  for (let round = 0; round < WARM_UP_ROUNDS; round++) playRound();
  const played = Array.from({ length: rounds }, playRound);
  const tookMs = played.map((taken) => taken.map((times) => times.reduce((sum, ms) => sum + ms, 0)));
  return stores.map(({ name }, which) => {
    const all = played.flatMap((taken) => taken[which] ?? []).sort((one, other) => one - other);
    return {
      name,
      perSecond: median(tookMs.map((took) => (1_000 * appendsPerRound * atOnce) / (took[which] as number))),
      ...{ p50Us: percentile(all, 0.5) * 1_000, p99Us: percentile(all, 0.99) * 1_000 },
      ratio: median(tookMs.map((took) => (took[0] as number) / (took[which] as number))),
    };
  });
}

/** The smallest value that so large a part of all does not exceed. */
function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] as number;
}
