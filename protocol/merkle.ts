/**
 * The Merkle tree of RFC 9162 §2.1 over exact bytes: its root, and the proofs that an entry is in it (§2.1.3) and that a later
 * tree only added to an earlier one (§2.1.4). Whoever holds a root and a proof needs to believe nobody (T26, T27).
 */
import { equalBytes } from './bytes.ts';
import { sha256 } from './crypto.ts';

const [LEAF, NODE] = [new Uint8Array([0]), new Uint8Array([1])];

/** The root of a tree without entries. */
export const EMPTY_ROOT: Uint8Array = sha256(new Uint8Array(0));

/** The hash with which an entry stands in the tree: 32 bytes. */
export function leafHash(entry: Uint8Array): Uint8Array {
  return sha256(LEAF, entry);
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(NODE, left, right);
}

/** A tree that only grows, and keeps what it needs to go on: at most one hash for each bit of its size. */
export class MerkleFrontier {
  #size = 0;
  /** The roots of the full subtrees that the entries so far make up, largest first. */
  readonly #full: { readonly size: number; readonly root: Uint8Array }[] = [];

  /** How many entries there are. */
  get size(): number {
    return this.#size;
  }

  append(leaf: Uint8Array): void {
    let subtree = { size: 1, root: leaf };
    for (let last = this.#full.at(-1); last?.size === subtree.size; last = this.#full.at(-1)) {
      this.#full.pop();
      subtree = { size: 2 * last.size, root: nodeHash(last.root, subtree.root) };
    }
    this.#full.push(subtree);
    this.#size += 1;
  }

  root(): Uint8Array {
    const [last, ...larger] = this.#full.map(({ root }) => root).reverse();
    return last === undefined ? EMPTY_ROOT : larger.reduce((right, left) => nodeHash(left, right), last);
  }
}

/** The root of a tree with these leaf hashes (RFC 9162 §2.1.1). */
export function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  const frontier = new MerkleFrontier();
  for (const leaf of leaves) frontier.append(leaf);
  return frontier.root();
}

/** `count` entries from `start` on, split off where the whole tree is. */
export interface Range {
  readonly start: number;
  readonly count: number;
}

/** The root over a range, from whatever is kept of a tree. */
export type RootOver = (range: Range) => Uint8Array;

/** The two sides of a range of at least 2: the left one is the largest power of two below the count. */
export function halves({ start, count }: Range): { readonly left: Range; readonly right: Range } {
  let k = 1;
  while (k * 2 < count) k *= 2;
  return { left: { start, count: k }, right: { start: start + k, count: count - k } };
}

/** The hashes beside the way from the entry at `index` to the root of a range (RFC 9162 §2.1.3.1), nearest first. */
export function inclusionPath(index: number, range: Range, rootOver: RootOver): readonly Uint8Array[] {
  if (range.count === 1) return [];
  const { left, right } = halves(range);
  return index < right.start
    ? [...inclusionPath(index, left, rootOver), rootOver(right)]
    : [...inclusionPath(index, right, rootOver), rootOver(left)];
}

/** The hashes that show the tree of a range to begin with the tree of its first `from` (RFC 9162 §2.1.4.1). */
export function consistencyPath(from: number, range: Range, rootOver: RootOver): readonly Uint8Array[] {
  return subProof(from, range, rootOver, true);
}

/** @param from counted from the start of the range. */
function subProof(from: number, range: Range, rootOver: RootOver, isWhole: boolean): readonly Uint8Array[] {
  if (from === range.count) return isWhole ? [] : [rootOver(range)];
  const { left, right } = halves(range);
  return from <= left.count
    ? [...subProof(from, left, rootOver, isWhole), rootOver(right)]
    : [...subProof(from - left.count, right, rootOver, false), rootOver(left)];
}

const wholeOf = (leaves: readonly Uint8Array[]): Range => ({ start: 0, count: leaves.length });

/** Whoever keeps the leaves alone. */
function rootOverAll(leaves: readonly Uint8Array[]): RootOver {
  return ({ start, count }) => rootOf(leaves.slice(start, start + count));
}

/**
 * {@link inclusionPath} over leaf hashes.
 * @throws RangeError for an index that is not in the tree: a defect of the caller.
 */
export function inclusionProof(leaves: readonly Uint8Array[], index: number): readonly Uint8Array[] {
  if (!(index >= 0 && index < leaves.length)) throw new RangeError('no such entry');
  return inclusionPath(index, wholeOf(leaves), rootOverAll(leaves));
}

/**
 * {@link consistencyPath} over leaf hashes.
 * @throws RangeError for a `from` that is not between 1 and the number of leaves: a defect of the caller.
 */
export function consistencyProof(leaves: readonly Uint8Array[], from: number): readonly Uint8Array[] {
  if (!(from >= 1 && from <= leaves.length)) throw new RangeError('no such earlier tree');
  return consistencyPath(from, wholeOf(leaves), rootOverAll(leaves));
}

/** A tree as its root tells it. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** Whether a leaf hash stands at `index` of the tree (RFC 9162 §2.1.3.2). Any bytes may come as the proof. */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  tree: TreeHead,
  proof: readonly Uint8Array[],
): boolean {
  if (!Number.isSafeInteger(index) || index < 0 || !(index < tree.size)) return false;
  let [at, last, root] = [index, tree.size - 1, leaf];
  for (const beside of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      root = nodeHash(beside, root);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else root = nodeHash(root, beside);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && equalBytes(root, tree.root);
}

/** Whether the later tree begins with the earlier one (RFC 9162 §2.1.4.2). Any bytes may come as the proof. */
export function verifyConsistency(earlier: TreeHead, later: TreeHead, proof: readonly Uint8Array[]): boolean {
  if (earlier.size > later.size || earlier.size < 1) return false;
  if (earlier.size === later.size) return proof.length === 0 && equalBytes(earlier.root, later.root);
  // A full tree is a subtree of the later one, so that its root is the first hash.
  const isFull = earlier.size === 1 || halves({ start: 0, count: earlier.size }).left.count * 2 === earlier.size;
  const [first, ...rest] = isFull ? [earlier.root, ...proof] : proof;
  if (first === undefined) return false;
  let [at, last] = [earlier.size - 1, later.size - 1];
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  let [was, is] = [first, first];
  for (const beside of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      [was, is] = [nodeHash(beside, was), nodeHash(beside, is)];
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else is = nodeHash(is, beside);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && equalBytes(was, earlier.root) && equalBytes(is, later.root);
}
