import { describe, expect, it } from 'vitest';
import { type EpochSeconds, openObject } from '../../../protocol/index.ts';
import { BINDING_CAP_MINOR, BINDING_MAX_S, MAX_BINDING_REQUESTS, OFFER_S } from '../../../sim/cloud/index.ts';
import { BindingTill, DAY_S } from './binding-desk.ts';
import { by, DEVICE, deviceHand, id, OTHER_DEVICE, secretsOf } from './stage.ts';
import { PRICE_MINOR } from './till.ts';

const limits = (till: BindingTill, other: object = {}) => ({ limits: { ...till.wish('x').limits, ...other } });

describe('a binding (PSD-PMT-BND)', () => {
  it('shows agent and scope, signed for this device, before anything is bound', () => {
    const till = new BindingTill();
    expect(till.bindRequest(till.wish('b'))).toBe('bind-offer');
    const { value, signer } = openObject('binding-offer', till.offer, by);
    const { agentId, methods, limits: asked } = till.wish('b');
    expect(signer.party).toBe('psp');
    expect(value).toMatchObject({ requestId: id('b'), payer: DEVICE, agentId, methods, limits: asked });
    expect(value.expiresAt - value.issuedAt).toBe(OFFER_S);
  });

  it('ends with a token for exactly that, out of which the account cannot be read', () => {
    const till = new BindingTill();
    const token = till.bound('b');
    expect(till.result).toMatchObject({ agentId: secretsOf(DEVICE).agentId, limits: till.wish('b').limits });
    expect(token).toMatch(/^token-[0-9a-f]{32}$/);
    expect(token).not.toContain(DEVICE);
    expect(new BindingTill().bound('c')).not.toBe(token);
  });

  it('T2 T3: answers a request the same however often it comes, and binds once', () => {
    const till = new BindingTill();
    const wish = till.wish('b');
    till.bindRequest(wish);
    const first = till.offer;
    till.bindRequest(wish);
    expect(till.offer).toEqual(first);
    const consent = till.consentTo();
    till.consent('b', consent);
    const { result } = till;
    till.pass(10 * 60_000);
    expect([till.consent('b', consent), till.bindRequest(wish)]).toEqual(['bound', 'bound']);
    expect(till.result).toEqual(result);
  });

  it.each(['offered', 'bound', 'failed'])('answers the same after a restart when it was %s', (stage) => {
    const till = new BindingTill();
    const wish = till.wish('b', stage === 'failed' ? { delegatorIdentity: 'did:act:example.com/other' } : {});
    till.bindRequest(wish);
    if (stage === 'bound') till.consent('b');
    const before = till.device.heard.at(-1)?.body;
    till.restart('psp');
    till.bindRequest(wish);
    expect(till.device.heard.at(-1)?.body).toEqual(before);
    if (stage === 'offered') expect(till.consent('b')).toBe('bound');
  });

  it('T2: refuses other content under a used request id, and ends what used it first', () => {
    const till = new BindingTill();
    till.bindRequest(till.wish('b'));
    expect(till.bindRequest(till.wish('b', limits(till, { maxTotalMinor: 9_999 })))).toBe('repeated-request');
    expect(till.consent('b')).toBe('AUTH_FAILED');
  });

  it('T4: never binds under an id that a consent came to first', () => {
    const till = new BindingTill();
    expect(till.consent('b', new Uint8Array([1]))).toBe('unknown-request');
    expect(till.bindRequest(till.wish('b'))).toBe('repeated-request');
  });

  it('kills the token before it, also the one of the enrolment', () => {
    const till = new BindingTill();
    const { paymentToken: enrolled } = secretsOf(DEVICE);
    const [first, second] = [till.bound('a', 1), till.bound('b', 2)];
    for (const [i, orderNo] of ['o1', 'o2', 'o3'].entries()) {
      till.register(orderNo);
      const paymentToken = [enrolled, first, second][i] as string;
      expect(till.ask(orderNo, orderNo, { paymentToken })).toBe(['token-revoked', 'token-revoked', 'challenge'][i]);
    }
  });

  it('ends a payment that was open under the token before it', () => {
    const till = new BindingTill();
    till.register('o1');
    till.ask('r', 'o1');
    till.bound('b', 1);
    expect(till.confirm('r', till.consentTo())).toBe('token-revoked');
    expect(till.query('r')).toBe('refused');
  });
});

describe('a binding that fails', () => {
  const other = secretsOf(OTHER_DEVICE);
  const failures: readonly (readonly [string, (till: BindingTill) => object, string])[] = [
    ['another principal', () => ({ delegatorIdentity: 'did:act:example.com/wearer-other' }), 'AUTH_FAILED'],
    ['a request that is too old', (till) => ({ createdAt: till.now - 301 }), 'AUTH_FAILED'],
    ['a request from the future', (till) => ({ createdAt: till.now + 31 }), 'AUTH_FAILED'],
    ['the agent of another device', () => ({ agentId: other.agentId }), 'AGENT_NOT_REGISTERED'],
    ['a currency the account does not hold', (till) => limits(till, { currency: 'USD' }), 'ACCOUNT_INVALID'],
    ['a method the account does not have', () => ({ methods: ['urn:act:payment:shells'] }), 'ACCOUNT_INVALID'],
    [
      'more than the account lends',
      (till) => limits(till, { maxTotalMinor: BINDING_CAP_MINOR + 1 }),
      'ACCOUNT_LIMIT_EXCEEDED',
    ],
    ['no limit in all', (till) => limits(till, { maxTotalMinor: undefined }), 'ACCOUNT_LIMIT_EXCEEDED'],
    ['no end', (till) => limits(till, { validUntil: undefined }), 'ACCOUNT_LIMIT_EXCEEDED'],
    ['an end that is over', (till) => limits(till, { validUntil: till.now }), 'ACCOUNT_LIMIT_EXCEEDED'],
    ['too late an end', (till) => limits(till, { validUntil: till.now + BINDING_MAX_S + 1 }), 'ACCOUNT_LIMIT_EXCEEDED'],
  ];

  it.each(failures)('for %s', (_what, change, failure) => {
    const till = new BindingTill();
    expect(till.bindRequest(till.wish('b', change(till)))).toBe(failure);
    expect(till.result.paymentToken).toBeUndefined();
    expect(till.consent('b', new Uint8Array([1]))).toBe(failure);
  });

  it('names who asks before the agent, the agent before the account, the account before its limits', () => {
    const till = new BindingTill();
    const wrong = { delegatorIdentity: 'did:act:example.com/x', agentId: other.agentId };
    const account = limits(till, { currency: 'USD', maxTotalMinor: BINDING_CAP_MINOR + 1 });
    expect(till.bindRequest(till.wish('a', { ...wrong, ...account }))).toBe('AUTH_FAILED');
    expect(till.bindRequest(till.wish('b', { agentId: other.agentId, ...account }))).toBe('AGENT_NOT_REGISTERED');
    expect(till.bindRequest(till.wish('c', account))).toBe('ACCOUNT_INVALID');
  });

  it('T30: with SYSTEM_ERROR beyond what is remembered of one device; later the same request is good', () => {
    const till = new BindingTill();
    for (let n = 0; n < MAX_BINDING_REQUESTS; n += 1) {
      till.bindRequest(till.wish(`n${n}`, { agentId: other.agentId }));
      till.pass(1_000);
    }
    expect(till.bindRequest(till.wish('b'))).toBe('SYSTEM_ERROR');
    expect(till.consent('c', new Uint8Array([1]))).toBe('unknown-request');
    till.pass(11 * 60_000);
    expect(till.bindRequest(till.wish('b'))).toBe('bind-offer');
  });

  it.each([
    ['no signature at all', () => new Uint8Array([1])],
    [
      'the signer of another device',
      (till: BindingTill) => till.consentTo(till.offer, { seed: other.confirmationSeed }),
    ],
    [
      'the device’s own frame key',
      (till: BindingTill) => till.consentTo(till.offer, { seed: secretsOf(DEVICE).frameSeed }),
    ],
    ['another offer', (till: BindingTill) => till.consentTo(new Uint8Array([1]))],
  ])('T5: with a consent of %s', (_what, consent) => {
    const till = new BindingTill();
    till.bindRequest(till.wish('b'));
    expect(till.consent('b', consent(till))).toBe('AUTH_FAILED');
    expect(till.consent('b', till.consentTo(till.offer, { counter: 2 }))).toBe('AUTH_FAILED');
  });

  it('T2: with the consent to an earlier offer', () => {
    const till = new BindingTill();
    till.bindRequest(till.wish('a'));
    const replayed = till.consentTo();
    expect(till.consent('a', replayed)).toBe('bound');
    till.bindRequest(till.wish('b'));
    expect(till.consent('b', replayed)).toBe('AUTH_FAILED');
  });

  it('T19: and with a counter that was used for a payment, which locks the device', () => {
    const till = new BindingTill();
    till.register('o1');
    till.ask('r', 'o1');
    till.press('r', { counter: 5 });
    till.bindRequest(till.wish('b'));
    till.consent('b', till.consentTo(till.offer, { counter: 5 }));
    expect(till.result.failure).toBe('AUTH_FAILED');
    expect(till.device.all('device-lock')).toHaveLength(1);
  });

  it('T16: when the wearer consents too late; a clock set back changes nothing', () => {
    const till = new BindingTill();
    const wish = till.wish('b');
    till.bindRequest(wish);
    till.pass(OFFER_S * 1_000);
    expect(till.bindRequest(wish)).toBe('AUTH_FAILED');
    till.pass(-30_000);
    expect(till.consent('b')).toBe('AUTH_FAILED');
  });

  it('T5: for another device under the same request id', () => {
    const till = new BindingTill();
    till.bindRequest(till.wish('b'));
    const thief = deviceHand(till, OTHER_DEVICE);
    expect(till.consent('b', till.consentTo(), thief)).toBe('unknown-request');
    expect(till.bindRequest(till.wish('c'), thief)).toBe('AUTH_FAILED');
  });
});

describe('a token at payment', () => {
  const paying = (till: BindingTill, orderNo: string, paymentToken: string, amountMinor = PRICE_MINOR) => {
    till.register(orderNo, { amountMinor });
    return till.ask(orderNo, orderNo, { paymentToken, amountMinor });
  };

  it('refuses more than the single limit, another method and another device’s hand', () => {
    const till = new BindingTill();
    const token = till.bound('b');
    expect(paying(till, 'o1', token, 5_001)).toBe('token-single-limit');
    expect(paying(till, 'o2', token, 5_000)).toBe('challenge');
    till.register('o3', { device: OTHER_DEVICE });
    const { agentId } = secretsOf(OTHER_DEVICE);
    const request = { type: 'pay-request', body: till.request('o3', 'o3', { paymentToken: token, agentId }) } as const;
    expect(till.answer(request, deviceHand(till, OTHER_DEVICE))).toBe('token-agent-mismatch');
  });

  it('T14: promises no more than its total to payments that are open together, and none twice', () => {
    const till = new BindingTill();
    const token = till.bound('b');
    expect(['o1', 'o2'].map((orderNo) => paying(till, orderNo, token, 4_000))).toEqual(['challenge', 'challenge']);
    expect(paying(till, 'o3', token, 4_000)).toBe('token-total-limit');
    // What was declined is free again, what was paid is gone.
    till.cancel('o1');
    expect(till.press('o2', { counter: 2 })).toBe('receipt');
    expect(paying(till, 'o4', token, 4_000)).toBe('challenge');
    till.pass(61_000);
    expect(paying(till, 'o5', token, 5_000)).toBe('challenge');
    expect(till.press('o5', { counter: 3 })).toBe('receipt');
    expect(paying(till, 'o6', token, 1_001)).toBe('token-total-limit');
    expect(paying(till, 'o7', token, 1_000)).toBe('challenge');
    till.restart('psp');
    expect(paying(till, 'o8', token, 1)).toBe('token-total-limit');
  });

  it('is over when its time is, and lets no challenge outlive it', () => {
    const till = new BindingTill();
    const validUntil = (till.now + 100) as EpochSeconds;
    const token = till.bound('b', 1, limits(till, { validUntil }));
    till.pass(90_000);
    expect(paying(till, 'o1', token)).toBe('challenge');
    expect(openObject('challenge', till.challenge, by).value.expiresAt).toBe(validUntil);
    till.pass(10_000);
    expect(till.press('o1', { counter: 2 })).toBe('expired-challenge');
    expect(paying(till, 'o2', token)).toBe('token-expired');
    expect(till.charges()).toEqual([]);
  });

  it('holds one day as well as a year', () => {
    const till = new BindingTill();
    const validUntil = (till.now + DAY_S) as EpochSeconds;
    expect(till.bound('b', 1, limits(till, { validUntil }))).toMatch(/^token-/);
  });
});
