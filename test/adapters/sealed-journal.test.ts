import { chmodSync, copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFileJournal } from '../../device/adapters/file-journal.ts';
import { openSealedJournal, sealedJournal } from '../../device/adapters/sealed-journal.ts';
import { concatBytes, utf8 } from '../../protocol/bytes.ts';
import { bytes, code, journalContract } from '../contracts/journal.contract.ts';
import { codeOf } from '../helpers/code-of.ts';
import { countingRandom } from '../helpers/counting-random.ts';
import { recordsIn, unsealedRecords, writeForged } from '../helpers/journal-file.ts';
import { machineNamed } from '../helpers/machine.ts';
import { openKeySeal } from '../helpers/open-key-seal.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

const random = countingRandom('sealed-journal');
const machine = machineNamed('this one');
const passphrase = utf8('open sesame 42');
const [SALT_BYTES, TAG_BYTES, NAME] = [24, 16, 'device'];
/** The head of a frame, and the length of its one record. */
const FRAME_BYTES = 24;

/** As `openSealedJournal`, but for how the key of the file lies in it. */
function openQuickly(path: string, name = NAME) {
  const inner = openFileJournal(path, random);
  try {
    return sealedJournal(inner, { path, name, random, keySeal: openKeySeal });
  } catch (error) {
    inner.close();
    throw error;
  }
}

journalContract('sealed file', () => {
  const directory = temporaryDirectory();
  return { open: () => openQuickly(join(directory.path, 'journal')), dispose: directory.remove };
});

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;
beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory.path, 'journal');
});
afterEach(() => directory.remove());

const open = (by = { passphrase, machine }, name = NAME) => openSealedJournal({ path, name, by, random });
const said = ['order an iced latte', 'yes', 'token-0123456789abcdef', ''].map((text) => utf8(text));

/** Four records in two appends. */
function written(): Buffer {
  const journal = open();
  journal.append(said.slice(0, 3));
  journal.append(said.slice(3));
  journal.close();
  return readFileSync(path);
}

describe('T19: the sealed journal on the disk', () => {
  it('holds no run of four bytes of what was put into it', () => {
    const file = written();
    const runs = said.flatMap((record) => Array.from({ length: record.length - 3 }, (_, i) => record.slice(i, i + 4)));
    expect(runs.length).toBeGreaterThan(30);
    expect(runs.filter((run) => file.includes(Buffer.from(run)))).toEqual([]);
    expect(
      said.filter((record) => record.length > 3 && file.includes(Buffer.from(record).toString('base64url'))),
    ).toEqual([]);
  });

  it('gives everything back under its passphrase on its machine, also to who reads it beside the program', () => {
    const file = written();
    const journal = open();
    expect(journal.read()).toEqual(said);
    expect(journal.droppedBytes).toBe(0);
    expect(unsealedRecords(path, NAME, () => ({ passphrase, machine }))).toEqual(said);
    journal.close();
    expect(readFileSync(path)).toEqual(file);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('says how many bytes of a torn append it dropped', () => {
    written();
    writeFileSync(path, readFileSync(path).subarray(0, -1));
    const journal = open();
    expect(journal.droppedBytes).toBe(FRAME_BYTES + SALT_BYTES + TAG_BYTES - 1);
    expect(journal.read()).toEqual(said.slice(0, 3));
    journal.append(said.slice(3));
    expect(journal.read()).toEqual(said);
    journal.close();
  });

  it('opens on no other machine and under no other passphrase, stays as it was, and is not held afterwards', () => {
    const file = written();
    const elsewhere = { passphrase, machine: machineNamed('another one') };
    expect(codeOf(() => open(elsewhere))).toBe('keystore-other-machine');
    expect(codeOf(() => open({ passphrase: utf8('open sesame 43'), machine }))).toBe('keystore-passphrase');
    expect(readFileSync(path)).toEqual(file);
    expect(existsSync(`${path}.lock`)).toBe(false);
    open().close();
  });

  it('has another key in each file: what was written in one opens in none of the same passphrase and machine', () => {
    written();
    const one = readFileSync(path);
    writeFileSync(path, '');
    path = join(directory.path, 'other');
    const other = written();
    expect(recordsIn(other)[0]).not.toEqual(recordsIn(one)[0]);
    writeForged(path, [recordsIn(other)[0] ?? bytes(), ...recordsIn(one).slice(1)]);
    expect(code(open)).toBe('store-altered');
  });

  it('does not begin where its first record would not be durable', () => {
    const io = {
      writeSync: () => {
        throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      },
      fdatasyncSync: () => {},
      ftruncateSync: () => {},
    };
    const making = { path, name: NAME, by: { passphrase, machine }, random };
    expect(code(() => openSealedJournal(making, io))).toBe('store-full');
    expect(existsSync(`${path}.lock`)).toBe(false);
  });
});

describe('T20: a journal that is not sealed', () => {
  it.each([
    ['of an earlier release', utf8('{"v":1,"at":0,"event":"woken","sent":[]}')],
    ['of bytes', bytes(1, 2, 3)],
    ['of a text', utf8('"act-edge-sealed-journal-1"')],
    ['of nothing', bytes()],
  ])('%s is refused where a sealed one belongs, and is not touched', (_what, record) => {
    const plain = openFileJournal(path, random);
    plain.append([record]);
    plain.close();
    const file = readFileSync(path);
    expect(code(open)).toBe('store-unsealed');
    expect(readFileSync(path)).toEqual(file);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it('without a record is sealed from the first on: nothing was ever acknowledged in it', () => {
    openFileJournal(path, random).close();
    written();
    expect(open().read()).toEqual(said);
  });

  it('is not read behind a sealed beginning either', () => {
    writeForged(path, [recordsIn(written())[0] ?? bytes(), utf8('{"v":1}')]);
    expect(code(open)).toBe('store-altered');
  });

  it('of another version is left alone', () => {
    const [first = bytes(), ...rest] = recordsIn(written());
    const later = utf8(new TextDecoder().decode(first).replace('journal-1', 'journal-2'));
    writeForged(path, [later, ...rest]);
    expect(code(open)).toBe('store-version');
  });
});

describe('T26: a sealed journal, rewritten by somebody who makes whole frames', () => {
  const appends = [bytes(1), bytes(2, 2), bytes(), bytes(4, 4, 4, 4), bytes(5)];
  function sample(file = path, first: readonly Uint8Array[] = appends): readonly Uint8Array[] {
    const journal = openQuickly(file);
    for (const record of first) journal.append([record]);
    journal.close();
    return recordsIn(readFileSync(file));
  }
  const reopened = () => {
    const journal = openQuickly(path);
    try {
      return journal.read();
    } finally {
      journal.close();
    }
  };

  it('gives nothing of a record of which any bit was changed', () => {
    const records = sample();
    for (const [i, record] of records.entries()) {
      for (let bit = 0; bit < record.length * 8; bit++) {
        const altered = new Uint8Array(record);
        altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        writeForged(
          path,
          records.map((one, k) => (k === i ? altered : one)),
        );
        if (i > 0) expect(code(reopened), `record ${i}, bit ${bit}`).toBe('store-altered');
        else expect(codeOf(reopened), `bit ${bit}`).toMatch(/^store-(altered|unsealed|version)$|^keystore-/);
      }
    }
  });

  it('notices a dropped, a repeated, a swapped, a shortened and a foreign record, and one too many', () => {
    const [head, a, b, c, d, e] = sample() as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const elsewhere = sample(join(directory.path, 'elsewhere'))[2] as Uint8Array;
    const images = [
      [head, b, c, d, e],
      [head, a, c, d, e],
      [head, a, a, b, c, d, e],
      [head, a, c, b, d, e],
      [head, a, b, c, d, e, e],
      [head, a, elsewhere, c, d, e],
      [head, a, b.slice(0, -1), c, d, e],
      [head, a, b.slice(0, SALT_BYTES + TAG_BYTES - 1), c],
      [head, head, a, b, c, d, e],
      [head, a, b, c, d, concatBytes(e, bytes(0))],
    ];
    for (const [i, image] of images.entries()) {
      writeForged(path, image);
      expect(code(reopened), `image ${i}`).toBe('store-altered');
    }
    writeForged(path, [head, a, b, c, d, e]);
    expect(reopened()).toEqual(appends);
  });

  it('notices a record of another course of the same file: after a copy was put back, the two do not mix', () => {
    sample();
    const copy = join(directory.path, 'copy');
    copyFileSync(path, copy);
    const more = (tail: readonly Uint8Array[]) => sample(path, tail);
    const mine = more([bytes(6), bytes(7), bytes(8)]);
    copyFileSync(copy, path);
    const theirs = more([bytes(6), bytes(7), bytes(8)]);
    expect(theirs.slice(0, 6)).toEqual(mine.slice(0, 6));
    for (let at = 6; at < 9; at++) {
      expect(theirs[at]).not.toEqual(mine[at]);
      writeForged(
        path,
        mine.map((one, i) => (i === at ? (theirs[at] as Uint8Array) : one)),
      );
      expect(code(reopened)).toBe('store-altered');
    }
  });

  it('is not taken for a journal of another purpose', () => {
    sample();
    expect(code(() => openQuickly(path, 'words'))).toBe('store-altered');
    const [first = bytes(), ...rest] = recordsIn(readFileSync(path));
    writeForged(path, [utf8(new TextDecoder().decode(first).replace('"device"', '"words"')), ...rest]);
    expect(codeOf(() => openQuickly(path, 'words'))).toBe('keystore-passphrase');
  });

  it('says so when it was changed while it was open', () => {
    const records = sample();
    const journal = openQuickly(path);
    const altered = new Uint8Array(records[2] ?? bytes());
    altered[0] = (altered[0] ?? 0) ^ 1;
    const salted = readFileSync(path);
    writeForged(
      path,
      records.map((one, i) => (i === 2 ? altered : one)),
    );
    expect(code(() => journal.read())).toBe('store-altered');
    writeFileSync(path, salted);
    expect(journal.read()).toEqual(appends);
    journal.close();
    chmodSync(path, 0o644);
    reopened();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});
