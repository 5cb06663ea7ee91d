/** What a sealed journal keeps and repeats when the power goes, the disk is full or sick, or an older copy is put back. */
import { ftruncateSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type JournalIo, openFileJournal } from '../../device/adapters/file-journal.ts';
import { sealedJournal } from '../../device/adapters/sealed-journal.ts';
import type { Journal } from '../../device/ports.ts';
import { hex } from '../../protocol/bytes.ts';
import { bytes, code } from '../contracts/journal.contract.ts';
import { countingRandom } from '../helpers/counting-random.ts';
import { openKeySeal } from '../helpers/open-key-seal.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

const random = countingRandom('sealed-journal-faults');
const directory = temporaryDirectory();
afterAll(() => directory.remove());

const [FILE_HEADER_BYTES, FRAME_HEAD_BYTES, SALT_BYTES] = [36, 20, 24];
/** Nothing here loses power in earnest, so a sync need not wait for the disk. */
const REAL_IO: JournalIo = { writeSync, fdatasyncSync: () => {}, ftruncateSync };

let path: string;
let blank: Uint8Array;
let files = 0;
beforeEach(() => {
  path = join(directory.path, `journal-${++files}`);
  openFileJournal(path, random).close();
  blank = readFileSync(path);
});

class PowerCut extends Error {}

/** The salts of all records that were on their way to a disk, whether they arrived or not; those of the first record left out. */
class SaltBook {
  readonly seen = new Map<string, number>();

  note(frame: Uint8Array): void {
    const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
    for (let at = FRAME_HEAD_BYTES; at < frame.length; at += 4 + view.getUint32(at, true)) {
      const record = frame.subarray(at + 4);
      if (record[0] === 0x7b && new TextDecoder().decode(record).startsWith('{"format"')) continue;
      const salt = hex(record.subarray(0, SALT_BYTES));
      this.seen.set(salt, (this.seen.get(salt) ?? 0) + 1);
    }
  }

  get repeated(): readonly string[] {
    return [...this.seen].filter(([, times]) => times > 1).map(([salt]) => salt);
  }
}

function noting(io: JournalIo, salts: SaltBook): JournalIo {
  return {
    ...io,
    writeSync(fd, frame, offset, length, position) {
      salts.note(frame);
      return io.writeSync(fd, frame, offset, length, position);
    },
  };
}

/** A disk on which the power goes after so many bytes, or in the sync of that number. Nothing works afterwards. */
function failing({ bytes: budget = Number.POSITIVE_INFINITY, syncs = Number.POSITIVE_INFINITY }): JournalIo {
  let [left, syncsLeft] = [budget, syncs];
  const alive = () => {
    if (left < 0 || syncsLeft < 0) throw new PowerCut();
  };
  return {
    writeSync(fd, frame, offset, length, position) {
      alive();
      const arrives = Math.min(length, left);
      writeSync(fd, frame, offset, arrives, position);
      left -= length;
      alive();
      return length;
    },
    fdatasyncSync() {
      alive();
      syncsLeft -= 1;
      alive();
    },
    ftruncateSync(fd, length) {
      alive();
      ftruncateSync(fd, length);
    },
  };
}

function open(io: JournalIo): Journal {
  const inner = openFileJournal(path, random, io);
  try {
    return sealedJournal(inner, { path, name: 'device', random, keySeal: openKeySeal });
  } catch (error) {
    inner.close();
    throw error;
  }
}

const APPENDS = [[bytes(1)], [bytes(2, 2), bytes()], [new Uint8Array(40).fill(3)], [bytes(4)]];

/** Appends until something throws. @returns what was acknowledged, and what was on its way. */
function appendUntilFault(io: JournalIo): { acknowledged: readonly Uint8Array[]; onItsWay: readonly Uint8Array[] } {
  const acknowledged: Uint8Array[] = [];
  let journal: Journal | undefined;
  let onItsWay: readonly Uint8Array[] = [];
  try {
    journal = open(io);
    for (const records of APPENDS) {
      onItsWay = records;
      journal.append(records);
      acknowledged.push(...records);
      onItsWay = [];
    }
  } catch {
    // What it says is the business of other tests: the power is gone.
  } finally {
    journal?.close();
  }
  return { acknowledged, onItsWay };
}

/** After the fault: everything acknowledged is there, nothing that nobody wrote; what was on its way is tried again, and more. */
function goesOn(fault: JournalIo, salts: SaltBook, mayHaveArrived: boolean, where: string): void {
  writeFileSync(path, blank);
  const { acknowledged, onItsWay } = appendUntilFault(noting(fault, salts));
  const journal = open(noting(REAL_IO, salts));
  const found = journal.read();
  const whole = [...acknowledged, ...onItsWay];
  expect(found, where).toEqual(mayHaveArrived && found.length === whole.length ? whole : acknowledged);
  journal.append(onItsWay);
  journal.append([bytes(9, 9)]);
  journal.close();
  const again = open(REAL_IO);
  expect(again.read(), where).toEqual([...found, ...onItsWay, bytes(9, 9)]);
  again.close();
}

describe('T26, T19: the sealed journal, when the power goes', () => {
  it('after any byte: keeps what was acknowledged, and seals what it tries again anew', () => {
    expect(appendUntilFault(REAL_IO).acknowledged).toEqual(APPENDS.flat());
    const total = statSync(path).size - FILE_HEADER_BYTES;
    expect(total).toBeGreaterThan(600);
    const salts = new SaltBook();
    for (let cut = 0; cut <= total; cut++) goesOn(failing({ bytes: cut }), salts, false, `cut after ${cut} bytes`);
    expect(salts.seen.size).toBeGreaterThan(2 * total);
    expect(salts.repeated).toEqual([]);
  });

  it('in any sync: what was on its way is there whole or not at all', () => {
    const salts = new SaltBook();
    for (let sync = 0; sync <= 1 + APPENDS.length; sync++)
      goesOn(failing({ syncs: sync }), salts, true, `sync ${sync}`);
    expect(salts.repeated).toEqual([]);
  });

  it('cuts off a torn tail durably before anything else is written', () => {
    appendUntilFault(REAL_IO);
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, -1));
    const calls: string[] = [];
    const note = (call: string) => () => void calls.push(call);
    const io: JournalIo = {
      ftruncateSync: note('truncate'),
      fdatasyncSync: note('sync'),
      writeSync: (_fd, _frame, _offset, length) => {
        calls.push('write');
        return length;
      },
    };
    const journal = open(io);
    journal.append([bytes(1)]);
    journal.close();
    expect(calls).toEqual(['truncate', 'sync', 'write', 'sync']);
  });
});

describe('the sealed journal on a full or sick disk', () => {
  it('T19: goes back to its last good length at any byte, and what is tried again is sealed anew', () => {
    const salts = new SaltBook();
    for (let room = 0; room <= 65; room++) {
      writeFileSync(path, blank);
      let isFull = false;
      const io: JournalIo = {
        ...REAL_IO,
        writeSync: (fd, frame, offset, length, position) =>
          writeSync(fd, frame, offset, isFull ? Math.min(room, length) : length, position),
      };
      const journal = open(noting(io, salts));
      journal.append([bytes(1)]);
      const size = statSync(path).size;
      isFull = true;
      if (room < 65) {
        expect(
          code(() => journal.append([bytes(2)])),
          `room for ${room}`,
        ).toBe('store-full');
        expect(statSync(path).size).toBe(size);
        isFull = false;
      }
      journal.append([bytes(2)]);
      expect(journal.read()).toEqual([bytes(1), bytes(2)]);
      journal.close();
    }
    expect(salts.repeated).toEqual([]);
  });

  it('never syncs again after a failed sync, and only reads from then on', () => {
    let syncs = 0;
    const io: JournalIo = {
      ...REAL_IO,
      fdatasyncSync() {
        syncs++;
        if (syncs === 3) throw Object.assign(new Error('lost'), { code: 'EIO' });
      },
    };
    const journal = open(io);
    journal.append([bytes(1)]);
    expect(code(() => journal.append([bytes(2)]))).toBe('store-failed');
    expect(code(() => journal.append([bytes(3)]))).toBe('store-failed');
    expect(syncs).toBe(3);
    expect(journal.read()).toEqual([bytes(1)]);
    journal.close();
  });
});

describe('T19: a sealed journal that was copied', () => {
  it('repeats no salt in any course that begins from the same copy, not even for the same records', () => {
    const salts = new SaltBook();
    appendUntilFault(noting(REAL_IO, salts));
    const copy = readFileSync(path);
    for (let course = 0; course < 50; course++) {
      writeFileSync(path, copy);
      const journal = open(noting(REAL_IO, salts));
      for (const records of APPENDS) journal.append(records);
      expect(journal.read()).toEqual([...APPENDS, ...APPENDS].flat());
      journal.close();
    }
    expect(salts.seen.size).toBe(51 * APPENDS.flat().length);
    expect(salts.repeated).toEqual([]);
  });
});
