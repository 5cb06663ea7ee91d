/** A process that plays random worlds for another one. With fake crypto it swaps one module before it loads anything that signs. */
import type { Plan } from '../../sim/fuzz/plan.ts';
import type { SeedReport, Shrunk } from '../../sim/fuzz/seed-report.ts';
import type { RecordedRun } from '../../sim/scenario/index.ts';
import { type CryptoKind, useCrypto } from './swap-crypto.ts';

export interface WorkerSettings {
  readonly crypto: CryptoKind;
  readonly devices: number;
}

/** What a worker is asked: seeds to play, one that is broken to make small, or a plan to play and take down. */
export type Job = { readonly play: readonly string[] } | { readonly shrink: string } | { readonly record: Plan };
export type Answer =
  | { readonly played: readonly SeedReport[] }
  | { readonly shrunk: Shrunk }
  | { readonly recorded: RecordedRun }
  /** A plan that cannot be played. */
  | { readonly thrown: { readonly name: string; readonly message: string } };

// The only argument: the settings as JSON.
const { crypto, devices } = JSON.parse(process.argv[2] ?? '{}') as WorkerSettings;
useCrypto(crypto);
// Only now, so that the hook sees the import.
const { fuzzTenant, reportOf, shrunkOf } = await import('../../sim/fuzz/seed-report.ts');
const { recordWorld } = await import('../../sim/fuzz/record-world.ts');
const tenant = fuzzTenant(devices);

function answerTo(job: Job): Answer {
  if ('play' in job) return { played: job.play.map((seed) => reportOf(seed, tenant)) };
  if ('shrink' in job) return { shrunk: shrunkOf(job.shrink, tenant) };
  try {
    return { recorded: recordWorld(job.record, crypto) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { thrown: { name, message } };
  }
}

process.on('message', (job: Job) => {
  process.send?.(answerTo(job));
});
