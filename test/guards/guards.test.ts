import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
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
