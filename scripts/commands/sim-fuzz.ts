/** `act-edge sim fuzz`: random worlds on all cores, every fault out of one seed, every invariant after every few events. */
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { seedOf } from '../../sim/fuzz/plan.ts';
import {
  DELEGATED_MUST_REACH,
  DELEGATED_REACH_SEEDS,
  MUST_REACH,
  missingReach,
  REACH_SEEDS,
} from '../../sim/fuzz/reach-table.ts';
import type { SeedReport, Shrunk } from '../../sim/fuzz/seed-report.ts';
import { THREATS, type Threat } from '../../sim/fuzz/threats.ts';
import { hashOfHashes } from '../../sim/fuzz/trace-hash.ts';
import { recordingOf } from '../../sim/scenario/index.ts';
import { defineCommand, EXIT, type Io, oneOf, UsageError } from '../command.ts';
import { playSeeds, recordPlan, shrinkSeed } from '../fuzz/pool.ts';
import type { WorkerSettings } from '../fuzz/worker.ts';
import { tryToWrite, writeText } from '../scenario-files.ts';

const HELP = `Each seed is one world: wearers, shops, agent, PSP and broker under virtual time, with the faults that its seed draws.
The first world in which something is broken is made small and told line by line; with --record it is written to a file that
sim replay plays again. Worlds are numbered from 0: --from 925 --seeds 1 plays one of them alone. The same seed gives the
same trace hash on every machine; with --crypto fake another than with real, because keyed hashes stand in for signatures and seals.
With --delegated they delegate instead of buying one by one, and each world goes on for a day after its storm.
Some worlds, those with an a or a t behind their number, have faults that are aimed at single guards; with --aimed most have.
From ${REACH_SEEDS} seeds on, ${DELEGATED_REACH_SEEDS} with --delegated, the run also falls short when a state, refusal, fault, recovery or
threat that it must reach did not occur.`;

interface Totals {
  readonly reached: Map<string, number>;
  readonly hashes: string[];
  paid: number;
  purchases: number;
  events: number;
  broken: SeedReport | undefined;
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError('usage-option-value', `--${name} cannot be "${text}"`, `use a number from ${least} to ${most}`);
}

function take(totals: Totals, report: SeedReport): boolean {
  totals.hashes.push(report.hash);
  for (const name of report.reached) totals.reached.set(name, (totals.reached.get(name) ?? 0) + 1);
  totals.paid += report.paid;
  totals.purchases += report.purchases;
  totals.events += report.events;
  if (report.findings.length > 0) totals.broken = report;
  return totals.broken === undefined;
}

function tellReach(reached: ReadonlyMap<string, number>): string {
  const names = [...reached.keys()].filter((name) => !name.startsWith('threat:')).sort();
  return names.map((name) => `  ${String(reached.get(name)).padStart(8)} × ${name}\n`).join('');
}

/** Each threat with the attack, and where it is tested if no random world plays it. */
function tellThreats(reached: ReadonlyMap<string, number>): string {
  const rows: readonly (readonly [string, Threat])[] = Object.entries(THREATS);
  return rows
    .map(([id, { attack, faults, worlds = [], tests }]) => {
      const isPlayed = faults.length + worlds.length > 0;
      const count = isPlayed ? `${reached.get(`threat:${id}`) ?? 0} ×` : '–  ';
      return `  ${count.padStart(10)} ${id.padEnd(3)} ${attack}${isPlayed ? '' : `: ${tests.join(', ')}`}\n`;
    })
    .join('');
}

function tellBroken({ seed, findings }: SeedReport, small: Shrunk): string {
  const { plan, timeline, worlds } = small;
  const faults = Object.entries(plan.faults).map(([kind, strength]) => `${kind} ${strength}`);
  return [
    `seed ${seed} is broken:`,
    ...findings.map((finding) => `  ${finding}`),
    `made small in ${worlds} worlds: ${plan.errands.length} device, ${plan.display}, ${plan.locale}, faults ${
      faults.join(', ') || 'none'
    } from ${plan.window.fromMs} to ${plan.window.toMs} ms`,
    ...small.findings.map((finding) => `  ${finding}`),
    ...timeline.map((line) => `  ${line}`),
    '',
  ].join('\n');
}

/** What was broken, in one file: played once more, for everything that happened in it. */
async function record(path: string, { plan }: Shrunk, { crypto }: Pick<WorkerSettings, 'crypto'>): Promise<void> {
  const answer = await recordPlan(plan, crypto);
  if ('thrown' in answer) throw new Error(answer.thrown.message);
  writeText(path, `${JSON.stringify(recordingOf([answer.recorded]))}\n`);
}

/** One line that is written over itself, on a terminal only. */
function progress({ stderr }: Io): (done: number, seconds: number) => void {
  if (!process.stderr.isTTY) return () => {};
  let last = 0;
  return (done, seconds) => {
    if (seconds - last < 0.2) return;
    last = seconds;
    stderr.write(`\r${done} seeds, ${(done / seconds).toFixed(1)} a second `);
  };
}

export const simFuzz = defineCommand({
  summary: 'play random worlds with every fault and check every invariant',
  help: HELP,
  options: {
    seeds: { type: 'string', value: 'N', describe: 'how many worlds to play', default: '300' },
    seed: { type: 'string', value: 'S', describe: 'where they all come from: any text', default: '1' },
    from: { type: 'string', value: 'N', describe: 'the number of the first world', default: '0' },
    minutes: { type: 'string', value: 'M', describe: 'stop after so many minutes, whatever is left' },
    devices: { type: 'string', value: 'K', describe: 'wearers with a device in each world', default: '1' },
    delegated: { type: 'boolean', describe: 'wearers delegate payments: longer worlds, with faults of their own' },
    aimed: { type: 'boolean', describe: 'most worlds have faults that are aimed at single guards, and take longer' },
    crypto: { type: 'string', value: 'fake|real', describe: 'whether signatures are real', default: 'fake' },
    record: {
      type: 'string',
      value: 'FILE',
      describe: 'write the first broken world, made small, for sim replay and sim diff',
    },
    json: { type: 'boolean', describe: 'print one JSON object' },
  },
  async run(args, io) {
    const { values } = args;
    const seeds = wholeNumber('seeds', values.seeds, 1, 999_999_999);
    const from = wholeNumber('from', values.from, 0, 999_999_999);
    const kind = { isDelegated: values.delegated, isAimed: values.aimed };
    const devices = wholeNumber('devices', values.devices, 1, 10_000);
    const minutes = values.minutes === undefined ? undefined : wholeNumber('minutes', values.minutes, 1, 100_000);
    const settings = { crypto: oneOf(args, 'crypto', ['fake', 'real'] as const), devices };
    if (values.record !== undefined) tryToWrite(values.record);
    const totals: Totals = { reached: new Map(), hashes: [], paid: 0, purchases: 0, events: 0, broken: undefined };
    const began = performance.now();
    const elapsed = () => (performance.now() - began) / 1_000;
    const show = progress(io);
    const isLate = () => minutes !== undefined && elapsed() >= minutes * 60;
    const played = await playSeeds({
      ...settings,
      processes: Math.min(availableParallelism(), seeds),
      seedAt: (n) => (n >= seeds || isLate() ? undefined : seedOf(values.seed, from + n, kind)),
      onReport: (report) => {
        show(totals.hashes.length + 1, elapsed());
        return take(totals, report);
      },
    });
    const seconds = elapsed();
    const { broken } = totals;
    const small = broken && (await shrinkSeed(broken.seed, settings));
    const [enough, must] = values.delegated ? [DELEGATED_REACH_SEEDS, DELEGATED_MUST_REACH] : [REACH_SEEDS, MUST_REACH];
    const missing = broken || devices > 1 || played < enough ? [] : missingReach(totals.reached, must);
    const { paid, purchases, events } = totals;
    const hash = hashOfHashes(totals.hashes);
    if (process.stderr.isTTY) io.stderr.write('\r');
    if (values.json) {
      const reached = Object.fromEntries([...totals.reached].sort(([a], [b]) => (a < b ? -1 : 1)));
      const found = broken && { seed: broken.seed, findings: broken.findings, small };
      const report = {
        seeds: played,
        ...settings,
        seconds,
        purchases,
        paid,
        events,
        hash,
        reached,
        missing,
        broken: found,
      };
      io.stdout.write(`${JSON.stringify(report)}\n`);
    } else {
      io.stdout.write(`reached, in so many worlds\n${tellReach(totals.reached)}`);
      io.stdout.write(`threats met, in so many worlds\n${tellThreats(totals.reached)}`);
      for (const name of missing) io.stdout.write(`never reached: ${name}\n`);
      if (broken && small) io.stdout.write(tellBroken(broken, small));
      io.stdout.write(
        `${played} worlds, ${broken ? 'one broken' : 'none broken'}, ${(played / seconds).toFixed(1)} a second; ` +
          `${purchases} purchases, ${paid} paid, ${events} events; crypto ${settings.crypto}, trace hash ${hash}\n`,
      );
    }
    if (small && values.record !== undefined) await record(values.record, small, settings);
    return broken || missing.length > 0 ? EXIT.fellShort : EXIT.held;
  },
});
