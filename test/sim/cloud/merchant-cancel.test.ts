import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TRADE_TRANSITIONS, type TradeState } from '../../../protocol/index.ts';
import { ShopSeller } from '../../../sim/cloud/index.ts';
import { type Shop, shops } from '../../../sim/shops/index.ts';
import { DEVICE_PARTY, Desk } from './merchant-desk.ts';
import { AGENT, DEVICE, MINUTE_MS, PSP, SHOP } from './stage.ts';

const luna = shops.find(({ id }) => id === SHOP) as Shop;
const CROISSANTS = [{ itemId: 'croissant', quantity: 2, options: [] }];
const ON_SHELF = 12;

function bench() {
  const seller = new ShopSeller(luna);
  const desk = new Desk(seller);
  expect(desk.ask('r', CROISSANTS)).toBe('cart-reply');
  return { desk, left: () => seller.stock.available('lo-07') };
}

describe('an order that is called off before it is paid', () => {
  it('is closed at once, and its goods can be had again', () => {
    const { desk, left } = bench();
    expect(left()).toBe(ON_SHELF - 2);
    expect(desk.cancel('c')).toEqual([`TRADE_CLOSED > ${DEVICE}`, 'order-notice > psp']);
    expect(left()).toBe(ON_SHELF);
  });

  it('T4: is asked about at the PSP until no notice of a payment can come any more, and stays closed', () => {
    const { desk } = bench();
    desk.cancel('c');
    desk.pass(24 * 60 * MINUTE_MS);
    // At once, at the end of the lock and four times after it.
    expect(desk.told('psp').filter((word) => word === 'order-notice')).toHaveLength(1 + 1 + 5);
    expect(desk.told(DEVICE)).toEqual(['TRADE_CLOSED']);
  });

  it('T29: is paid back when it was paid all the same, once', () => {
    const { desk } = bench();
    desk.cancel('c');
    expect(desk.pay()).toEqual(['refund-request > psp']);
    expect(desk.pay()).toEqual([]);
    expect(desk.refundRequest).toMatchObject({ amountMinor: desk.cart.totalMinor, reason: 'order-closed' });
    expect(desk.answer('SUCCEEDED')).toEqual([]);
    expect(desk.pay()).toEqual([]);
    expect(desk.state).toBe('TRADE_CLOSED');
  });
});

describe('an order that is called off after it was paid and before the hand-over', () => {
  it('T29: is closed only when the money is back, and its goods can be had again only then', () => {
    const { desk, left } = bench();
    desk.pay();
    expect(desk.cancel('c')).toEqual(['refund-request > psp']);
    expect([desk.state, left()]).toEqual(['WAIT_SELLER_FULFILLMENT', ON_SHELF - 2]);
    expect(desk.answer('SUCCEEDED')).toEqual([`TRADE_CLOSED > ${DEVICE}`]);
    expect(left()).toBe(ON_SHELF);
  });

  it('is not handed over while the money is on its way', () => {
    const { desk } = bench();
    desk.pay();
    desk.cancel('c');
    desk.pass(24 * 60 * MINUTE_MS);
    expect(desk.told(DEVICE)).toEqual(['WAIT_SELLER_FULFILLMENT']);
  });

  it('is paid back once, however often it is called off: by the device, by the agent, again', () => {
    const { desk } = bench();
    desk.pay();
    desk.cancel('c');
    const first = desk.refundRequest;
    expect(desk.cancel('c')).toEqual(['refund-request > psp']);
    expect(desk.cancel('d', AGENT)).toEqual(['refund-request > psp']);
    expect(desk.bodies('refund-request')).toEqual([first, first, first]);
    expect(desk.answer('SUCCEEDED')).toEqual([`TRADE_CLOSED > ${DEVICE}`, 'TRADE_CLOSED > agent']);
    expect(desk.answer('SUCCEEDED')).toEqual([]);
    expect(desk.cancel('e', AGENT)).toEqual(['TRADE_CLOSED > agent']);
  });

  it('goes on when the PSP keeps the money, and those who asked are told', () => {
    const { desk, left } = bench();
    desk.pay();
    desk.cancel('c');
    desk.cancel('d', AGENT);
    expect(desk.answer('FAILED')).toEqual([`refund-failed > ${DEVICE}`, 'refund-failed > agent']);
    // Who asks again under the same id is told the same; under another it is tried again.
    expect(desk.cancel('c')).toEqual([`refund-failed > ${DEVICE}`]);
    desk.pass(60 * MINUTE_MS);
    expect(desk.state).toBe('TRADE_FINISHED');
    expect(left()).toBe(ON_SHELF - 2);
  });

  it('is asked of the PSP again until it answers, less and less often, always the same', () => {
    const { desk } = bench();
    desk.pay();
    desk.cancel('c');
    const at: number[] = [];
    for (let second = 1; second <= 3600; second += 1) {
      const before = desk.bodies('refund-request').length;
      desk.pass(1_000);
      if (desk.bodies('refund-request').length > before) at.push(second);
    }
    expect(at).toEqual([30, 90, 210, 450, 930, 1830, 2730]);
    expect(new Set(desk.bodies('refund-request').map((body) => JSON.stringify(body))).size).toBe(1);
    expect(desk.answer('UNKNOWN')).toEqual([]);
    desk.pass(900_000);
    expect(desk.answer('SUCCEEDED')).toEqual([`TRADE_CLOSED > ${DEVICE}`]);
  });
});

describe('a cancellation is refused', () => {
  it('after the hand-over, and nothing is paid back', () => {
    const { desk } = bench();
    desk.pay();
    desk.pass(luna.delivery.prepMin * MINUTE_MS);
    expect(desk.state).toBe('WAIT_BUYER_RECEIPT');
    expect(desk.cancel('c')).toEqual([`order-state > ${DEVICE}`]);
    desk.pass(60 * MINUTE_MS);
    expect(desk.cancel('d')).toEqual([`order-state > ${DEVICE}`]);
    expect(desk.bodies('refund-request')).toEqual([]);
  });

  it('T5: for another device, for another agent, for an order that nobody made', () => {
    const { desk } = bench();
    expect(desk.cancel('c', { party: 'glasses-02', role: 'device' })).toEqual(['order-unknown > glasses-02']);
    expect(desk.cancel('d', { party: DEVICE, role: 'agent' })).toEqual([`order-unknown > ${DEVICE}`]);
    expect(desk.cancel('e', DEVICE_PARTY, { ...desk.cart, orderNo: 'of-nobody' })).toEqual([
      `order-unknown > ${DEVICE}`,
    ]);
    expect(desk.state).toBeUndefined();
  });

  it('for something else under the same request id', () => {
    const { desk } = bench();
    desk.cancel('c');
    expect(desk.cancel('c', DEVICE_PARTY, { ...desk.cart, orderNo: 'another' })).toEqual([
      `repeated-request > ${DEVICE}`,
    ]);
  });
});

it('T4: a cancellation at any second of an order ends it refunded or fulfilled, never both', () => {
  const endings = new Set<string>();
  const total = luna.delivery.prepMin * 60;
  for (const second of [0, 1, total - 1, total, total + 1, total + 3600]) {
    const { desk } = bench();
    desk.pay();
    desk.pass(second * 1000);
    const refused = desk.cancel('c').includes(`order-state > ${DEVICE}`);
    if (!refused) desk.answer('SUCCEEDED');
    desk.pass(24 * 60 * MINUTE_MS);
    expect(desk.state).toBe(refused ? 'TRADE_FINISHED' : 'TRADE_CLOSED');
    expect(desk.bodies('refund-request').length).toBe(refused ? 0 : 1);
    endings.add(`${refused} ${second < total}`);
  }
  expect(endings).toEqual(new Set(['false true', 'true false']));
});

const deeds = fc.array(
  fc.constantFrom('pay', 'pay-other', 'cancel', 'agent-cancel', 'refunded', 'failed', 'unknown', 'wait', 'long-wait'),
  { maxLength: 14 },
);

it('T4, T29: whatever happens in whatever order, states go by ACT’s table and no trade is paid back more than it brought', () => {
  const reached = new Set<TradeState>();
  fc.assert(
    fc.property(deeds, (order) => {
      const { desk, left } = bench();
      const settled = new Map<string, number>();
      const doIt: Record<string, () => unknown> = {
        pay: () => desk.pay(desk.cart, 'one'),
        'pay-other': () => desk.pay(desk.cart, 'two'),
        cancel: () => desk.cancel('c'),
        'agent-cancel': () => desk.cancel('d', AGENT),
        wait: () => desk.pass(4 * MINUTE_MS),
        'long-wait': () => desk.pass(15 * MINUTE_MS),
      };
      const answers: Record<string, 'SUCCEEDED' | 'FAILED' | 'UNKNOWN'> = {
        refunded: 'SUCCEEDED',
        failed: 'FAILED',
        unknown: 'UNKNOWN',
      };
      for (const deed of order) {
        const state = answers[deed];
        if (state === undefined) doIt[deed]?.();
        else if (desk.bodies('refund-request').length > 0) {
          const { requestId, tradeNo, amountMinor } = desk.refundRequest;
          const before = desk.sent.length + desk.drops.length;
          desk.answer(state);
          const isFirst = !settled.has(requestId) && state !== 'UNKNOWN';
          if (isFirst) settled.set(requestId, state === 'SUCCEEDED' ? amountMinor : 0);
          else expect(desk.sent.length + desk.drops.length, `${deed} of ${tradeNo}`).toBe(before);
        }
      }
      // Refused requests do not count; all others are paid back or may still be.
      const refunds = new Map(desk.bodies('refund-request').map((body) => [body.requestId, body]));
      for (const tradeNo of ['one', 'two']) {
        const back = [...refunds.values()].filter((one) => one.tradeNo === tradeNo && settled.get(one.requestId) !== 0);
        const sumMinor = back.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
        expect(sumMinor).toBeLessThanOrEqual(desk.cart.totalMinor);
      }
      const told = ['WAIT_BUYER_PAY', ...desk.told(DEVICE).filter((word) => /^[A-Z]/.test(word))] as TradeState[];
      const steps = told.filter((state, i) => state !== told[i - 1]);
      for (const [i, state] of steps.entries()) {
        reached.add(state);
        const from = steps[i - 1];
        if (from !== undefined)
          expect(
            TRADE_TRANSITIONS.some(([a, , b]) => a === from && b === state),
            `${from} to ${state}`,
          ).toBe(true);
      }
      expect(left()).toBe(steps.at(-1) === 'TRADE_CLOSED' ? ON_SHELF : ON_SHELF - 2);
    }),
    { seed: 29, numRuns: 400 },
  );
  expect([...reached].sort()).toEqual([
    'TRADE_CLOSED',
    'TRADE_FINISHED',
    'WAIT_BUYER_PAY',
    'WAIT_BUYER_RECEIPT',
    'WAIT_SELLER_FULFILLMENT',
  ]);
});

it('is not paid back by anybody but the PSP it was paid through', () => {
  const { desk } = bench();
  desk.pay();
  desk.cancel('c');
  expect(desk.answer('SUCCEEDED', desk.refund(), { ...PSP, party: 'other-psp' })).toEqual(['drop refund-foreign']);
});
