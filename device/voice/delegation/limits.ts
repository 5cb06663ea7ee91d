/** From the amounts that were said to the limits of a draft. What follows from them is worked out, nothing is added to them. */
import type { AmountClause } from './clause.ts';
import type { DelegationQuestion, LimitScope } from './draft.ts';
import type { PartialDelegation } from './partial.ts';

/** In minor units; `maxTotalMinor` is always known. */
export interface Limits {
  readonly maxTotalMinor: number;
  readonly maxSingleMinor?: number;
  readonly maxDailyMinor?: number;
}

/** What is bought, as far as limits depend on it. */
export interface Bought {
  readonly mode: 'SPECIFIED' | 'BOUNDED';
  /** Pieces in one order, from 1. */
  readonly pieces: number;
  readonly repeats: boolean;
}

const SCOPES: readonly LimitScope[] = ['bare', 'piece', 'order', 'day', 'total'];

/** Amounts by what they were said of; one each, all of them limits and above zero. */
type Said = Readonly<Partial<Record<LimitScope, number>>>;

/** The question that the amounts leave open without knowing any times. */
export function limitQuestion(partial: PartialDelegation, bought: Bought): DelegationQuestion | undefined {
  if (partial.foreign) return { kind: 'foreign-amount' };
  for (const scope of SCOPES) {
    const question = scopeQuestion(scope, partial.amounts);
    if (question) return question;
  }
  const said = saidOf(partial.amounts);
  if (said.bare !== undefined && bought.repeats) return { kind: 'limit-scope', amountMinor: said.bare };
  const unsaid = said.total === undefined && said.bare === undefined;
  // What one payment may be bounds the whole only where there is one payment.
  const noTotal =
    unsaid && said.day === undefined && (bought.mode === 'BOUNDED' || perOrder(said, bought) === undefined);
  return noTotal ? { kind: 'how-much', repeats: bought.repeats } : disagreement(said, bought);
}

function scopeQuestion(scope: LimitScope, amounts: readonly AmountClause[]): DelegationQuestion | undefined {
  const here = amounts.filter((amount) => amount.scope === scope);
  if (here.length === 0) return undefined;
  const amountsMinor = [...new Set(here.map((amount) => amount.minor))].filter((minor) => minor > 0);
  const isSettled = amountsMinor.length === 1 && here.every((amount) => amount.limit && amount.minor > 0);
  return isSettled ? undefined : { kind: 'which-limit', scope, amountsMinor };
}

function saidOf(amounts: readonly AmountClause[]): Said {
  return Object.fromEntries(amounts.map(({ scope, minor }) => [scope, minor]));
}

/** "Each" is said of a piece, and an order holds them all. */
function perOrder(said: Said, bought: Bought): number | undefined {
  const ofPieces = said.piece === undefined ? undefined : said.piece * bought.pieces;
  return least(ofPieces, said.order);
}

function least(...amounts: readonly (number | undefined)[]): number | undefined {
  const known = amounts.filter((amount) => amount !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** A part above the whole is contradictory; pieces that together go over it are not. */
function disagreement(said: Said, bought: Bought): DelegationQuestion | undefined {
  const total = least(said.total, bought.repeats ? undefined : said.bare);
  const wholes = [['day', said.day] as const, ['total', total] as const];
  for (const [within, withinMinor] of wholes) {
    for (const scope of ['piece', 'order', 'day'] as const) {
      const amountMinor = said[scope];
      if (scope === within || amountMinor === undefined || withinMinor === undefined) continue;
      if (amountMinor > withinMinor) return { kind: 'limits-disagree', scope, amountMinor, within, withinMinor };
    }
  }
  return undefined;
}

/** The limits of a draft; `limitQuestion` had none. `days` from 1. */
export function limitsOf(partial: PartialDelegation, bought: Bought, days: number): Limits {
  const said = saidOf(partial.amounts);
  const single = perOrder(said, bought);
  const daily = said.day ?? (bought.repeats ? single : undefined);
  const overDays = daily === undefined ? undefined : daily * days;
  const once = bought.repeats || bought.mode === 'BOUNDED' || said.day !== undefined ? undefined : single;
  const total = said.total ?? said.bare ?? once ?? overDays ?? 0;
  const capped = (minor: number): number => Math.min(minor, total, daily ?? total);
  return {
    maxTotalMinor: total,
    ...(single === undefined ? {} : { maxSingleMinor: capped(single) }),
    ...(daily === undefined ? {} : { maxDailyMinor: Math.min(daily, total) }),
  };
}
