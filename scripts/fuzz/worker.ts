/** A process that plays random worlds for another one. With fake crypto it swaps one module before it loads anything that signs. */
import { register } from 'node:module';
import type * as Real from '../../protocol/ed25519.ts';
import type * as Fake from '../../sim/fuzz/fake-ed25519.ts';
import type { SeedReport, Shrunk } from '../../sim/fuzz/seed-report.ts';
import type { Swap } from './fake-crypto-hooks.ts';

export type CryptoKind = 'fake' | 'real';

export interface WorkerSettings {
  readonly crypto: CryptoKind;
  readonly devices: number;
}

/** What a worker is asked: seeds to play, or one that is broken to make small. */
export type Job = { readonly play: readonly string[] } | { readonly shrink: string };
export type Answer = { readonly played: readonly SeedReport[] } | { readonly shrunk: Shrunk };

/** The compiler sees to it that the one can stand in for the other. */
type StandIn = typeof Fake extends typeof Real ? Swap : never;

// The only argument: the settings as JSON.
const { crypto, devices } = JSON.parse(process.argv[2] ?? '{}') as WorkerSettings;
if (crypto === 'fake') {
  const data: StandIn = {
    module: new URL('../../protocol/ed25519.js', import.meta.url).href,
    standIn: new URL('../../sim/fuzz/fake-ed25519.js', import.meta.url).href,
  };
  register('./fake-crypto-hooks.js', import.meta.url, { data });
}
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
