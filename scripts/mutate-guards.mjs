/**
 * Removes each guard of test/guards/guards.json, one at a time, and runs the tests that are about it: a guard whose
 * removal no test notices is no guard. Works in a copy, so that the checkout is never the one without a guard.
 * Usage: node scripts/mutate-guards.mjs [WORD…]   only guards whose name holds one of the words
 * Exit code 0 when every removal was noticed, 1 when one was not, 2 when a guard of the list is not in the code.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const words = process.argv.slice(2);
const all = JSON.parse(readFileSync(join(root, 'test/guards/guards.json'), 'utf8'));
const guards = all.filter(({ guard }) => words.length === 0 || words.some((word) => guard.includes(word)));

const CONFIGURATION = ['package.json', 'vitest.config.ts', 'tsconfig.json', 'tsconfig.base.json'];
const tree = mkdtempSync(join(tmpdir(), 'act-edge-guards-'));
process.on('exit', () => rmSync(tree, { recursive: true, force: true }));
for (const part of ['device', 'protocol', 'sim', 'scripts', 'test', ...CONFIGURATION])
  cpSync(join(root, part), join(tree, part), { recursive: true });
symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));

/** Whether the tests pass. Without some guards a test runs for ever: it is stopped with all its workers, and has noticed. */
function run(tests) {
  const vitest = join(tree, 'node_modules/vitest/vitest.mjs');
  // One failed test is enough; its report is of no interest.
  const child = spawn(process.execPath, [vitest, 'run', '--bail=1', '--reporter=dot', ...tests], {
    cwd: tree,
    stdio: 'ignore',
    env: { ...process.env, CI: 'true' },
    detached: true,
  });
  const stop = () => process.kill(-child.pid, 'SIGKILL');
  const limit = setTimeout(stop, 120_000);
  return new Promise((resolve) => {
    child.on('exit', (code) => {
      clearTimeout(limit);
      resolve(code === 0);
    });
  });
}

const tests = [...new Set(guards.flatMap((guard) => guard.tests))];
if (!(await run(tests))) {
  process.stderr.write('guards: the tests fail already with every guard in place; mend them first\n');
  process.exit(2);
}

const unnoticed = [];
for (const [i, { guard, file, cut, put, tests }] of guards.entries()) {
  const path = join(tree, file);
  const source = readFileSync(path, 'utf8');
  if (source.split(cut).length !== 2) {
    process.stderr.write(
      `guards: "${guard}" is not in ${file} exactly once; bring test/guards/guards.json up to date\n`,
    );
    process.exit(2);
  }
  writeFileSync(
    path,
    source.replace(cut, () => put),
  );
  const noticed = !(await run(tests));
  writeFileSync(path, source);
  if (!noticed) unnoticed.push(guard);
  process.stdout.write(`${noticed ? 'noticed ' : 'UNNOTICED'} ${i + 1}/${guards.length} ${guard}\n`);
}
process.stdout.write(`${guards.length - unnoticed.length} of ${guards.length} removals noticed\n`);
process.exit(unnoticed.length === 0 ? 0 : 1);
