/** Which anchors still wait, in order. Few are in memory at a time; the store holds the others (T30). */
import type { Id16 } from '../../protocol/index.ts';
import type { Journal } from '../ports.ts';
import { indexAttestations, type Waiting } from './attestation-index.ts';

/** So many are in memory at once. */
export const QUEUE_BATCH = 32;

export class AnchorQueue {
  readonly #store: Pick<Journal, 'read'>;
  #batch: readonly Waiting[] = [];
  /** Refused in this life: the store says that they may be tried again, but not so soon. */
  readonly #refused = new Set<Id16>();
  /** Whether the store has more than the batch. */
  #hasMore = true;

  constructor(store: Pick<Journal, 'read'>) {
    this.#store = store;
  }

  /** Comes after all that are there; it is in the store already. */
  add(waiting: Waiting): void {
    if (this.#hasMore || this.#batch.length === QUEUE_BATCH) this.#hasMore = true;
    else this.#batch = [...this.#batch, waiting];
  }

  /** The one to submit next; it stays first until it has left. @throws StoreError as the store does. */
  first(): Waiting | undefined {
    if (this.#batch.length === 0 && this.#hasMore) {
      const waiting = indexAttestations(this.#store).waiting.filter(({ recordId }) => !this.#refused.has(recordId));
      this.#hasMore = waiting.length > QUEUE_BATCH;
      this.#batch = waiting.slice(0, QUEUE_BATCH);
    }
    return this.#batch[0];
  }

  /** The first one is dealt with, and the store says so. */
  left(how: 'anchored' | 'refused'): void {
    const [first, ...others] = this.#batch;
    if (first && how === 'refused') this.#refused.add(first.recordId);
    this.#batch = others;
  }
}
