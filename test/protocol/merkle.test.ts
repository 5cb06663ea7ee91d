import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  consistencyProof,
  EMPTY_ROOT,
  inclusionProof,
  leafHash,
  MerkleFrontier,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from '../../protocol/merkle.ts';

/** The entries and roots with which implementations of RFC 6962 and RFC 9162 commonly show that they agree. */
const ENTRIES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const leavesOf = (count: number) => Array.from({ length: count }, (_, i) => leafHash(new Uint8Array([i, i >> 8])));
const headOf = (leaves: readonly Uint8Array[]) => ({ size: leaves.length, root: rootOf(leaves) });

/** RFC 9162 §2.1.1 word for word, by another library's hash. */
function definedRoot(entries: readonly Uint8Array[]): Buffer {
  const hash = (...parts: readonly Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  if (entries.length === 0) return hash();
  if (entries.length === 1) return hash(Buffer.from([0]), entries[0] as Uint8Array);
  let k = 1;
  while (k * 2 < entries.length) k *= 2;
  return hash(Buffer.from([1]), definedRoot(entries.slice(0, k)), definedRoot(entries.slice(k)));
}

describe('the tree of RFC 9162', () => {
  const leaves = ENTRIES.map((entry) => leafHash(Buffer.from(entry, 'hex')));

  it.each(ROOTS.map((root, i) => [i + 1, root] as const))('has the published root of %d entries', (size, root) => {
    expect(hexOf(rootOf(leaves.slice(0, size)))).toBe(root);
  });

  it('is the hash of nothing without entries', () => {
    expect(hexOf(EMPTY_ROOT)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(new MerkleFrontier().root()).toEqual(EMPTY_ROOT);
  });

  it('is what the definition says, for every size to 130', () => {
    const entries: Uint8Array[] = [];
    const frontier = new MerkleFrontier();
    for (let size = 1; size <= 130; size++) {
      const entry = new Uint8Array([size]);
      entries.push(entry);
      frontier.append(leafHash(entry));
      expect(frontier.size).toBe(size);
      expect(hexOf(frontier.root())).toBe(definedRoot(entries).toString('hex'));
    }
  });
});

describe('a proof of inclusion', () => {
  it('holds for every entry of every tree to 40, and for no other index, leaf or tree', () => {
    for (let size = 1; size <= 40; size++) {
      const leaves = leavesOf(size);
      const tree = headOf(leaves);
      for (const [index, leaf] of leaves.entries()) {
        const proof = inclusionProof(leaves, index);
        expect(verifyInclusion(leaf, index, tree, proof)).toBe(true);
        for (let other = 0; other < size; other++)
          if (other !== index) expect(verifyInclusion(leaf, other, tree, proof)).toBe(false);
        expect(verifyInclusion(leafHash(new Uint8Array([255])), index, tree, proof)).toBe(false);
        expect(verifyInclusion(leaf, index, { ...tree, root: EMPTY_ROOT }, proof)).toBe(false);
        expect(verifyInclusion(leaf, index, tree, [...proof, EMPTY_ROOT])).toBe(false);
        if (proof.length > 0) expect(verifyInclusion(leaf, index, tree, proof.slice(1))).toBe(false);
      }
    }
  });

  it.each([-1, 3, 0.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1])('refuses the index %s', (index) => {
    const leaves = leavesOf(3);
    expect(verifyInclusion(leaves[0] as Uint8Array, index, headOf(leaves), [])).toBe(false);
  });

  it('is asked for an entry that is there', () => {
    expect(() => inclusionProof(leavesOf(2), 2)).toThrow(RangeError);
    expect(() => inclusionProof(leavesOf(2), -1)).toThrow(RangeError);
  });
});

describe('a proof of consistency', () => {
  it('T26: holds between every two trees to 40, and for no other earlier or later one', () => {
    for (let size = 1; size <= 40; size++) {
      const leaves = leavesOf(size);
      const later = headOf(leaves);
      for (let from = 1; from <= size; from++) {
        const earlier = headOf(leaves.slice(0, from));
        const proof = consistencyProof(leaves, from);
        expect(verifyConsistency(earlier, later, proof)).toBe(true);
        expect(verifyConsistency({ ...earlier, root: EMPTY_ROOT }, later, proof)).toBe(false);
        expect(verifyConsistency(earlier, { ...later, root: EMPTY_ROOT }, proof)).toBe(false);
        expect(verifyConsistency(earlier, later, [...proof, EMPTY_ROOT])).toBe(false);
        if (proof.length > 0) expect(verifyConsistency(earlier, later, proof.slice(0, -1))).toBe(false);
        if (from > 1) expect(verifyConsistency(headOf(leaves.slice(0, from - 1)), later, proof)).toBe(false);
      }
    }
  });

  it('T27: is not to be had between two histories that fork', () => {
    const common = leavesOf(7);
    const [one, other] = [1, 2].map((n) => [...common, leafHash(new Uint8Array([n])), leafHash(new Uint8Array([9]))]);
    expect(
      verifyConsistency(
        headOf((one as Uint8Array[]).slice(0, 8)),
        headOf(other as Uint8Array[]),
        consistencyProof(other as Uint8Array[], 8),
      ),
    ).toBe(false);
  });

  it('refuses what is no earlier tree', () => {
    const later = headOf(leavesOf(4));
    expect(verifyConsistency({ size: 0, root: EMPTY_ROOT }, later, [])).toBe(false);
    expect(verifyConsistency(headOf(leavesOf(5)), later, [])).toBe(false);
    expect(verifyConsistency(headOf(leavesOf(3)), later, [])).toBe(false);
    expect(() => consistencyProof(leavesOf(4), 0)).toThrow(RangeError);
    expect(() => consistencyProof(leavesOf(4), 5)).toThrow(RangeError);
  });

  it('never throws and never holds for bytes that nobody made', () => {
    const hashes = fc.array(fc.uint8Array({ minLength: 0, maxLength: 33 }), { maxLength: 8 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), hashes, (from, size, proof) => {
        const leaves = leavesOf(20);
        const [earlier, later] = [headOf(leaves.slice(0, from)), headOf(leaves.slice(0, size))];
        const isOne = from === size && proof.length === 0;
        expect(verifyConsistency(earlier, later, proof)).toBe(isOne);
      }),
      { seed: 6, numRuns: 2_000 },
    );
  });
});
