import { chmodSync, fdatasyncSync, ftruncateSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type JournalIo, openFileJournal } from '../../device/adapters/file-journal.ts';
import { bytes, code, journalContract } from '../contracts/journal.contract.ts';
import { countingRandom } from '../helpers/counting-random.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

const random = countingRandom('file-journal');

journalContract('file', () => {
  const directory = temporaryDirectory();
  return { open: () => openFileJournal(join(directory.path, 'journal'), random), dispose: directory.remove };
});

const REAL_IO: JournalIo = { writeSync, fdatasyncSync, ftruncateSync };
const HEADER_BYTES = 36;
const FRAME_BYTES = 20;

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;
beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory.path, 'journal');
});
afterEach(() => directory.remove());

/** Five appends of one record each; returns the file and where each frame ends. */
function sample(): { records: Uint8Array[]; image: Buffer; ends: number[] } {
  const records = [bytes(), bytes(1), new Uint8Array(30).fill(2), bytes(3, 3), new Uint8Array(11).fill(4)];
  const journal = openFileJournal(path, random, REAL_IO);
  const ends = records.map((record) => {
    journal.append([record]);
    return statSync(path).size;
  });
  journal.close();
  return { records, image: readFileSync(path), ends };
}

function reopened(): Uint8Array[] {
  const journal = openFileJournal(path, random);
  try {
    return journal.read();
  } finally {
    journal.close();
  }
}

describe('the file journal, damaged', () => {
  it('T26: keeps all whole records and nothing else when cut at any byte', () => {
    const { records, image, ends } = sample();
    for (let cut = 0; cut <= image.length; cut++) {
      writeFileSync(path, image.subarray(0, cut));
      if (cut < HEADER_BYTES) {
        expect(code(reopened), `cut at ${cut}`).toBe('store-altered');
        continue;
      }
      const whole = ends.filter((end) => end <= cut);
      const journal = openFileJournal(path, random);
      expect(journal.read(), `cut at ${cut}`).toEqual(records.slice(0, whole.length));
      const torn = image.subarray(whole.at(-1) ?? HEADER_BYTES, cut);
      expect(journal.droppedBytes).toBe(torn.findLastIndex((byte) => byte !== 0) + 1);
      journal.close();
      expect(statSync(path).size).toBe(whole.at(-1) ?? HEADER_BYTES);
    }
  });

  it('T26: never returns an altered record, whichever byte is flipped', () => {
    const { records, image, ends } = sample();
    const lastFrame = ends.at(-2) ?? 0;
    for (let at = 0; at < image.length; at++) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const damaged = Buffer.from(image);
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        writeFileSync(path, damaged);
        // The last frame cannot be told from one that a power cut tore; everything before it can.
        if (at >= lastFrame) expect(reopened(), `byte ${at}`).toEqual(records.slice(0, -1));
        else expect(code(reopened), `byte ${at}`).toMatch(/^store-(altered|version)$/);
      }
    }
  });

  it('T26: notices a dropped, a repeated, a swapped and a foreign record, and a wiped stretch', () => {
    const { image, ends } = sample();
    const frames = ends.map((end, i) => image.subarray(ends[i - 1] ?? HEADER_BYTES, end));
    const header = image.subarray(0, HEADER_BYTES);
    const [a, b, c, d, e] = frames as [Buffer, Buffer, Buffer, Buffer, Buffer];
    const elsewhere = join(directory.path, 'elsewhere');
    const other = openFileJournal(elsewhere, random);
    other.append([bytes(1, 1, 1, 1)]);
    other.close();
    const foreign = readFileSync(elsewhere).subarray(HEADER_BYTES);
    const wiped = Buffer.from(image).fill(0, HEADER_BYTES + 3, ends[3]);
    const images = [
      [header, b, c, d, e],
      [header, a, b, b, c],
      [header, a, c, b, d, e],
      [header, a, foreign, b],
      [wiped],
    ];
    for (const parts of images) {
      writeFileSync(path, Buffer.concat(parts));
      expect(code(reopened)).toBe('store-altered');
    }
  });

  it('takes zeros behind the last record for room, not for a torn append', () => {
    const { records, image } = sample();
    writeFileSync(path, Buffer.concat([image, Buffer.alloc(5000)]));
    const journal = openFileJournal(path, random);
    expect([journal.read(), journal.droppedBytes]).toEqual([records, 0]);
    journal.close();
    expect(statSync(path).size).toBe(image.length);
  });

  it('drops a torn append whole, even when a peer planted a frame inside a record', () => {
    const { records, image, ends } = sample();
    const planted = image.subarray(ends[1], ends[2]);
    const elsewhere = join(directory.path, 'elsewhere');
    const journal = openFileJournal(elsewhere, random);
    journal.append([Buffer.concat([planted, bytes(1)])]);
    journal.close();
    writeFileSync(elsewhere, readFileSync(elsewhere).subarray(0, -1));
    expect(openFileJournal(elsewhere, random).read()).toEqual([]);
    expect(records).toHaveLength(5);
  });

  it('refuses to take over a file that is no journal or of another version', () => {
    const { image } = sample();
    writeFileSync(path, 'precious notes of somebody else, long enough to be a header');
    expect(code(reopened)).toBe('store-altered');
    expect(readFileSync(path, 'utf8')).toContain('precious');
    image[8] = 2;
    writeFileSync(path, image);
    expect(code(reopened)).toBe('store-version');
  });

  it('makes the file private to its user', () => {
    sample();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o644);
    reopened();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('leaves a lock alone that somebody else put in place of its own', () => {
    const journal = openFileJournal(path, random);
    writeFileSync(`${path}.lock`, 'somebody else');
    journal.close();
    expect(readFileSync(`${path}.lock`, 'utf8')).toBe('somebody else');
  });
});

describe('the file journal on a failing disk', () => {
  it('goes back to its last good length when the disk is full, and works again when there is room', () => {
    for (const full of ['throws', 'writes half'] as const) {
      let room = false;
      const io: JournalIo = {
        ...REAL_IO,
        writeSync(fd, frame, offset, length, position) {
          if (room) return writeSync(fd, frame, offset, length, position);
          const written = writeSync(fd, frame, offset, length >> 1, position);
          if (full === 'throws') throw Object.assign(new Error('full'), { code: 'ENOSPC' });
          return written;
        },
      };
      const file = join(directory.path, full);
      const journal = openFileJournal(file, random, io);
      expect(code(() => journal.append([bytes(1, 2, 3)]))).toBe('store-full');
      expect(statSync(file).size).toBe(HEADER_BYTES);
      room = true;
      journal.append([bytes(4)]);
      expect(journal.read()).toEqual([bytes(4)]);
      journal.close();
    }
  });

  it('never syncs again after a failed sync, and only reads from then on', () => {
    let syncs = 0;
    const io: JournalIo = {
      ...REAL_IO,
      fdatasyncSync(fd) {
        syncs++;
        if (syncs === 2) throw Object.assign(new Error('lost'), { code: 'EIO' });
        fdatasyncSync(fd);
      },
    };
    const journal = openFileJournal(path, random, io);
    journal.append([bytes(1)]);
    expect(code(() => journal.append([bytes(2)]))).toBe('store-failed');
    expect(code(() => journal.append([bytes(3)]))).toBe('store-failed');
    expect(syncs).toBe(2);
    expect(journal.read()).toEqual([bytes(1)]);
    expect(statSync(path).size).toBe(HEADER_BYTES + 2 * (FRAME_BYTES + 5));
  });

  it('stops writing when a write fails for another reason or cutting back fails', () => {
    const failing = Object.assign(new Error('bad'), { code: 'EIO' });
    const full = Object.assign(new Error('full'), { code: 'ENOSPC' });
    const fail = (error: Error) => () => {
      throw error;
    };
    const sick: JournalIo[] = [
      { ...REAL_IO, writeSync: fail(failing) },
      { ...REAL_IO, writeSync: fail(full), ftruncateSync: fail(failing) },
    ];
    for (const [i, io] of sick.entries()) {
      const journal = openFileJournal(`${path}${i}`, random, io);
      expect(code(() => journal.append([bytes(1)]))).toBe('store-failed');
      expect(code(() => journal.append([bytes(1)]))).toBe('store-failed');
      expect(journal.read()).toEqual([]);
    }
  });

  it('says so when the directory is not there, and leaves no lock behind when opening fails', () => {
    expect(code(() => openFileJournal(join(directory.path, 'absent', 'journal'), random))).toBe('store-unreadable');
    writeFileSync(path, 'x');
    expect(code(reopened)).toBe('store-altered');
    expect(code(reopened)).toBe('store-altered');
  });
});
