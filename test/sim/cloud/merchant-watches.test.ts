import { describe, expect, it } from 'vitest';
import { type EpochSeconds, encodeCbor, FRAME_MAX_BYTES, secondsOf } from '../../../protocol/index.ts';
import { PriceNews } from '../../../protocol/messages/delegation.ts';
import { MAX_WATCHES_PER_AGENT, ShopSeller } from '../../../sim/cloud/index.ts';
import { railHouse } from '../../../sim/rail/railway.ts';
import { demoTimeMs, type Shop, shops } from '../../../sim/shops/index.ts';
import { damaiHouse } from '../../../sim/tickets/damai.ts';
import { SeatSeller } from '../../../sim/tickets/seat-seller.ts';
import { Desk } from './merchant-desk.ts';
import { AGENT, id, MINUTE_MS, SHOP } from './stage.ts';

const luna = shops.find((shop) => shop.id === SHOP) as Shop;
const DAY_S = 86_400;
const now = secondsOf(demoTimeMs);
const later = (seconds: number) => (now + seconds) as EpochSeconds;

function watch(desk: Desk, name: string, itemIds: string[], until = later(DAY_S), from = AGENT): readonly string[] {
  return desk.hear(from, 'watch', { requestId: id(name), itemIds, until });
}

describe('a watch', () => {
  it('is answered at once with the prices as they are', () => {
    const desk = new Desk(new ShopSeller(luna));
    expect(watch(desk, 'w', ['croissant', 'iced-latte', 'umbrella'])).toEqual(['price-news > agent']);
    expect(desk.bodies('price-news')).toEqual([
      {
        requestId: id('w'),
        version: 1,
        prices: [
          { itemId: 'iced-latte', choices: [], amountMinor: 1600, currency: 'CNY', available: 60 },
          { itemId: 'croissant', choices: [], amountMinor: 900, currency: 'CNY', available: 12 },
        ],
      },
    ]);
  });

  it('tells what others buy, several orders together, within five seconds', () => {
    const desk = new Desk(new ShopSeller(luna));
    watch(desk, 'w', ['croissant']);
    for (const name of ['a', 'b', 'c']) desk.ask(name, [{ itemId: 'croissant', quantity: 1, options: [] }]);
    desk.pass(4_999);
    expect(desk.bodies('price-news')).toHaveLength(1);
    desk.pass(1);
    expect(desk.bodies('price-news').map(({ version, prices }) => [version, prices[0]?.available])).toEqual([
      [1, 12],
      [2, 9],
    ]);
  });

  it('says nothing while nothing changes, and that a shop has closed and when it opens', () => {
    const desk = new Desk(new ShopSeller(luna));
    watch(desk, 'w', ['croissant']);
    desk.passTo(Date.UTC(2026, 10, 23, 14) - 1);
    expect(desk.bodies('price-news')).toHaveLength(1);
    desk.pass(1);
    const opens = Date.UTC(2026, 10, 23, 23) / 1000;
    expect(desk.bodies('price-news').at(-1)?.prices).toEqual([
      { itemId: 'croissant', choices: [], amountMinor: 900, currency: 'CNY', available: 0, onSaleAt: opens },
    ]);
  });

  it('T3, T4: asked for again is told the newest under its number, which only ever goes up', () => {
    const desk = new Desk(new ShopSeller(luna));
    watch(desk, 'w', ['croissant']);
    desk.ask('a', [{ itemId: 'croissant', quantity: 1, options: [] }]);
    desk.pass(5_000);
    watch(desk, 'w', ['croissant']);
    expect(desk.bodies('price-news').map(({ version }) => version)).toEqual([1, 2, 2]);
    expect(watch(desk, 'w', ['mocha'])).toEqual(['repeated-request > agent']);
  });

  it('ends when it said so, and nothing is looked up for it any more', () => {
    const seller = new ShopSeller(luna);
    const desk = new Desk(seller);
    watch(desk, 'w', ['croissant'], later(60));
    desk.pass(60_000);
    desk.ask('a', [{ itemId: 'croissant', quantity: 1, options: [] }]);
    let lookedUp = 0;
    seller.prices = () => {
      lookedUp += 1;
      return [];
    };
    desk.pass(60 * MINUTE_MS);
    expect([desk.bodies('price-news').length, lookedUp]).toEqual([1, 0]);
    expect(watch(desk, 'w', ['croissant'], later(60))).toEqual(['expired-request > agent']);
  });

  it('T30: is refused to an agent that has too many, until some have ended; another agent has its own', () => {
    const desk = new Desk(new ShopSeller(luna));
    for (let i = 0; i < MAX_WATCHES_PER_AGENT; i += 1) watch(desk, `w${i}`, ['croissant'], later(i === 0 ? 60 : DAY_S));
    expect(watch(desk, 'more', ['croissant'])).toEqual(['too-many-watches > agent']);
    expect(watch(desk, 'more', ['croissant'], later(60), { party: 'agent-2', role: 'agent' })).toEqual([
      'price-news > agent-2',
    ]);
    desk.pass(60_000);
    expect(watch(desk, 'more', ['croissant'])).toEqual(['price-news > agent']);
  });
});

/**
 * What is counted is what is looked up, and not how long that took. `npx vitest run` shows the time of the test: about two
 * seconds on one core of 2026.
 */
it('a day with 1,000 watches sees 100,000 price changes, and looks each window up once for each step of the market', () => {
  const rail = new SeatSeller(railHouse(new Uint8Array(32).fill(3)));
  const damai = new SeatSeller(damaiHouse(new Uint8Array(32).fill(3)));
  let lookedUp = 0;
  const counted = (seller: SeatSeller) => {
    const { prices } = seller;
    seller.prices = (...about) => {
      lookedUp += 1;
      return prices.apply(seller, about);
    };
    return seller;
  };
  const desks = [new Desk(counted(rail)), new Desk(counted(damai))];
  const versions = new Map<string, number>();
  for (let i = 0; i < 1_000; i += 1) {
    const isTrain = i < 800;
    // 100 windows of trains, each wanted by eight; the concerts by all.
    const from = later((1 + (i % 10)) * DAY_S + (Math.floor(i / 10) % 10) * 4_000);
    const window = { from, until: (from + 7_200) as EpochSeconds };
    desks[isTrain ? 0 : 1]?.hear(AGENT, 'watch', {
      requestId: id(`w${i}`),
      itemIds: [isTrain ? 'train-ticket' : 'concert-ticket'],
      until: later(DAY_S),
      ...(isTrain && { wanted: window }),
    });
  }
  let changes = 0;
  for (const desk of desks) {
    desk.pass(DAY_S * 1000);
    for (const { requestId, version } of desk.bodies('price-news')) {
      expect(version).toBe((versions.get(requestId) ?? 0) + 1);
      versions.set(requestId, version);
      changes += version > 1 ? 1 : 0;
    }
    const largest = desk.bodies('price-news').reduce((most, body) => Math.max(most, body.prices.length), 0);
    expect(largest).toBeLessThanOrEqual(32);
    const bytes = encodeCbor(PriceNews.encode(desk.bodies('price-news').at(-1) as never, 'price-news'));
    expect(bytes.length).toBeLessThan(FRAME_MAX_BYTES - 512);
  }
  expect(versions.size).toBe(1_000);
  expect(changes).toBeGreaterThan(100_000);
  // One for each new watch; then 96 quarters of an hour for each window of trains, 288 steps for the concerts.
  expect(lookedUp).toBeLessThanOrEqual(1_000 + 96 * 100 + 288);
});
