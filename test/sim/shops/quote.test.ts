import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { IntentLine } from '../../../device/voice/vocabulary.ts';
import { epochMs } from '../../../protocol/time.ts';
import { type Quote, quoteShop, type Shop, shops, type Unavailable } from '../../../sim/shops/index.ts';
import { aCoupon, aCustomer, aLine, aProduct, aShop, at, mondayMorning } from './builders.ts';

const large = [{ optionId: 'size', choiceId: 'large' }];
/** About 2.2 km north of the customer. */
const away = { latE6: 30_294_100, lonE6: 120_155_100 };

function quote(shop: Shop, lines: readonly IntentLine[] = [aLine()], customer = aCustomer()): Quote | Unavailable {
  return quoteShop(shop, lines, customer, mondayMorning);
}

describe('a quote', () => {
  test('adds up lines, surcharges, discounts and delivery', () => {
    const shop = aShop({
      location: away,
      coupons: [aCoupon({ id: 'a', kind: 'threshold', minSubtotalMinor: 6000, offMinor: 700 })],
    });
    expect(quote(shop, [aLine({ quantity: 2, options: large }), aLine()])).toEqual({
      kind: 'quote',
      shopId: 'test-shop',
      lines: [
        {
          sku: 'test-1',
          itemId: 'latte',
          title: { 'zh-CN': '拿铁', 'en-US': 'latte' },
          quantity: 2,
          options: large,
          unitMinor: 2300,
          amountMinor: 4600,
        },
        {
          sku: 'test-1',
          itemId: 'latte',
          title: { 'zh-CN': '拿铁', 'en-US': 'latte' },
          quantity: 1,
          options: [],
          unitMinor: 2000,
          amountMinor: 2000,
        },
      ],
      subtotalMinor: 6600,
      discounts: [{ couponId: 'a', kind: 'threshold', amountMinor: 700 }],
      deliveryMinor: 500,
      totalMinor: 6400,
      distanceM: 2220,
      etaMin: 22,
    });
  });

  test('gives the new-customer coupon by the shop that asks', () => {
    const shop = aShop({ coupons: [aCoupon({ id: 'a', kind: 'new-customer', offMinor: 300 })] });
    const elsewhere = aCustomer({ isNewTo: (shopId) => shopId === 'another-shop' });
    const here = aCustomer({ isNewTo: (shopId) => shopId === 'test-shop' });
    expect(quote(shop, [aLine()], elsewhere)).toMatchObject({ totalMinor: 2200 });
    expect(quote(shop, [aLine()], here)).toMatchObject({ totalMinor: 1900 });
  });

  test('shows the delivery fee whole and its coupon among the discounts', () => {
    const shop = aShop({ coupons: [aCoupon({ id: 'a', kind: 'free-delivery' })] });
    expect(quote(shop)).toMatchObject({
      deliveryMinor: 200,
      discounts: [{ couponId: 'a', kind: 'free-delivery', amountMinor: 200 }],
      totalMinor: 2000,
    });
  });
});

describe('a shop does not quote', () => {
  test('what it does not sell, even beside what it does', () => {
    const lines = [aLine(), aLine({ itemId: 'croissant' })];
    expect(quote(aShop(), lines)).toEqual({ kind: 'unavailable', shopId: 'test-shop', reason: 'not-sold' });
  });

  test.each([
    ['a choice it does not make', [{ optionId: 'size', choiceId: 'small' }]],
    ['an option the product does not have', [{ optionId: 'milk', choiceId: 'oat' }]],
    ['two sizes at once', [...large, { optionId: 'size', choiceId: 'medium' }]],
  ])('%s', (_what, options) => {
    expect(quote(aShop(), [aLine({ options })])).toMatchObject({ reason: 'option-not-offered' });
  });

  test('beyond its radius, and does up to it', () => {
    const shop = (radiusM: number) => aShop({ location: away, delivery: { ...aShop().delivery, radiusM } });
    expect(quote(shop(2210))).toMatchObject({ reason: 'out-of-range' });
    expect(quote(shop(2220))).toMatchObject({ kind: 'quote' });
  });

  test('while it is closed, and says when it opens', () => {
    const day = [{ fromMin: 660, toMin: 1200 }];
    const shop = aShop({ opens: [day, day, day, day, day, day, day] });
    expect(quote(shop)).toEqual({
      kind: 'unavailable',
      shopId: 'test-shop',
      reason: 'closed',
      opensAtMs: at('2026-11-23 11:00'),
    });
  });

  test('more than is left, counting all lines of the product', () => {
    const shop = aShop({ products: [aProduct({ stock: 3 })] });
    expect(quote(shop, [aLine({ quantity: 3 })])).toMatchObject({ kind: 'quote' });
    expect(quote(shop, [aLine({ quantity: 4 })])).toMatchObject({ reason: 'out-of-stock' });
    expect(quote(shop, [aLine({ quantity: 2 }), aLine({ quantity: 2, options: large })])).toMatchObject({
      reason: 'out-of-stock',
    });
  });

  test('more than it gives to one order, counting all lines of the product', () => {
    expect(quote(aShop(), [aLine({ quantity: 5 })])).toMatchObject({ kind: 'quote' });
    expect(quote(aShop(), [aLine({ quantity: 3 }), aLine({ quantity: 3 })])).toMatchObject({ reason: 'out-of-stock' });
  });

  test('below its minimum, and says what that is', () => {
    const shop = (minimumOrderMinor: number) => aShop({ delivery: { ...aShop().delivery, minimumOrderMinor } });
    expect(quote(shop(2001))).toEqual({
      kind: 'unavailable',
      shopId: 'test-shop',
      reason: 'below-minimum',
      minimumMinor: 2001,
    });
    expect(quote(shop(2000))).toMatchObject({ kind: 'quote' });
  });

  test('and of several reasons tells the one that lasts longest', () => {
    const closed = [[], [], [], [], [], [], [{ fromMin: 0, toMin: 1 }]] as const;
    const farAndClosed = { location: away, opens: closed, delivery: { ...aShop().delivery, radiusM: 1000 } };
    const sellsNone = aShop({ ...farAndClosed, products: [] });
    const empty = aShop({ opens: closed, products: [aProduct({ stock: 0 })] });
    const oddly = [aLine({ options: [{ optionId: 'milk', choiceId: 'oat' }] })];
    expect(quote(sellsNone)).toMatchObject({ reason: 'not-sold' });
    expect(quote(aShop(farAndClosed), oddly)).toMatchObject({ reason: 'option-not-offered' });
    expect(quote(aShop(farAndClosed))).toMatchObject({ reason: 'out-of-range' });
    expect(quote(empty)).toMatchObject({ reason: 'closed' });
  });

  test('an order that is none: no lines, or no whole quantity', () => {
    expect(() => quote(aShop(), [])).toThrow(RangeError);
    for (const quantity of [0, -1, 1.5, Number.NaN])
      expect(() => quote(aShop(), [aLine({ quantity })])).toThrow(RangeError);
  });
});

/** An order that one shop of the catalogue could fill: its own products, made in ways it offers. */
const anyOrder = fc.constantFrom(...shops).chain((shop) => {
  const line = fc.constantFrom(...shop.products).chain((product) =>
    fc.record({
      itemId: fc.constant(product.itemId),
      quantity: fc.integer({ min: 1, max: 4 }),
      options: fc
        .tuple(
          ...product.options.map(({ optionId, choices }) =>
            fc.option(
              fc.constantFrom(...choices).map(({ choiceId }) => ({ optionId, choiceId })),
              { nil: undefined },
            ),
          ),
        )
        .map((chosen) => chosen.filter((option) => option !== undefined)),
    }),
  );
  return fc.record({ shop: fc.constant(shop), lines: fc.array(line, { minLength: 1, maxLength: 4 }) });
});
const anyInstant = fc.integer({ min: at('2026-11-01 00:00'), max: at('2027-01-31 00:00') }).map(epochMs);

describe('every quote of the catalogue', () => {
  test('adds up, costs something, and is worth coming out for', () => {
    let quotes = 0;
    fc.assert(
      fc.property(anyOrder, anyInstant, fc.boolean(), ({ shop, lines }, now, isNew) => {
        const answer = quoteShop(shop, lines, aCustomer({ isNewTo: () => isNew }), now);
        if (answer.kind === 'unavailable') return;
        quotes += 1;
        const offMinor = answer.discounts.reduce((sum, discount) => sum + discount.amountMinor, 0);
        expect(answer.lines.map((line) => line.unitMinor * line.quantity)).toEqual(
          answer.lines.map((line) => line.amountMinor),
        );
        expect(answer.subtotalMinor).toBe(answer.lines.reduce((sum, line) => sum + line.amountMinor, 0));
        expect(answer.totalMinor).toBe(answer.subtotalMinor - offMinor + answer.deliveryMinor);
        expect(answer.totalMinor).toBeGreaterThan(0);
        expect(answer.subtotalMinor).toBeGreaterThanOrEqual(shop.delivery.minimumOrderMinor ?? 0);
        expect(answer.etaMin).toBeLessThanOrEqual(1440);
      }),
      { seed: 5, numRuns: 2_000 },
    );
    expect(quotes).toBeGreaterThan(500);
  });

  test('is the same again for the same order, customer and time', () => {
    fc.assert(
      fc.property(anyOrder, anyInstant, ({ shop, lines }, now) => {
        expect(quoteShop(shop, lines, aCustomer(), now)).toEqual(quoteShop(shop, lines, aCustomer(), now));
      }),
      { seed: 6, numRuns: 200 },
    );
  });
});
