import { describe, expect, it } from 'vitest';
import { type AuditedJournal, auditJournal } from '../../../device/audit/audited-journal.ts';
import { OFFER_AGAIN_MS, Witnessing } from '../../../device/audit/witnessing.ts';
import {
  epochMs,
  type JournalCheckpoint,
  type JournalCosignature,
  type NoteSigner,
  type OpenedCheckpoint,
  openCheckpoint,
  softSigningKey,
} from '../../../protocol/index.ts';
import { Witness } from '../../../sim/cloud/witness.ts';
import { type MemoryDisk, memoryDisk } from '../../../sim/memory-journal.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { VirtualClock } from '../../../sim/virtual-clock.ts';

function signerOf(name: string, fill: number): NoteSigner {
  const key = softSigningKey(new Uint8Array(32).fill(fill));
  return { name, publicKey: key.publicKey, sign: (message) => key.sign(message) };
}
const DEVICE = 'glasses-01';
const own = signerOf('act-edge/demo/glasses-01', 1);
const cloud = signerOf('act-edge/demo/psp', 2);
const record = (n: number) => new Uint8Array([n, 1]);

interface Running {
  readonly journal: AuditedJournal;
  readonly witnessing: Witnessing;
}

/** A device with its journal and a witness, and between them a link that can be told to lose what passes. */
class Stand {
  readonly clock = new VirtualClock(epochMs(1_795_000_000_000));
  readonly random = new SeededRandom('witness');
  disks: readonly MemoryDisk[] = [memoryDisk(), memoryDisk()];
  readonly alarms: string[] = [];
  readonly broken: string[] = [];
  readonly asked: JournalCheckpoint[] = [];
  loses: 'nothing' | 'questions' | 'answers' = 'nothing';
  readonly witness = new Witness({
    signer: cloud,
    deviceKey: (device) => (device === DEVICE ? own : undefined),
    alarm: (code) => this.alarms.push(code),
  });

  start(): Running {
    const [journalDisk, noteDisk] = this.disks as [MemoryDisk, MemoryDisk];
    const notes = noteDisk.open();
    const journal = auditJournal({
      ...{ journal: journalDisk.open(), checkpoints: notes, signer: own, clock: this.clock },
      log: { write: () => {} },
      onCheckpoint: (note) => witnessing.offer(note),
    });
    const witnessing: Witnessing = new Witnessing(
      {
        ...{ tree: journal.tree, own: [own], witness: cloud, clock: this.clock, random: this.random },
        send: (checkpoint) => this.#deliver(checkpoint, () => witnessing),
        keep: (cosigned) => notes.append([new TextEncoder().encode(cosigned)]),
        onBroken: ({ fault }) => this.broken.push(fault),
        onUnreadable: ({ code }) => this.broken.push(code),
      },
      notes.read().map((bytes) => new TextDecoder().decode(bytes)),
    );
    return { journal, witnessing };
  }

  restart(): Running {
    for (const disk of this.disks) disk.crash();
    return this.start();
  }

  #deliver(checkpoint: JournalCheckpoint, to: () => Witnessing): void {
    this.asked.push(checkpoint);
    if (this.loses === 'questions') return;
    const answer = this.ask(checkpoint);
    if (this.loses === 'answers' || !answer) return;
    this.clock.after(1, () => to().answered(answer));
  }

  ask(body: JournalCheckpoint, party = DEVICE): JournalCosignature | undefined {
    const frame = { type: 'journal-checkpoint', from: { party, role: 'device' }, body } as never;
    const reaction = this.witness.checkpoint(frame, this.clock.now());
    if ('drop' in reaction) return undefined;
    return (reaction[0] as { message: { body: JournalCosignature } }).message.body;
  }
}

function notesKept({ journal }: Running, stand: Stand): readonly OpenedCheckpoint[] {
  journal.close();
  const notes = (stand.disks[1] as MemoryDisk).open();
  const kept = notes.read().map((bytes) => openCheckpoint(new TextDecoder().decode(bytes), own));
  notes.close();
  return kept;
}

function sizesKept(running: Running, stand: Stand): readonly number[] {
  return notesKept(running, stand).flatMap((note) => (note.cosignedAt(cloud) === undefined ? [] : [note.size]));
}

function addTo({ journal }: Running, ...numbers: readonly number[]): void {
  for (const n of numbers) journal.append([record(n)]);
  journal.checkpoint();
}

describe('a checkpoint', () => {
  it('T26: is offered again after each start as it was signed, without the lines that witnesses have put below', () => {
    const stand = new Stand();
    addTo(stand.start(), 1);
    for (let starts = 0; starts < 20; starts++) {
      stand.clock.advance(1_000);
      for (const disk of stand.disks) disk.crash();
      const notes = (stand.disks[1] as MemoryDisk).open();
      const newest = notes.read().at(-1);
      notes.close();
      stand.start().witnessing.offer(new TextDecoder().decode(newest));
    }
    expect(new Set(stand.asked.map(({ note }) => note)).size).toBe(1);
    expect(stand.broken).toEqual([]);
  });

  it('is cosigned, and the next one with the proof that it only adds', () => {
    const stand = new Stand();
    const running = stand.start();
    for (const n of [1, 2, 3]) {
      addTo(running, n, n);
      stand.clock.advance(10);
    }
    expect(stand.asked.map(({ from }) => from)).toEqual([0, 2, 4]);
    expect(sizesKept(running, stand)).toEqual([2, 4, 6]);
  });

  it('is offered again until it is answered, and cosigned once for all', () => {
    const stand = new Stand();
    const running = stand.start();
    stand.loses = 'questions';
    addTo(running, 1);
    stand.clock.advance(3 * OFFER_AGAIN_MS.first + 1);
    expect(stand.asked).toHaveLength(3);
    stand.loses = 'nothing';
    stand.clock.advance(4 * OFFER_AGAIN_MS.first);
    expect(stand.asked).toHaveLength(4);
    stand.clock.advance(10 * OFFER_AGAIN_MS.most);
    expect(stand.asked).toHaveLength(4);
    expect(sizesKept(running, stand)).toEqual([1]);
  });

  it('finds together again where answers were lost over a restart', () => {
    const stand = new Stand();
    const first = stand.start();
    stand.loses = 'answers';
    addTo(first, 1, 2);
    first.witnessing.stop();
    stand.loses = 'nothing';
    const again = stand.restart();
    addTo(again, 3);
    stand.clock.advance(10);
    expect(stand.broken).toEqual([]);
    expect(sizesKept(again, stand)).toEqual([3]);
  });

  it('T27: is not believed cosigned by anybody else, for another note, or a day ahead', () => {
    const stand = new Stand();
    const running = stand.start();
    stand.loses = 'questions';
    addTo(running, 1);
    const { requestId, note } = stand.asked[0] as JournalCheckpoint;
    const ask = () => stand.ask({ ...(stand.asked[0] as JournalCheckpoint) })?.line as string;
    const before = ask();
    running.witnessing.answered({ requestId, line: before.replace('psp', 'pst') });
    running.witnessing.answered({ requestId: `${requestId}`.replace(/^../, '00') as never, line: before });
    stand.clock.jump(2 * 86_400_000);
    const ahead = ask();
    stand.clock.jump(-2 * 86_400_000);
    running.witnessing.answered({ requestId, line: ahead });
    running.witnessing.answered({ requestId });
    expect(note).toContain(own.name);
    expect(notesKept(running, stand).map(({ size, cosignedAt }) => [size, cosignedAt(cloud)])).toEqual([
      [1, undefined],
    ]);
  });
});

describe('T26: a device that was put back to an older state', () => {
  function rolledBack(count: number): { readonly stand: Stand; readonly running: Running } {
    const stand = new Stand();
    const first = stand.start();
    addTo(first, 1, 2);
    stand.clock.advance(10);
    const older = stand.disks.map((disk) => disk.image());
    addTo(first, 3, 4);
    stand.clock.advance(10);
    for (const disk of stand.disks) disk.crash();
    for (const [i, disk] of stand.disks.entries()) disk.replace(older[i] as Uint8Array);
    const running = stand.start();
    expect(running.journal.history.kind).toBe('sound');
    for (let n = 0; n < count; n++) running.journal.append([record(90 + n)]);
    running.journal.checkpoint();
    stand.clock.advance(10);
    return { stand, running };
  }

  it('hears of it with its first checkpoint', () => {
    expect(rolledBack(1).stand.broken).toEqual(['rolled-back']);
  });

  it('hears that it has two pasts once it has as many records again', () => {
    const { stand } = rolledBack(2);
    expect([stand.broken, stand.alarms]).toEqual([['forked'], ['journal-forked']]);
    expect(rolledBack(5).stand.broken).toEqual(['forked']);
  });

  it('gets nothing cosigned, and goes on offering nothing', () => {
    const { stand, running } = rolledBack(1);
    const asked = stand.asked.length;
    stand.clock.advance(10 * OFFER_AGAIN_MS.most);
    expect(stand.asked).toHaveLength(asked);
    expect(sizesKept(running, stand)).toEqual([2]);
  });
});

describe('T27: the witness', () => {
  it('cosigns only what the device itself has signed', () => {
    const stand = new Stand();
    addTo(stand.start(), 1);
    const [asked] = stand.asked as [JournalCheckpoint];
    expect(stand.ask(asked, 'glasses-02')).toBeUndefined();
    expect(stand.ask({ ...asked, note: asked.note.replace('1', '2') })).toBeUndefined();
  });

  it('answers a proof that proves nothing with what it has', () => {
    const stand = new Stand();
    const running = stand.start();
    addTo(running, 1, 2, 3);
    stand.clock.advance(10);
    stand.loses = 'questions';
    addTo(running, 4);
    const asked = stand.asked.at(-1) as JournalCheckpoint;
    expect(stand.ask({ ...asked, proof: [] })?.newest).toBe(stand.asked[0]?.note);
    expect(stand.ask({ ...asked, from: 2 })?.newest).toBe(stand.asked[0]?.note);
    expect(stand.ask(asked)?.line).toBeDefined();
    expect(stand.ask(stand.asked[0] as JournalCheckpoint)?.newest).toBe(asked.note);
  });
});
