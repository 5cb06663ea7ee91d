/** A story of a delegation: what the wearer says and presses, what else happens, and how it has to come out. */
import type { KeptRefund, KeptSpend } from '../../device/delegation/book.ts';
import type { HeldDelegation } from '../../device/delegation/state.ts';
import type { Locale } from '../../device/index.ts';
import type { EpochMs } from '../../protocol/index.ts';
import { DEMO_START } from '../world.ts';

export type Words = Readonly<Record<Locale, string>>;

/** The story so far. */
export interface SoFar {
  readonly now: EpochMs;
  /** As the device has it; absent before the wearer has signed. */
  readonly held: HeldDelegation | undefined;
  /** The receipts that the device has verified, in order. */
  readonly spends: readonly KeptSpend[];
  readonly refunds: readonly KeptRefund[];
  /** How often the wearer was asked about a price. */
  readonly questions: number;
  /** Everything the device has said. */
  readonly said: readonly string[];
}

export type Act =
  /** The wearer says this unasked, and answers and presses until that is settled. */
  | { readonly do: 'say'; readonly words: Words }
  /** Time passes until it is so, but not longer than this. */
  | { readonly do: 'wait'; readonly until: (soFar: SoFar) => boolean; readonly mostMs: number }
  /** Time passes until this instant. */
  | { readonly do: 'wait-until'; readonly at: EpochMs }
  /** Somebody at a merchant's changes something. */
  | {
      readonly do: 'operate';
      readonly merchant: string;
      readonly command: (soFar: SoFar) => string;
      readonly told: string;
    };

/** Something that has to be so in the end, in the words in which its failure is told. */
export type Claim = readonly [claim: string, holds: (soFar: SoFar) => boolean];

export interface Tale {
  /** One line about it. */
  readonly summary: string;
  readonly acts: readonly Act[];
  /** To the device's questions while it captures the wish, in order. */
  readonly answers: readonly Words[];
  /** To the questions whether a price that has moved is still good, in order. */
  readonly atPrices: readonly Words[];
  readonly claims: readonly Claim[];
}

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** The stories begin on a Monday at half past nine, local time. */
const START_OF_MONDAY = DEMO_START - 9.5 * HOUR_MS;

/** A local time of the first week, for example `(2, 12)`: Wednesday at noon. @param day 0 is the first Monday. */
export function on(day: number, hour: number): EpochMs {
  return (START_OF_MONDAY + day * DAY_MS + hour * HOUR_MS) as EpochMs;
}

/** When the delegation stands like this, as far as the device knows. */
export function standsAt(at: HeldDelegation['at']): (soFar: SoFar) => boolean {
  return ({ held }) => held?.at === at;
}
