/** A journal that is closed off and begun anew: at every moment exactly one generation is the present one, and nothing is lost. */
import {
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type JournalIo, openFileJournal } from '../../device/adapters/file-journal.ts';
import { openSealedJournal, sealedJournal } from '../../device/adapters/sealed-journal.ts';
import type { Journal } from '../../device/ports.ts';
import { bytes, code } from '../contracts/journal.contract.ts';
import { countingRandom } from '../helpers/counting-random.ts';
import { openKeySeal } from '../helpers/open-key-seal.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

const random = countingRandom('journal-generations');
/** Nothing here loses power in earnest, so a sync need not wait for the disk. */
const QUICK_IO = {
  ...{ writeSync, ftruncateSync, linkSync, renameSync },
  fdatasyncSync: () => {},
  syncDirectory: () => {},
} satisfies JournalIo;

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;
beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory.path, 'device.journal');
});
afterEach(() => directory.remove());

type Open = (io?: JournalIo) => Journal;
const plain: Open = (io = QUICK_IO) => openFileJournal(path, random, io);
const roomy: Open = (io = QUICK_IO) => openFileJournal(path, random, { ...io, roomBytes: 4096 });
function sealed(io: JournalIo = QUICK_IO, name = 'device'): Journal {
  const inner = openFileJournal(path, random, io);
  try {
    return sealedJournal(inner, { path, name, random, keySeal: openKeySeal });
  } catch (error) {
    inner.close();
    throw error;
  }
}

const OLD = [bytes(1), bytes(2, 2), new Uint8Array(300).fill(3)];
const FIRST = [bytes(7), new Uint8Array(200).fill(8), bytes()];
const archivesOf = (journal: Journal) => [...(journal.archives?.() ?? [])];

function begun(open: Open): void {
  const journal = open();
  for (const record of OLD) journal.append([record]);
  journal.close();
}

/** What a new start finds, and that it can be written to, closed off, and found again. */
function foundAfter(open: Open): { present: readonly Uint8Array[]; archives: readonly (readonly Uint8Array[])[] } {
  const journal = open();
  const found = { present: journal.read(), archives: archivesOf(journal) };
  journal.append([bytes(5)]);
  expect(journal.rotate?.([bytes(6)])).toBe(true);
  journal.close();
  const again = open();
  expect(again.read()).toEqual([bytes(6)]);
  expect(archivesOf(again)).toEqual([...found.archives, [...found.present, bytes(5)]]);
  again.close();
  return found;
}

class PowerCut extends Error {}
type Call = Exclude<keyof JournalIo, 'ftruncateSync' | 'roomBytes' | 'discard'>;

/** Does everything until the call of that number, which `fault` decides about; a number is used up by each call. */
function faulty(at: number, fault: (call: Call, go: () => number | undefined) => number | undefined): JournalIo {
  let calls = 0;
  const watched = <C extends Call>(call: C) =>
    ((...args: unknown[]) => {
      const real = (QUICK_IO[call] as (...given: unknown[]) => number | undefined).bind(undefined, ...args);
      return calls++ === at ? fault(call, real) : real();
    }) as unknown as NonNullable<JournalIo[C]>;
  return {
    ftruncateSync,
    writeSync: watched('writeSync'),
    fdatasyncSync: watched('fdatasyncSync'),
    linkSync: watched('linkSync'),
    renameSync: watched('renameSync'),
    syncDirectory: watched('syncDirectory'),
  };
}

/** The calls of one closing off, in order, after the one that opening makes. */
const CALLS: readonly Call[] = [
  'writeSync',
  'fdatasyncSync',
  'linkSync',
  'syncDirectory',
  'renameSync',
  'syncDirectory',
];

describe.each([
  ['plain', plain],
  ['roomy', roomy],
  ['sealed', (io?: JournalIo) => sealed(io)],
] as const)('a %s journal that is closed off', (_, open) => {
  it('goes on with what it was begun with, and keeps the old records for whoever asks', () => {
    begun(open);
    const journal = open();
    expect(archivesOf(journal)).toEqual([]);
    expect(journal.rotate?.(FIRST)).toBe(true);
    expect(journal.read()).toEqual(FIRST);
    journal.append([bytes(9)]);
    expect(journal.rotate?.([])).toBe(true);
    expect(journal.read()).toEqual([]);
    expect(archivesOf(journal)).toEqual([OLD, [...FIRST, bytes(9)]]);
    journal.close();
    const again = open();
    expect([again.read(), archivesOf(again)]).toEqual([[], [OLD, [...FIRST, bytes(9)]]]);
    again.close();
    expect(readdirSync(directory.path).sort()).toEqual(['device.journal', 'device.journal.1', 'device.journal.2']);
    expect(statSync(`${path}.1`).mode & 0o777).toBe(0o400);
  });

  it.each(CALLS.map((call, i) => [i, call] as const))(
    'T26: has one generation and all that was acknowledged when the power goes in call %d, %s',
    (i, expected) => {
      for (const isDone of [false, true]) {
        directory.remove();
        directory = temporaryDirectory();
        path = join(directory.path, 'device.journal');
        begun(open);
        let cut: Call | undefined;
        // Once the power is gone, nothing the program still tries reaches the disk.
        const image = new Map<string, { ino: bigint; content: Buffer }>();
        const io = faulty(i + 1, (call, go) => {
          cut = call;
          if (isDone) go();
          for (const name of readdirSync(directory.path)) {
            const file = join(directory.path, name);
            image.set(name, { ino: statSync(file, { bigint: true }).ino, content: readFileSync(file) });
          }
          throw new PowerCut();
        });
        const journal = open(io);
        expect(code(() => journal.rotate?.(FIRST))).toBe('store-failed');
        journal.close();
        expect(cut).toBe(expected);
        restore(image);
        const { present, archives } = foundAfter(open);
        const isNew = i > 4 || (i === 4 && isDone);
        expect({ present, archives }).toEqual(
          isNew ? { present: FIRST, archives: [OLD] } : { present: OLD, archives: [] },
        );
      }
    },
  );

  it.each(CALLS.slice(0, 4).map((call, i) => [i, call] as const))(
    'T26, T30: goes on as it was when there is no room for call %d, %s, and is closed off when there is',
    (i) => {
      begun(open);
      const io = faulty(i + 1, () => {
        throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      });
      const journal = open(io);
      expect(code(() => journal.rotate?.(FIRST))).toBe('store-full');
      journal.append([bytes(4)]);
      expect(journal.read()).toEqual([...OLD, bytes(4)]);
      expect(readdirSync(directory.path).sort()).toEqual(['device.journal', 'device.journal.lock']);
      expect(journal.rotate?.(FIRST)).toBe(true);
      expect([journal.read(), archivesOf(journal)]).toEqual([FIRST, [[...OLD, bytes(4)]]]);
      journal.close();
    },
  );

  it('T26: writes nothing more when it is not known which generation a power cut would leave', () => {
    for (const i of [4, 5]) {
      directory.remove();
      directory = temporaryDirectory();
      path = join(directory.path, 'device.journal');
      begun(open);
      const io = faulty(i + 1, () => {
        throw Object.assign(new Error('sick'), { code: 'EIO' });
      });
      const journal = open(io);
      expect(code(() => journal.rotate?.(FIRST))).toBe('store-failed');
      expect(code(() => journal.append([bytes(4)]))).toBe('store-failed');
      expect(code(() => journal.rotate?.(FIRST))).toBe('store-failed');
      journal.close();
      foundAfter(open);
    }
  });

  it('T26: half a new generation is none, wherever its writing stopped', () => {
    begun(open);
    const journal = open();
    journal.rotate?.(FIRST);
    journal.close();
    const whole = readFileSync(path);
    const old = readFileSync(`${path}.1`);
    rmSync(`${path}.1`);
    for (let cut = 0; cut <= whole.length; cut += 7) {
      writeFileSync(path, old);
      writeFileSync(`${path}.next`, whole.subarray(0, cut));
      const found = open();
      expect([found.read(), archivesOf(found)]).toEqual([OLD, []]);
      found.close();
      expect(existsSync(`${path}.next`)).toBe(false);
    }
  });

  it('T26: is not begun anew where only its archive is left, and no archive is believed that was changed', () => {
    begun(open);
    const journal = open();
    journal.rotate?.(FIRST);
    journal.close();
    const present = readFileSync(path);
    rmSync(path);
    expect(code(open)).toBe('store-altered');
    writeFileSync(path, present);
    const archive = readFileSync(`${path}.1`);
    for (const changed of [archive.subarray(0, -1), Buffer.concat([archive, bytes(0)]), archive.fill(9, 60, 61)]) {
      rmSync(`${path}.1`);
      writeFileSync(`${path}.1`, changed);
      const again = open();
      expect(again.read()).toEqual(FIRST);
      expect(code(() => archivesOf(again))).toBe('store-altered');
      again.close();
    }
  });
});

/** The disk as it was, hard links and all. */
function restore(image: ReadonlyMap<string, { ino: bigint; content: Buffer }>): void {
  for (const name of readdirSync(directory.path)) rmSync(join(directory.path, name));
  const first = new Map<bigint, string>();
  for (const [name, { ino, content }] of image) {
    if (name.endsWith('.lock')) continue;
    const [file, same] = [join(directory.path, name), first.get(ino)];
    if (same) linkSync(same, file);
    else writeFileSync(file, content);
    first.set(ino, same ?? file);
  }
}

describe('a generation', () => {
  it('T26: is durable by name before anything is appended to it, also after a crash right behind the change', () => {
    begun(plain);
    const done: string[] = [];
    const io: JournalIo = {
      ...QUICK_IO,
      syncDirectory: () => done.push('names'),
      fdatasyncSync: (fd) => {
        done.push('content');
        fdatasyncSync(fd);
      },
    };
    const journal = openFileJournal(path, random, io);
    journal.append([bytes(1)]);
    expect(done).toEqual(['names', 'content']);
    journal.close();
  });

  it('is refused where one record is too large, and the present one goes on', () => {
    begun(plain);
    const journal = plain();
    expect(code(() => journal.rotate?.([bytes(1), new Uint8Array(2 << 20)]))).toBe('store-too-large');
    journal.append([bytes(4)]);
    expect([journal.read(), archivesOf(journal)]).toEqual([[...OLD, bytes(4)], []]);
    journal.close();
    expect(code(() => journal.rotate?.([]))).toBe('store-closed');
    expect(code(() => archivesOf(journal))).toBe('store-closed');
  });

  it('goes on counting where its owner has moved old archives away', () => {
    begun(plain);
    const journal = plain();
    for (let n = 1; n <= 11; n++) journal.rotate?.([bytes(n)]);
    for (let n = 1; n <= 10; n++) rmSync(`${path}.${n}`);
    journal.rotate?.([bytes(12)]);
    expect(archivesOf(journal)).toEqual([[bytes(10)], [bytes(11)]]);
    expect(existsSync(`${path}.12`)).toBe(true);
    journal.close();
  });
});

describe('T19: the generations of a sealed journal', () => {
  const machine = { sources: ['test'], secretOf: () => new Uint8Array(32).fill(9) };
  const opened = (name = 'device') => {
    const passphrase = new TextEncoder().encode('correct horse');
    const journal = openSealedJournal({ path, name, by: { passphrase, machine }, random });
    passphrase.fill(0);
    return journal;
  };

  it('begin and open without the passphrase, which is not kept, each under a key of its own', () => {
    const journal = opened();
    journal.append([bytes(1, 2, 3, 4, 5, 6)]);
    for (const n of [1, 2]) expect(journal.rotate?.([bytes(1, 2, 3, 4, 5, 6), bytes(n)])).toBe(true);
    const all = [[bytes(1, 2, 3, 4, 5, 6)], [bytes(1, 2, 3, 4, 5, 6), bytes(1)]];
    expect(archivesOf(journal)).toEqual(all);
    journal.close();
    const again = opened();
    expect([again.read(), archivesOf(again)]).toEqual([[bytes(1, 2, 3, 4, 5, 6), bytes(2)], all]);
    again.close();
    const sealedKeys = ['', '.1', '.2'].map(
      (end) => /"sealedHex":"(\w+)"/.exec(readFileSync(path + end, 'latin1'))?.[1],
    );
    const nonces = ['', '.1', '.2'].map((end) => /"nonceHex":"(\w+)"/.exec(readFileSync(path + end, 'latin1'))?.[1]);
    expect([new Set(sealedKeys).size, new Set(nonces).size]).toEqual([3, 3]);
    expect(readFileSync(path).includes(Buffer.from([1, 2, 3, 4, 5, 6]))).toBe(false);
  });

  it('have a key of their own each, also where the passphrase is the same', () => {
    const journal = sealed();
    for (const n of [1, 2]) journal.rotate?.([bytes(n)]);
    journal.close();
    const keys = ['', '.1', '.2'].map((end) => /"sealedHex":"(\w{64})/.exec(readFileSync(path + end, 'latin1'))?.[1]);
    expect(new Set(keys).size).toBe(3);
  });

  it('are those of their own journal: an archive of another name, or one that is not sealed, is refused', () => {
    const journal = opened();
    journal.rotate?.([bytes(1)]);
    journal.close();
    const home = path;
    path = join(directory.path, 'words.journal');
    const words = opened('words');
    words.rotate?.([bytes(2)]);
    words.close();
    const begunPlain = join(directory.path, 'plain');
    const bare = openFileJournal(begunPlain, random);
    bare.append([bytes(3)]);
    bare.close();
    for (const [foreign, refusal] of [
      [`${path}.1`, 'store-altered'],
      [begunPlain, 'store-unsealed'],
    ] as const) {
      rmSync(`${home}.1`);
      writeFileSync(`${home}.1`, readFileSync(foreign));
      path = home;
      const again = opened();
      expect(code(() => archivesOf(again))).toBe(refusal);
      again.close();
    }
  });
});
