/**
 * Judges again what the mutator says survived. It counts failed tests only, and a fault planted in what runs while a test file
 * is loaded fails the file before it has any test: such a mutant looks alive. Here each is written into the copy and the
 * tests are run as a whole; their exit code decides.
 *
 *   node mutate-survivors.mjs TREE REPORT NAME
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [tree = '', report = '', name = ''] = process.argv.slice(2);
const path = join(tree, 'protocol', `${name}.ts`);
const [file] = Object.values(JSON.parse(readFileSync(report, 'utf8')).files);
const { source, mutants } = file;
const lines = source.split('\n');

/** Offset of a place, whose lines and columns count from 1. */
const offsetOf = ({ line, column }) =>
  lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0) + column - 1;

function fails(text) {
  writeFileSync(path, text);
  const arguments_ = ['run', '--bail=1', '--reporter=dot'];
  return spawnSync(join(tree, '../node_modules/.bin/vitest'), arguments_, { cwd: tree, timeout: 120_000 }).status !== 0;
}

function isNoticed({ location: { start, end }, replacement }) {
  return fails(source.slice(0, offsetOf(start)) + replacement + source.slice(offsetOf(end)));
}

// Tests that fail without any fault would notice every one.
if (fails(source)) throw new Error(`the tests of ${name} fail as it is`);
const said = (status) => mutants.filter((mutant) => status.includes(mutant.status));
const doubtful = said(['Survived', 'NoCoverage']);
const left = doubtful.filter((mutant) => !isNoticed(mutant));
writeFileSync(path, source);
const caught = said(['Killed', 'Timeout']).length + doubtful.length - left.length;
const all = caught + left.length;
console.log(`${name}: ${caught} of ${all} mutants noticed (${((100 * caught) / all).toFixed(1)} %)`);
for (const { location, mutatorName, replacement } of left) {
  const { line, column } = location.start;
  console.log(
    `  ${line}:${column} ${mutatorName} → ${replacement.replace(/\s+/g, ' ').slice(0, 80)}\n      ${lines[line - 1].trim()}`,
  );
}
