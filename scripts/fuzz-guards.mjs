/**
 * Removes each guard of test/guards/fuzz.json, one at a time, and plays random worlds (as `act-edge sim fuzz --aimed` does, with
 * fake crypto) until a checker finds something: a guard whose removal no world notices in the stated number of seeds is a failure.
 * The world in which it was noticed is played with every guard in its place, too, where it must be sound. A row of the table may
 * say with which `faults` alone the guard has something to do, and in `needs` what a world then always shows: all other worlds are
 * the same without it, and are counted unplayed. Where one guard stands behind another one, a row removes both.
 * Usage: node scripts/fuzz-guards.mjs [--starts N] [--seeds N] [WORD…]
 *   --starts N  from so many starting seeds, 3 unless stated   --seeds N  instead of the numbers in the table
 *   WORD…       only guards whose name holds one of the words
 * Prints one row of a table for each guard. Exit code 0 when every removal was found from every start, 1 when one was not,
 * 2 when the table does not fit the code, or when a world is broken with every guard in place. A process that dies, and a world
 * that does not end, have found nothing.
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
  options: { starts: { type: 'string', default: '3' }, seeds: { type: 'string' } },
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
if (values.seeds !== undefined && !(Number.isSafeInteger(Number(values.seeds)) && Number(values.seeds) >= 1))
  misuse('--seeds takes a whole number from 1 on');
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

const TSC = join(tree, 'node_modules/typescript/bin/tsc');
const tsc = (...args) => spawnSync(process.execPath, [TSC, ...args], { cwd: tree, encoding: 'utf8' });

/** A guard that is gone may leave an import that nobody uses: what counts is that there is a program. Files without their types. */
function build(files) {
  const { compilerOptions } = JSON.parse(readFileSync(join(tree, 'tsconfig.base.json'), 'utf8'));
  const alike = ['target', 'module', 'moduleResolution', 'verbatimModuleSyntax', 'rewriteRelativeImportExtensions'];
  const options = alike.flatMap((name) => [`--${name}`, String(compilerOptions[name])]);
  tsc(...files, '--ignoreConfig', '--noCheck', '--noResolve', ...options, '--rootDir', '.', '--outDir', 'dist');
}

const program = (dist) => join(tree, dist, 'scripts/fuzz/worker.js');
const built = tsc('-b', 'scripts');
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

  /** What was found in the world of a seed: the sentence, or nothing; where the world has been; and whether it came to no end. */
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
      const over = (failure) => {
        this.end();
        settle({ failure, reached: [] });
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

const compiled = (dist, file) => join(tree, dist, file.replace(/\.ts$/, '.js'));

/** Takes the guard out and builds. @returns what puts it back. */
function cutOut(row) {
  const sources = new Map();
  for (const { file, cut, put } of cutsOf(row)) {
    const path = join(tree, file);
    const source = readFileSync(path, 'utf8');
    if (source.split(cut).length !== 2) misuse(`"${row.guard}" is not in ${file} exactly once`);
    if (!sources.has(file)) sources.set(file, source);
    writeFileSync(
      path,
      source.replace(cut, () => put),
    );
  }
  const files = [...sources.keys()];
  build(files);
  for (const file of files) {
    const [cut, whole] = ['dist', 'whole'].map((dist) => readFileSync(compiled(dist, file), 'utf8'));
    if (cut === whole) misuse(`the program is the same without "${row.guard}"`);
  }
  return () => {
    for (const [file, source] of sources) {
      writeFileSync(join(tree, file), source);
      cpSync(compiled('whole', file), compiled('dist', file));
    }
  };
}

/** What worlds come to with every guard in its place; each is played once. */
const sound = new Map();
async function soundly(seed, devices) {
  const name = `${devices} ${seed}`;
  const report = sound.get(name) ?? (await whole.with(devices).play(seed));
  const wrong = report.finding ?? report.failure;
  if (wrong !== undefined) misuse(`seed "${seed}" is broken with every guard in place: ${wrong}`);
  sound.set(name, report);
  return report;
}

/** What a start came to: after how many seeds something was found, and by which checker. */
async function look(player, { kind, faults, needs, reach, devices = 1 }, start, most) {
  /** Whether the worlds got there with the guard, and without it. */
  const got = { with: false, without: false };
  let failure;
  for (let n = 1; n <= most; n += 1) {
    const seed = seedOf(`guard ${start}`, n, { isDelegated: kind === 'delegated', isAimed: true });
    // A guard that has nothing to do in a world leaves it as it is when it goes.
    if (faults !== undefined && !faults.some((one) => one in planOf(seed, devices).faults)) continue;
    const isToBeKnown = needs !== undefined || reach !== undefined;
    const reached = isToBeKnown ? (await soundly(seed, devices)).reached : [];
    if (needs !== undefined && !needs.some((one) => reached.includes(one))) continue;
    const without = await player.with(devices).play(seed);
    got.with ||= reached.includes(reach);
    got.without ||= without.reached.includes(reach);
    failure ??= without.failure;
    if (without.finding === undefined) continue;
    await soundly(seed, devices);
    return { seeds: n, by: without.finding.replace(/:.*$/s, '') };
  }
  return got.with && !got.without ? { seeds: most, by: `never reached: ${reach}` } : { failure };
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const missed = [];
process.stdout.write(
  '| guard | worlds | found by | median | most | within | starts |\n|---|---|---|---|---|---|---|\n',
);
for (const row of rows) {
  const most = Number(values.seeds ?? row.seeds);
  const putBack = cutOut(row);
  const player = new Player('dist');
  const looks = [];
  for (let start = 1; start <= starts && looks.every(({ by }) => by); start += 1)
    looks.push(await look(player, row, start, most));
  player.end();
  putBack();
  const found = looks.filter(({ by }) => by);
  const isFound = found.length === starts;
  if (!isFound) missed.push(row.guard);
  const by = [...new Set(found.map((one) => one.by))].join(', ');
  const seeds = found.map((one) => one.seeds);
  const failure = looks.map((one) => one.failure).find((one) => one);
  const told = isFound ? `${by} | ${median(seeds)} | ${Math.max(...seeds)}` : `NOT FOUND ${failure ?? ''} ${by} | |`;
  process.stdout.write(`| ${row.guard} | ${row.kind} | ${told} | ${most} | ${starts} |\n`);
}
whole.end();
process.stdout.write(`${rows.length - missed.length} of ${rows.length} removals found\n`);
process.exit(missed.length === 0 ? 0 : 1);
