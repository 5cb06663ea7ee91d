/**
 * Copies for a world's own records. Each message is copied at every hand it passes through, and an array of its own for each
 * copy costs several times the copying: so copies share larger pieces of memory. Nobody writes to them.
 */

const SLAB_BYTES = 65_536;
/** What is longer has an array of its own. */
const MOST_BYTES = 4_096;

let slab = new Uint8Array(SLAB_BYTES);
let used = 0;

/** The same bytes where their owner does not reach them. It may be a part of a larger buffer. */
export function privateCopy(bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  if (length > MOST_BYTES) return new Uint8Array(bytes);
  if (used + length > SLAB_BYTES) {
    slab = new Uint8Array(SLAB_BYTES);
    used = 0;
  }
  const copy = slab.subarray(used, used + length);
  copy.set(bytes);
  used += length;
  return copy;
}
