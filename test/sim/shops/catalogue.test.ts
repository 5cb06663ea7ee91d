import { describe, expect, test } from 'vitest';
import { type Shop, shops, type Title } from '../../../sim/shops/index.ts';

const products = shops.flatMap((shop) => shop.products);
const coupons = shops.flatMap((shop) => shop.coupons);
const titles: readonly Title[] = [...shops, ...products, ...coupons].map(({ title }) => title);
const texts = [
  ...titles.flatMap((title) => [title['zh-CN'], title['en-US']]),
  ...shops.flatMap((shop) => [...shop.aliases['zh-CN'], ...shop.aliases['en-US']]),
];

/** UAX #11, as far as the catalogue's letters go: Han and full-width punctuation take two columns. */
function columns(text: string): number {
  return [...text].reduce(
    (sum, letter) => sum + (/[\p{Script=Han}\u3000-\u303f\uff01-\uff60]/u.test(letter) ? 2 : 1),
    0,
  );
}

function repeated(ids: readonly string[]): readonly string[] {
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}

function wireSlug(maxLength: number): RegExp {
  return new RegExp(`^[a-z0-9][a-z0-9-]{0,${maxLength - 1}}$`);
}

describe('the catalogue', () => {
  test('has at least six shops and forty different things', () => {
    expect(shops.length).toBeGreaterThanOrEqual(6);
    expect(new Set(products.map(({ itemId }) => itemId)).size).toBeGreaterThanOrEqual(40);
  });

  test('has ids that are unique and fit the wire', () => {
    expect(repeated([...shops, ...coupons].map(({ id }) => id))).toEqual([]);
    expect(repeated(products.map(({ sku }) => sku))).toEqual([]);
    for (const { id } of [...shops, ...coupons]) expect(id).toMatch(wireSlug(12));
    for (const { sku } of products) expect(sku).toMatch(wireSlug(10));
  });

  test('sells each thing at most once in a shop', () => {
    for (const shop of shops) expect(repeated(shop.products.map(({ itemId }) => itemId))).toEqual([]);
  });

  test('prices everything in positive whole minor units', () => {
    for (const { priceMinor, sku } of products) expect(Number.isInteger(priceMinor) && priceMinor > 0, sku).toBe(true);
  });

  test('stocks whole units and lets an order hold 1 to 20', () => {
    for (const { stock, maxPerOrder, sku } of products) {
      expect(Number.isInteger(stock) && stock >= 0, sku).toBe(true);
      expect(Number.isInteger(maxPerOrder) && maxPerOrder >= 1 && maxPerOrder <= 20, sku).toBe(true);
    }
  });

  test('makes every option one way by default, at no surcharge', () => {
    for (const { sku, options } of products) {
      expect(repeated(options.map(({ optionId }) => optionId)), sku).toEqual([]);
      for (const { choices, defaultChoiceId } of options) {
        expect(repeated(choices.map(({ choiceId }) => choiceId)), sku).toEqual([]);
        const usual = choices.filter(({ choiceId }) => choiceId === defaultChoiceId);
        expect(
          usual.map(({ surchargeMinor }) => surchargeMinor),
          sku,
        ).toEqual([0]);
        for (const { surchargeMinor } of choices) {
          expect(Number.isInteger(surchargeMinor) && surchargeMinor >= 0, sku).toBe(true);
        }
      }
    }
  });

  test.each(shops.map((shop): [string, Shop] => [shop.id, shop]))('%s keeps hours that make sense', (_id, shop) => {
    expect(shop.opens.flat().length).toBeGreaterThan(0);
    for (const day of shop.opens) {
      const edges = day.flatMap(({ fromMin, toMin }) => [fromMin, toMin]);
      expect(edges).toEqual([...new Set(edges)].sort((left, right) => left - right));
      for (const edge of edges) expect(Number.isInteger(edge) && edge >= 0 && edge <= 1440).toBe(true);
    }
  });

  test.each(shops.map((shop): [string, Shop] => [shop.id, shop]))(
    '%s delivers on terms that make sense',
    (_id, shop) => {
      const { baseFeeMinor, perKmMinor, freeOverMinor, radiusM, prepMin, minPerKm, minimumOrderMinor } = shop.delivery;
      for (const value of [baseFeeMinor, perKmMinor, freeOverMinor ?? 0, minimumOrderMinor ?? 0, prepMin, minPerKm]) {
        expect(Number.isInteger(value) && value >= 0).toBe(true);
      }
      expect(radiusM).toBeGreaterThanOrEqual(1000);
    },
  );

  test('has coupons that run for a while and are worth something', () => {
    for (const coupon of coupons) {
      expect(coupon.validFromMs).toBeLessThan(coupon.validUntilMs);
      if (coupon.kind === 'percent') {
        expect(coupon.percentOff).toBeGreaterThanOrEqual(1);
        expect(coupon.percentOff).toBeLessThanOrEqual(50);
        expect(coupon.capMinor).toBeGreaterThan(0);
      } else if (coupon.kind !== 'free-delivery') {
        expect(coupon.offMinor).toBeGreaterThan(0);
        expect(coupon.offMinor).toBeLessThan(coupon.minSubtotalMinor);
      }
    }
  });

  test('never gives more discounts than one offer carries on the wire', () => {
    for (const shop of shops) expect(new Set(shop.coupons.map(({ group }) => group)).size).toBeLessThanOrEqual(6);
  });

  test('T9: titles fit one line of a 24-column display', () => {
    expect(titles.flatMap((title) => Object.values(title)).filter((text) => columns(text) > 24)).toEqual([]);
  });

  test('T8: names are NFC, trimmed and free of control, format and private-use characters', () => {
    expect(texts.filter((text) => text !== text.normalize('NFC') || text !== text.trim() || text === '')).toEqual([]);
    expect(texts.filter((text) => /\p{C}|\p{Zl}|\p{Zp}/u.test(text))).toEqual([]);
  });

  test('T8: English names are ASCII, and each Chinese shop name has no Latin letter to confuse', () => {
    expect(titles.filter((title) => !/^[ -~]+$/.test(title['en-US']))).toEqual([]);
    expect(shops.filter((shop) => !/^\p{Script=Han}+$/u.test(shop.title['zh-CN']))).toEqual([]);
  });
});
