/** How often one address may ask a server on loopback (T30). */
import type { IncomingMessage } from 'node:http';
import { type BucketSize, TokenBuckets } from '../../device/link/token-buckets.ts';
import type { EpochMs } from '../../protocol/index.ts';

const ADDRESS_RATE: BucketSize = { burst: 200, perSecond: 50 };
/** Addresses that are counted apart; all others share one bucket. */
const MAX_ADDRESSES = 1_024;

export class AddressRates {
  readonly #rates: TokenBuckets;
  readonly #addresses = new Set<string>();

  constructor(size: BucketSize = ADDRESS_RATE) {
    this.#rates = new TokenBuckets(size);
  }

  /** Whether this request is within the rate of who sent it; if so it is counted. */
  take({ socket }: IncomingMessage, now: EpochMs): boolean {
    const address = socket.remoteAddress ?? '';
    if (this.#addresses.size < MAX_ADDRESSES) this.#addresses.add(address);
    return this.#rates.take(this.#addresses.has(address) ? address : 'others', now);
  }
}
