/** A process that plays random worlds for another one. With fake crypto it swaps one module before it loads anything that signs. */
import type { SeedReport, Shrunk } from '../../sim/fuzz/seed-report.ts';
import { type CryptoKind, useCrypto } from './swap-crypto.ts';

export interface WorkerSettings {
  readonly crypto: CryptoKind;
  readonly devices: number;
}

/** What a worker is asked: seeds to play, or one that is broken to make small. */
export type Job = { readonly play: readonly string[] } | { readonly shrink: string };
export type Answer = { readonly played: readonly SeedReport[] } | { readonly shrunk: Shrunk };

// The only argument: the settings as JSON.
const { crypto, devices } = JSON.parse(process.argv[2] ?? '{}') as WorkerSettings;
useCrypto(crypto);
// Only now, so that the hook sees the import.
const { fuzzTenant, reportOf, shrunkOf } = await import('../../sim/fuzz/seed-report.ts');
const tenant = fuzzTenant(devices);

process.on('message', (job: Job) => {
  const answer: Answer =
    'play' in job
      ? { played: job.play.map((seed) => reportOf(seed, tenant)) }
      : { shrunk: shrunkOf(job.shrink, tenant) };
  process.send?.(answer);
});
