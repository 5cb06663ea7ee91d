import { describe, expect, it } from 'vitest';
import { JournalTree } from '../../../device/audit/journal-tree.ts';
import { consistencyProof, inclusionProof, leafHash, rootOf } from '../../../protocol/index.ts';

const records = Array.from({ length: 70 }, (_, n) => new Uint8Array([n]));
const leaves = records.map(leafHash);

describe('a tree that keeps its subtrees', () => {
  const tree = new JournalTree();
  for (const record of records) tree.append(record);

  it('has at each size the root and the proofs that RFC 9162 says, hash by hash', () => {
    for (let size = 0; size <= leaves.length; size++) {
      const first = leaves.slice(0, size);
      expect(tree.headAt(size)?.root).toEqual(rootOf(first));
      for (let n = 0; n < size; n++) {
        expect(tree.inclusionOf(n, size)).toEqual(inclusionProof(first, n));
        expect(tree.consistencyBetween(n + 1, size)).toEqual(consistencyProof(first, n + 1));
      }
    }
  });

  it.each([
    [() => tree.inclusionOf(5, 5)],
    [() => tree.inclusionOf(-1, 5)],
    [() => tree.inclusionOf(0, 71)],
    [() => tree.consistencyBetween(0, 5)],
    [() => tree.consistencyBetween(6, 5)],
    [() => tree.consistencyBetween(1, 71)],
  ])('gives no proof of what never was', (ask) => {
    expect(ask).toThrow(RangeError);
  });
});
