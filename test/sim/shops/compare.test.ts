import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Comparison,
  compareOffers,
  MAX_CANDIDATES,
  type OfferReason,
  type Quote,
} from '../../../sim/shops/index.ts';
import { aClosedShop, anUnavailable, aQuote, at } from './builders.ts';

function ranking(comparison: Comparison): readonly string[] {
  return comparison.kind === 'offers' ? comparison.candidates.map(({ quote }) => quote.shopId) : [];
}

function reasons(comparison: Comparison): Readonly<Record<string, readonly OfferReason[]>> {
  const candidates = comparison.kind === 'offers' ? comparison.candidates : [];
  return Object.fromEntries(candidates.map((candidate) => [candidate.quote.shopId, candidate.reasons]));
}

function discountOf(amountMinor: number): Pick<Quote, 'discounts'> {
  return { discounts: [{ couponId: 'a', kind: 'threshold', amountMinor }] };
}

describe('offers', () => {
  test('come by total, then by time, then by distance, then by shop id', () => {
    const quotes = [
      aQuote('f', { totalMinor: 2100 }),
      aQuote('e', { etaMin: 21 }),
      aQuote('a', { distanceM: 510 }),
      aQuote('d'),
      aQuote('c'),
    ];
    expect(ranking(compareOffers(quotes, {}))).toEqual(['c', 'd', 'a', 'e', 'f']);
    expect(ranking(compareOffers([...quotes].reverse(), {}))).toEqual(['c', 'd', 'a', 'e', 'f']);
  });

  test('say what each is best at', () => {
    const quotes = [
      aQuote('cheap', { totalMinor: 1500 }),
      aQuote('fast', { etaMin: 9 }),
      aQuote('near', { distanceM: 100 }),
      aQuote('promoted', discountOf(500)),
      aQuote('plain', { totalMinor: 2400 }),
    ];
    expect(reasons(compareOffers(quotes, {}))).toEqual({
      cheap: ['cheapest'],
      fast: ['fastest'],
      near: ['nearest'],
      promoted: ['best-promotion'],
      plain: [],
    });
  });

  test('that tie at the best share the reason, and what all share is none', () => {
    const quotes = [aQuote('a', { totalMinor: 1500 }), aQuote('b', { totalMinor: 1500 }), aQuote('c')];
    expect(reasons(compareOffers(quotes, {}))).toEqual({ a: ['cheapest'], b: ['cheapest'], c: [] });
  });

  test('of one shop have the one reason that there is no other', () => {
    expect(reasons(compareOffers([aQuote('a', discountOf(100)), anUnavailable('b', 'not-sold')], {}))).toEqual({
      a: ['only'],
    });
  });

  test('are at most five, and a reason holds against those left out too', () => {
    const quotes = [1, 2, 3, 4, 5].map((rank) =>
      aQuote(`shop-${rank}`, { totalMinor: 1000 * rank, etaMin: 20 + rank }),
    );
    const comparison = compareOffers([...quotes, aQuote('dear', { totalMinor: 9000, etaMin: 1 })], {});
    expect(ranking(comparison)).toEqual(['shop-1', 'shop-2', 'shop-3', 'shop-4', 'shop-5']);
    expect(Object.values(reasons(comparison)).flat()).not.toContain('fastest');
  });

  test('meet the budget and the time exactly, not by one', () => {
    const quotes = [aQuote('a', { totalMinor: 2500, etaMin: 30 })];
    expect(compareOffers(quotes, { maxTotalMinor: 2500, deliverWithinMin: 30 })).toMatchObject({ kind: 'offers' });
    expect(compareOffers(quotes, { maxTotalMinor: 2499 })).toMatchObject({ kind: 'none' });
    expect(compareOffers(quotes, { deliverWithinMin: 29 })).toMatchObject({ kind: 'none' });
  });

  test('are those of the named shop only', () => {
    const quotes = [aQuote('a', { totalMinor: 1000 }), aQuote('b')];
    expect(reasons(compareOffers(quotes, { merchantId: 'b' }))).toEqual({ b: ['only'] });
  });
});

describe('without an offer, the wearer hears', () => {
  test.each([
    [
      'the lowest total over the budget',
      [aQuote('a', { totalMinor: 3000 }), aQuote('b', { totalMinor: 2600 }), anUnavailable('c', 'out-of-stock')],
      { maxTotalMinor: 2500 },
      { why: 'over-budget', cheapestMinor: 2600 },
    ],
    [
      'the lowest total that is in time, not a slower one',
      [aQuote('a', { totalMinor: 3000, etaMin: 10 }), aQuote('b', { totalMinor: 2600, etaMin: 50 })],
      { maxTotalMinor: 2500, deliverWithinMin: 30 },
      { why: 'over-budget', cheapestMinor: 3000 },
    ],
    [
      'the soonest of those within the budget when all of them are too slow',
      [aQuote('a', { etaMin: 40 }), aQuote('b', { etaMin: 50 }), aQuote('c', { totalMinor: 3000, etaMin: 35 })],
      { maxTotalMinor: 2500, deliverWithinMin: 30 },
      { why: 'too-slow', fastestMin: 40 },
    ],
    [
      'the lowest total when all are both too dear and too slow',
      [aQuote('a', { totalMinor: 3000, etaMin: 40 }), aQuote('b', { totalMinor: 2900, etaMin: 50 })],
      { maxTotalMinor: 2500, deliverWithinMin: 30 },
      { why: 'over-budget', cheapestMinor: 2900 },
    ],
    [
      'when the first of the closed shops opens',
      [
        aClosedShop('a', at('2026-11-23 12:00')),
        aClosedShop('b', at('2026-11-23 11:00')),
        anUnavailable('c', 'out-of-stock'),
      ],
      {},
      { why: 'all-closed', opensAtMs: at('2026-11-23 11:00') },
    ],
    [
      'that it has run out rather than that another shop is too far',
      [anUnavailable('a', 'out-of-range'), anUnavailable('b', 'out-of-stock')],
      {},
      { why: 'out-of-stock' },
    ],
    [
      'that it is too far rather than that others do not sell it',
      [anUnavailable('a', 'not-sold'), anUnavailable('b', 'out-of-range')],
      {},
      { why: 'out-of-range' },
    ],
    [
      'that nobody sells it like that',
      [anUnavailable('a', 'not-sold'), anUnavailable('b', 'option-not-offered')],
      {},
      { why: 'nobody-sells' },
    ],
    ['that nobody sells it when there is no shop', [], {}, { why: 'nobody-sells' }],
    [
      'about the named shop only',
      [aQuote('a'), anUnavailable('b', 'out-of-stock')],
      { merchantId: 'b' },
      { why: 'out-of-stock' },
    ],
  ])('%s', (_what, answers, constraints, no) => {
    expect(compareOffers(answers, constraints)).toEqual({ kind: 'none', no });
  });
});

describe('any comparison', () => {
  const anyQuotes = fc
    .array(
      fc.record({
        totalMinor: fc.integer({ min: 1, max: 20 }),
        etaMin: fc.integer({ min: 1, max: 20 }),
        distanceM: fc.integer({ min: 0, max: 5 }),
      }),
      { maxLength: 8 },
    )
    .map((list) => list.map((changes, index) => aQuote(`shop-${index}`, changes)));
  const limit = fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined });

  test('offers only what meets the constraints, sorted, and offers whenever anything does', () => {
    fc.assert(
      fc.property(anyQuotes, limit, limit, (quotes, maxTotalMinor, deliverWithinMin) => {
        const constraints = {
          ...(maxTotalMinor === undefined ? {} : { maxTotalMinor }),
          ...(deliverWithinMin === undefined ? {} : { deliverWithinMin }),
        };
        const fitting = quotes.filter(
          (quote) => quote.totalMinor <= (maxTotalMinor ?? 99) && quote.etaMin <= (deliverWithinMin ?? 99),
        );
        const comparison = compareOffers(quotes, constraints);
        const shown = comparison.kind === 'offers' ? comparison.candidates.map(({ quote }) => quote) : [];
        expect(shown.length).toBe(Math.min(MAX_CANDIDATES, fitting.length));
        expect(shown.every((quote) => fitting.includes(quote))).toBe(true);
        const totals = shown.map(({ totalMinor }) => totalMinor);
        expect(totals).toEqual([...totals].sort((left, right) => left - right));
        expect(compareOffers([...quotes].reverse(), constraints)).toEqual(comparison);
      }),
      { seed: 9, numRuns: 1_000 },
    );
  });
});
