/** What answers to the questions about a delegation are worked out from. */
import type { OrderReading } from '../read-order.ts';
import type { Token } from '../tokens.ts';
import type { LocalNow } from './calendar.ts';
import type { AmountClause, Clause } from './clause.ts';
import type { DelegationQuestion } from './draft.ts';
import type { PartialDelegation } from './partial.ts';

/** One utterance, read. */
export interface Heard {
  readonly clauses: readonly Clause[];
  readonly reading: OrderReading;
  readonly tokens: readonly Token[];
  /** A word of refusal was said; what is not a clause of its own may be what it refuses. */
  readonly refuses: boolean;
}

/** `said` holds everything the answer says, the question's own subject included. */
export interface Answering<Question extends DelegationQuestion = DelegationQuestion> extends Heard {
  readonly question: Question;
  readonly said: PartialDelegation;
  readonly local: LocalNow;
}

/** The questions of some kinds. */
export type Asked<Kind extends DelegationQuestion['kind']> = Extract<DelegationQuestion, { readonly kind: Kind }>;

/** What an answer makes of the delegation; `undefined` gives it up. */
export type Answer<Question extends DelegationQuestion> = (
  delegation: PartialDelegation,
  answering: Answering<Question>,
) => PartialDelegation | undefined;

/** An amount said again takes the place of the one said before of the same. */
export function replaced(before: readonly AmountClause[], now: readonly AmountClause[]): readonly AmountClause[] {
  return [...before.filter((amount) => now.every(({ scope }) => scope !== amount.scope)), ...now];
}
