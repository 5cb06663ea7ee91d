import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochMs } from '../../../protocol/time.ts';
import { bestPromotions, type Coupon, type Promotion } from '../../../sim/shops/index.ts';
import { aCoupon, at, mondayMorning } from './builders.ts';

const regular = { isNew: false };
const newcomer = { isNew: true };

function best(subtotalMinor: number, deliveryMinor: number, coupons: readonly Coupon[], customer = regular): Promotion {
  return bestPromotions(subtotalMinor, deliveryMinor, coupons, customer, mondayMorning);
}

function idsOf(promotion: Promotion): readonly string[] {
  return promotion.discounts.map(({ couponId }) => couponId);
}

describe('a coupon', () => {
  test('of the threshold kind counts from exactly its threshold (满30减5)', () => {
    const coupon = aCoupon({ id: 'a', kind: 'threshold', minSubtotalMinor: 3000, offMinor: 500 });
    expect(best(2999, 300, [coupon])).toEqual({ discounts: [], totalMinor: 3299 });
    expect(best(3000, 300, [coupon])).toEqual({
      discounts: [{ couponId: 'a', kind: 'threshold', amountMinor: 500 }],
      totalMinor: 2800,
    });
  });

  test('of percent is rounded down to the minor unit and never exceeds its cap', () => {
    const coupon = aCoupon({ id: 'a', kind: 'percent', percentOff: 15, capMinor: 500 });
    expect(best(1999, 0, [coupon]).discounts[0]?.amountMinor).toBe(299);
    expect(best(3333, 0, [coupon]).discounts[0]?.amountMinor).toBe(499);
    expect(best(99_999, 0, [coupon]).discounts[0]?.amountMinor).toBe(500);
  });

  test('for new customers is refused to others', () => {
    const coupon = aCoupon({ id: 'a', kind: 'new-customer', offMinor: 300 });
    expect(best(2000, 0, [coupon], newcomer).totalMinor).toBe(1700);
    expect(best(2000, 0, [coupon], regular).totalMinor).toBe(2000);
  });

  test('for free delivery takes off the fee and nothing else', () => {
    const coupon = aCoupon({ id: 'a', kind: 'free-delivery' });
    expect(best(2000, 350, [coupon])).toEqual({
      discounts: [{ couponId: 'a', kind: 'free-delivery', amountMinor: 350 }],
      totalMinor: 2000,
    });
  });

  test('is not used up where it would take nothing off', () => {
    const coupons = [
      aCoupon({ id: 'a', kind: 'free-delivery' }),
      aCoupon({ id: 'b', kind: 'percent', percentOff: 1 }),
      aCoupon({ id: 'c', kind: 'threshold', offMinor: 5 }),
    ];
    expect(idsOf(best(5, 0, coupons))).toEqual(['c']);
  });

  test('is valid from its first millisecond until before its end', () => {
    const from = at('2026-11-10 00:00');
    const until = at('2026-11-11 00:00');
    const coupon = aCoupon({ id: 'a', kind: 'threshold', validFromMs: from, validUntilMs: until });
    const totals = [epochMs(from - 1), from, epochMs(until - 1), until].map(
      (now) => bestPromotions(1000, 0, [coupon], regular, now).totalMinor,
    );
    expect(totals).toEqual([1000, 900, 900, 1000]);
  });
});

describe('coupons together', () => {
  test('add up across groups, and of one group the better one counts', () => {
    const coupons = [
      aCoupon({ id: 'a', kind: 'threshold', group: 'shop', offMinor: 300 }),
      aCoupon({ id: 'b', kind: 'percent', group: 'shop', percentOff: 20 }),
      aCoupon({ id: 'c', kind: 'free-delivery', group: 'delivery' }),
    ];
    expect(best(2000, 500, coupons)).toEqual({
      discounts: [
        { couponId: 'b', kind: 'percent', amountMinor: 400 },
        { couponId: 'c', kind: 'free-delivery', amountMinor: 500 },
      ],
      totalMinor: 1600,
    });
  });

  test('look at the subtotal before any discount', () => {
    const coupons = [
      aCoupon({ id: 'a', kind: 'threshold', minSubtotalMinor: 2000, offMinor: 500 }),
      aCoupon({ id: 'b', kind: 'threshold', minSubtotalMinor: 2000, offMinor: 500 }),
      aCoupon({ id: 'c', kind: 'percent', percentOff: 10 }),
    ];
    expect(best(2000, 0, coupons).totalMinor).toBe(800);
  });

  test('are not chosen group by group when another choice leaves a lower total', () => {
    const coupons = [
      aCoupon({ id: 'a', kind: 'threshold', group: 'one', offMinor: 1000 }),
      aCoupon({ id: 'b', kind: 'free-delivery', group: 'one' }),
      aCoupon({ id: 'c', kind: 'threshold', group: 'two', offMinor: 1000 }),
    ];
    expect(best(1000, 500, coupons)).toMatchObject({ totalMinor: 0 });
    expect(idsOf(best(1000, 500, coupons))).toEqual(['b', 'c']);
  });

  test('of equal worth are decided by fewer coupons, then by id', () => {
    const one = aCoupon({ id: 'z', kind: 'threshold', group: 'one', offMinor: 1000 });
    const two = [
      aCoupon({ id: 'a', kind: 'threshold', group: 'one', offMinor: 500 }),
      aCoupon({ id: 'b', kind: 'threshold', group: 'two', offMinor: 500 }),
    ];
    expect(idsOf(best(1000, 0, [one, ...two]))).toEqual(['z']);
    const same = ['n', 'm'].map((id) => aCoupon({ id, kind: 'threshold', group: 'one', offMinor: 500 }));
    expect(idsOf(best(1000, 0, same))).toEqual(['m']);
    const pairs = ['a', 'b', 'c', 'd'].map((id) =>
      aCoupon({
        id,
        kind: 'threshold',
        group: id < 'c' ? 'one' : 'two',
        offMinor: { a: 1, d: 4, b: 2, c: 3 }[id] ?? 0,
      }),
    );
    expect(idsOf(best(5, 0, pairs))).toEqual(['a', 'd']);
  });

  test('are refused by the dozen and one, and with amounts that are not whole minor units', () => {
    const many = Array.from({ length: 13 }, (_, index) => aCoupon({ id: `c${index}`, kind: 'threshold' }));
    expect(() => best(1000, 0, many)).toThrow(RangeError);
    for (const amount of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => best(amount, 0, [])).toThrow(RangeError);
      expect(() => best(0, amount, [])).toThrow(RangeError);
    }
  });
});

const anyCoupon = fc.record({
  kind: fc.constantFrom('threshold', 'percent', 'new-customer', 'free-delivery'),
  group: fc.constantFrom('one', 'two', 'three'),
  minSubtotalMinor: fc.integer({ min: 0, max: 3000 }),
  offMinor: fc.integer({ min: 1, max: 2500 }),
  percentOff: fc.integer({ min: 1, max: 100 }),
  capMinor: fc.integer({ min: 1, max: 2500 }),
  validFromMs: fc.constantFrom(at('2026-01-01 00:00'), at('2026-12-01 00:00')),
  validUntilMs: fc.constantFrom(at('2027-01-01 00:00'), at('2026-11-01 00:00')),
} as const);
const anyCoupons = fc
  .array(anyCoupon, { maxLength: 6 })
  .map((list) => list.map((terms, index) => aCoupon({ ...terms, id: `c${index}` } as never)));
const anyOrder = [
  fc.integer({ min: 0, max: 4000 }),
  fc.integer({ min: 0, max: 900 }),
  anyCoupons,
  fc.boolean(),
] as const;

/** The rules once more, over every subset and in BigInt: slow and plain. */
function lowestTotalByTryingAll(
  subtotal: number,
  delivery: number,
  coupons: readonly Coupon[],
  isNew: boolean,
): number {
  const totals: number[] = [];
  for (let subset = 0; subset < 2 ** coupons.length; subset += 1) {
    const picked = coupons.filter((_, index) => (subset >> index) % 2 === 1);
    if (new Set(picked.map(({ group }) => group)).size < picked.length) continue;
    if (picked.some((coupon) => coupon.minSubtotalMinor > subtotal)) continue;
    if (picked.some((coupon) => mondayMorning < coupon.validFromMs || mondayMorning >= coupon.validUntilMs)) continue;
    if (!isNew && picked.some(({ kind }) => kind === 'new-customer')) continue;
    let offGoods = 0n;
    let fee = BigInt(delivery);
    for (const coupon of picked) {
      if (coupon.kind === 'free-delivery') fee = 0n;
      else if (coupon.kind !== 'percent') offGoods += BigInt(coupon.offMinor);
      else {
        const share = (BigInt(subtotal) * BigInt(coupon.percentOff)) / 100n;
        offGoods += share < BigInt(coupon.capMinor) ? share : BigInt(coupon.capMinor);
      }
    }
    const goods = BigInt(subtotal) - offGoods;
    totals.push(Number((goods > 0n ? goods : 0n) + fee));
  }
  return Math.min(...totals);
}

describe('the best promotions', () => {
  test('are as good as trying every combination, never below zero and never worse than none', () => {
    fc.assert(
      fc.property(...anyOrder, (subtotal, delivery, coupons, isNew) => {
        const { discounts, totalMinor } = best(subtotal, delivery, coupons, { isNew });
        expect(totalMinor).toBe(lowestTotalByTryingAll(subtotal, delivery, coupons, isNew));
        expect(totalMinor).toBeGreaterThanOrEqual(0);
        expect(totalMinor).toBeLessThanOrEqual(subtotal + delivery);
        expect(totalMinor).toBe(subtotal + delivery - discounts.reduce((sum, { amountMinor }) => sum + amountMinor, 0));
        for (const { amountMinor } of discounts) expect(amountMinor).toBeGreaterThan(0);
      }),
      { seed: 11, numRuns: 2_000 },
    );
  });

  test('take at most one coupon of a group', () => {
    fc.assert(
      fc.property(...anyOrder, (subtotal, delivery, coupons, isNew) => {
        const used = idsOf(best(subtotal, delivery, coupons, { isNew }));
        const groups = coupons.filter(({ id }) => used.includes(id)).map(({ group }) => group);
        expect(new Set(groups).size).toBe(groups.length);
      }),
      { seed: 12, numRuns: 1_000 },
    );
  });

  test('do not depend on the order in which the coupons are listed', () => {
    fc.assert(
      fc.property(...anyOrder, (subtotal, delivery, coupons, isNew) => {
        const turned = [...coupons].reverse();
        expect(best(subtotal, delivery, turned, { isNew })).toEqual(best(subtotal, delivery, coupons, { isNew }));
      }),
      { seed: 13, numRuns: 1_000 },
    );
  });
});
