import { describe, expect, it } from 'vitest';
import { ShopSeller } from '../../../sim/cloud/index.ts';
import { demoTimeMs, type Shop, shops } from '../../../sim/shops/index.ts';
import { Desk } from './merchant-desk.ts';
import { SHOP } from './stage.ts';

const luna = shops.find(({ id }) => id === SHOP) as Shop;
const LATTE = [{ itemId: 'iced-latte', quantity: 1, options: [] }];
const goods = (desk: Desk) => desk.cart.lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);

describe('an operator who changes a price', () => {
  it('changes what is told and what is charged from then on, of that thing only', () => {
    const seller = new ShopSeller(luna);
    const desk = new Desk(seller);
    desk.ask('before', LATTE);
    expect(goods(desk)).toBe(1_600);
    expect(seller.command('price iced-latte 1900')).toBe('done');
    desk.ask('after', LATTE);
    expect(goods(desk)).toBe(1_900);
    expect(seller.prices(['iced-latte', 'latte'], undefined, demoTimeMs).map(({ amountMinor }) => amountMinor)).toEqual(
      [1_900, 1_600],
    );
  });

  it.each([
    ['price iced-latte 0', 'price-invalid'],
    ['price iced-latte 100001', 'price-invalid'],
    ['price iced-latte 1e3', 'price-invalid'],
    ['price iced-latte', 'price-invalid'],
    ['price helicopter 1900', 'product-unknown'],
    ['price iced-latte 1900 now', 'command-unknown'],
    ['withdraw iced-latte', 'command-unknown'],
  ])('is told why not: %s', (words, code) => {
    const seller = new ShopSeller(luna);
    expect(seller.command(words)).toBe(code);
    expect(seller.prices(['iced-latte'], undefined, demoTimeMs)).toMatchObject([{ amountMinor: 1_600 }]);
  });
});
