import type { EpochMs } from '../../protocol/index.ts';

export interface BucketSize {
  /** How many may come at once. */
  readonly burst: number;
  /** How many a second may come in the long run. */
  readonly perSecond: number;
}

interface Bucket {
  tokens: number;
  at: EpochMs;
}

/** One token bucket for each key. The caller uses a bounded set of keys, so memory is bounded too (T30). */
export class TokenBuckets {
  readonly #size: BucketSize;
  readonly #buckets = new Map<string, Bucket>();

  constructor(size: BucketSize) {
    this.#size = size;
  }

  /** Whether one more is within the rate; if so it is counted. A clock that went back refills nothing. */
  take(key: string, now: EpochMs): boolean {
    const { burst, perSecond } = this.#size;
    const bucket = this.#buckets.get(key) ?? { tokens: burst, at: now };
    this.#buckets.set(key, bucket);
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) * perSecond) / 1000);
    bucket.at = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
