import { describe, expect, it } from 'vitest';
import { ProofTree } from '../../../device/audit/proof-tree.ts';
import { consistencyProof, inclusionProof, leafHash, rootOf } from '../../../protocol/index.ts';

const leaves = Array.from({ length: 70 }, (_, n) => leafHash(new Uint8Array([n])));

describe('a tree that keeps its subtrees', () => {
  const tree = new ProofTree();
  for (const leaf of leaves) tree.append(leaf);

  it('has at each size the root and the proofs that RFC 9162 says, hash by hash', () => {
    for (let size = 0; size <= leaves.length; size++) {
      const first = leaves.slice(0, size);
      expect(tree.rootAt(size)).toEqual(rootOf(first));
      for (let n = 0; n < size; n++) {
        expect(tree.inclusion(n, size)).toEqual(inclusionProof(first, n));
        expect(tree.consistency(n + 1, size)).toEqual(consistencyProof(first, n + 1));
      }
    }
  });

  it.each([
    [() => tree.inclusion(5, 5)],
    [() => tree.inclusion(-1, 5)],
    [() => tree.inclusion(0, 71)],
    [() => tree.consistency(0, 5)],
    [() => tree.consistency(6, 5)],
    [() => tree.consistency(1, 71)],
  ])('gives no proof of what never was', (ask) => {
    expect(ask).toThrow(RangeError);
  });
});
