/** How many seats of a section can be had at any moment: the comings and goings of the crowd are sorted once, then looked up. */
import type { EpochMs } from '../../protocol/index.ts';
import { isTaken, type SeatFate, type Section } from './house.ts';

export class SeatsLeft {
  readonly #fates: readonly SeatFate[];
  readonly #isMeant: (seat: number) => boolean;
  readonly #seats: number;
  /** When seats are sold or sold again, and when some are given back, in order of time. */
  readonly #takings: Float64Array;
  readonly #returns: Float64Array;

  /** @param meant only the seats in these columns count; without it, all. */
  constructor({ fates, columns }: Section, meant: readonly string[] = columns) {
    this.#fates = fates;
    this.#isMeant = (seat) => meant.includes(columns[seat % columns.length] as string);
    const counted = fates.filter((_, seat) => this.#isMeant(seat));
    this.#seats = counted.length;
    this.#takings = sorted(counted.flatMap(({ soldAt, resoldAt }) => [soldAt, resoldAt]));
    this.#returns = sorted(counted.map(({ returnedAt }) => returnedAt));
  }

  /** @param held seats that are set aside or sold here; those that the crowd has as well are not counted twice. */
  at(at: EpochMs, held: ReadonlySet<number>): number {
    let left = this.#seats - countUntil(this.#takings, at) + countUntil(this.#returns, at);
    for (const seat of held) if (this.#isMeant(seat) && !isTaken(this.#fates[seat] as SeatFate, at)) left -= 1;
    return left;
  }
}

/** Times that never come are left out. */
function sorted(times: readonly number[]): Float64Array {
  return Float64Array.from(times.filter(Number.isFinite)).sort();
}

/** How many of the times have come. */
function countUntil(times: Float64Array, at: EpochMs): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
