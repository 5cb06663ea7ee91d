/** T17: what operators say to two gateways of a PSP, with clocks that differ and a ledger that does not always answer. */
import { describe, expect, it } from 'vitest';
import type { FrameBody } from '../../../protocol/index.ts';
import { DelegationTill, FlakyLedger, told } from './delegation-till.ts';
import { DEVICE, id, secretsOf } from './stage.ts';

const PAID = 'WAIT_SELLER_FULFILLMENT';
const COFFEE = id('coffee delegation');
const MANY_S = 1_000_000;

function issued() {
  const store = new FlakyLedger();
  const [here, there] = [new DelegationTill(), new DelegationTill()];
  for (const till of [here, there]) till.again(store);
  const authorization = here.issue('coffee');
  there.query('coffee', there.agent);
  return { here, there, store, authorization };
}

describe('a stop', () => {
  it('T16: stands where the clock of its gateway was set back, and is lifted there', () => {
    const { here } = issued();
    here.command(`suspend ${COFFEE}`);
    here.command(`resume ${COFFEE}`);
    here.clock.advance(-MANY_S);
    expect([here.command(`suspend ${COFFEE}`), here.standing('coffee').state]).toEqual(['done', 'Suspended']);
    expect([here.command(`resume ${COFFEE}`), here.standing('coffee').state]).toEqual(['done', 'Active']);
  });

  it('T16: stands where the clock of its gateway is behind that of the one that lifted the last', () => {
    const { here, there, authorization } = issued();
    there.clock.advance(-MANY_S);
    here.command(`suspend ${COFFEE}`);
    here.command(`resume ${COFFEE}`);
    expect([there.command(`suspend ${COFFEE}`), here.standing('coffee').state]).toEqual(['done', 'Suspended']);
    expect(here.buy('coffee', authorization, 'o1')).toBe('IAC_SUSPENDED');
    expect([there.command(`resume ${COFFEE}`), here.standing('coffee').state]).toEqual(['done', 'Active']);
    here.command(`lock ${DEVICE}`);
    here.command(`unlock ${DEVICE}`);
    there.command(`lock ${DEVICE}`);
    expect(here.change('coffee', 'Active', 9)).toBe('device-locked');
  });

  it('T16: is lifted by a gateway whose clock is behind when it is told so a second time, not before', () => {
    const { here, there, store } = issued();
    there.clock.advance(-MANY_S);
    here.command(`suspend ${COFFEE}`);
    expect([there.command(`resume ${COFFEE}`), here.standing('coffee').state]).toEqual(['word-overtaken', 'Suspended']);
    expect([there.command(`resume ${COFFEE}`), here.standing('coffee').state]).toEqual(['done', 'Active']);
    here.command(`suspend ${COFFEE}`);
    there.again(store);
    expect(here.standing('coffee').state).toBe('Suspended');
  });

  it('holds here while an older word is carried out and it waits for the ledger still', () => {
    const { here, store, authorization } = issued();
    here.command(`suspend ${COFFEE}`);
    store.isDown = 'before';
    expect(here.command(`resume ${COFFEE}`)).toBe('ledger-waits');
    here.pass(500);
    expect(here.command(`suspend ${COFFEE}`)).toBe('ledger-waits');
    store.isDown = false;
    here.pass(600);
    expect(here.standing('coffee').state).toBe('Active');
    expect(here.buy('coffee', authorization, 'o1')).toBe('IAC_SUSPENDED');
    here.pass(1_000);
    expect(here.standing('coffee').state).toBe('Suspended');
    expect([here.command(`resume ${COFFEE}`), here.buy('coffee', authorization, 'o2')]).toEqual(['done', PAID]);
  });

  it('T18: for good stays so where the device is locked again before the ledger has heard of it', () => {
    const { here, there, store } = issued();
    store.isDown = 'before';
    here.command(`retire ${DEVICE}`);
    here.command(`lock ${DEVICE}`);
    store.isDown = false;
    here.pass(2_000);
    expect(there.command(`unlock ${DEVICE}`)).toBe('device-retired');
  });
});

describe('an operator is told', () => {
  it('that a delegation does not go on whose device was locked elsewhere', () => {
    const { here, there } = issued();
    here.command(`lock ${DEVICE}`);
    expect([there.command(`resume ${COFFEE}`), there.standing('coffee').state]).toEqual(['device-locked', 'Suspended']);
  });

  it.each(['suspend', 'resume'])('that there is nothing to %s where the delegation was revoked elsewhere', (word) => {
    const { here, there } = issued();
    here.change('coffee', 'Revoked', 1);
    expect(there.command(`${word} ${COFFEE}`)).toBe('delegation-state');
  });

  it('T18: that a device stays locked that was replaced elsewhere, and the device is not told otherwise', () => {
    const { here, there, store } = issued();
    there.command(`lock ${DEVICE}`);
    here.command(`retire ${DEVICE}`);
    there.pass(0);
    const before = there.device.all('device-lock').length;
    expect(there.command(`unlock ${DEVICE}`)).toBe('device-retired');
    expect(there.device.all('device-lock')).toHaveLength(before);
    there.again(store);
    expect(there.command(`unlock ${DEVICE}`)).toBe('device-retired');
  });

  it('that it is done where what was asked for was so already', () => {
    const { here, there } = issued();
    expect([here.command(`suspend ${COFFEE}`), there.command(`suspend ${COFFEE}`)]).toEqual(['done', 'done']);
    expect([here.command(`resume ${COFFEE}`), there.command(`resume ${COFFEE}`)]).toEqual(['done', 'done']);
  });
});

it('T18: a device that was unlocked before it was locked elsewhere is unlocked here after a restart, too', () => {
  const { here, there, store } = issued();
  there.command(`lock ${DEVICE}`);
  there.command(`unlock ${DEVICE}`);
  here.command(`lock ${DEVICE}`);
  here.command(`unlock ${DEVICE}`);
  there.again(store);
  expect(there.change('coffee', 'Active', 2)).toBe('Active');
});

it('T3: an order that was paid elsewhere is not paid here at once, and its merchant is told so once', () => {
  const { here, there, authorization } = issued();
  const cart = here.cart('coffee', 'o1');
  here.register(cart);
  expect(here.pay(here.request('coffee', authorization, cart), cart)).toBe(PAID);
  there.register(cart);
  expect(there.merchant.all('paid-notice')).toHaveLength(1);
  const { orderNo, payee, amountMinor, currency, cartDigest, method, createdAt } = here.request(
    'coffee',
    authorization,
    cart,
  );
  const { paymentToken, agentId } = secretsOf(DEVICE);
  const asked = { orderNo, payee, amountMinor, currency, cartDigest, method, createdAt, paymentToken, agentId };
  const body = { requestId: id('instant'), ...asked } as FrameBody<'pay-request'>;
  expect(told(there.hear({ type: 'pay-request', body }, there.device))).toBe('order-state');
});
