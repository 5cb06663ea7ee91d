/**
 * Which of the things on offer a task takes: a proposal, by a model or by rule. Whatever it says is read by one schema, and
 * each thing it names passes the same checks before it is paid as if nobody had proposed it (T13).
 */
import * as z from 'zod/mini';
import type { Locale } from '../../device/voice/vocabulary.ts';
import type { Currency } from '../../protocol/index.ts';

export interface Candidate {
  /** Of this question only: a model never sees or names a party, a path or an order. */
  readonly id: string;
  /** The seller's words: nothing is decided by them but by the planner. */
  readonly title: string;
  readonly amountMinor: number;
}

export interface PlanQuestion {
  /** What the task is for, an item of the vocabulary. */
  readonly purpose: string;
  readonly locale: Locale;
  readonly currency: Currency;
  readonly budgetMinor: number;
  readonly candidates: readonly Candidate[];
}

export type PlanFailure = 'unreachable' | 'timeout' | 'busy' | 'server-error' | 'rejected' | 'malformed';
/** What was proposed, still to be read with {@link readPlan}; or why nothing was. */
export type Plan = { readonly proposal: unknown } | { readonly failed: PlanFailure };

export interface Planner {
  /** Calls `done` exactly once, later. */
  plan(question: PlanQuestion, done: (plan: Plan) => void): void;
}

const planSchema = z.strictObject({ take: z.array(z.string().check(z.maxLength(8))).check(z.maxLength(64)) });

/** The candidates that were proposed, in that order; `undefined` unless it says exactly which of them, each once. */
export function readPlan(proposal: unknown, { candidates }: PlanQuestion): readonly string[] | undefined {
  const read = planSchema.safeParse(proposal);
  if (!read.success) return undefined;
  const { take } = read.data;
  const known = new Set(candidates.map(({ id }) => id));
  return new Set(take).size === take.length && take.every((id) => known.has(id)) ? take : undefined;
}

/** Without a model, or where it fails: the cheapest first, as far as the money goes. */
export function plainPlan({ candidates, budgetMinor }: PlanQuestion): readonly string[] {
  let leftMinor = budgetMinor;
  const cheapestFirst = [...candidates].sort((one, other) => one.amountMinor - other.amountMinor);
  return cheapestFirst
    .filter(({ amountMinor }) => {
      leftMinor -= amountMinor;
      return leftMinor >= 0;
    })
    .map(({ id }) => id);
}

export const plainPlanner: Planner = {
  plan: (question, done) => done({ proposal: { take: plainPlan(question) } }),
};
