/** Which of the shops' answers to put before the wearer, in which order and why. Codes only: no shop's words travel as a reason (T13). */
import type { EpochMs } from '../../protocol/time.ts';
import type { Quote, Unavailable } from './quote.ts';

/** What the wearer said beyond the things themselves. */
export interface OfferConstraints {
  /** The most the order may cost in all, delivery included. */
  readonly maxTotalMinor?: number;
  readonly merchantId?: string;
  readonly deliverWithinMin?: number;
}

/** `only`: there is no other. The rest: nobody does better at it, and somebody does worse. */
export type OfferReason = 'cheapest' | 'fastest' | 'nearest' | 'best-promotion' | 'only';

export interface Candidate {
  readonly quote: Quote;
  readonly reasons: readonly OfferReason[];
}

export type NoOffer =
  | { readonly why: 'over-budget'; readonly cheapestMinor: number }
  | { readonly why: 'too-slow'; readonly fastestMin: number }
  | { readonly why: 'all-closed'; readonly opensAtMs: EpochMs }
  | { readonly why: 'out-of-stock' | 'out-of-range' | 'nobody-sells' };

export type Comparison =
  | { readonly kind: 'offers'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'none'; readonly no: NoOffer };

/** As many as one can keep in mind from hearing; also the most an offers message carries. */
export const MAX_CANDIDATES = 5;

/**
 * Ranks what meets the constraints: lowest total, then soonest, then nearest, then by shop id. Reasons compare with
 * everything that meets them, not just with what is shown. Each shop answers at most once.
 */
export function compareOffers(answers: readonly (Quote | Unavailable)[], constraints: OfferConstraints): Comparison {
  const { merchantId } = constraints;
  const asked = merchantId === undefined ? answers : answers.filter(({ shopId }) => shopId === merchantId);
  const quotes = asked.filter((answer) => answer.kind === 'quote');
  const fitting = quotes.filter((quote) => isAffordable(quote, constraints) && isInTime(quote, constraints));
  if (fitting.length === 0) return { kind: 'none', no: whyNone(asked, quotes, constraints) };
  const candidates = [...fitting]
    .sort(compareQuotes)
    .slice(0, MAX_CANDIDATES)
    .map((quote) => ({ quote, reasons: reasonsFor(quote, fitting) }));
  return { kind: 'offers', candidates };
}

function isAffordable(quote: Quote, constraints: OfferConstraints): boolean {
  return quote.totalMinor <= (constraints.maxTotalMinor ?? Number.POSITIVE_INFINITY);
}

function isInTime(quote: Quote, constraints: OfferConstraints): boolean {
  return quote.etaMin <= (constraints.deliverWithinMin ?? Number.POSITIVE_INFINITY);
}

function compareQuotes(left: Quote, right: Quote): number {
  return (
    left.totalMinor - right.totalMinor ||
    left.etaMin - right.etaMin ||
    left.distanceM - right.distanceM ||
    (left.shopId < right.shopId ? -1 : 1)
  );
}

/** Less is better in each. */
const measures: readonly (readonly [Exclude<OfferReason, 'only'>, (quote: Quote) => number])[] = [
  ['cheapest', (quote) => quote.totalMinor],
  ['fastest', (quote) => quote.etaMin],
  ['nearest', (quote) => quote.distanceM],
  ['best-promotion', (quote) => -quote.discounts.reduce((sum, discount) => sum + discount.amountMinor, 0)],
];

function reasonsFor(quote: Quote, rivals: readonly Quote[]): readonly OfferReason[] {
  if (rivals.length === 1) return ['only'];
  return measures
    .filter(([, measure]) => {
      const all = rivals.map(measure);
      // What every rival shares distinguishes none of them.
      return measure(quote) === Math.min(...all) && Math.min(...all) < Math.max(...all);
    })
    .map(([reason]) => reason);
}

/**
 * Of several reasons, the one that leaves the wearer most to do: pay more, wait longer, come back when a shop opens. An
 * order below every shop's minimum, or in a way nobody makes it, is one that nobody sells.
 */
function whyNone(
  answers: readonly (Quote | Unavailable)[],
  quotes: readonly Quote[],
  constraints: OfferConstraints,
): NoOffer {
  const inTime = quotes.filter((quote) => isInTime(quote, constraints));
  const affordable = quotes.filter((quote) => isAffordable(quote, constraints));
  if (inTime.length > 0) return { why: 'over-budget', cheapestMinor: least(inTime, (quote) => quote.totalMinor) };
  if (affordable.length > 0) return { why: 'too-slow', fastestMin: least(affordable, (quote) => quote.etaMin) };
  if (quotes.length > 0) return { why: 'over-budget', cheapestMinor: least(quotes, (quote) => quote.totalMinor) };

  const refusals = answers.filter((answer) => answer.kind === 'unavailable');
  const [firstToOpen] = refusals
    .flatMap((answer) => (answer.reason === 'closed' ? [answer.opensAtMs] : []))
    .sort((left, right) => left - right);
  if (firstToOpen !== undefined) return { why: 'all-closed', opensAtMs: firstToOpen };
  const lasting = (['out-of-stock', 'out-of-range'] as const).find((reason) =>
    refusals.some((answer) => answer.reason === reason),
  );
  return { why: lasting ?? 'nobody-sells' };
}

function least(quotes: readonly Quote[], measure: (quote: Quote) => number): number {
  return Math.min(...quotes.map(measure));
}
