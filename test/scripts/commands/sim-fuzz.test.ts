import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simFuzz } from '../../../scripts/commands/sim-fuzz.ts';
import { runCommandLine } from '../../../scripts/dispatch.ts';
import { ROOT } from '../../helpers/source-text.ts';

/** The processes that play need the compiled program; the sources are compiled beside the checkout, so that nobody else's build is touched. */
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'act-edge-fuzz-'));
  spawnSync('cp', [
    '-r',
    ...['protocol', 'device', 'sim', 'scripts', 'package.json', 'tsconfig.base.json'].map((part) => join(ROOT, part)),
    folder,
  ]);
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-b', join(folder, 'scripts')]);
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function sim(...args: readonly string[]) {
  const program = join(folder, 'dist/scripts/act-edge.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'sim', ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

const fuzz = (...args: readonly string[]) => sim('fuzz', ...args);

describe('act-edge sim fuzz', { timeout: 300_000 }, () => {
  it('plays worlds on all cores, says what they reached, and comes to the same hash again', () => {
    const told = () => {
      const { status, stdout, stderr } = fuzz('--seeds', '10', '--seed', 'cli', '--json');
      expect([status, stderr]).toEqual([0, '']);
      return JSON.parse(stdout);
    };
    const first = told();
    expect(first).toMatchObject({ seeds: 10, crypto: 'fake', devices: 1, missing: [] });
    expect(first.reached['state:ended']).toBe(10);
    expect(first.broken).toBeUndefined();
    expect(told().hash).toBe(first.hash);
  });

  it('plays with real signatures, and with several wearers, for people to read', () => {
    const { status, stdout } = fuzz('--seeds', '2', '--crypto', 'real', '--devices', '2');
    expect(status).toBe(0);
    expect(stdout).toMatch(/2 × state:ended\n/);
    expect(stdout).toMatch(/^2 worlds, none broken, .* crypto real, trace hash [0-9a-f]{64}$/m);
  });

  it('finds that a guard is gone, tells the first broken world: small, line by line, and records it in one file', () => {
    const file = join(folder, 'broken.json');
    const inbox = join(folder, 'dist/device/link/inbox.js');
    const source = readFileSync(inbox, 'utf8');
    const guard = 'this.#seen.has(head)';
    expect(source).toContain(guard);
    try {
      writeFileSync(inbox, source.replace(guard, 'false'));
      const { status, stdout } = fuzz('--seeds', '300', '--record', file);
      expect(status).toBe(1);
      expect(stdout).toMatch(/^seed 1-\d+[a-z]* is broken:\n {2}onlyGenuineIsActedOn: glasses-01 acted twice on one /m);
      expect(stdout).toMatch(/^made small in \d+ worlds: 1 device, .*, faults (?:copy|replay|\w[\w-]*) [\d.]+ from /m);
      expect(stdout).toMatch(/^ +\d+\.\d{3} s {2}FAULT /m);
      expect(stdout).toMatch(/one broken/);
      const again = sim('replay', file, '--step');
      expect(again).toMatchObject({ status: 0, stderr: '' });
      expect(again.stdout).toMatch(/^ +\d+ {3,}\d+\.\d{3} s {2}FAULT /m);
      expect(again.stdout).toMatch(/^= the world of seed 1-\d+\w*: onlyGenuineIsActedOn: /m);
    } finally {
      writeFileSync(inbox, source);
    }
    const mended = sim('replay', file);
    expect(mended.status).toBe(1);
    expect(mended.stdout).toMatch(
      /^✗ the world of seed 1-\d+\w*: everything held, trace [0-9a-f]{16}\n(?:event|frame) \d+:\n/m,
    );
    const other = join(folder, 'other.json');
    const recording = readFileSync(file, 'utf8');
    writeFileSync(other, recording.replace(/"locale":"[^"]*"/, '"locale":"fr-FR"'));
    expect(sim('replay', other)).toMatchObject({ status: 2, stderr: expect.stringContaining('usage-file') });
    writeFileSync(other, recording.replace(/"faults":\{/, '"faults":{"earthquake":1,'));
    expect(sim('replay', other)).toMatchObject({ status: 2, stderr: expect.stringContaining('no fault earthquake') });
    expect(sim('diff', file, file).status).toBe(0);
  });

  it('writes no file where nothing is broken', () => {
    const file = join(folder, 'none.json');
    expect(fuzz('--seeds', '2', '--record', file).status).toBe(0);
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    ['--seeds', '0'],
    ['--seeds', 'many'],
    ['--devices', '-1'],
    ['--minutes', '1.5'],
    ['--crypto', 'some'],
  ])('is called wrongly with %s %s', async (...words) => {
    const heard: string[] = [];
    const io = { stdout: { write: () => {} }, stderr: { write: (text: string) => heard.push(text) } };
    const table = { 'sim fuzz': async () => simFuzz };
    expect(await runCommandLine(['sim', 'fuzz', ...words], io, table, false)).toBe(2);
    expect(heard.join('')).toMatch(/usage-option-value/);
  });
});
