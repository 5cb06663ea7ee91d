import { describe, expect, it } from 'vitest';
import type { EpochMs } from '../../../protocol/index.ts';
import { Desk } from '../cloud/merchant-desk.ts';
import { DEVICE, MINUTE_MS, tenant } from '../cloud/stage.ts';
import { damai, IN_SALE, line, SALE_BEGINS, SATURDAY } from './houses.ts';

const TWO = [line('concert-ticket', 2, { tier: 'a' })];

/** Two tickets, paid for. */
function paid() {
  const seller = damai();
  const desk = new Desk(seller);
  desk.passTo(IN_SALE);
  expect(desk.ask('r', TWO, { wanted: SATURDAY })).toBe('cart-reply');
  desk.pay();
  const left = () => seller.prices(['concert-ticket'], SATURDAY, desk.now)[0]?.available;
  return { desk, left };
}

describe('two tickets for a concert', () => {
  it('are bought like anything else: cart, payment, tickets, done', () => {
    const { desk } = paid();
    expect(desk.bodies('order-notice')[0]).toMatchObject({
      categories: ['tickets'],
      amountMinor: desk.cart.totalMinor,
    });
    expect(desk.cart.merchant).toBe('damai');
    desk.pass(10 * MINUTE_MS);
    expect(desk.told(DEVICE)).toEqual(['WAIT_SELLER_FULFILLMENT', 'WAIT_BUYER_RECEIPT', 'TRADE_FINISHED']);
    expect(desk.bodies('refund-request')).toEqual([]);
  });

  it('can be asked for again with a fresh request after waiting in line; the old one keeps its answer', () => {
    const desk = new Desk(damai());
    desk.passTo(SALE_BEGINS);
    expect(desk.ask('r', TWO, { wanted: SATURDAY })).toBe('queueing');
    desk.pass(60_000);
    expect(desk.ask('r', TWO, { wanted: SATURDAY })).toBe('queueing');
    expect(desk.ask('again', TWO, { wanted: SATURDAY })).toBe('cart-reply');
  });

  it('T29: are one ticket and half the money when one seat is lost before the hand-over', () => {
    const { desk } = paid();
    expect(desk.order(`withdraw ${desk.cart.orderNo}`)).toBe('done');
    desk.pass(5 * MINUTE_MS);
    expect(desk.state).toBe('WAIT_BUYER_RECEIPT');
    expect(desk.refundRequest).toMatchObject({ amountMinor: desk.cart.totalMinor / 2, reason: 'not-all-there' });
    expect(desk.answer('SUCCEEDED')).toEqual([]);
    desk.pass(5 * MINUTE_MS);
    expect(desk.state).toBe('TRADE_FINISHED');
    expect(desk.order(`withdraw ${desk.cart.orderNo}`)).toBe('order-state');
  });

  it('T29: are closed with all of the money when both seats are lost', () => {
    const { desk, left } = paid();
    const before = left();
    for (const _seat of [1, 2]) desk.order(`withdraw ${desk.cart.orderNo}`);
    // Still in the same step of the market.
    desk.passTo((IN_SALE + 5 * MINUTE_MS) as EpochMs);
    expect(desk.refundRequest).toMatchObject({ amountMinor: desk.cart.totalMinor, reason: 'not-all-there' });
    expect(desk.told(DEVICE)).toEqual(['WAIT_SELLER_FULFILLMENT']);
    desk.answer('SUCCEEDED');
    expect(desk.state).toBe('TRADE_CLOSED');
    expect(left()).toBeLessThanOrEqual(before ?? 0);
  });

  it('are tried again half a minute later when the PSP refuses to give the money for lost seats back', () => {
    const { desk } = paid();
    for (const _seat of [1, 2]) desk.order(`withdraw ${desk.cart.orderNo}`);
    desk.pass(5 * MINUTE_MS);
    const { requestId } = desk.refundRequest;
    expect(desk.answer('FAILED')).toEqual([]);
    desk.pass(29_999);
    expect(desk.refundRequest.requestId).toBe(requestId);
    desk.pass(1);
    expect(desk.refundRequest.requestId).not.toBe(requestId);
    desk.answer('SUCCEEDED');
    expect(desk.state).toBe('TRADE_CLOSED');
  });

  it('go back on sale when the order is called off', () => {
    const { desk, left } = paid();
    const before = left() ?? 0;
    desk.cancel('c');
    desk.answer('SUCCEEDED');
    expect([desk.state, left()]).toEqual(['TRADE_CLOSED', before + 2]);
  });

  it('are sold by the house of this tenant', () => {
    expect(tenant.merchants.map(({ party }) => party).slice(-2)).toEqual(['damai', 'rail']);
    expect(tenant.counterparts.map(({ party }) => party)).toEqual(['data-desk']);
    expect(tenant.directory.trust).toBeDefined();
  });
});
