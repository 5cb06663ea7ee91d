/** Virtual time for one race: what is due next happens next, of two due at once the one that was planned first. */
import { type EpochMs, epochMs } from '../../../protocol/index.ts';

interface Entry {
  readonly atMs: number;
  readonly act: () => void;
}

export class Agenda {
  readonly #entries: Entry[] = [];
  #now: EpochMs;

  constructor(start: EpochMs) {
    this.#now = start;
  }

  get now(): EpochMs {
    return this.#now;
  }

  /** Not before now. */
  at(atMs: number, act: () => void): void {
    const entry = { atMs: Math.max(atMs, this.#now), act };
    let place = this.#entries.length;
    while (place > 0 && (this.#entries[place - 1]?.atMs ?? 0) > entry.atMs) place--;
    this.#entries.splice(place, 0, entry);
  }

  after(delayMs: number, act: () => void): void {
    this.at(this.#now + delayMs, act);
  }

  /** Until nothing is left. @throws Error after so many steps: something goes round in circles. */
  run(maxSteps = 100_000): void {
    for (let steps = 0; ; steps++) {
      const next = this.#entries.shift();
      if (next === undefined) return;
      if (steps === maxSteps) throw new Error('the race does not end');
      this.#now = epochMs(next.atMs);
      next.act();
    }
  }
}
