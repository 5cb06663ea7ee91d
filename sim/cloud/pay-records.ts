/** All payment requests of a PSP, by their keys. */
import { type EpochMs, msOf } from '../../protocol/index.ts';
import type { Awaiting, PayRecord, PayStanding } from './pay-record.ts';

export class PayRecords {
  readonly #records = new Map<string, PayRecord>();
  /** The requests that wait for their wearers. */
  readonly #open = new Set<string>();
  readonly #onEnd: (key: string, standing: PayStanding) => void;

  /** @param onEnd hears of each request that waits no longer, and how it ended. */
  constructor(onEnd: (key: string, standing: PayStanding) => void) {
    this.#onEnd = onEnd;
  }

  /** What is known of a request now. Once a challenge was seen to have expired it stays expired, whatever the clock does (T16). */
  find(key: string, now: EpochMs): PayRecord | undefined {
    this.expire(now);
    return this.#records.get(key);
  }

  set(key: string, record: PayRecord): void {
    this.#records.set(key, record);
    if (record.standing.at === 'awaiting') this.#open.add(key);
    else if (this.#open.delete(key)) this.#onEnd(key, record.standing);
  }

  /** Where a request stands from now on; what it said stays known. */
  settle(key: string, standing: PayStanding): void {
    this.set(key, { ...this.#records.get(key), standing });
  }

  expire(now: EpochMs): void {
    this.end(({ challenge }) => now >= msOf(challenge.expiresAt), { at: 'expired' });
  }

  /** Ends those that wait and are concerned. */
  end(concerns: (awaiting: Awaiting) => boolean, standing: PayStanding): void {
    for (const key of this.#open) {
      const open = this.#records.get(key)?.standing;
      if (open?.at === 'awaiting' && concerns(open)) this.settle(key, standing);
    }
  }
}
