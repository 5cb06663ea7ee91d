/** The parts of a sentence that make a delegation of an order. Plain data: clauses are kept while a question is open. */
import type { LocalDay } from './calendar.ts';
import type { LimitScope } from './draft.ts';

/** How the days and hours of a clause bound: `at` them, `by` them (their end included), `before`, `from`, or `span` (from and by). */
export type WhenRole = 'at' | 'by' | 'before' | 'from' | 'span';

/** Why a day is not one. */
export type DayFault =
  | { readonly kind: 'past' }
  | { readonly kind: 'no-such-day' }
  | { readonly kind: 'which-day'; readonly days: readonly LocalDay[] };

/** Days, hours, or both; `until` is always the first that is too late. */
export interface When {
  readonly days?: { readonly from: LocalDay; readonly until: LocalDay };
  readonly fault?: DayFault;
  /** Minutes of the local day. */
  readonly window?: { readonly from: number; readonly until: number };
  /** A point of the clock. */
  readonly minute?: number;
  /** The hour of a `minute` that may be in the morning or in the afternoon. */
  readonly unsureHour?: number;
  /** The words. */
  readonly said: string;
}

export interface WhenClause extends When {
  readonly kind: 'when';
  readonly role: WhenRole;
  /** "After six" is said of the thing itself, "from six" of looking for it. */
  readonly after?: true;
}

export interface Lasting {
  readonly unit: 'minute' | 'day' | 'month';
  /** Whole and above zero. */
  readonly amount: number;
}

export interface EveryClause {
  readonly kind: 'every';
  /** 1 Monday to 7 Sunday. */
  readonly weekdays: readonly number[];
  readonly window?: { readonly from: number; readonly until: number };
}

/** An amount in minor units; `limit` when it was said to be one. */
export interface AmountClause {
  readonly kind: 'amount';
  readonly limit: boolean;
  readonly scope: LimitScope;
  readonly minor: number;
  /** A word for a day stood before the amount and may just as well repeat the order: 每天最多三十. */
  readonly repeats?: true;
  /** The order waits until the price is as low: "when it drops below 500". */
  readonly waits?: true;
}

/** What the account of a task holds at first, in minor units. */
export interface FundClause {
  readonly kind: 'fund';
  readonly minor: number;
  /** The words. */
  readonly said: string;
}

export interface PriceClause {
  readonly kind: 'price';
  readonly toleranceE2?: number;
  readonly action?: 'PAUSE_AND_NOTIFY' | 'AUTO_CANCEL';
}

export interface FailureClause {
  readonly kind: 'failure';
  readonly action: 'AUTO_RETRY' | 'CANCEL';
  readonly retries?: number;
}

export interface ShopsClause {
  readonly kind: 'shops';
  readonly merchantIds: readonly string[];
  readonly allow: boolean;
}

export interface CategoriesClause {
  readonly kind: 'categories';
  readonly categories: readonly string[];
  readonly allow: boolean;
}

export type Clause =
  | WhenClause
  | { readonly kind: 'lasts'; readonly lasting: Lasting }
  | EveryClause
  | AmountClause
  | FundClause
  | { readonly kind: 'foreign' }
  | ShopsClause
  | { readonly kind: 'unnamed-shops'; readonly said?: string }
  | { readonly kind: 'any-shop' }
  | CategoriesClause
  | PriceClause
  | FailureClause
  /** Something that only a delegation waits for: that sale begins, that it goes on by itself. `sale`: it names the sale. */
  | { readonly kind: 'trigger'; readonly sale?: true }
  /** A verb that orders, and that an instant order does not know. */
  | { readonly kind: 'verb' }
  /** Words that carry nothing. */
  | { readonly kind: 'noise' }
  /** A bound that no credential carries; `repeats`: one by weeks or months, which an order does not have either; `refused`: the opposite of a bound. */
  | { readonly kind: 'beyond'; readonly said: string; readonly repeats?: true; readonly refused?: true };
