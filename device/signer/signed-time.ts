/** The signer has no clock it trusts: what time it is, it takes from what its PSP signed, and a timer counts on from there (T16). */
import { type EpochMs, type EpochSeconds, epochMs, msOf, secondsOf } from '../../protocol/index.ts';
import type { Clock } from '../ports.ts';

/**
 * The latest time that was signed, and what the timer has counted since. It is never ahead of what the PSP said but by
 * the timer, and never goes back; of the clock only differences matter, so that setting it does nothing.
 */
export class SignedTime {
  readonly #clock: Pick<Clock, 'now'>;
  #seen: EpochMs;
  #seenAt: EpochMs;

  /** `seen`: the latest signed time known from before a restart. */
  constructor(clock: Pick<Clock, 'now'>, seen: EpochSeconds) {
    this.#clock = clock;
    this.#seen = msOf(seen);
    this.#seenAt = clock.now();
  }

  /** A time out of an object whose signature was verified under the PSP's key. An earlier one than is known changes nothing. */
  observe(signed: EpochSeconds): void {
    if (msOf(signed) <= this.now()) return;
    this.#seen = msOf(signed);
    this.#seenAt = this.#clock.now();
  }

  now(): EpochMs {
    return epochMs(this.#seen + Math.max(0, this.#clock.now() - this.#seenAt));
  }

  nowSeconds(): EpochSeconds {
    return secondsOf(this.now());
  }
}
