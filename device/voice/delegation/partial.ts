/** A delegation while it is being understood: everything said so far, and nothing that was not. */
import type { PartialOrder } from '../partial-order.ts';
import type {
  AmountClause,
  CategoriesClause,
  Clause,
  EveryClause,
  FailureClause,
  FundClause,
  Lasting,
  PriceClause,
  ShopsClause,
  WhenClause,
} from './clause.ts';

/** Plain data: kept with the question that was asked. */
export interface PartialDelegation {
  /** What one order holds. Its limits and shops are empty: they are in the clauses. */
  readonly order: PartialOrder;
  readonly amounts: readonly AmountClause[];
  /** What the account of a task holds at first, as it was said last. */
  readonly fund?: FundClause;
  readonly foreign: boolean;
  readonly shops: readonly ShopsClause[];
  /** Shops were pointed at without a name that is known. */
  readonly unnamedShops?: { readonly said?: string };
  readonly categories: readonly CategoriesClause[];
  readonly whens: readonly WhenClause[];
  readonly lasting: readonly Lasting[];
  readonly every: readonly EveryClause[];
  readonly price?: PriceClause;
  readonly failure?: FailureClause;
}

/** `order` and `clauses` as one delegation. */
export function collect(order: PartialOrder, clauses: readonly Clause[]): PartialDelegation {
  const beyond = clauses.flatMap((clause) => (clause.kind === 'beyond' ? [clause.said] : []));
  const unnamed = clauses.find((clause) => clause.kind === 'unnamed-shops');
  const fund = clauses.findLast((clause) => clause.kind === 'fund');
  const price = clauses.findLast((clause) => clause.kind === 'price');
  const failure = clauses.findLast((clause) => clause.kind === 'failure');
  return {
    order: {
      ...order,
      minutes: [],
      extras: [...order.extras, ...order.minutes.map((minutes) => `${minutes} min`), ...beyond],
    },
    amounts: clauses.filter((clause) => clause.kind === 'amount'),
    foreign: clauses.some((clause) => clause.kind === 'foreign'),
    shops: clauses.filter((clause) => clause.kind === 'shops'),
    categories: clauses.filter((clause) => clause.kind === 'categories'),
    whens: clauses.filter((clause) => clause.kind === 'when'),
    lasting: clauses.flatMap((clause) => (clause.kind === 'lasts' ? [clause.lasting] : [])),
    every: clauses.filter((clause) => clause.kind === 'every'),
    ...(unnamed ? { unnamedShops: unnamed.said === undefined ? {} : { said: unnamed.said } } : {}),
    ...(fund ? { fund } : {}),
    ...(price ? { price } : {}),
    ...(failure ? { failure } : {}),
  };
}

/** The ids that are allowed, and those that are forbidden, each once and in the order said. */
export function idsOf<Row extends { readonly allow: boolean }>(
  rows: readonly Row[],
  ids: (row: Row) => readonly string[],
): { readonly allowed: readonly string[]; readonly forbidden: readonly string[] } {
  const of = (allow: boolean) => [...new Set(rows.filter((row) => row.allow === allow).flatMap(ids))];
  return { allowed: of(true), forbidden: of(false) };
}
