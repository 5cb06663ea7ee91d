/** A journal's file is longer than what is in it while it is open: no append may be lost or made up for that. */
import { fdatasyncSync, ftruncateSync, readFileSync, statSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type JournalIo, openFileJournal } from '../../device/adapters/file-journal.ts';
import { ROOM_BYTES } from '../../device/adapters/journal-room.ts';
import { bytes, code } from '../contracts/journal.contract.ts';
import { countingRandom } from '../helpers/counting-random.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

const random = countingRandom('journal-room');
const ROOM = 256;
/** Nothing here loses power in earnest, so a sync need not wait for the disk. */
const ROOMY: JournalIo = { writeSync, ftruncateSync, fdatasyncSync: () => {}, roomBytes: ROOM };
const [HEADER_BYTES, FRAME_BYTES] = [36, 24];

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;
beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory.path, 'journal');
});
afterEach(() => directory.remove());

const open = (io = ROOMY) => openFileJournal(path, random, io);
function found(io = ROOMY): Uint8Array[] {
  const journal = open(io);
  try {
    return journal.read();
  } finally {
    journal.close();
  }
}

const RECORDS = [bytes(1), bytes(), new Uint8Array(40).fill(3), bytes(0, 0, 0), bytes(4, 4)];

/** The file as it lies there while the program has it open, and where each frame ends in it. */
function midway(): { image: Buffer; ends: number[] } {
  const journal = open();
  let end = HEADER_BYTES;
  const ends = RECORDS.map((record) => {
    journal.append([record]);
    end += FRAME_BYTES + record.length;
    return end;
  });
  const image = readFileSync(path);
  journal.close();
  expect(readFileSync(path)).toEqual(image.subarray(0, end));
  return { image, ends };
}

describe('the room in a journal’s file', () => {
  it('is made for many appends at a time, in the same write, and given back at the end', () => {
    const calls: string[] = [];
    const journal = open({
      roomBytes: ROOM_BYTES,
      writeSync(fd, given, offset, length, position) {
        calls.push(`write ${position + length}`);
        return writeSync(fd, given, offset, length, position);
      },
      fdatasyncSync(fd) {
        calls.push('sync');
        fdatasyncSync(fd);
      },
      ftruncateSync,
    });
    journal.append([bytes(1)]);
    expect(statSync(path).size).toBe(ROOM_BYTES);
    journal.append([bytes(2, 2)]);
    const end = HEADER_BYTES + 2 * FRAME_BYTES + 3;
    expect(calls).toEqual([`write ${ROOM_BYTES}`, 'sync', `write ${end}`, 'sync']);
    expect(statSync(path).size).toBe(ROOM_BYTES);
    journal.close();
    expect(statSync(path).size).toBe(end);
    expect(openFileJournal(path, random).droppedBytes).toBe(0);
  });

  it('T28: is given back without a trace in the file’s time, by which words are forgotten', () => {
    const journal = open();
    journal.append([bytes(1)]);
    const then = new Date(1_700_000_000_000);
    utimesSync(path, then, then);
    journal.close();
    expect(statSync(path).mtime).toEqual(then);
    const torn = Buffer.concat([readFileSync(path), Buffer.alloc(100)]);
    writeFileSync(path, torn);
    utimesSync(path, then, then);
    open().close();
    expect([statSync(path).mtime, statSync(path).size]).toEqual([then, torn.length - 100]);
  });

  it('T26: keeps what was acknowledged when the power goes with it there, and says that nothing was dropped', () => {
    const { image, ends } = midway();
    writeFileSync(path, image);
    const journal = open();
    expect([journal.read(), journal.droppedBytes]).toEqual([RECORDS, 0]);
    expect(statSync(path).size).toBe(ends.at(-1));
    journal.close();
  });

  it('T26: keeps all whole records and nothing else when only a part of an append has arrived in it', () => {
    const { image, ends } = midway();
    for (let arrived = 0; arrived <= (ends.at(-1) ?? 0) - HEADER_BYTES; arrived++) {
      const cut = HEADER_BYTES + arrived;
      writeFileSync(path, Buffer.from(image).fill(0, cut));
      // Zeros at the end of a frame are those that were there before: such a frame has arrived a little sooner.
      const whole = ends.filter((end) => image.subarray(cut, end).every((byte) => byte === 0));
      expect(found(), `cut at ${cut}`).toEqual(RECORDS.slice(0, whole.length));
    }
  });

  it('T26: hides no alteration before it, whichever byte is flipped', () => {
    const { image, ends } = midway();
    for (let at = HEADER_BYTES; at < (ends.at(-2) ?? 0); at++) {
      const damaged = Buffer.from(image);
      damaged[at] = (damaged[at] ?? 0) ^ 0x80;
      writeFileSync(path, damaged);
      expect(
        code(() => found()),
        `byte ${at}`,
      ).toBe('store-altered');
    }
  });

  it('needs none on a disk that is nearly full: what fits is appended, what does not is refused and undone', () => {
    for (let capacity = HEADER_BYTES; capacity < 2 * ROOM; capacity += 7) {
      directory.remove();
      directory = temporaryDirectory();
      path = join(directory.path, 'journal');
      const journal = open({
        ...ROOMY,
        writeSync: (fd, given, offset, length, position) =>
          writeSync(fd, given, offset, Math.max(0, Math.min(length, capacity - position)), position),
      });
      const kept: Uint8Array[] = [];
      for (let end = HEADER_BYTES, i = 0; i < 20; i++) {
        const record = new Uint8Array(i).fill(i + 1);
        end += FRAME_BYTES + record.length;
        if (end <= capacity) {
          journal.append([record]);
          kept.push(record);
        } else {
          expect(code(() => journal.append([record]))).toBe('store-full');
          end -= FRAME_BYTES + record.length;
          expect(statSync(path).size).toBe(end);
        }
      }
      expect(journal.read()).toEqual(kept);
      journal.close();
      expect(found()).toEqual(kept);
    }
  });

  it('T26: is not in an archive, and a fault while it is given back costs only the attempt', () => {
    for (const call of ['ftruncateSync', 'fdatasyncSync'] as const) {
      const sick = { on: false };
      const journal = open({
        ...ROOMY,
        [call]: (fd: number, length: number) => {
          if (sick.on) throw Object.assign(new Error('sick'), { code: 'EIO' });
          ROOMY[call](fd, length);
        },
      });
      journal.append([bytes(1)]);
      sick.on = true;
      // The draft is synced before; only then is the room given back.
      expect(code(() => journal.rotate?.([]))).toBe('store-failed');
      sick.on = false;
      journal.append([bytes(2)]);
      expect(journal.rotate?.([bytes(3)])).toBe(true);
      expect(statSync(`${path}.1`).size).toBe(HEADER_BYTES + 2 * (FRAME_BYTES + 1));
      expect([...(journal.archives?.() ?? [])]).toEqual([[bytes(1), bytes(2)]]);
      journal.close();
      directory.remove();
      directory = temporaryDirectory();
      path = join(directory.path, 'journal');
    }
  });

  it('T26: is given back for an archive, or nothing more is written: a sync that failed is not tried again', () => {
    const syncs = { left: Number.POSITIVE_INFINITY };
    const io: JournalIo = {
      ...ROOMY,
      fdatasyncSync: () => {
        if (syncs.left-- === 0) throw Object.assign(new Error('sick'), { code: 'EIO' });
      },
    };
    const journal = open(io);
    journal.append([bytes(1)]);
    // The draft is synced first, then the file whose room was given back.
    syncs.left = 1;
    expect(code(() => journal.rotate?.([]))).toBe('store-failed');
    expect(code(() => journal.append([bytes(2)]))).toBe('store-failed');
    expect(code(() => journal.rotate?.([]))).toBe('store-failed');
    expect(journal.read()).toEqual([bytes(1)]);
    journal.close();
    expect(found()).toEqual([bytes(1)]);
    const closing = open(io);
    closing.append([bytes(3)]);
    syncs.left = 0;
    closing.close();
    expect(found()).toEqual([bytes(1), bytes(3)]);
  });

  it('T26: makes no difference to what is read, through any course of appends, openings and power cuts', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('append'), sizes: fc.array(fc.nat(200), { maxLength: 3 }) }),
      fc.record({ do: fc.constantFrom('open', 'cut') }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        directory.remove();
        directory = temporaryDirectory();
        path = join(directory.path, 'journal');
        const kept: Uint8Array[] = [];
        let journal = open();
        for (const one of steps) {
          if ('sizes' in one) {
            const records = one.sizes.map((size, i) => new Uint8Array(size).fill(i));
            journal.append(records);
            kept.push(...records);
            continue;
          }
          const image = readFileSync(path);
          journal.close();
          if (one.do === 'cut') writeFileSync(path, image);
          journal = open();
          expect(journal.read()).toEqual(kept);
        }
        journal.close();
        expect(found()).toEqual(kept);
      }),
      { seed: 26, numRuns: 100 },
    );
  });
});
