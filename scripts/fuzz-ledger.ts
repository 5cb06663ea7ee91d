/**
 * Races gateways over the ledger of delegated payments, one seed after another, and the same seeds over two ledgers that are
 * wrong in one thing each: those have to be found out, or the check shows nothing.
 * `node dist/scripts/fuzz-ledger.js --seeds 10000 --from 0`: exit code 0 if everything held, 1 if not, 2 for misuse.
 */
import { pathToFileURL } from 'node:url';
import { faultsOf, type RaceFault } from '../sim/ledger/race/faults.ts';
import { runRace } from '../sim/ledger/race/race.ts';
import { pastSuccessesOnly, uncheckedCommit } from '../sim/ledger/race/wrong-rules.ts';
import { readSeedOptions } from './fuzz/seed-options.ts';

export interface RaceReport {
  readonly seeds: number;
  /** Transactions and payments in all of them. */
  transactions: number;
  payments: number;
  /** The seeds with a fault, and in how many each fault was. */
  readonly faulty: string[];
  readonly faults: Map<RaceFault, number>;
}

/** Races the seeds `from` to `from + seeds − 1`. @param rules the ledger's own where absent. */
export function raceSeeds(from: number, seeds: number, rules?: Parameters<typeof runRace>[1]): RaceReport {
  const report: RaceReport = { seeds, transactions: 0, payments: 0, faulty: [], faults: new Map() };
  for (let seed = from; seed < from + seeds; seed++) {
    const race = runRace(String(seed), rules);
    const paid = race.happened.filter(({ what, result }) => what === 'commit' && isCommitted(result));
    const faults = faultsOf(race);
    report.transactions += race.happened.length;
    report.payments += paid.length;
    if (faults.length > 0) report.faulty.push(String(seed));
    for (const fault of faults) report.faults.set(fault, (report.faults.get(fault) ?? 0) + 1);
  }
  return report;
}

const isCommitted = (result: unknown): boolean => (result as { kind: string }).kind === 'committed';

/** For people: how many seeds had a fault, which faults, and the first of the seeds. */
export function describeRaces(name: string, { seeds, transactions, payments, faulty, faults }: RaceReport): string {
  const counts = [...faults].map(([fault, count]) => `${fault} in ${count}`).join(', ');
  const found = faulty.length === 0 ? 'no faults' : `${counts}; first seeds ${faulty.slice(0, 5).join(' ')}`;
  return `${name}: ${faulty.length} of ${seeds} seeds faulty, ${transactions} transactions, ${payments} payments: ${found}`;
}

function main(args: string[]): number {
  const options = readSeedOptions(args);
  if (!options) return 2;
  const { seeds, from } = options;
  const started = performance.now();
  const right = raceSeeds(from, seeds);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  const naive = raceSeeds(from, seeds, pastSuccessesOnly);
  const unchecked = raceSeeds(from, seeds, uncheckedCommit);
  const lines = [
    describeRaces(`the ledger, ${seconds} s`, right),
    describeRaces('past successes only', naive),
    describeRaces('commit without a look at the credential', unchecked),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return right.faulty.length === 0 && naive.faulty.length > 0 && unchecked.faulty.length > 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = main(process.argv.slice(2));
