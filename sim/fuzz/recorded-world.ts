/** The plan of a random world as a recording holds it. */
import * as z from 'zod/mini';
import { PROFILES, type ProfileId } from '../../device/index.ts';
import { TEMPERS } from '../person.ts';
import type { Plan } from './plan.ts';

const errand = z.looseObject({
  temper: z.enum(TEMPERS),
  order: z.string(),
  answers: z.optional(z.array(z.string())),
  acts: z.optional(z.array(z.looseObject({ afterMs: z.number(), words: z.string() }))),
});

/** Loose: what a plan says besides is up to the version that plays it, and told by the trace hash. */
const plan = z.looseObject({
  seed: z.string(),
  locale: z.enum(['en-US', 'zh-CN']),
  display: z.enum(Object.keys(PROFILES) as ProfileId[]),
  errands: z.array(errand).check(z.minLength(1)),
  faults: z.record(z.string(), z.number()),
  window: z.strictObject({ fromMs: z.number(), toMs: z.number() }),
  sealed: z.union([z.literal(false), z.strictObject({ windowS: z.number() })]),
  lookEvery: z.int().check(z.minimum(1)),
  isDelegated: z.optional(z.boolean()),
  sellers: z.optional(z.array(z.string())),
  title: z.optional(z.string()),
  reorders: z.int().check(z.minimum(0)),
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
