/** One seed, from its plan to the report of its world, small enough to be handed between threads. */
import { utf8 } from '../../protocol/index.ts';
import { createTenant, type DeviceSecrets, type Tenant } from '../cloud/index.ts';
import type { Plan } from './plan.ts';
import { planOf } from './plan.ts';
import { reachedIn } from './reached.ts';
import { shrink } from './shrink.ts';
import { type StormResult, storm } from './storm.ts';
import { timelineOf } from './timeline.ts';
import { traceHash } from './trace-hash.ts';

export interface SeedReport {
  readonly seed: string;
  /** Empty if everything held. */
  readonly findings: readonly string[];
  /** The course of the world in one number. */
  readonly hash: string;
  readonly reached: readonly string[];
  /** How many purchases were paid. */
  readonly paid: number;
  /** How many were begun. */
  readonly purchases: number;
  readonly events: number;
}

/** A broken world made small. */
export interface Shrunk {
  readonly plan: Plan;
  readonly findings: readonly string[];
  /** How many worlds it took. */
  readonly worlds: number;
  readonly timeline: readonly string[];
}

/** Who takes part in all worlds of a run: its keys are made once. */
export function fuzzTenant(devices: number): Tenant<DeviceSecrets> {
  const names = Array.from({ length: devices }, (_, i) => `glasses-${String(i + 1).padStart(2, '0')}`);
  return createTenant(utf8('the tenant of all random worlds'), { tenant: 'demo', devices: names });
}

export function reportOf(seed: string, tenant: Tenant<DeviceSecrets>): SeedReport {
  const result = storm(planOf(seed, tenant.devices.length), tenant);
  const { record } = result.play.world;
  const begun = new Set(
    record.steps.flatMap(({ purchases: { current } }) => ('intent' in current ? [current.intent.intentId] : [])),
  );
  return {
    seed,
    findings: result.findings,
    hash: traceHash(record),
    reached: [...reachedIn(result)],
    paid: record.debits.size,
    purchases: begun.size,
    events: result.play.events,
  };
}

/** Makes the world of a seed that is broken as small as it gets, and tells it. @throws RangeError when it is not broken. */
export function shrunkOf(seed: string, tenant: Tenant<DeviceSecrets>): Shrunk {
  const play = (plan: Plan): StormResult => {
    const devices = tenant.devices.slice(0, plan.errands.length);
    return storm(plan, devices.length === tenant.devices.length ? tenant : fuzzTenant(devices.length));
  };
  // The name of the invariant, or the error without its numbers: what else a smaller world says may differ.
  const symptomOf = (plan: Plan) => play(plan).findings[0]?.replace(/:.*$/, '');
  const { plan, worlds } = shrink(planOf(seed, tenant.devices.length), symptomOf);
  const result = play(plan);
  return { plan, findings: result.findings, worlds, timeline: timelineOf(result) };
}
