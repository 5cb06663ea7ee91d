/**
 * Removes each guard of test/guards/fuzz.json, one at a time, and plays random worlds (as `act-edge sim fuzz` does, with fake
 * crypto) until a checker finds something: a guard whose removal no world notices in the stated number of seeds is a failure.
 * Every world is played with the guard in its place, too, where it must be sound. A row of the table may say with
 * which `faults` alone the guard has something to do, and in `needs` what a world then always shows: all other worlds are the same
 * without it, and are counted unplayed.
 * Usage: node scripts/fuzz-guards.mjs [--starts N] [--seeds N] [WORD…]
 *   --starts N  from so many starting seeds, 5 unless stated   --seeds N  instead of the numbers in the table
 *   WORD…       only guards whose name holds one of the words
 * Prints one row of a table for each guard. Exit code 0 when every removal was found from every start, 1 when one was not,
 * 2 when the table does not fit the code, or when a world is broken with every guard in place.
 */
import { fork, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values, positionals: words } = parseArgs({
  allowPositionals: true,
  options: { starts: { type: 'string', default: '5' }, seeds: { type: 'string' } },
});
const starts = Number(values.starts);

const read = (name) => JSON.parse(readFileSync(join(root, 'test/guards', name), 'utf8'));
const known = new Map(read('guards.json').map((row) => [row.guard, row]));
const rows = read('fuzz.json').filter(
  ({ guard }) => words.length === 0 || words.some((word) => guard.toLowerCase().includes(word.toLowerCase())),
);

function misuse(what) {
  process.stderr.write(`fuzz-guards: ${what}\n`);
  process.exit(2);
}

if (!Number.isSafeInteger(starts) || starts < 1) misuse('--starts takes a whole number from 1 on');
if (rows.length === 0) misuse('no guard of the table has such a name');

/** A copy, so that the checkout is never the one without a guard; and in it the programs with every guard, `whole`. */
const tree = mkdtempSync(join(tmpdir(), 'act-edge-fuzz-guards-'));
process.on('exit', () => rmSync(tree, { recursive: true, force: true }));
const players = new Set();
process.on('exit', () => {
  for (const player of players) player.end();
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(2));
for (const part of ['device', 'protocol', 'sim', 'scripts', 'package.json', 'tsconfig.json', 'tsconfig.base.json'])
  cpSync(join(root, part), join(tree, part), { recursive: true });
symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));

/** A guard that is gone may leave an import that nobody uses: what counts is that there is a program. */
function build() {
  const tsc = join(tree, 'node_modules/typescript/bin/tsc');
  return spawnSync(process.execPath, [tsc, '-b', 'scripts'], { cwd: tree, encoding: 'utf8' });
}

const program = (dist) => join(tree, dist, 'scripts/fuzz/worker.js');
const built = build();
if (built.status !== 0) misuse(`the code does not compile\n${built.stdout}`);
cpSync(join(tree, 'dist'), join(tree, 'whole'), { recursive: true });

const { planOf, seedOf } = await import(join(tree, 'whole/sim/fuzz/plan.js'));

/** A world without some guard may go on for ever. */
const PATIENCE_MS = 120_000;

/** A process that plays one seed after the other. */
class Player {
  #child;
  #dist;

  #devices = 1;

  constructor(dist) {
    this.#dist = dist;
    players.add(this);
  }

  /** The same with so many wearers in its worlds. */
  with(devices) {
    if (devices !== this.#devices) this.end();
    this.#devices = devices;
    return this;
  }

  /** What was found in the world of a seed: the sentence, or nothing; and where the world has been. */
  play(seed) {
    this.#child ??= fork(program(this.#dist), [JSON.stringify({ crypto: 'fake', devices: this.#devices })], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const child = this.#child;
    return new Promise((resolve) => {
      const settle = (report) => {
        clearTimeout(limit);
        child.removeAllListeners();
        resolve(report);
      };
      const over = (what) => {
        this.end();
        settle({ finding: what, reached: [] });
      };
      const limit = setTimeout(() => over('a world that does not end'), PATIENCE_MS);
      child.once('message', ({ played: [report] }) => settle({ finding: report.findings[0], reached: report.reached }));
      child.once('exit', () => over('a process that died'));
      child.send({ play: [seed] });
    });
  }

  end() {
    this.#child?.removeAllListeners();
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }
}

const whole = new Player('whole');

const cutsOf = ({ guard, remove }) =>
  remove.map(
    (one) => (typeof one === 'string' ? known.get(one) : one) ?? misuse(`"${guard}" removes what is no guard`),
  );

/** Takes the guard out and builds. @returns what puts it back. */
function cutOut(row) {
  const sources = new Map();
  for (const { file, cut, put } of cutsOf(row)) {
    const path = join(tree, file);
    const source = readFileSync(path, 'utf8');
    if (source.split(cut).length !== 2) misuse(`"${row.guard}" is not in ${file} exactly once`);
    if (!sources.has(path)) sources.set(path, source);
    writeFileSync(
      path,
      source.replace(cut, () => put),
    );
  }
  build();
  for (const path of sources.keys()) {
    const made = (dist) => readFileSync(join(tree, dist, path.slice(tree.length).replace(/\.ts$/, '.js')), 'utf8');
    if (made('dist') === made('whole')) misuse(`the program is the same without "${row.guard}"`);
  }
  return () => {
    for (const [path, source] of sources) writeFileSync(path, source);
  };
}

/** What worlds come to with every guard in its place; each is played once. */
const sound = new Map();
async function soundly(seed, devices) {
  const name = `${devices} ${seed}`;
  const report = sound.get(name) ?? (await whole.with(devices).play(seed));
  if (report.finding !== undefined) misuse(`seed "${seed}" is broken with every guard in place: ${report.finding}`);
  sound.set(name, report);
  return report;
}

/** What a start came to: after how many seeds something was found, and by which checker. */
async function look(player, { kind, faults, needs, reach, devices = 1 }, start, most) {
  /** Whether the worlds got there with the guard, and without it. */
  const got = { with: false, without: false };
  for (let n = 1; n <= most; n += 1) {
    const seed = seedOf(`guard ${start}`, n, kind === 'delegated');
    // A guard that has nothing to do in a world leaves it as it is when it goes.
    if (faults !== undefined && !faults.some((one) => one in planOf(seed, devices).faults)) continue;
    const { reached } = await soundly(seed, devices);
    if (needs !== undefined && !needs.some((one) => reached.includes(one))) continue;
    const without = await player.with(devices).play(seed);
    got.with ||= reached.includes(reach);
    got.without ||= without.reached.includes(reach);
    if (without.finding !== undefined) return { seeds: n, by: without.finding.replace(/:.*$/s, '') };
  }
  return got.with && !got.without ? { seeds: most, by: `never reached: ${reach}` } : undefined;
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const missed = [];
process.stdout.write(`| guard | worlds | found by | median | most | of |\n|---|---|---|---|---|---|\n`);
for (const row of rows) {
  const most = Number(values.seeds ?? row.seeds);
  const putBack = cutOut(row);
  const player = new Player('dist');
  const found = [];
  for (let start = 1; start <= starts; start += 1) {
    const one = await look(player, row, start, most);
    if (!one) break;
    found.push(one);
  }
  player.end();
  putBack();
  const isFound = found.length === starts;
  if (!isFound) missed.push(row.guard);
  const by = [...new Set(found.map((one) => one.by))].join(', ');
  const seeds = found.map((one) => one.seeds);
  const told = isFound ? `${by} | ${median(seeds)} | ${Math.max(...seeds)}` : `NOT FOUND ${by} | |`;
  process.stdout.write(`| ${row.guard} | ${row.kind} | ${told} | ${most} |\n`);
}
whole.end();
process.stdout.write(`${rows.length - missed.length} of ${rows.length} removals found\n`);
process.exit(missed.length === 0 ? 0 : 1);
