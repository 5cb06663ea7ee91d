import { describe, expect, it } from 'vitest';
import { type ObjectValue, openObject } from '../../../protocol/index.ts';
import { ShopSeller } from '../../../sim/cloud/index.ts';
import { RefundDesk } from '../../../sim/cloud/merchant-refunds.ts';
import { type Shop, shops } from '../../../sim/shops/index.ts';
import { Desk } from './merchant-desk.ts';
import { by, DEVICE, id, PSP, SHOP, tenant } from './stage.ts';

const luna = shops.find(({ id: shop }) => shop === SHOP) as Shop;

/** A paid order that was called off, and whose refund is open. */
function waiting(): Desk {
  const desk = new Desk(new ShopSeller(luna));
  desk.ask('r', [{ itemId: 'iced-latte', quantity: 1, options: [] }]);
  desk.pay();
  desk.cancel('c');
  return desk;
}

describe('the answer to a refund request', () => {
  it.each<[string, Partial<ObjectValue<'refund'>>]>([
    ['request', { requestId: id('another') }],
    ['trade', { tradeNo: 'another' }],
    ['order', { orderNo: 'another' }],
    ['payee', { payee: 'paper-crane' }],
    ['amount', { amountMinor: 1 }],
    ['currency', { currency: 'USD' }],
  ])('T29: does not count for another %s', (_what, change) => {
    const desk = waiting();
    expect(desk.answer('SUCCEEDED', desk.refund(change))).toEqual(['drop refund-mismatch']);
    expect(desk.state).toBe('WAIT_SELLER_FULFILLMENT');
    expect(desk.answer('SUCCEEDED')).toEqual([`TRADE_CLOSED > ${DEVICE}`]);
  });

  it.each([
    ['this merchant', tenant.merchants.find(({ party }) => party === SHOP)?.objectSeed],
    ['the PSP’s frame key', tenant.psp.frameSeed],
    ['the agent', tenant.agent.objectSeed],
  ])('T29: does not count when the refund is signed by %s', (_who, seed) => {
    const desk = waiting();
    expect(desk.answer('SUCCEEDED', desk.refund({}, seed))).toEqual(['drop refund-forged']);
    expect(desk.state).toBe('WAIT_SELLER_FULFILLMENT');
  });

  it('T29: does not count when another PSP of the tenant has signed the refund', () => {
    const desk = waiting();
    const receipt = openObject('receipt', desk.receipt(), by).value;
    const refunds = new RefundDesk({ ...by, secret: new Uint8Array(32), psp: 'other-psp' });
    const settled: boolean[] = [];
    const asked = refunds.ask(
      receipt,
      1,
      'paid-twice',
      (isRefunded) => {
        settled.push(isRefunded);
        return [];
      },
      desk.now,
    );
    if (asked.message.type !== 'refund-request') throw new Error('no refund was asked for');
    const { requestId } = asked.message.body;
    const refund = desk.refund({ requestId, amountMinor: 1, refundedTotalMinor: 1 });
    const answer = { requestId, state: 'SUCCEEDED', refund } as const;
    const from = { party: 'other-psp', role: 'psp' } as const;
    expect(refunds.answer({ type: 'refund-answer', from, body: answer } as never, desk.now)).toEqual({
      drop: 'refund-mismatch',
    });
    expect(settled).toEqual([]);
  });

  it('to a request that was never made is dropped', () => {
    const desk = waiting();
    expect(desk.hear(PSP, 'refund-answer', { requestId: id('never'), state: 'FAILED' })).toEqual([
      'drop refund-unknown',
    ]);
  });

  it('is final: what was paid back is not called failed afterwards', () => {
    const desk = waiting();
    desk.answer('SUCCEEDED');
    expect(desk.answer('FAILED')).toEqual([]);
    expect(desk.state).toBe('TRADE_CLOSED');
  });
});

describe('a second payment of one order', () => {
  it('T29: goes back whole, and the order stays paid by the first', () => {
    const desk = new Desk(new ShopSeller(luna));
    desk.ask('r', [{ itemId: 'iced-latte', quantity: 1, options: [] }]);
    desk.pay(desk.cart, 'first');
    expect(desk.pay(desk.cart, 'second')).toEqual(['refund-request > psp']);
    expect(desk.refundRequest).toMatchObject({
      tradeNo: 'second',
      amountMinor: desk.cart.totalMinor,
      reason: 'paid-twice',
    });
    expect(desk.answer('SUCCEEDED')).toEqual([]);
    expect(desk.state).toBe('WAIT_SELLER_FULFILLMENT');
  });

  it('that the PSP does not take back is counted', () => {
    const desk = new Desk(new ShopSeller(luna));
    desk.ask('r', [{ itemId: 'iced-latte', quantity: 1, options: [] }]);
    desk.pay(desk.cart, 'first');
    desk.pay(desk.cart, 'second');
    expect(desk.answer('FAILED')).toEqual(['drop refund-refused']);
  });
});

it('T29: asking for more than was paid is a defect of the merchant, in one request or in several', () => {
  const desk = waiting();
  const receipt = openObject('receipt', desk.receipt(), by).value;
  const refunds = new RefundDesk({ ...by, secret: new Uint8Array(32), psp: PSP.party });
  const ask = (amountMinor: number) => refunds.ask(receipt, amountMinor, 'not-all-there', () => [], desk.now);
  expect(() => ask(receipt.amountMinor + 1)).toThrow(RangeError);
  expect(() => ask(0)).toThrow(RangeError);
  ask(receipt.amountMinor - 1);
  expect(() => ask(2)).toThrow(RangeError);
  ask(1);
});
