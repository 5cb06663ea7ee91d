import { describe, expect, it } from 'vitest';
import { openObject, totalOf, verifyEvidence } from '../../../protocol/index.ts';
import { merchantAccount } from '../../../sim/cloud/index.ts';
import { buy, by, fetchCart, fullStage, id, MERCHANT, MINUTE_MS, pay, SHOP } from './stage.ts';

const states = (stage: ReturnType<typeof fullStage>) =>
  stage.device.all('fulfilment').map(({ body }) => {
    const { state, version } = openObject('fulfilment', body.update, by).value;
    return `${version} ${state}`;
  });

describe('one instant purchase through all services', () => {
  it('goes from the intent to the receipt and leaves evidence that verifies', () => {
    const stage = fullStage();
    const { cart, challenge, confirmation, receipt } = buy(stage, 'happy');
    const evidence = verifyEvidence({ cart, challenge, confirmation, receipt }, by);
    expect(evidence.cart.merchant).toBe(SHOP);
    expect(totalOf(evidence.cart)).toBe(evidence.cart.totalMinor);
    expect(stage.charges()).toEqual([
      { tradeNo: evidence.receipt.tradeNo, currency: 'CNY', amountMinor: evidence.cart.totalMinor },
    ]);
    expect(stage.ledger.balance(merchantAccount(SHOP), 'CNY')).toBe(evidence.cart.totalMinor);
  });

  it('reports cooking, riding and the end by the clock, each update newer than the one before', () => {
    const stage = fullStage();
    const { cart } = buy(stage, 'followed');
    const { etaMin } = openObject('cart', cart, by).value;
    expect(states(stage)).toEqual(['2 WAIT_SELLER_FULFILLMENT']);
    stage.pass(etaMin * MINUTE_MS - 1);
    expect(states(stage)).toEqual(['2 WAIT_SELLER_FULFILLMENT', '3 WAIT_BUYER_RECEIPT']);
    stage.pass(1);
    expect(states(stage).at(-1)).toBe('4 TRADE_FINISHED');
    stage.pass(60 * MINUTE_MS);
    expect(states(stage)).toHaveLength(3);
  });

  it('keeps the price, the goods and the offer that the wearer was told', () => {
    const stage = fullStage();
    const cart = openObject('cart', fetchCart(stage, 'kept'), by).value;
    const [offer] = stage.device.all('offers')[0]?.body.offers ?? [];
    expect(cart.totalMinor).toBe(offer?.totalMinor);
    expect(
      cart.lines.map(({ title, quantity, amountMinor, itemId }) => ({ title, quantity, amountMinor, itemId })),
    ).toEqual(offer?.lines);
    expect(offer?.lines[0]?.title).toBe('iced latte (large, less sugar)');
    expect(cart.lockedUntil - cart.issuedAt).toBe(300);
  });

  it('takes the goods off the shelf when the cart is made and keeps them off when it is paid', () => {
    const stage = fullStage();
    const before = stage.stock.available('lo-01');
    const { cart } = buy(stage, 'shelf');
    expect(stage.stock.available('lo-01')).toBe(before - 1);
    stage.pass(60 * MINUTE_MS);
    expect(stage.stock.release(openObject('cart', cart, by).value.orderNo)).toBe('committed');
    expect(stage.stock.available('lo-01')).toBe(before - 1);
  });

  it('closes an unpaid order after its lock, once no notice of a payment can still arrive, and frees the goods', () => {
    const stage = fullStage();
    const before = stage.stock.available('lo-01');
    fetchCart(stage, 'left');
    stage.pass(300_000 + 149_000);
    expect(states(stage)).toEqual([]);
    expect(stage.stock.available('lo-01')).toBe(before - 1);
    stage.pass(1_000);
    expect(states(stage)).toEqual(['2 TRADE_CLOSED']);
    expect(stage.stock.available('lo-01')).toBe(before);
  });

  it('learns of a payment whose notice was lost as soon as the device asks for its order', () => {
    const stage = fullStage();
    const cart = fetchCart(stage, 'lost notice');
    // After a later cart the first order's own notice counts as delivered and is not sent again at the restart.
    fetchCart(stage, 'later');
    stage.stop('merchant');
    pay(stage, 'lost notice', cart);
    stage.pass(3 * MINUTE_MS);
    stage.startAgain('merchant');
    expect(stage.counts('merchant').get('frame-expired')).toBe(1);
    expect(states(stage)).toEqual([]);
    const { orderNo } = openObject('cart', cart, by).value;
    stage.device.say(MERCHANT, { type: 'order-query', body: { requestId: id('where'), orderNo } });
    expect(states(stage)).toEqual(['1 WAIT_BUYER_PAY', '2 WAIT_SELLER_FULFILLMENT']);
  });

  it('learns of it by itself when the lock has run out, and does not close a paid order', () => {
    const stage = fullStage();
    const cart = fetchCart(stage, 'lost notice');
    stage.stop('merchant');
    pay(stage, 'lost notice', cart);
    stage.pass(10 * MINUTE_MS);
    stage.startAgain('merchant');
    stage.pass(1);
    expect(states(stage)).toEqual(['2 WAIT_SELLER_FULFILLMENT']);
  });
});
