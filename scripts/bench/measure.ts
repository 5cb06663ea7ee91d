/**
 * Times several things against each other. They take turns in short batches, so that whatever else the machine does falls on
 * all of them alike, and the ratio of each round is taken before the median: absolute times of a shared machine mean little.
 */

export interface Case {
  readonly name: string;
  run(): unknown;
}

export interface Timing {
  readonly name: string;
  /** Median over the rounds, in microseconds a run. */
  readonly medianUs: number;
  /** Microseconds a run in each round. */
  readonly rounds: readonly number[];
}

export interface Effort {
  readonly rounds: number;
  /** How long one batch of one case is to take, in milliseconds. */
  readonly batchMs: number;
}

/** Milliseconds, never fewer than before: of a clock, or of the processor's work for this process. */
type ClockMs = () => number;

/** Times each case in every round; the order turns round from one round to the next. */
export function measure(cases: readonly Case[], { rounds, batchMs }: Effort, clock: ClockMs): Timing[] {
  const counts = cases.map((one) => batchSize(one, batchMs, clock));
  for (const [i, one] of cases.entries()) batch(one, (counts[i] as number) * WARM_UP_BATCHES, clock);
  const taken: number[][] = cases.map(() => []);
  for (let round = 0; round < rounds; round++) {
    const order = cases.map((_, i) => (round % 2 === 0 ? i : cases.length - 1 - i));
    for (const i of order)
      taken[i]?.push((batch(cases[i] as Case, counts[i] as number, clock) * 1000) / (counts[i] as number));
  }
  return cases.map(({ name }, i) => ({ name, medianUs: median(taken[i] ?? []), rounds: taken[i] ?? [] }));
}

/** Batches before the first one that counts: the engine compiles what runs often, and that work is not the case's. */
const WARM_UP_BATCHES = 40;

/** How many runs take about so long, told from ever longer batches. */
function batchSize(one: Case, batchMs: number, clock: ClockMs): number {
  for (let count = 1; ; count *= 2) {
    const tookMs = batch(one, count, clock);
    if (tookMs >= batchMs || count >= 1 << 24)
      return Math.max(1, Math.round((count * batchMs) / Math.max(tookMs, batchMs)));
  }
}

function batch({ run }: Case, count: number, clock: ClockMs): number {
  const start = clock();
  for (let i = 0; i < count; i++) run();
  return clock() - start;
}

/** The median over the rounds of how many times as long `what` took as `than`. */
export function timesAsLong(what: Timing, than: Timing): number {
  return median(what.rounds.map((us, i) => us / (than.rounds[i] as number)));
}

/** The middle value, or the mean of the two in the middle. @throws RangeError for none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('no values');
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]] as [number, number];
  return (low + high) / 2;
}
