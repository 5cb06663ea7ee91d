import { describe, expect, it } from 'vitest';
import { digestOf, type EpochSeconds, openObject, signObject, softSigningKey, utf8 } from '../../../protocol/index.ts';
import { CHALLENGE_S, REQUEST_WINDOW_S } from '../../../sim/cloud/index.ts';
import {
  by,
  confirmation,
  DEVICE,
  deviceHand,
  OTHER_DEVICE,
  PSP,
  SHOP,
  secretsOf,
  serviceHand,
  tenant,
} from './stage.ts';
import { PRICE_MINOR, Till } from './till.ts';

function tillWith(...orders: readonly string[]): Till {
  const till = new Till();
  for (const orderNo of orders) till.register(orderNo);
  return till;
}

const seconds = (value: number) => value as EpochSeconds;

describe('a payment request', () => {
  it('is answered with a challenge that says exactly what the request said', () => {
    const till = tillWith('o1');
    expect(till.ask('r', 'o1')).toBe('challenge');
    const { value, signer } = openObject('challenge', till.challenge, by);
    expect(signer.party).toBe('psp');
    expect(value).toMatchObject({
      amountMinor: PRICE_MINOR,
      currency: 'CNY',
      payee: SHOP,
      orderNo: 'o1',
      payer: DEVICE,
    });
    expect(value.expiresAt - value.issuedAt).toBe(CHALLENGE_S);
  });

  it('gets a challenge that does not outlive the price lock', () => {
    const till = new Till();
    till.register('o1', { lockedUntil: seconds(till.now + 7) });
    till.ask('r', 'o1');
    expect(openObject('challenge', till.challenge, by).value.expiresAt).toBe(till.now + 7);
  });

  it('T3: gets the stored challenge again when it is asked again', () => {
    const till = tillWith('o1');
    till.ask('r', 'o1');
    const first = till.challenge;
    till.pass(5_000);
    expect(till.ask('r', 'o1', { createdAt: seconds(till.now - 5) })).toBe('challenge');
    expect(till.challenge).toEqual(first);
  });

  it('T2: refuses other content under a used request id, and ends the request that used it first', () => {
    const till = tillWith('o1', 'o2');
    till.ask('r', 'o1');
    expect(till.ask('r', 'o2')).toBe('repeated-request');
    expect(till.press('r')).toBe('repeated-request');
    expect(till.charges()).toEqual([]);
  });

  it('refuses what is too old or from the future', () => {
    const till = tillWith('o1');
    expect(till.ask('old', 'o1', { createdAt: seconds(till.now - REQUEST_WINDOW_S - 1) })).toBe('expired-request');
    expect(till.ask('edge', 'o1', { createdAt: seconds(till.now - REQUEST_WINDOW_S) })).toBe('challenge');
    expect(till.ask('early', 'o1', { createdAt: seconds(till.now + 31) })).toBe('expired-request');
  });

  it('refuses an agent id that is not this device’s', () => {
    const till = tillWith('o1');
    expect(till.ask('r', 'o1', { agentId: secretsOf(OTHER_DEVICE).agentId })).toBe('agent-mismatch');
  });

  it('refuses a token that does not exist', () => {
    expect(tillWith('o1').ask('r', 'o1', { paymentToken: 'token-of-nobody' })).toBe('bad-token');
  });

  it('T5: refuses the token of another device’s agent', () => {
    const { paymentToken } = secretsOf(OTHER_DEVICE);
    expect(tillWith('o1').ask('r', 'o1', { paymentToken })).toBe('token-agent-mismatch');
  });

  it('refuses a method it does not offer', () => {
    expect(tillWith('o1').ask('r', 'o1', { method: 'urn:act:payment:shells' })).toBe('method-unsupported');
  });

  it('refuses an order it has not heard of, for now: the same request is good once the notice is there', () => {
    const till = new Till();
    expect(till.ask('r', 'o1')).toBe('order-unknown');
    expect(till.query('r')).toBe('unknown-request');
    till.register('o1');
    expect(till.ask('r', 'o1')).toBe('challenge');
  });

  it.each([
    ['another amount', { amountMinor: PRICE_MINOR - 1 }],
    ['another currency', { currency: 'USD' as const }],
    ['another cart', { cartDigest: digestOf(utf8('another')) }],
    ['another payee', { payee: 'paper-crane' }],
  ])('refuses %s than the order was registered with', (_what, other) => {
    const till = tillWith('o1');
    expect(till.ask('r', 'o1', other)).toBe('order-mismatch');
    expect(till.query('r')).toBe('refused');
  });

  it('T5: refuses to let one device pay the order of another', () => {
    const till = new Till();
    till.register('o1', { device: OTHER_DEVICE });
    expect(till.ask('r', 'o1')).toBe('order-mismatch');
  });

  it('refuses an order that is paid', () => {
    const till = tillWith('o1');
    till.ask('r', 'o1');
    till.press('r');
    expect(till.ask('again', 'o1')).toBe('order-state');
  });

  it('refuses an order whose lock has run out', () => {
    const till = tillWith('o1');
    till.pass(300_000);
    expect(till.ask('r', 'o1')).toBe('order-state');
  });

  it('refuses more than the account holds', () => {
    const till = new Till();
    till.register('o1', { amountMinor: 50_001 });
    expect(till.ask('r', 'o1', { amountMinor: 50_001 })).toBe('insufficient-balance');
  });

  it('names the first reason in ACT’s order: time, agent, token, binding, order', () => {
    const till = new Till();
    const wrong = {
      createdAt: seconds(till.now - 9_999),
      agentId: 'did:act:example.com/nobody',
      paymentToken: 'token-of-nobody',
    };
    expect(till.ask('1', 'o1', wrong)).toBe('expired-request');
    expect(till.ask('2', 'o1', { ...wrong, createdAt: till.now })).toBe('agent-mismatch');
    expect(till.ask('3', 'o1', { paymentToken: wrong.paymentToken })).toBe('bad-token');
    expect(till.ask('4', 'o1', { paymentToken: secretsOf(OTHER_DEVICE).paymentToken })).toBe('token-agent-mismatch');
    expect(till.ask('5', 'o1')).toBe('order-unknown');
  });
});

describe('a confirmation', () => {
  it('debits once and is answered with a receipt for exactly the challenge', () => {
    const till = tillWith('o1');
    till.ask('r', 'o1');
    expect(till.press('r')).toBe('receipt');
    const { value, signer } = openObject('receipt', till.device.last('receipt').body.receipt, by);
    expect(signer.party).toBe('psp');
    expect(value).toMatchObject({ orderNo: 'o1', amountMinor: PRICE_MINOR, currency: 'CNY', payee: SHOP });
    expect(till.charges()).toEqual([{ tradeNo: value.tradeNo, currency: 'CNY', amountMinor: PRICE_MINOR }]);
    expect(till.merchant.last('paid-notice').body.receipt).toEqual(till.device.last('receipt').body.receipt);
  });

  it('T2: gets the stored receipt again, whatever is asked later', () => {
    const till = tillWith('o1');
    till.ask('r', 'o1');
    till.press('r');
    const { receipt } = till.device.last('receipt').body;
    till.pass(10 * 60_000);
    expect(till.press('r', { counter: 2 })).toBe('receipt');
    expect(till.ask('r', 'o1', { createdAt: seconds(till.now - 600) })).toBe('receipt');
    expect(till.cancel('r')).toBe('paid');
    expect(till.query('r')).toBe('paid');
    expect(till.device.last('pay-status').body.receipt).toEqual(receipt);
    expect(till.charges()).toHaveLength(1);
  });

  it('is refused for a request nobody made, and that request stays refused', () => {
    const till = tillWith('o1');
    till.ask('other', 'o1');
    expect(till.press('r')).toBe('unknown-request');
    expect(till.ask('r', 'o1')).toBe('unknown-request');
    expect(till.charges()).toEqual([]);
  });

  it.each([
    ['the device’s own frame key', () => secretsOf(DEVICE).frameSeed],
    ['a merchant’s key', () => tenant.merchants[0]?.objectSeed],
    ['the PSP’s key', () => tenant.psp.objectSeed],
    ['a key nobody knows', () => new Uint8Array(32).fill(7)],
  ])('is refused under %s, for good', (_whose, seed) => {
    const till = tillWith('o1');
    till.ask('r', 'o1');
    expect(till.press('r', { seed: seed() ?? new Uint8Array() })).toBe('bad-confirmation');
    expect(till.press('r')).toBe('bad-confirmation');
    expect(till.query('r')).toBe('refused');
    expect(till.charges()).toEqual([]);
  });

  it('T5: is refused under the key of another device’s wearer', () => {
    const till = tillWith('o1');
    till.ask('r', 'o1');
    expect(till.press('r', { seed: secretsOf(OTHER_DEVICE).confirmationSeed })).toBe('wrong-signer');
    expect(till.charges(DEVICE)).toEqual([]);
    expect(till.charges(OTHER_DEVICE)).toEqual([]);
  });

  it('T25: is refused when it is another object of the same key', () => {
    const till = tillWith('o1');
    till.ask('r', 'o1');
    const challenge = openObject('challenge', till.challenge, by).value;
    const disguised = signObject('challenge', challenge, softSigningKey(secretsOf(DEVICE).confirmationSeed));
    expect(till.confirm('r', disguised)).toBe('bad-confirmation');
  });

  it('is refused when it confirms another challenge', () => {
    const till = tillWith('o1', 'o2');
    till.ask('r1', 'o1');
    const first = till.challenge;
    till.ask('r2', 'o2');
    expect(till.press('r2', {}, first)).toBe('challenge-mismatch');
    expect(till.charges()).toEqual([]);
  });

  it('T2: is refused when its counter is not above the last one of this signer', () => {
    const till = tillWith('o1', 'o2', 'o3');
    till.ask('r1', 'o1');
    expect(till.press('r1', { counter: 5 })).toBe('receipt');
    till.ask('r2', 'o2');
    expect(till.press('r2', { counter: 4 })).toBe('counter-replayed');
    till.ask('r3', 'o3');
    expect(till.press('r3', { counter: 6 })).toBe('receipt');
    expect(till.charges()).toHaveLength(2);
  });

  it('uses up the counter of a confirmation that moved no money', () => {
    const till = tillWith('o1', 'o2');
    till.ask('r1', 'o1');
    till.press('r1', { counter: 9 }, new Uint8Array(1));
    till.ask('r2', 'o2');
    till.press('r2', { counter: 9 });
    expect(till.device.latest('refusal').body.code).toBe('counter-forked');
  });

  it('T16: is refused after the challenge expired, and stays refused when the clock goes back', () => {
    const till = tillWith('o1');
    till.ask('r', 'o1');
    till.pass(CHALLENGE_S * 1000);
    const late = confirmation(till, till.challenge);
    expect(till.confirm('r', late)).toBe('expired-challenge');
    till.pass(-20_000);
    expect(till.confirm('r', late)).toBe('expired-challenge');
    expect(till.query('r')).toBe('expired');
    expect(till.charges()).toEqual([]);
  });

  it('is accepted in the last millisecond of the challenge', () => {
    const till = tillWith('o1');
    till.ask('r', 'o1');
    till.pass(CHALLENGE_S * 1000 - 1);
    expect(till.press('r')).toBe('receipt');
  });

  it('is refused after a cancellation', () => {
    const till = tillWith('o1');
    till.ask('r', 'o1');
    expect(till.cancel('r')).toBe('declined');
    expect(till.press('r')).toBe('cancelled');
    expect(till.query('r')).toBe('declined');
    expect(till.charges()).toEqual([]);
  });

  it('T4: is refused, and its request too, when the cancellation overtook the request', () => {
    const till = tillWith('o1');
    expect(till.cancel('r')).toBe('declined');
    expect(till.ask('r', 'o1')).toBe('cancelled');
    expect(till.charges()).toEqual([]);
  });

  it('pays one order once, however many requests for it were challenged', () => {
    const till = tillWith('o1');
    till.ask('r1', 'o1');
    const first = till.challenge;
    till.ask('r2', 'o1');
    expect(till.press('r2', { counter: 1 })).toBe('receipt');
    expect(till.press('r1', { counter: 2 }, first)).toBe('order-state');
    expect(till.charges()).toHaveLength(1);
  });

  it('is refused when the money went elsewhere meanwhile', () => {
    const till = new Till();
    const amountMinor = 30_000;
    till.register('o1', { amountMinor });
    till.register('o2', { amountMinor });
    till.ask('r1', 'o1', { amountMinor });
    const first = till.challenge;
    till.ask('r2', 'o2', { amountMinor });
    till.press('r2', { counter: 1 });
    expect(till.press('r1', { counter: 2 }, first)).toBe('insufficient-balance');
    expect(till.charges()).toHaveLength(1);
  });

  it('T5: does nothing for a request of another device with the same id', () => {
    const till = tillWith('o1');
    const other = deviceHand(till, OTHER_DEVICE);
    till.ask('r', 'o1');
    const signed = confirmation(till, till.challenge);
    expect(till.confirm('r', signed, other)).toBe('unknown-request');
    expect(till.confirm('r', signed)).toBe('receipt');
  });
});

describe('an order notice', () => {
  it('is taken from merchants only', () => {
    const till = new Till();
    till.register('o1', {}, serviceHand(till, { party: 'agent', role: 'merchant' }));
    expect(till.counts('psp').get('cose-kid')).toBe(1);
    expect(till.ask('r', 'o1')).toBe('order-unknown');
  });

  it('cannot change an order that is registered', () => {
    const till = tillWith('o1');
    till.register('o1', { amountMinor: 1 });
    expect(till.counts('psp').get('order-notice-differs')).toBe(1);
    expect(till.ask('r', 'o1')).toBe('challenge');
  });

  it('of one merchant does not touch the same number of another', () => {
    const till = tillWith('o1');
    const rival = serviceHand(till, { party: 'paper-crane', role: 'merchant' });
    till.register('o1', { amountMinor: 1 }, rival);
    expect(till.ask('r', 'o1')).toBe('challenge');
    expect(till.press('r')).toBe('receipt');
    expect(till.ask('rival', 'o1', { payee: 'paper-crane', amountMinor: 1 })).toBe('challenge');
  });

  it('for a paid order is answered with the notice of the payment again', () => {
    const till = tillWith('o1');
    till.ask('r', 'o1');
    const lockedUntil = seconds(till.now + 300);
    till.press('r');
    till.merchant.heard.length = 0;
    till.pass(5_000);
    till.register('o1', { lockedUntil });
    expect(till.merchant.last('paid-notice').body.orderNo).toBe('o1');
  });
});

it('knows nothing of a request that never came', () => {
  expect(new Till().query('r')).toBe('unknown-request');
});

it('T5: takes nothing from a device under another session, tenant, role or topic', () => {
  const till = tillWith('o1');
  const message = { type: 'pay-request', body: till.request('r', 'o1') } as const;
  const other = secretsOf(OTHER_DEVICE);
  till.device.put(PSP, till.device.seal(PSP, message, { session: other.session }));
  till.device.put(PSP, till.device.seal(PSP, message, { tenant: 'other' }));
  till.device.put(PSP, till.device.seal(PSP, message, { from: { party: OTHER_DEVICE, role: 'device' } }));
  deviceHand(till, OTHER_DEVICE).put(PSP, till.device.seal(PSP, message));
  serviceHand(till, { party: 'agent', role: 'agent' }).put(PSP, till.device.seal(PSP, message));
  expect(till.counts('psp').get('cose-signature')).toBe(2);
  expect(till.counts('psp').get('frame-wrong-sender')).toBe(3);
  expect(till.query('r')).toBe('unknown-request');
});
