/** A process that plays calm worlds for `bench sim`, and says what they cost it. */
import { type CryptoKind, useCrypto } from '../fuzz/swap-crypto.ts';
import type { Calls } from './crypto-bound.ts';

export interface SimWorkerSettings {
  readonly crypto: CryptoKind;
  readonly sealed: boolean;
  /** How many devices are in each world that counts. */
  readonly devices: number;
  /** How many purchases are made before anything counts, in small worlds: the engine compiles what runs often. */
  readonly warmUp: number;
}

/** What it is asked: to time worlds with at least so many purchases, or for the bound that its cryptography sets. */
export type SimJob = { readonly time: number } | { readonly bound: true };

export interface Timed {
  readonly purchases: number;
  readonly events: number;
  /** Processor milliseconds of all threads of the process, collecting garbage and compiling included. */
  readonly computedMs: number;
}

/** Calls of one purchase, microseconds of each, purchases a second that they alone would allow. */
export interface Bound {
  readonly calls: Calls;
  readonly us: Calls;
  readonly perSecond: number;
}

export type SimAnswer = { readonly timed: Timed } | { readonly bound: Bound };

const WARM_UP_DEVICES = 10;
const COUNTED_WORLDS = 5;
const EFFORT = { rounds: 15, batchMs: 4 };

// The only argument: the settings as JSON.
const { crypto, sealed, devices, warmUp } = JSON.parse(process.argv[2] ?? '{}') as SimWorkerSettings;
useCrypto(crypto);
// Only now, so that the hook sees the imports.
const { fuzzTenant } = await import('../../sim/fuzz/seed-report.ts');
const { playCalm } = await import('./sim-worlds.ts');
const { boundOf, countCalls, timeCalls } = await import('./crypto-bound.ts');

const tenant = fuzzTenant(devices);
let worlds = 0;

function computedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Whole worlds with at least so many purchases. */
function play(least: number, among = tenant): Timed {
  const began = computedMs();
  let [purchases, events] = [0, 0];
  for (; purchases < least; worlds += 1) {
    const played = playCalm(`calm ${worlds}`, among, sealed);
    purchases += played.purchases;
    events += played.events;
  }
  return { purchases, events, computedMs: computedMs() - began };
}

function bound(): Bound {
  const few = devices <= WARM_UP_DEVICES ? tenant : fuzzTenant(WARM_UP_DEVICES);
  let purchases = 0;
  const all = countCalls(() => {
    purchases = play(COUNTED_WORLDS * few.devices.length, few).purchases;
  });
  const calls = Object.fromEntries(Object.entries(all).map(([name, count]) => [name, count / purchases]));
  const us = timeCalls(EFFORT, computedMs);
  return { calls: calls as unknown as Calls, us, perSecond: boundOf(calls as unknown as Calls, us) };
}

if (warmUp > 0) play(warmUp, fuzzTenant(WARM_UP_DEVICES));

process.on('message', (job: SimJob) => {
  const answer: SimAnswer = 'time' in job ? { timed: play(job.time) } : { bound: bound() };
  process.send?.(answer);
});
