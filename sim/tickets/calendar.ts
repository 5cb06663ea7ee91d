/** What happens on which day, worked out once a day. */
import type { EpochMs } from '../../protocol/index.ts';
import type { Outing } from './house.ts';
import { dayOf } from './local-day.ts';

/** Days that are kept; all are worked out again when there are more, with the same result. */
const KEPT_DAYS = 128;

export class Calendar {
  readonly #days = new Map<number, readonly Outing[]>();
  readonly #outingsOf: (day: number) => readonly Outing[];

  /** @param outingsOf what happens on a local day, in order of time; the same whenever it is asked. */
  constructor(outingsOf: (day: number) => readonly Outing[]) {
    this.#outingsOf = outingsOf;
  }

  /** What happens from one moment until before the other. */
  between(from: EpochMs, until: EpochMs): readonly Outing[] {
    const found: Outing[] = [];
    for (let day = dayOf(from); day <= dayOf(until); day += 1)
      for (const outing of this.#of(day)) if (from <= outing.happensAt && outing.happensAt < until) found.push(outing);
    return found;
  }

  #of(day: number): readonly Outing[] {
    const known = this.#days.get(day);
    if (known !== undefined) return known;
    if (this.#days.size >= KEPT_DAYS) this.#days.clear();
    const made = this.#outingsOf(day);
    this.#days.set(day, made);
    return made;
  }
}
