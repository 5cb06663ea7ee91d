/** What a delegation is once everything that bounds it is known, and what may still have to be asked before that. */
import type { EpochMs } from '../../../protocol/index.ts';
import type { Question } from '../settle.ts';
import type { IntentLine, Vocabulary } from '../vocabulary.ts';
import type { PartialDelegation } from './partial.ts';

/** Bounds as they were said, complete: nothing in it was defaulted (ACT 2.1 ADD-INT-ICS). */
export interface DelegationDraft {
  /** SPECIFIED: what is bought is fixed. BOUNDED: the agent chooses within the bounds (ACT 2.1 ADD). */
  readonly mode: 'SPECIFIED' | 'BOUNDED';
  /** What one order holds; empty for BOUNDED, which names a purpose. */
  readonly lines: readonly IntentLine[];
  /** BOUNDED: the id of a vocabulary item whose category is a service, for example `market-report`. */
  readonly purpose?: string;
  readonly currency: 'CNY';
  /** Said, or what the limits that were said add up to: a limit per day or per order times the days there are. */
  readonly maxTotalMinor: number;
  /**
   * Per order, that is per payment. "At most 1,280 each" is said of a piece: an order of two tickets then holds 2,560, so
   * both this and the total are 2,560.
   */
  readonly maxSingleMinor?: number;
  /** Per local day. A repeated order with a limit per order has the same limit per day: it is due once a day. */
  readonly maxDailyMinor?: number;
  /** BOUNDED: what the agent's account holds at first, below the total; the wearer puts more in later. Absent: the total. */
  readonly firstFundMinor?: number;
  /** Empty: any. */
  readonly allowedMerchants: readonly string[];
  readonly forbiddenMerchants: readonly string[];
  readonly allowedCategories: readonly string[];
  readonly forbiddenCategories: readonly string[];
  readonly validFrom: EpochMs;
  /** Said, asked for, or the end of `wanted`; at most one year after `validFrom`. The first instant that is too late. */
  readonly validUntil: EpochMs;
  /** Repeated orders: on which weekdays (1 Monday to 7 Sunday, ascending), from and before which minutes of the local day. */
  readonly schedule?: { readonly weekdays: readonly number[]; readonly fromMin: number; readonly untilMin: number };
  /** When the thing itself is to be: the concert's day, the train's departure window. */
  readonly wanted?: { readonly from: EpochMs; readonly until: EpochMs };
  /** Hundredths of a percent, 0 to 10,000. */
  readonly priceToleranceE2?: number;
  readonly onPriceDeviation?: 'PAUSE_AND_NOTIFY' | 'AUTO_CANCEL';
  readonly onPaymentFailure?: 'AUTO_RETRY' | 'CANCEL';
  /** 1 to 10; only with AUTO_RETRY. */
  readonly maxRetryCount?: number;
}

/** What words are read against. */
export interface DelegationContext {
  readonly vocabulary: Vocabulary;
  readonly currency: 'CNY';
  readonly now: EpochMs;
  /** Days and hours are those of China, which has one time zone and no summer time. */
  readonly utcOffsetMin: 480;
  /** The question that was asked last; the words are read as its answer. */
  readonly pending?: PendingDelegation;
}

/** What an amount was said of. `bare`: of nothing in particular. */
export type LimitScope = 'bare' | 'piece' | 'order' | 'day' | 'total';

/** The questions about the order itself are those of an instant order; those about shop and limit are asked otherwise. */
type OrderQuestion = Exclude<Question, { readonly kind: 'which-limit' | 'which-merchant' }>;

/** The one short question that words left open. */
export type DelegationQuestion =
  | OrderQuestion
  /** A task and a thing, or two tasks: each is a delegation of its own. */
  | { readonly kind: 'which-one'; readonly itemIds: readonly string[] }
  /** No amount was said, or none in all. Where orders repeat, it may be one each time, a day or in all. */
  | { readonly kind: 'how-much'; readonly repeats: boolean }
  /** Amounts that were not said to be limits, or that disagree; one amount: is that the limit? */
  | { readonly kind: 'which-limit'; readonly scope: LimitScope; readonly amountsMinor: readonly number[] }
  /** An amount in a currency this device does not pay in. */
  | { readonly kind: 'foreign-amount' }
  /** Of a repeated order: each time, or in all? */
  | { readonly kind: 'limit-scope'; readonly amountMinor: number }
  /** The limit per `scope` is above the limit per `within`, which it is a part of. */
  | {
      readonly kind: 'limits-disagree';
      readonly scope: LimitScope;
      readonly amountMinor: number;
      readonly within: 'day' | 'total';
      readonly withinMinor: number;
    }
  /** Shops were pointed at, or named by a name that is not known. */
  | { readonly kind: 'which-merchants'; readonly said?: string }
  /** Both allowed and forbidden: may it be? */
  | { readonly kind: 'merchant-both'; readonly merchantId: string }
  | { readonly kind: 'category-both'; readonly category: string }
  /** No end was said and none follows. */
  | { readonly kind: 'until-when' }
  /** Two ends were said. */
  | { readonly kind: 'which-end'; readonly ends: readonly EpochMs[] }
  | { readonly kind: 'end-before-start' }
  /** What was said is over. */
  | { readonly kind: 'date-past'; readonly said: string }
  /** 29 February of most years, 31 April. */
  | { readonly kind: 'no-such-day'; readonly said: string }
  /** "Next Saturday", or "Saturday" said on one. Noon of each day. */
  | { readonly kind: 'which-day'; readonly said: string; readonly days: readonly EpochMs[] }
  /** "At three" is said in the night as well as in the afternoon. */
  | { readonly kind: 'which-half'; readonly hour: number }
  /** More than a year. */
  | { readonly kind: 'too-long' }
  /** The end comes before the first of the weekdays. */
  | { readonly kind: 'never-due' };

/** What the answer to `question` completes. Plain data: it may be kept and restored. */
export interface PendingDelegation {
  readonly question: DelegationQuestion;
  readonly delegation: PartialDelegation;
}

/** What words came to. An answer that gives the delegation up is `not-a-delegation`, too. */
export type DelegationParse =
  | { readonly kind: 'draft'; readonly draft: DelegationDraft }
  | { readonly kind: 'question'; readonly question: DelegationQuestion; readonly pending: PendingDelegation }
  | { readonly kind: 'not-a-delegation' };
