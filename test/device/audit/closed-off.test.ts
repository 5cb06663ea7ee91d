/** A journal that was closed off is still held to all it ever said (T26, T27). */
import { describe, expect, it } from 'vitest';
import { type AuditedJournal, auditJournal } from '../../../device/audit/audited-journal.ts';
import { judgeWitnessed } from '../../../device/audit/history.ts';
import { JournalTree } from '../../../device/audit/journal-tree.ts';
import { encodeRecord } from '../../../device/journal-record.ts';
import { IDLE } from '../../../device/purchases.ts';
import {
  consistencyProof,
  epochMs,
  fromUtf8,
  inclusionProof,
  leafHash,
  MerkleFrontier,
  type NoteSigner,
  openCheckpoint,
  rootOf,
  signCheckpoint,
  softSigningKey,
  utf8,
  verifyConsistency,
} from '../../../protocol/index.ts';
import { memoryDisk } from '../../../sim/memory-journal.ts';
import { VirtualClock } from '../../../sim/virtual-clock.ts';
import { code } from '../../contracts/journal.contract.ts';
import { type RotatingDisk, rotatingDisk } from '../../helpers/rotating-disk.ts';

const record = (n: number) => new Uint8Array([n, n >> 8, 7]);
const numbered = (count: number, from = 0) => Array.from({ length: count }, (_, n) => record(from + n));

describe('a tree that goes on without its entries', () => {
  const NEVER = () => {
    throw new Error('the archive was read');
  };

  it('has every head, and every proof between later heads, without the archive, wherever it was closed off', () => {
    for (let size = 0; size <= 17; size++) {
      const whole = new JournalTree();
      for (const one of numbered(size)) whole.append(one);
      const tree = new JournalTree(whole.frontier(), NEVER);
      expect(tree.head).toEqual(whole.head);
      const leaves = numbered(24).map(leafHash);
      for (const one of numbered(24 - size, size)) tree.append(one);
      for (let to = Math.max(1, size); to <= 24; to++) {
        expect(tree.headAt(to)?.root).toEqual(rootOf(leaves.slice(0, to)));
        for (let from = Math.max(1, size); from <= to; from++)
          expect(tree.consistencyBetween(from, to)).toEqual(consistencyProof(leaves.slice(0, to), from));
      }
      expect(tree.headAt(25)).toBeUndefined();
    }
  });

  it('has all others with the archive, which is read once, and not at all for the generation just closed off', () => {
    const leaves = numbered(20).map(leafHash);
    for (const size of [2, 3, 8, 13]) {
      let reads = 0;
      const whole = new JournalTree();
      for (const one of numbered(size)) whole.append(one);
      const tree = new JournalTree(whole.frontier(), () => {
        reads += 1;
        return leaves.slice(0, size);
      });
      whole.rebase();
      for (const one of numbered(20 - size, size)) for (const each of [tree, whole]) each.append(one);
      for (let n = 0; n < 20; n++) {
        for (const each of [tree, whole]) {
          expect(each.inclusionOf(n)).toEqual(inclusionProof(leaves, n));
          expect(each.headAt(n)?.root).toEqual(rootOf(leaves.slice(0, n)));
          expect(each.consistencyBetween(n + 1, 20)).toEqual(consistencyProof(leaves, n + 1));
        }
      }
      expect(reads).toBe(1);
      expect(whole.base.size).toBe(size);
    }
  });

  it('T26: believes an archive only where it is what was closed off, and says so otherwise', () => {
    const whole = new JournalTree();
    for (const one of numbered(6)) whole.append(one);
    const leaves = numbered(6).map(leafHash);
    for (const wrong of [[], leaves.slice(1), [...leaves, leafHash(record(6))], [...leaves].reverse()]) {
      const tree = new JournalTree(whole.frontier(), () => wrong);
      expect(code(() => tree.inclusionOf(0))).toBe('store-altered');
      expect(tree.head).toEqual(whole.head);
    }
    for (const bad of [-1, 6]) expect(() => whole.inclusionOf(bad)).toThrow(RangeError);
    const pairs = { 0: 6, 3: 2, 1: 7 };
    for (const [from, to] of Object.entries(pairs))
      expect(() => whole.consistencyBetween(Number(from), to)).toThrow(RangeError);
  });
});

function signerOf(fill: number): NoteSigner {
  const key = softSigningKey(new Uint8Array(32).fill(fill));
  return { name: 'act-edge/demo/glasses-01', publicKey: key.publicKey, sign: (message) => key.sign(message) };
}
const signer = signerOf(1);

class Stand {
  readonly clock = new VirtualClock(epochMs(0));
  readonly journal: RotatingDisk = rotatingDisk();
  readonly checkpoints: RotatingDisk = rotatingDisk();
  readonly logged: string[] = [];

  open(): AuditedJournal {
    for (const disk of [this.journal, this.checkpoints]) disk.crash();
    return auditJournal({
      ...{ journal: this.journal.open(), checkpoints: this.checkpoints.open(), signer, clock: this.clock },
      log: { write: (_, what) => this.logged.push(what) },
    });
  }

  notes(): readonly string[] {
    this.checkpoints.crash();
    const open = this.checkpoints.open();
    const notes = open.read().map(fromUtf8);
    open.close();
    return notes;
  }
}

function beginning(journal: AuditedJournal): Uint8Array[] {
  const carried = { base: journal.tree.frontier(), seen: [], receipts: [] };
  return [encodeRecord({ at: epochMs(0), event: 'carried-over', sent: [], purchases: IDLE, carried }), record(999)];
}

/** Two generations behind it, a third begun. */
function twice(stand = new Stand()): { stand: Stand; journal: AuditedJournal } {
  const journal = stand.open();
  for (let round = 0; round < 2; round++) {
    for (const one of numbered(5, 10 * round)) journal.append([one]);
    expect(journal.rotate(beginning(journal))).toBe(true);
  }
  journal.append([record(50)]);
  journal.checkpoint();
  return { stand, journal };
}

describe('an audited journal that is closed off', () => {
  it('T26: goes on with the tree of all records there ever were, now and after a start', () => {
    const { stand, journal } = twice();
    const frontier = new MerkleFrontier();
    for (const one of [...stand.journal.archived.flat(), ...journal.read()]) frontier.append(leafHash(one));
    for (const open of [() => journal, () => stand.open()]) {
      const each = open();
      expect(each.history).toMatchObject({ kind: 'sound' });
      expect(each.tree.head).toEqual({ size: 15, root: frontier.root() });
      expect(each.tree.base.size).toBe(12);
      expect(each.read()).toHaveLength(3);
      expect([...(each.archives?.() ?? [])].map((records) => records.length)).toEqual([5, 7]);
      const earlier = { size: 2, root: rootOf(numbered(2).map(leafHash)) };
      expect(verifyConsistency(earlier, each.tree.head, each.tree.consistencyBetween(2, 15))).toBe(true);
    }
  });

  it('T26: is signed for to the last record before that, and is not closed off where that cannot be', () => {
    const stand = new Stand();
    const journal = stand.open();
    journal.append([record(0)]);
    stand.checkpoints.setFull(true);
    expect(journal.rotate(beginning(journal))).toBe(false);
    expect([stand.journal.archived, stand.logged]).toEqual([[], ['store-full']]);
    stand.checkpoints.setFull(false);
    expect(journal.rotate(beginning(journal))).toBe(true);
    expect(stand.notes().map((note) => openCheckpoint(note, signer).size)).toContain(1);
  });

  it('T26: is found out where the roots it goes on with are not those that were signed', () => {
    const { stand, journal } = twice();
    const [first, ...rest] = journal.read() as [Uint8Array, ...Uint8Array[]];
    const text = fromUtf8(first);
    const { roots } = journal.tree.base;
    const forged = text.replace(
      /"roots":\[\{"~":"./,
      (found) => found.slice(0, -1) + (found.endsWith('A') ? 'B' : 'A'),
    );
    expect(roots.length).toBe(2);
    expect(forged).not.toBe(text);
    const faultWith = (records: readonly Uint8Array[]) => {
      const disk = memoryDisk();
      disk.open().append(records);
      disk.crash();
      stand.journal.crash();
      stand.journal.replace(disk.image());
      const { history } = stand.open();
      return history.kind === 'broken' ? history.fault : 'sound';
    };
    expect(faultWith([first, ...rest])).toBe('sound');
    expect(faultWith([utf8(forged), ...rest])).toBe('altered');
    const sized = (size: number) => utf8(text.replace('"size":12', `"size":${size}`));
    expect(faultWith([sized(10), ...rest])).toBe('altered');
    expect(faultWith([sized(11), ...rest])).toBe('truncated');
    expect(faultWith(rest)).toBe('truncated');
    expect(faultWith([first])).toBe('truncated');
    // An older generation in the place of the present one is a journal that was put back.
    expect(faultWith(stand.journal.archived[1] as Uint8Array[])).toBe('truncated');
    expect(faultWith(stand.journal.archived[0] as Uint8Array[])).toBe('truncated');
  });

  it('T26: is found out where the checkpoint it was begun with is gone, and cannot be begun with another tree', () => {
    const { stand, journal } = twice();
    expect(() => journal.rotate([record(1)])).toThrow('another tree');
    const bare = memoryDisk();
    bare.open().append(stand.notes().slice(0, 1).map(utf8));
    bare.crash();
    stand.checkpoints.crash();
    stand.checkpoints.replace(bare.image());
    const again = stand.open();
    expect(again.history).toEqual({ kind: 'broken', fault: 'base-unsigned', at: 12 });
    expect(again.rotate(beginning(again))).toBe(false);
    again.append([record(60)]);
    expect(again.rotate(beginning(again))).toBe(false);
    expect(stand.journal.archived).toHaveLength(2);
  });

  it('T30: takes the newest checkpoints along and no more, and goes on where there is no room for that', () => {
    const stand = new Stand();
    const journal = stand.open();
    for (let n = 0; n < 300; n++) {
      journal.append([record(n)]);
      journal.checkpoint();
    }
    stand.checkpoints.isTight = true;
    expect(journal.rotate(beginning(journal))).toBe(true);
    expect(stand.logged).toEqual(['store-full']);
    stand.checkpoints.isTight = false;
    journal.append([record(301)]);
    expect(journal.rotate(beginning(journal))).toBe(true);
    const sizes = stand.notes().map((note) => openCheckpoint(note, signer).size);
    expect([sizes.length, sizes.at(-1)]).toEqual([256, 303]);
    expect(stand.open().history).toMatchObject({ kind: 'sound', checkpointed: 303 });
  });

  it('T27: tells of another history that a witness has seen before it was closed off', () => {
    const { stand } = twice();
    const { tree } = stand.open();
    const leaves = numbered(4).map(leafHash);
    const seen = (root: Uint8Array) => signCheckpoint({ origin: signer.name, size: 4, root }, signer);
    expect(judgeWitnessed(tree, seen(rootOf(leaves)), [signer])).toMatchObject({ kind: 'sound' });
    const other = judgeWitnessed(tree, seen(rootOf([...leaves].reverse())), [signer]);
    expect(other).toEqual({ kind: 'broken', fault: 'forked', at: 4 });
  });
});
