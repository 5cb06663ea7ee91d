/**
 * What waits for a ledger that did not answer. Nobody is told anything meanwhile, neither that it happened nor that it did
 * not; each piece of work is idempotent and is simply done again (PSD-PAY-DEL: outcome unknown).
 */
import type { EpochMs } from '../../protocol/index.ts';
import { LedgerUnavailable } from '../ledger/store.ts';
import type { Outgoing } from './handler.ts';

/** How soon the ledger is tried again: doubling between these. */
export const LEDGER_AGAIN_MS = { first: 1_000, most: 60_000 } as const;
/** What others asked for and may ask again waits in this number at most (T30). */
export const MAX_WAITING = 1_024;

export type LedgerWork = (now: EpochMs) => readonly Outgoing[];

interface Waiting {
  readonly work: LedgerWork;
  readonly nextAt: EpochMs;
  readonly waitMs: number;
}

export class LedgerRetries {
  readonly #waiting = new Map<string, Waiting>();

  /** Does what a peer asked for, now or as soon as the ledger answers. @param key one piece of work has one. */
  attempt(key: string, now: EpochMs, work: LedgerWork): readonly Outgoing[] {
    return this.#run(key, now, work, this.#waiting.size < MAX_WAITING || this.#waiting.has(key));
  }

  /** The same for what nobody will ask for again. */
  insist(key: string, now: EpochMs, work: LedgerWork): readonly Outgoing[] {
    return this.#run(key, now, work, true);
  }

  isWaiting(key: string): boolean {
    return this.#waiting.has(key);
  }

  wakeAt(): EpochMs | undefined {
    const times = [...this.#waiting.values()].map(({ nextAt }) => nextAt);
    return times.length > 0 ? (Math.min(...times) as EpochMs) : undefined;
  }

  tick(now: EpochMs): readonly Outgoing[] {
    const due = [...this.#waiting].filter(([, { nextAt }]) => nextAt <= now);
    return due.flatMap(([key, { work }]) => this.#run(key, now, work, true));
  }

  #run(key: string, now: EpochMs, work: LedgerWork, mayWait: boolean): readonly Outgoing[] {
    try {
      const said = work(now);
      this.#waiting.delete(key);
      return said;
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error;
      const waitMs = this.#waiting.get(key)?.waitMs ?? LEDGER_AGAIN_MS.first;
      const next = { nextAt: (now + waitMs) as EpochMs, waitMs: Math.min(waitMs * 2, LEDGER_AGAIN_MS.most) };
      if (mayWait) this.#waiting.set(key, { work, ...next });
      return [];
    }
  }
}
