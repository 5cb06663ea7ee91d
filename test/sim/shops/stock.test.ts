import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Stock } from '../../../sim/shops/index.ts';
import { aProduct, aShop } from './builders.ts';

const products = [aProduct({ sku: 'tea', stock: 5 }), aProduct({ sku: 'bun', stock: 2 })];

function lines(tea: number, bun = 0): { sku: string; quantity: number }[] {
  return [
    { sku: 'tea', quantity: tea },
    { sku: 'bun', quantity: bun },
  ].filter(({ quantity }) => quantity > 0);
}

describe('stock', () => {
  test('sets goods aside and puts them back', () => {
    const stock = new Stock(products);
    expect(stock.reserve('o1', lines(3, 1))).toEqual({ kind: 'reserved' });
    expect([stock.available('tea'), stock.available('bun')]).toEqual([2, 1]);
    expect(stock.release('o1')).toBe('released');
    expect([stock.available('tea'), stock.available('bun')]).toEqual([5, 2]);
  });

  test('is filled up to the catalogue, without what is set aside and not gone yet', () => {
    const stock = new Stock(products);
    for (const order of ['gone', 'kept', 'given-up']) stock.reserve(order, lines(1));
    stock.commit('gone');
    stock.release('given-up');
    expect(stock.available('tea')).toBe(3);
    stock.refill();
    expect([stock.available('tea'), stock.available('bun')]).toEqual([4, 2]);
    stock.release('kept');
    expect(stock.available('tea')).toBe(5);
  });

  test('sets aside all of an order or nothing, and lets it be tried again', () => {
    const stock = new Stock(products);
    expect(stock.reserve('o1', lines(1, 3))).toEqual({ kind: 'out-of-stock', sku: 'bun', available: 2 });
    expect([stock.available('tea'), stock.available('bun')]).toEqual([5, 2]);
    expect(stock.release('o1')).toBe('unknown');
    expect(stock.reserve('o1', lines(1, 2))).toEqual({ kind: 'reserved' });
  });

  test('adds up lines of one product', () => {
    const stock = new Stock(products);
    expect(stock.reserve('o1', [...lines(3), ...lines(3)])).toEqual({ kind: 'out-of-stock', sku: 'tea', available: 5 });
    expect(stock.reserve('o2', [...lines(2), ...lines(3)])).toEqual({ kind: 'reserved' });
    expect(stock.available('tea')).toBe(0);
  });

  test('T3: takes nothing twice for a repeated order number, in whatever state the order is', () => {
    const stock = new Stock(products);
    stock.reserve('o1', lines(2));
    expect(stock.reserve('o1', lines(2))).toEqual({ kind: 'reserved' });
    expect(stock.available('tea')).toBe(3);
    stock.commit('o1');
    expect(stock.reserve('o1', lines(2))).toEqual({ kind: 'committed' });
    expect(stock.available('tea')).toBe(3);
  });

  test('refuses an order number that already stands for other goods', () => {
    const stock = new Stock(products);
    stock.reserve('o1', lines(2));
    for (const other of [lines(3), lines(2, 1), lines(0, 2)]) {
      expect(stock.reserve('o1', other)).toEqual({ kind: 'order-differs' });
    }
    expect([stock.available('tea'), stock.available('bun')]).toEqual([3, 2]);
  });

  test('T4: a late duplicate does not bring back an order that was given up', () => {
    const stock = new Stock(products);
    stock.reserve('o1', lines(2));
    stock.release('o1');
    expect(stock.reserve('o1', lines(2))).toEqual({ kind: 'released' });
    expect(stock.commit('o1')).toBe('released');
    expect(stock.release('o1')).toBe('released');
    expect(stock.available('tea')).toBe(5);
  });

  test('keeps out what went out', () => {
    const stock = new Stock(products);
    stock.reserve('o1', lines(2));
    expect(stock.commit('o1')).toBe('committed');
    expect(stock.commit('o1')).toBe('committed');
    expect(stock.release('o1')).toBe('committed');
    expect(stock.available('tea')).toBe(3);
  });

  test('does not know orders and products it never saw', () => {
    const stock = new Stock(products);
    expect([stock.commit('o9'), stock.release('o9')]).toEqual(['unknown', 'unknown']);
    expect(stock.reserve('o1', [{ sku: 'gold', quantity: 1 }])).toEqual({
      kind: 'out-of-stock',
      sku: 'gold',
      available: 0,
    });
  });

  test('refuses a reservation of nothing and quantities that are not whole and positive', () => {
    const stock = new Stock(products);
    expect(() => stock.reserve('o1', [])).toThrow(RangeError);
    for (const quantity of [0, -1, 0.5, Number.NaN]) {
      expect(() => stock.reserve('o1', [{ sku: 'tea', quantity }])).toThrow(RangeError);
    }
  });

  test('shows a shop with what is left, and leaves the catalogue alone', () => {
    const shop = aShop({ products });
    const stock = new Stock(products);
    stock.reserve('o1', lines(4));
    expect(stock.appliedTo(shop).products.map((product) => product.stock)).toEqual([1, 2]);
    expect(shop.products.map((product) => product.stock)).toEqual([5, 2]);
  });

  test('T3: never goes negative and never loses or makes a unit, whatever the messages', () => {
    const message = fc.record({
      verb: fc.constantFrom('reserve', 'reserve', 'release', 'commit'),
      orderNo: fc.constantFrom('o1', 'o2', 'o3', 'o4'),
      tea: fc.integer({ min: 1, max: 3 }),
      bun: fc.integer({ min: 0, max: 2 }),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 30 }), (messages) => {
        const stock = new Stock(products);
        // The model holds what each order has taken and not given back.
        const taken = new Map<string, { tea: number; bun: number; out: boolean }>();
        const over = new Set<string>();
        for (const { verb, orderNo, tea, bun } of messages) {
          const before = taken.get(orderNo);
          if (verb === 'reserve' && stock.reserve(orderNo, lines(tea, bun)).kind === 'reserved') {
            if (before === undefined) taken.set(orderNo, { tea, bun, out: false });
            expect(over.has(orderNo)).toBe(false);
          }
          if (verb === 'commit' && stock.commit(orderNo) === 'committed' && before) before.out = true;
          if (verb === 'release' && stock.release(orderNo) === 'released' && before && !before.out) {
            taken.delete(orderNo);
            over.add(orderNo);
          }
          const held = [...taken.values()];
          expect(stock.available('tea')).toBe(5 - held.reduce((sum, order) => sum + order.tea, 0));
          expect(stock.available('bun')).toBe(2 - held.reduce((sum, order) => sum + order.bun, 0));
          expect(Math.min(stock.available('tea'), stock.available('bun'))).toBeGreaterThanOrEqual(0);
        }
      }),
      { seed: 3, numRuns: 2_000 },
    );
  });
});
