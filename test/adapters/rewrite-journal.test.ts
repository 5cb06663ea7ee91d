import { existsSync, linkSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rewriteSealedJournal } from '../../device/adapters/rewrite-journal.ts';
import { type JournalSealing, openSealedJournal } from '../../device/adapters/sealed-journal.ts';
import { utf8 } from '../../protocol/bytes.ts';
import { codeOf } from '../helpers/code-of.ts';
import { countingRandom } from '../helpers/counting-random.ts';
import { machineNamed } from '../helpers/machine.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

let directory: ReturnType<typeof temporaryDirectory>;
let sealing: JournalSealing;
beforeEach(() => {
  directory = temporaryDirectory();
  sealing = {
    ...{ path: join(directory.path, 'words.journal'), name: 'words', random: countingRandom('rewrite') },
    by: { passphrase: utf8('open sesame 42'), machine: machineNamed('this one') },
  };
});
afterEach(() => directory.remove());

const RECORDS = Array.from({ length: 150 }, (_, i) => utf8(`what was said, number ${i}`));

function filled(): void {
  const journal = openSealedJournal(sealing);
  journal.append(RECORDS.slice(0, 75));
  journal.append(RECORDS.slice(75));
  journal.close();
}

function read(): readonly Uint8Array[] {
  const journal = openSealedJournal(sealing);
  const records = journal.read();
  journal.close();
  return records;
}

describe('rewriting a journal', () => {
  it('T28: leaves a whole journal with what stays, under another key, and nothing of the old one beside it', () => {
    filled();
    const before = readFileSync(sealing.path);
    const made = rewriteSealedJournal(sealing, (records) => records.filter((_, i) => i % 2 === 0));
    expect(made).toEqual({ kept: 75, dropped: 75 });
    expect(read()).toEqual(RECORDS.filter((_, i) => i % 2 === 0));
    expect(readFileSync(sealing.path).subarray(0, 200)).not.toEqual(before.subarray(0, 200));
    expect(readdirSync(directory.path)).toEqual(['words.journal']);
  });

  it('does not touch a file that nothing is taken from, and makes none where there is none', () => {
    expect(rewriteSealedJournal(sealing, () => [])).toEqual({ kept: 0, dropped: 0 });
    expect(existsSync(sealing.path)).toBe(false);
    filled();
    const before = readFileSync(sealing.path);
    expect(rewriteSealedJournal(sealing, (records) => records)).toEqual({ kept: 150, dropped: 0 });
    expect(readFileSync(sealing.path)).toEqual(before);
  });

  it('takes away what a crash has left: a draft, and an old file that was not overwritten yet', () => {
    filled();
    writeFileSync(`${sealing.path}.rewritten`, 'half');
    writeFileSync(`${sealing.path}.old`, 'what was said');
    expect(rewriteSealedJournal(sealing, () => [])).toEqual({ kept: 0, dropped: 150 });
    expect(read()).toEqual([]);
    expect(readdirSync(directory.path)).toEqual(['words.journal']);
  });

  it('T26: keeps the journal whole that a crash left under both names', () => {
    filled();
    linkSync(sealing.path, `${sealing.path}.old`);
    expect(rewriteSealedJournal(sealing, (records) => records)).toEqual({ kept: 150, dropped: 0 });
    expect(read()).toEqual(RECORDS);
    expect(readdirSync(directory.path)).toEqual(['words.journal']);
  });

  it('is refused while the agent has the journal', () => {
    filled();
    const open = openSealedJournal(sealing);
    expect(codeOf(() => rewriteSealedJournal(sealing, () => []))).toBe('store-locked');
    open.close();
    expect(read()).toEqual(RECORDS);
  });
});
