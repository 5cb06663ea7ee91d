import { describe, expect, it } from 'vitest';
import {
  type AuditedJournal,
  auditJournal,
  CHECKPOINT_MS,
  CHECKPOINT_RECORDS,
} from '../../../device/audit/audited-journal.ts';
import { judgeHistory, judgeWitnessed } from '../../../device/audit/history.ts';
import { JournalTree } from '../../../device/audit/journal-tree.ts';
import {
  epochMs,
  leafHash,
  type NoteSigner,
  openCheckpoint,
  softSigningKey,
  verifyConsistency,
  verifyInclusion,
} from '../../../protocol/index.ts';
import { type MemoryDisk, memoryDisk } from '../../../sim/memory-journal.ts';
import { VirtualClock } from '../../../sim/virtual-clock.ts';

function signerOf(fill: number): NoteSigner {
  const key = softSigningKey(new Uint8Array(32).fill(fill));
  return { name: 'act-edge/demo/glasses-01', publicKey: key.publicKey, sign: (message) => key.sign(message) };
}
const signer = signerOf(1);
const record = (n: number) => new Uint8Array([n, n >> 8, 7]);

class Stand {
  readonly clock = new VirtualClock(epochMs(0));
  readonly disks: { readonly journal: MemoryDisk; readonly checkpoints: MemoryDisk } = {
    journal: memoryDisk(),
    checkpoints: memoryDisk(),
  };
  readonly told: string[] = [];
  readonly logged: string[] = [];

  open(): AuditedJournal {
    return auditJournal({
      journal: this.disks.journal.open(),
      checkpoints: this.disks.checkpoints.open(),
      signer,
      clock: this.clock,
      log: { write: (_, code) => this.logged.push(code) },
      onCheckpoint: (note) => this.told.push(note),
    });
  }

  /** As a process that is started again finds it. */
  reopened(): AuditedJournal {
    this.disks.journal.crash();
    this.disks.checkpoints.crash();
    return this.open();
  }

  sizes(): number[] {
    return this.told.map((note) => openCheckpoint(note, signer).size);
  }
}

/** A journal of `count` records with a checkpoint after each. */
function checkpointed(count: number): Stand {
  const stand = new Stand();
  const journal = stand.open();
  for (let n = 0; n < count; n++) {
    journal.append([record(n)]);
    journal.checkpoint();
  }
  return stand;
}

describe('checkpoints', () => {
  it('are signed after 64 records, after 60 s, and when they are asked for', () => {
    const stand = new Stand();
    const journal = stand.open();
    for (let n = 0; n < CHECKPOINT_RECORDS; n++) journal.append([record(n)]);
    expect(stand.sizes()).toEqual([64]);
    journal.append([record(64)]);
    stand.clock.advance(CHECKPOINT_MS - 1);
    expect(stand.sizes()).toEqual([64]);
    stand.clock.advance(1);
    expect(stand.sizes()).toEqual([64, 65]);
    journal.append([record(65), record(66)]);
    journal.checkpoint();
    expect(stand.sizes()).toEqual([64, 65, 67]);
  });

  it('are not signed twice for one tree, and none for an idle one', () => {
    const stand = checkpointed(3);
    stand.clock.advance(10 * CHECKPOINT_MS);
    expect(stand.sizes()).toEqual([1, 2, 3]);
  });

  it('are made up for after a start that found records without one', () => {
    const stand = new Stand();
    stand.open().append([record(0)]);
    const again = stand.reopened();
    expect(again.history).toEqual({ kind: 'sound', checkpointed: 0 });
    stand.clock.advance(CHECKPOINT_MS);
    expect(stand.sizes()).toEqual([1]);
  });

  it('never hold up the journal: a full disk for them is logged, and they come when there is room', () => {
    const stand = new Stand();
    const journal = stand.open();
    stand.disks.checkpoints.setFull(true);
    journal.append([record(0)]);
    journal.checkpoint();
    expect([stand.told, stand.logged]).toEqual([[], ['store-full']]);
    expect(journal.read()).toHaveLength(1);
    stand.disks.checkpoints.setFull(false);
    stand.clock.advance(CHECKPOINT_MS);
    expect(stand.sizes()).toEqual([1]);
  });

  it('are signed for what is left when the journal is closed', () => {
    const stand = new Stand();
    const journal = stand.open();
    journal.append([record(0)]);
    journal.close();
    expect(stand.sizes()).toEqual([1]);
    expect(stand.clock.nextAt()).toBeUndefined();
  });

  it('show with proofs that each of them only added to those before', () => {
    const stand = checkpointed(20);
    const { tree } = stand.reopened();
    const heads = stand.told.map((note) => openCheckpoint(note, signer));
    for (const head of heads)
      expect(verifyConsistency(head, tree.head, tree.consistencyBetween(head.size, tree.size))).toBe(true);
    for (let n = 0; n < 20; n++)
      expect(verifyInclusion(leafHash(record(n)), n, tree.head, tree.inclusionOf(n))).toBe(true);
  });
});

describe('T26: a journal that is not what was signed for', () => {
  const COUNT = 12;
  /** The journal with these records in place of its own. */
  function withRecords(records: readonly Uint8Array[]): AuditedJournal {
    const stand = checkpointed(COUNT);
    stand.disks.journal.crash();
    const other = memoryDisk();
    other.open().append(records);
    other.crash();
    stand.disks.journal.replace(other.image());
    return stand.reopened();
  }
  const all = Array.from({ length: COUNT }, (_, n) => record(n));

  it('is sound as long as nobody touched it, also with records that no checkpoint counts yet', () => {
    expect(withRecords(all).history).toEqual({ kind: 'sound', checkpointed: COUNT });
    expect(withRecords([...all, record(99)]).history).toEqual({ kind: 'sound', checkpointed: COUNT });
  });

  it.each(all.map((_, n) => n))('is found when record %d is cut off, dropped, edited, doubled or swapped', (n) => {
    const faultWith = (records: readonly Uint8Array[]) => {
      const { history } = withRecords(records);
      return history.kind === 'broken' ? history.fault : 'sound';
    };
    const edited = all.map((one, i) => (i === n ? new Uint8Array([...one.slice(0, 2), 8]) : one));
    const swapped = all.map((one, i) => (i === n ? (all[(n + 1) % COUNT] as Uint8Array) : one));
    if (n > 0) expect(faultWith(all.slice(0, n))).toBe('truncated');
    expect(faultWith(all.filter((_, i) => i !== n))).not.toBe('sound');
    expect(faultWith(edited)).toBe('altered');
    expect(faultWith(all.flatMap((one, i) => (i === n ? [one, one] : [one])))).toBe(
      n === COUNT - 1 ? 'sound' : 'altered',
    );
    expect(faultWith(swapped)).toBe('altered');
  });

  it('is not signed over, by append, by time or by closing', () => {
    const stand = checkpointed(3);
    stand.disks.journal.crash();
    stand.disks.journal.replace(memoryDisk().image());
    const journal = stand.reopened();
    const before = stand.told.length;
    for (let n = 0; n < 2 * CHECKPOINT_RECORDS; n++) journal.append([record(n)]);
    stand.clock.advance(2 * CHECKPOINT_MS);
    journal.close();
    expect(stand.told).toHaveLength(before);
  });

  it('is found where a checkpoint is of another key', () => {
    const tree = new JournalTree();
    tree.append(record(0));
    const stand = checkpointed(1);
    expect(judgeHistory(tree, stand.told, [signerOf(2)])).toEqual({
      kind: 'broken',
      fault: 'checkpoint-forged',
      at: 0,
    });
    expect(judgeHistory(tree, ['nonsense'], [signer])).toEqual({ kind: 'broken', fault: 'checkpoint-forged', at: 0 });
  });
});

describe('T27: what a witness has seen', () => {
  const stand = checkpointed(5);
  const newest = stand.told.at(-1) as string;
  const treeOf = (records: readonly Uint8Array[]) => {
    const tree = new JournalTree();
    for (const one of records) tree.append(one);
    return tree;
  };
  const all = Array.from({ length: 5 }, (_, n) => record(n));

  it('is the beginning of a sound journal', () => {
    expect(judgeWitnessed(treeOf([...all, record(9)]), newest, [signer])).toEqual({ kind: 'sound', checkpointed: 5 });
  });

  it('tells of a journal that was put back to an older state with its checkpoints', () => {
    const history = judgeWitnessed(treeOf(all.slice(0, 3)), newest, [signer]);
    expect(history).toEqual({ kind: 'broken', fault: 'rolled-back', at: 5 });
  });

  it('tells of another history', () => {
    const history = judgeWitnessed(treeOf([...all.slice(0, 4), record(77), record(78)]), newest, [signer]);
    expect(history).toEqual({ kind: 'broken', fault: 'forked', at: 5 });
  });

  it('proves nothing where this device never signed it', () => {
    expect(judgeWitnessed(treeOf([]), newest, [signerOf(2)]).kind).toBe('sound');
  });
});
