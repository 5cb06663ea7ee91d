/** Plays the world of a plan and takes down everything that happened in it. */
import { hex } from '../../protocol/index.ts';
import type { RecordedRun } from '../scenario/recording.ts';
import type { Plan } from './plan.ts';
import type { RecordedWorld } from './recorded-world.ts';
import { fuzzTenant } from './seed-report.ts';
import { storm } from './storm.ts';
import { timelineOf } from './timeline.ts';
import { traceHash } from './trace-hash.ts';

/** @param crypto the kind that this process signs with. */
export function recordWorld(plan: Plan, crypto: RecordedWorld['crypto']): RecordedRun {
  const result = storm(plan, fuzzTenant(plan.errands.length));
  const { findings, play } = result;
  const { record } = play.world;
  const began = record.sent[0]?.at ?? 0;
  return {
    ...{ file: 'sim fuzz', text: '', row: 0, seed: plan.seed },
    name: `the world of seed ${plan.seed}`,
    ok: findings.length === 0,
    ending: findings[0] ?? 'everything held',
    traceHash: traceHash(record),
    events: [...timelineOf(result, Number.POSITIVE_INFINITY)],
    frames: record.sent.map(({ at, topic, payload }) => ({ atMs: at - began, topic, fate: 'sent', hex: hex(payload) })),
    fuzz: { crypto, plan: { ...plan, errands: [...plan.errands] } as unknown as RecordedWorld['plan'] },
  };
}
