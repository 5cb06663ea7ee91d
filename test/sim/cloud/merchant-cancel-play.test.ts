import { expect, it } from 'vitest';
import { openObject } from '../../../protocol/index.ts';
import { merchantAccount, wearerAccount } from '../../../sim/cloud/index.ts';
import { buy, by, DEVICE, fullStage, id, MERCHANT, MINUTE_MS, SHOP, type Stage } from './stage.ts';

const orderNoOf = (cart: Uint8Array) => openObject('cart', cart, by).value.orderNo;

function cancel(stage: Stage, cart: Uint8Array): void {
  const body = { requestId: id('cancel'), orderNo: orderNoOf(cart) };
  stage.device.say(MERCHANT, { type: 'order-cancel', body });
}

function states(stage: Stage): readonly string[] {
  return stage.device.all('fulfilment').map(({ body }) => openObject('fulfilment', body.update, by).value.state);
}

const balances = (stage: Stage) =>
  [wearerAccount(DEVICE), merchantAccount(SHOP)].map((account) => stage.ledger.balance(account, 'CNY'));

it('T29: an instant order that is called off in time gives the wearer every cent back, and the device a signed refund', () => {
  const stage = fullStage();
  const before = balances(stage);
  const { cart, receipt } = buy(stage, 'one');
  expect(balances(stage)).not.toEqual(before);
  cancel(stage, cart);
  expect(balances(stage)).toEqual(before);
  expect(states(stage)).toEqual(['WAIT_SELLER_FULFILLMENT', 'TRADE_CLOSED']);
  const refund = openObject('refund', stage.device.latest('refund-notice').body.refund, by).value;
  const paid = openObject('receipt', receipt, by).value;
  expect(refund).toMatchObject({ tradeNo: paid.tradeNo, amountMinor: paid.amountMinor, payee: SHOP });
  cancel(stage, cart);
  stage.pass(60 * MINUTE_MS);
  expect(balances(stage)).toEqual(before);
});

it('T4: called off too late it is delivered and stays paid', () => {
  const stage = fullStage();
  const { cart } = buy(stage, 'one');
  const paid = balances(stage);
  stage.pass(20 * MINUTE_MS);
  cancel(stage, cart);
  expect(stage.device.last('refusal').body.code).toBe('order-state');
  stage.pass(60 * MINUTE_MS);
  expect(states(stage).at(-1)).toBe('TRADE_FINISHED');
  expect(balances(stage)).toEqual(paid);
});
