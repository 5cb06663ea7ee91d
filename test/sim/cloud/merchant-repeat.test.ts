import { expect, it } from 'vitest';
import { ShopSeller } from '../../../sim/cloud/index.ts';
import { demoTimeMs, type Shop, shops } from '../../../sim/shops/index.ts';
import { Desk } from './merchant-desk.ts';
import { MINUTE_MS, SHOP } from './stage.ts';

const luna = shops.find(({ id }) => id === SHOP) as Shop;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** As many as one order may hold; two are left on the shelf. */
const ALL = [
  { itemId: 'croissant', quantity: 6, options: [] },
  { itemId: 'croissant', quantity: 4, options: [] },
];

it('the same order is filled every morning, at the same price, for a quarter of a year', () => {
  const desk = new Desk(new ShopSeller(luna));
  const totals = new Set<number>();
  for (let day = 0; day < 90; day += 1) {
    desk.passTo(demoTimeMs + day * DAY_MS);
    expect(desk.ask(`day ${day}`, ALL), `day ${day}`).toBe('cart-reply');
    totals.add(desk.cart.totalMinor);
    desk.pay();
    desk.pass(60 * MINUTE_MS);
    expect(desk.state).toBe('TRADE_FINISHED');
    expect(desk.ask(`day ${day}, again`, ALL)).toBe('out-of-stock');
  }
  expect(totals.size).toBe(1);
});

it('a morning fills the shelves once, and not with what an order of the evening before has set aside', () => {
  const seller = new ShopSeller(luna);
  const desk = new Desk(seller);
  desk.passTo(Date.UTC(2026, 10, 23, 13, 59));
  desk.ask('evening', ALL);
  desk.pay();
  // The shop closes at ten and opens at seven; the world stands still in between but for the clock.
  const morning = Date.UTC(2026, 10, 23, 23, 0);
  expect(seller.prices(['croissant'], undefined, morning as typeof demoTimeMs)).toMatchObject([{ available: 2 }]);
  desk.passTo(morning);
  expect(seller.stock.available('lo-07')).toBe(2);
});
