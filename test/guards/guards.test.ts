import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import fuzz from './fuzz.json' with { type: 'json' };
import guards from './guards.json' with { type: 'json' };

const ROOT = new URL('../../', import.meta.url);

it('each guard of the list stands in the code exactly once, so that `node scripts/mutate-guards.mjs` can remove it', () => {
  const astray = guards.filter(({ file, cut }) => readFileSync(new URL(file, ROOT), 'utf8').split(cut).length !== 2);
  expect(astray.map(({ guard }) => guard)).toEqual([]);
});

it('each has a name of its own and tests that exist', () => {
  expect(new Set(guards.map(({ guard }) => guard)).size).toBe(guards.length);
  const missing = guards.flatMap(({ tests }) => tests).filter((test) => !existsSync(new URL(test, ROOT)));
  expect(missing).toEqual([]);
});

it.each([
  ['--starts', '0'],
  ['--seeds', '0'],
  ['--seeds', 'many'],
])('`node scripts/fuzz-guards.mjs %s %s` is refused before anything is built', (option, value) => {
  const program = new URL('scripts/fuzz-guards.mjs', ROOT).pathname;
  const { status, stderr } = spawnSync(process.execPath, [program, option, value], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 2, stderr: `fuzz-guards: ${option} takes a whole number from 1 on\n` });
});

interface Cut {
  readonly file: string;
  readonly cut: string;
}

it('each guard that random worlds are to miss stands in the code exactly once, or is one of the list', () => {
  const known = new Map<string, Cut>(guards.map((row) => [row.guard, row]));
  const astray = fuzz.filter(({ remove }) =>
    (remove as readonly (string | Cut)[]).some((one) => {
      const found = typeof one === 'string' ? known.get(one) : one;
      return !found || readFileSync(new URL(found.file, ROOT), 'utf8').split(found.cut).length !== 2;
    }),
  );
  expect(astray.map(({ guard }) => guard)).toEqual([]);
  expect(new Set(fuzz.map(({ guard }) => guard)).size).toBe(fuzz.length);
  expect(fuzz.length).toBeGreaterThanOrEqual(60);
});
