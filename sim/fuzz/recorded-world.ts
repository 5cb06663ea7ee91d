/** The plan of a random world as a recording holds it. */
import * as z from 'zod/mini';
import type { Plan } from './plan.ts';

/** Loose: what a plan says besides is up to the version that plays it, and told by the trace hash. */
const plan = z.looseObject({
  seed: z.string(),
  locale: z.enum(['en-US', 'zh-CN']),
  display: z.string(),
  errands: z.array(z.looseObject({ temper: z.string(), order: z.string() })).check(z.minLength(1)),
  faults: z.record(z.string(), z.number()),
  window: z.strictObject({ fromMs: z.number(), toMs: z.number() }),
  sealed: z.union([z.literal(false), z.strictObject({ windowS: z.number() })]),
  lookEvery: z.int().check(z.minimum(1)),
});

export const recordedWorld = z.strictObject({
  /** Whether its signatures were real ones. */
  crypto: z.enum(['fake', 'real']),
  plan,
});
export type RecordedWorld = z.infer<typeof recordedWorld>;

export function planIn({ plan: recorded }: RecordedWorld): Plan {
  return recorded as unknown as Plan;
}
