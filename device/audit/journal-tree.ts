/**
 * The Merkle tree over the records of a journal or a log, byte for byte and in order (design 8, RFC 9162): what checkpoints are
 * made of.
 *
 * It may begin in the middle. Of the records of generations that were closed off it then knows a few subtree roots only, from
 * which every head and every proof between later heads can be made; for earlier ones the archives are read (T26).
 */
import {
  consistencyPath,
  EMPTY_ROOT,
  equalBytes,
  halves,
  inclusionPath,
  leafHash,
  type Range,
  rootOf,
  type TreeHead,
} from '../../protocol/index.ts';
import { StoreError } from '../errors.ts';

/** What a tree needs to go on without its entries. */
export interface TreeBase {
  readonly size: number;
  /** Of the full subtrees that the entries make up, largest first: one for each bit of the size. */
  readonly roots: readonly Uint8Array[];
}

/** Leaf hashes of the entries before the base, from the first on; read when they are needed. @throws StoreError. */
export type OlderLeaves = () => readonly Uint8Array[];

const NOTHING: TreeBase = { size: 0, roots: [] };
/** More levels than any journal has; a place in the tree is one number this way. */
const LEVELS = 64;

/** Keeps 64 bytes for each record since the base and of the generation before, so that heads and proofs take a handful of hashes. */
export class JournalTree {
  readonly #older: OlderLeaves;
  /** Roots of full subtrees, by first entry and level. */
  #full = new Map<number, Uint8Array>();
  /** Those of the generation before: what a witness counts next mostly begins there. */
  #before: ReadonlyMap<number, Uint8Array> = new Map();
  /** What the archives said, once it was needed. */
  #olderLeaves: readonly Uint8Array[] | undefined;
  #base: TreeBase;
  #size: number;

  /** @param base where the tree goes on. */
  constructor(base: TreeBase = NOTHING, older: OlderLeaves = () => []) {
    this.#older = older;
    this.#base = base;
    this.#size = base.size;
    this.#keepBase();
  }

  get size(): number {
    return this.#size;
  }

  /** From here on heads and proofs need no archive. */
  get base(): TreeBase {
    return this.#base;
  }

  get head(): TreeHead {
    return { size: this.#size, root: this.#rootAt(this.#size) };
  }

  append(record: Uint8Array): void {
    let [start, level, root] = [this.#size, 0, leafHash(record)];
    this.#keep(start, level, root);
    while (Math.floor(start / 2 ** level) % 2 === 1) {
      const left = start - 2 ** level;
      root = rootOf([this.#at(left, level) as Uint8Array, root]);
      [start, level] = [left, level + 1];
      this.#keep(start, level, root);
    }
    this.#size += 1;
  }

  /** What the tree of the entries so far can be gone on with. */
  frontier(): TreeBase {
    const roots = fullSubtrees(this.#size).map(({ start, level }) => this.#at(start, level) as Uint8Array);
    return { size: this.#size, roots };
  }

  /** Goes on from here: all entries so far are in an archive from now on. */
  rebase(): void {
    this.#base = this.frontier();
    [this.#before, this.#full, this.#olderLeaves] = [this.#full, new Map(), undefined];
    this.#keepBase();
  }

  /**
   * The head the tree had with its first `size` records, or `undefined` where it never had as many.
   * @throws StoreError where `size` is before the base and the archives do not have it.
   */
  headAt(size: number): TreeHead | undefined {
    return size <= this.#size ? { size, root: this.#rootAt(size) } : undefined;
  }

  /**
   * Shows that the first `size` records begin with the first `from`; 1 ≤ `from` ≤ `size` ≤ the tree's own (RFC 9162 §2.1.4.1).
   * @throws StoreError where `from` is before the base and the archives do not have it.
   */
  consistencyBetween(from: number, size: number): readonly Uint8Array[] {
    if (!(from >= 1 && from <= size && size <= this.#size)) throw new RangeError('no such earlier tree');
    return consistencyPath(from, { start: 0, count: size }, (range) => this.#rootOf(range));
  }

  /** Shows that the record at `index` is in the tree of the first `size` (RFC 9162 §2.1.3.1). @throws StoreError as `headAt`. */
  inclusionOf(index: number, size = this.#size): readonly Uint8Array[] {
    if (!(index >= 0 && index < size && size <= this.#size)) throw new RangeError('no such entry');
    return inclusionPath(index, { start: 0, count: size }, (range) => this.#rootOf(range));
  }

  #rootAt(size: number): Uint8Array {
    return size === 0 ? EMPTY_ROOT : this.#rootOf({ start: 0, count: size });
  }

  /** The root over entries that are split where the whole tree is. */
  #rootOf(range: Range): Uint8Array {
    const { start, count } = range;
    const level = Math.log2(count);
    const kept = Number.isInteger(level) ? this.#at(start, level) : undefined;
    if (kept) return kept;
    if (count === 1) {
      this.#olderLeaves ??= this.#readOlder();
      return this.#olderLeaves[start] as Uint8Array;
    }
    const { left, right } = halves(range);
    return rootOf([this.#rootOf(left), this.#rootOf(right)]);
  }

  /** What the archives say is believed as far as it makes up the roots that are known. */
  #readOlder(): readonly Uint8Array[] {
    const { size, roots } = this.#base;
    const older = this.#older();
    const isTheirs = fullSubtrees(size).every(({ start, level }, i) =>
      equalBytes(rootOf(older.slice(start, start + 2 ** level)), roots[i] as Uint8Array),
    );
    if (older.length === size && isTheirs) return older;
    const hint = 'put the files of the archive back as they were; what is done now does not need them';
    throw new StoreError('store-altered', `the archive is not the ${size} records that were closed off`, hint);
  }

  #keepBase(): void {
    const { size, roots } = this.#base;
    for (const [i, { start, level }] of fullSubtrees(size).entries()) this.#keep(start, level, roots[i] as Uint8Array);
  }

  #keep(start: number, level: number, root: Uint8Array): void {
    this.#full.set(start * LEVELS + level, root);
  }

  #at(start: number, level: number): Uint8Array | undefined {
    const place = start * LEVELS + level;
    return this.#full.get(place) ?? this.#before.get(place);
  }
}

/** Where the full subtrees of a tree of this size are, largest first. */
function fullSubtrees(size: number): readonly { readonly start: number; readonly level: number }[] {
  const found: { start: number; level: number }[] = [];
  let start = 0;
  for (let level = Math.floor(Math.log2(Math.max(1, size))); start < size; level--) {
    if (start + 2 ** level > size) continue;
    found.push({ start, level });
    start += 2 ** level;
  }
  return found;
}
