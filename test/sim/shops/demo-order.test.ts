import { describe, expect, test } from 'vitest';
import {
  compareOffers,
  demoPlace,
  demoTimeMs,
  type OfferConstraints,
  type Place,
  quoteShop,
  shops,
} from '../../../sim/shops/index.ts';
import { aCustomer, aLine, at } from './builders.ts';

/** "order me a large iced latte, less sugar, under 25 yuan" */
const order = aLine({
  itemId: 'iced-latte',
  options: [
    { optionId: 'size', choiceId: 'large' },
    { optionId: 'sugar', choiceId: 'less' },
  ],
});
/** Intents carry the place in thousandths of a degree only; the claims hold for both. */
const coarsePlace: Place = { latE6: 30_274_000, lonE6: 120_155_000 };

function answers(location: Place, isNew: boolean) {
  const customer = aCustomer({ location, isNewTo: () => isNew });
  return shops.map((shop) => quoteShop(shop, [order], customer, demoTimeMs));
}

function compared(location: Place, isNew: boolean, constraints: OfferConstraints) {
  return compareOffers(answers(location, isNew), constraints);
}

describe.each([
  ['the exact place, a known customer', demoPlace, false],
  ['the exact place, a new customer', demoPlace, true],
  ['the coarse place, a known customer', coarsePlace, false],
  ['the coarse place, a new customer', coarsePlace, true],
])('a large iced latte with less sugar on Monday morning at %s', (_who, location, isNew) => {
  const reasonOf = new Map(
    answers(location, isNew).map((answer) => [answer.shopId, answer.kind === 'quote' ? 'quote' : answer.reason]),
  );

  test('has three offers for at most 25 CNY, each best at something of its own', () => {
    const comparison = compared(location, isNew, { maxTotalMinor: 2500 });
    const best = comparison.kind === 'offers' ? comparison.candidates : [];
    expect(best.map(({ quote, reasons }) => [quote.shopId, reasons])).toEqual([
      ['paper-crane', ['cheapest', 'best-promotion']],
      ['luna-coffee', ['nearest']],
      ['tin-robot', ['fastest']],
    ]);
    for (const measure of ['distanceM', 'etaMin', 'totalMinor'] as const) {
      expect(new Set(best.map(({ quote }) => quote[measure])).size).toBe(3);
    }
    expect(
      new Set(best.flatMap(({ quote }) => quote.discounts.map(({ couponId }) => couponId))).size,
    ).toBeGreaterThanOrEqual(3);
  });

  test('costs more than 25 CNY at one more shop', () => {
    const comparison = compared(location, isNew, { maxTotalMinor: 2500, merchantId: 'comet-cafe' });
    expect(comparison).toEqual({ kind: 'none', no: { why: 'over-budget', cheapestMinor: 3800 } });
  });

  test('is not to be had from a closed shop, an empty one, a far one and one that sells cans', () => {
    expect(reasonOf.get('night-owl')).toBe('closed');
    expect(reasonOf.get('snow-fox')).toBe('out-of-stock');
    expect(reasonOf.get('far-harbor')).toBe('out-of-range');
    expect(reasonOf.get('corner-box')).toBe('option-not-offered');
    expect(reasonOf.get('jade-turtle')).toBe('not-sold');
  });

  test('is announced for eleven o’clock by the shop that sleeps in', () => {
    const comparison = compared(location, isNew, { merchantId: 'night-owl' });
    expect(comparison).toEqual({ kind: 'none', no: { why: 'all-closed', opensAtMs: at('2026-11-23 11:00') } });
  });

  test('costs at least 16 CNY, and takes at least 10 minutes', () => {
    expect(compared(location, isNew, { maxTotalMinor: 1500 })).toEqual({
      kind: 'none',
      no: { why: 'over-budget', cheapestMinor: 1600 },
    });
    expect(compared(location, isNew, { deliverWithinMin: 9 })).toEqual({
      kind: 'none',
      no: { why: 'too-slow', fastestMin: 10 },
    });
  });
});

test('the demonstration is on a Monday at 09:30 in UTC+8', () => {
  expect(demoTimeMs).toBe(at('2026-11-23 09:30'));
});
