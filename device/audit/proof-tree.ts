/**
 * A Merkle tree (RFC 9162 §2.1) that keeps the roots of its full subtrees, so that a head or a proof of any of its sizes takes
 * a handful of hashes however many entries there are. It costs 64 bytes for each entry.
 */
import { EMPTY_ROOT, rootOf } from '../../protocol/index.ts';

export class ProofTree {
  /** At level k the roots of the full subtrees of 2^k entries, in order. */
  readonly #levels: Uint8Array[][] = [[]];

  get size(): number {
    return (this.#levels[0] as Uint8Array[]).length;
  }

  append(leaf: Uint8Array): void {
    let [level, root] = [0, leaf];
    for (;;) {
      const row = this.#levels[level] ?? [];
      this.#levels[level] = row;
      const left = row.at(-1);
      row.push(root);
      if (left === undefined || row.length % 2 === 1) return;
      [level, root] = [level + 1, rootOf([left, root])];
    }
  }

  /** The root of the tree of the first `size` entries. */
  rootAt(size: number): Uint8Array {
    return size === 0 ? EMPTY_ROOT : this.#rootOf(0, size);
  }

  /** As RFC 9162 §2.1.3.1. @throws RangeError unless `index` < `size` ≤ the tree's own. */
  inclusion(index: number, size: number): readonly Uint8Array[] {
    if (!(index >= 0 && index < size && size <= this.size)) throw new RangeError('no such entry');
    return this.#path(index, 0, size);
  }

  /** As RFC 9162 §2.1.4.1. @throws RangeError unless 1 ≤ `from` ≤ `to` ≤ the tree's own size. */
  consistency(from: number, to: number): readonly Uint8Array[] {
    if (!(from >= 1 && from <= to && to <= this.size)) throw new RangeError('no such earlier tree');
    return this.#subProof(from, 0, to, true);
  }

  /** The root over `count` entries from `start` on, which is a multiple of the largest full subtree in it. */
  #rootOf(start: number, count: number): Uint8Array {
    const level = Math.log2(count);
    const kept = Number.isInteger(level) ? this.#levels[level]?.[start / count] : undefined;
    if (kept) return kept;
    const k = split(count);
    return rootOf([this.#rootOf(start, k), this.#rootOf(start + k, count - k)]);
  }

  #path(index: number, start: number, count: number): readonly Uint8Array[] {
    if (count === 1) return [];
    const k = split(count);
    return index < k
      ? [...this.#path(index, start, k), this.#rootOf(start + k, count - k)]
      : [...this.#path(index - k, start + k, count - k), this.#rootOf(start, k)];
  }

  #subProof(from: number, start: number, count: number, isWhole: boolean): readonly Uint8Array[] {
    if (from === count) return isWhole ? [] : [this.#rootOf(start, count)];
    const k = split(count);
    return from <= k
      ? [...this.#subProof(from, start, k, isWhole), this.#rootOf(start + k, count - k)]
      : [...this.#subProof(from - k, start + k, count - k, false), this.#rootOf(start, k)];
  }
}

/** The largest power of two below `count`, which is at least 2. */
function split(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}
