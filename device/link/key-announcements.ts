/** When each of the others is told our recipient key: bounded, so that nobody can make us talk without end (T30). */
import type { EpochMs, Party } from '../../protocol/index.ts';
import type { Clock, Stop } from '../ports.ts';

/** How many are told at once, and how long the next ones wait: a tenant may have thousands of devices. */
export const TOLD_AT_ONCE = 16;
export const BATCH_MS = 1_000;

export class KeyAnnouncements {
  readonly #clock: Clock;
  readonly #send: (to: Party) => void;
  /** By party: the tenant's, so memory is bounded. */
  readonly #toldAt = new Map<string, EpochMs>();
  #waiting: Party[] = [];
  #batch: Stop | undefined;

  /** @param send seals and publishes it to one party. */
  constructor(clock: Clock, send: (to: Party) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  /** Tells those of them who were not told within the last `gapMs`. */
  tell(parties: readonly Party[], gapMs: number): void {
    const now = this.#clock.now();
    const due = parties.filter(({ party }) => {
      const toldAt = this.#toldAt.get(party);
      // A clock that was set back must not silence us.
      return toldAt === undefined || Math.abs(now - toldAt) >= gapMs;
    });
    for (const { party } of due) this.#toldAt.set(party, now);
    this.#waiting.push(...due);
    if (this.#batch === undefined) this.#next();
  }

  /** There is something new to tell: nobody counts as told. */
  startOver(): void {
    this.#toldAt.clear();
    this.#waiting = [];
  }

  stop(): void {
    this.#batch?.();
    this.#batch = undefined;
    this.#waiting = [];
  }

  #next(): void {
    this.#batch = undefined;
    for (const to of this.#waiting.splice(0, TOLD_AT_ONCE)) this.#send(to);
    if (this.#waiting.length === 0) return;
    this.#batch = this.#clock.after(BATCH_MS, () => this.#next());
  }
}
