import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFileJournal } from '../../device/adapters/file-journal.ts';
import { sealedJournal } from '../../device/adapters/sealed-journal.ts';
import { compileInto } from '../helpers/compile.ts';
import { countingRandom } from '../helpers/counting-random.ts';
import { openKeySeal } from '../helpers/open-key-seal.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

const KILLS = 20;
const random = countingRandom('journal-generations-process');

/**
 * Appends numbers for ever and closes off after every third, so that most of its time goes into that. A generation begins with
 * the number that comes next, marked. Prints a number only once it was acknowledged.
 */
const WRITER = `
import { randomBytes } from 'node:crypto';
import { openFileJournal } from './device/adapters/file-journal.js';
import { sealedJournal } from './device/adapters/sealed-journal.js';
import { openKeySeal } from './test/helpers/open-key-seal.js';
const random = { bytes: (n) => new Uint8Array(randomBytes(n)) };
const path = process.argv[2];
const keySeal = openKeySeal;
const journal = sealedJournal(openFileJournal(path, random), { path, name: 'device', random, keySeal });
const of = (mark, n) => { const record = Buffer.alloc(5 + (n * 37) % 3000, n); record[0] = mark; record.writeUInt32LE(n, 1); return record; };
const last = journal.read().at(-1);
let next = last ? Buffer.from(last).readUInt32LE(1) + (last[0] === 1 ? 0 : 1) : 0;
function step() {
  journal.append([of(0, next)]);
  console.log(String(next++));
  if (next % 3 === 0) journal.rotate([of(1, next)]);
  setImmediate(step);
}
step();
`;

let directory: ReturnType<typeof temporaryDirectory>;
let writer: string;
beforeAll(() => {
  directory = temporaryDirectory();
  // What it imports comes along: the journal's bodies too.
  compileInto(directory.path, 'test/helpers/open-key-seal.ts');
  writer = join(directory.path, 'writer.js');
  writeFileSync(writer, WRITER);
});
afterAll(() => directory.remove());

/** Lets a writer acknowledge `count` records and kills it in what it does next. @returns the last number that it acknowledged. */
async function writeAndKill(path: string, count: number): Promise<number> {
  const child = spawn(process.execPath, [writer, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let [last, seen] = [-1, 0];
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    if (++seen === count) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(seen).toBeGreaterThanOrEqual(count);
  return last;
}

describe('a journal that is closed off again and again, under kill -9', () => {
  it('T26: loses nothing acknowledged, invents nothing and has one present generation, over twenty kills', async () => {
    const path = join(directory.path, 'killed');
    for (let kill = 0; kill < KILLS; kill++) {
      const last = await writeAndKill(path, 1 + ((kill * 7) % 11));
      const inner = openFileJournal(path, random);
      const journal = sealedJournal(inner, { path, name: 'device', random, keySeal: openKeySeal });
      const generations = [...(journal.archives?.() ?? []), journal.read()];
      journal.close();
      const all = generations.flat().map((record) => [record[0], Buffer.from(record).readUInt32LE(1)] as const);
      const numbers = all.filter(([mark]) => mark === 0).map(([, number]) => number);
      expect(numbers).toEqual(numbers.map((_, i) => i));
      // The kill may come between an acknowledged append and the printing of its number, never the other way round.
      expect(numbers.length).toBeGreaterThan(last);
      // Each begins where the one before it ended.
      for (const [i, [first]] of generations.entries()) {
        const before = generations
          .slice(0, i)
          .flat()
          .filter((record) => record[0] === 0);
        if (i > 0) expect(Buffer.from(first as Uint8Array).readUInt32LE(1)).toBe(before.length);
      }
    }
    const names = readdirSync(directory.path).filter((name) => name.startsWith('killed'));
    expect(names.filter((name) => !/^killed(\.\d+)?$/.test(name))).toEqual([]);
    expect(names.length).toBeGreaterThan(10);
  });
});
