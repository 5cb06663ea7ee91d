/** Says which messages were dropped: each one at first, a sum from time to time in a flood, so that none fills the log (T30). */
import type { EpochMs } from '../../protocol/index.ts';
import type { Log } from '../ports.ts';

/** Lines a code may have at once, and how long it then waits for each further one. */
export const LINES_AT_ONCE = 10;
export const LINE_AGAIN_MS = 10_000;

interface Counted {
  lines: number;
  lastAt: EpochMs;
  /** Dropped since the last line. */
  unsaid: number;
}

export class DropLog {
  readonly #log: Log;
  /** By code, of which there are few: memory is bounded. */
  readonly #counted = new Map<string, Counted>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Counts one dropped message. `dropped` in the line is how many it stands for. */
  note(code: string, now: EpochMs): void {
    const counted = this.#counted.get(code) ?? { lines: 0, lastAt: now, unsaid: 0 };
    this.#counted.set(code, counted);
    counted.unsaid += 1;
    // A clock that was set back must not silence the log.
    const waited = Math.abs(now - counted.lastAt) >= LINE_AGAIN_MS;
    if (counted.lines >= LINES_AT_ONCE && !waited) return;
    counted.lines = waited ? 1 : counted.lines + 1;
    counted.lastAt = now;
    this.#log.write('warn', code, { dropped: counted.unsaid });
    counted.unsaid = 0;
  }
}
