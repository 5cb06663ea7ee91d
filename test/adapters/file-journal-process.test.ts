import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFileJournal } from '../../device/adapters/file-journal.ts';
import { code } from '../contracts/journal.contract.ts';
import { compileInto } from '../helpers/compile.ts';
import { countingRandom } from '../helpers/counting-random.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

const KILLS = 20;
const random = countingRandom('file-journal-process');

/** Appends numbers for ever, each as one record of 4 bytes and some filling; prints a number only once it was acknowledged. */
const WRITER = `
import { randomBytes } from 'node:crypto';
import { openFileJournal } from './device/adapters/file-journal.js';
const journal = openFileJournal(process.argv[2], { bytes: (n) => new Uint8Array(randomBytes(n)) });
let next = journal.read().length;
console.log('open ' + next);
function step() {
  const record = Buffer.alloc(4 + (next * 37) % 3000, next);
  record.writeUInt32LE(next, 0);
  journal.append([record]);
  console.log(String(next++));
  setImmediate(step);
}
step();
`;

let directory: ReturnType<typeof temporaryDirectory>;
let writer: string;
beforeAll(() => {
  directory = temporaryDirectory();
  compileInto(directory.path, 'device/adapters/file-journal.ts');
  writer = join(directory.path, 'writer.js');
  writeFileSync(writer, WRITER);
});
afterAll(() => directory.remove());

function startWriter(path: string): ChildProcessByStdio<null, Readable, null> {
  return spawn(process.execPath, [writer, path], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Lets a writer acknowledge `count` records, kills it with SIGKILL, and returns the last number it acknowledged. */
async function writeAndKill(path: string, count: number): Promise<number> {
  const child = startWriter(path);
  let last = -1;
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('open')) continue;
    last = Number(line);
    seen++;
    if (seen === count) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return last;
}

describe('the file journal under kill -9', () => {
  it('T26: loses nothing acknowledged and invents nothing, over twenty kills', async () => {
    const path = join(directory.path, 'killed');
    for (let kill = 0; kill < KILLS; kill++) {
      const last = await writeAndKill(path, 1 + ((kill * 7) % 11));
      const journal = openFileJournal(path, random);
      const numbers = journal.read().map((record) => Buffer.from(record).readUInt32LE(0));
      journal.close();
      expect(numbers).toEqual(numbers.map((_, i) => i));
      // The kill may come between an acknowledged append and the printing of its number, never the other way round.
      expect(numbers.length).toBeGreaterThan(last);
    }
  });

  it('is locked while the other process lives, and free once it was killed', async () => {
    const path = join(directory.path, 'shared');
    const child = startWriter(path);
    await once(child.stdout, 'data');
    expect(code(() => openFileJournal(path, random))).toBe('store-locked');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(`${path}.lock`)).toBe(true);
    openFileJournal(path, random).close();
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it('replaces a lock whose process id is in use again by another process', () => {
    const path = join(directory.path, 'reused');
    openFileJournal(path, random);
    const held = readFileSync(`${path}.lock`, 'utf8');
    writeFileSync(`${path}.lock`, held.replace(/ \d+ /, ' 1 '));
    openFileJournal(path, random).close();
    for (const nonsense of ['', 'what', '-1 1 1', '999999999 1 1']) {
      writeFileSync(`${path}.lock`, nonsense);
      openFileJournal(path, random).close();
    }
  });

  it('gives way to a limit of the system as to a full disk', () => {
    const path = join(directory.path, 'limited');
    const script = `
      import { openFileJournal } from './device/adapters/file-journal.js';
      const journal = openFileJournal(process.argv[2], { bytes: (n) => new Uint8Array(n) });
      for (let i = 0; ; i++) {
        try { journal.append([new Uint8Array(700)]); } catch (error) { console.log(error.code, i); break; }
      }
      journal.close();`;
    writeFileSync(join(directory.path, 'limited.js'), script);
    const run = ['-c', 'ulimit -f 4; exec "$0" "$@"', process.execPath, join(directory.path, 'limited.js'), path];
    const { stdout } = spawnSync('bash', run, { encoding: 'utf8' });
    expect(stdout).toBe('store-full 5\n');
    expect(statSync(path).size).toBe(36 + 5 * 724);
    expect(openFileJournal(path, random).read()).toHaveLength(5);
  });
});
