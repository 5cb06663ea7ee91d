import { describe, expect, it } from 'vitest';
import { digestOf, type FrameBody, openObject } from '../../../protocol/index.ts';
import { merchantAccount, wearerAccount } from '../../../sim/cloud/index.ts';
import { DelegationTill, PRICE_MINOR, told } from './delegation-till.ts';
import type { Hand } from './hands.ts';
import { by, confirmation, DEVICE, id, PSP, payBody, serviceHand, tenant } from './stage.ts';

type Asked = FrameBody<'refund-request'>;

/** One delegated payment and one on the wearer's own press, each of {@link PRICE_MINOR}. */
class RefundTill extends DelegationTill {
  readonly delegated: string;
  readonly instant: string;

  constructor() {
    super();
    const authorization = this.issue('coffee');
    this.buy('coffee', authorization, 'o1');
    this.delegated = openObject('receipt', this.device.latest('spend-notice').body.receipt, by).value.tradeNo;
    const cart = this.cart('coffee', 'o2');
    this.register(cart);
    this.device.say(PSP, { type: 'pay-request', body: payBody(this, 'o2', cart) });
    const pressed = confirmation(this, this.device.latest('challenge').body.challenge, { counter: this.count() });
    this.device.say(PSP, { type: 'confirm', body: { requestId: id('o2 pay'), confirmation: pressed } });
    this.instant = openObject('receipt', this.device.latest('receipt').body.receipt, by).value.tradeNo;
  }

  asked(tradeNo: string, name: string, amountMinor = PRICE_MINOR, other: Partial<Asked> = {}): Asked {
    const orderNo = tradeNo === this.delegated ? 'o1' : 'o2';
    const about = { requestId: id(name), tradeNo, orderNo, amountMinor, currency: 'CNY' } as const;
    return { ...about, createdAt: this.now, ...other };
  }

  /** @returns the state, or the reason. */
  refund(body: Asked, hand: Hand = this.merchant): string {
    return told(this.hear({ type: 'refund-request', body }, hand).filter(({ type }) => type === 'refund-answer'));
  }
}

describe.each(['delegated', 'instant'] as const)('T29: a refund of a payment that was %s', (how) => {
  it('goes back to where the payment came from, signed, and is told to the device', () => {
    const till = new RefundTill();
    expect(till.refund(till.asked(till[how], 'r', 1_000))).toBe('SUCCEEDED');
    const refund = till.device.latest('refund-notice').body.refund;
    const { value, signer } = openObject('refund', refund, by);
    expect(signer.party).toBe('psp');
    expect(value).toMatchObject({
      tradeNo: till[how],
      amountMinor: 1_000,
      refundedTotalMinor: 1_000,
      payee: 'luna-coffee',
    });
    expect(till.merchant.latest('refund-answer').body.refund).toEqual(refund);
    const isDelegated = how === 'delegated';
    expect(till.psp.delegations.wallet(DEVICE, 'CNY')).toBe(1_000_000 - PRICE_MINOR + (isDelegated ? 1_000 : 0));
    expect(till.ledger.balance(wearerAccount(DEVICE), 'CNY')).toBe(50_000 - PRICE_MINOR + (isDelegated ? 0 : 1_000));
  });

  it('is made once for each request number', () => {
    const till = new RefundTill();
    const body = till.asked(till[how], 'r', 1_000);
    expect([till.refund(body), till.refund(body), till.refund(body)]).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
    expect(till.refund({ ...body, amountMinor: 1_001 })).toBe('request-repeated');
    expect(till.device.all('refund-notice')).toHaveLength(1);
    expect(till.refund(till.asked(till[how], 'rest', PRICE_MINOR - 1_000))).toBe('SUCCEEDED');
  });

  it('is never more than was paid, in one or in several', () => {
    const till = new RefundTill();
    expect(till.refund(till.asked(till[how], 'over', PRICE_MINOR + 1))).toBe('more-than-paid');
    expect(till.refund(till.asked(till[how], 'most', PRICE_MINOR - 1))).toBe('SUCCEEDED');
    expect(till.refund(till.asked(till[how], 'two', 2))).toBe('more-than-paid');
    expect(till.refund(till.asked(till[how], 'one', 1))).toBe('SUCCEEDED');
    expect(till.refund(till.asked(till[how], 'one more', 1))).toBe('more-than-paid');
    expect(openObject('refund', till.device.latest('refund-notice').body.refund, by).value).toMatchObject({
      amountMinor: 1,
      refundedTotalMinor: PRICE_MINOR,
    });
  });

  it.each<[string, Partial<Asked>, string]>([
    ['of a trade nobody made', { tradeNo: 'nothing' }, 'unknown-trade'],
    ['of another order', { orderNo: 'o3' }, 'other-order'],
    ['in another currency', { currency: 'USD' }, 'other-currency'],
  ])('is refused where it is one %s', (_what, other, reason) => {
    const till = new RefundTill();
    expect(till.refund({ ...till.asked(till[how], 'r', 1), ...other })).toBe(reason);
    expect(till.device.all('refund-notice')).toHaveLength(0);
  });

  it('is refused from whoever was not paid', () => {
    const till = new RefundTill();
    const party = tenant.merchants.find((one) => one.party !== 'luna-coffee')?.party ?? '';
    const other = serviceHand(till, { party, role: 'merchant' });
    expect(till.refund(till.asked(till[how], 'r', 1), other)).toBe('other-payee');
  });

  it('does not meet that of another merchant with the same number', () => {
    const till = new RefundTill();
    const party = tenant.merchants.find((one) => one.party !== 'luna-coffee')?.party ?? '';
    till.refund(till.asked(till[how], 'r', 1), serviceHand(till, { party, role: 'merchant' }));
    expect(till.refund(till.asked(till[how], 'r', 1))).toBe('SUCCEEDED');
  });
});

it('T29: moves no money that a merchant does not hold', () => {
  const till = new RefundTill();
  till.ledger.post('payout', [
    { account: merchantAccount('luna-coffee'), currency: 'CNY', amountMinor: -PRICE_MINOR },
    { account: 'outside', currency: 'CNY', amountMinor: PRICE_MINOR },
  ]);
  expect(till.refund(till.asked(till.instant, 'r', 1))).toBe('insufficient-balance');
});

it('leaves the limits of a delegation as they are', () => {
  const till = new RefundTill();
  till.refund(till.asked(till.delegated, 'r'));
  expect(till.standing('coffee')).toMatchObject({ spentMinor: PRICE_MINOR, refundedMinor: PRICE_MINOR });
  till.query('coffee');
  expect(till.status()).toMatchObject({ spentMinor: PRICE_MINOR, refundedMinor: PRICE_MINOR, spends: 1 });
});

it('claims nothing while the ledger does not answer, and is made once when it does', () => {
  for (const isDown of ['before', 'after'] as const) {
    const till = new RefundTill();
    till.store.isDown = isDown;
    expect(till.refund(till.asked(till.delegated, 'r', 1_000))).toBe('silence');
    till.store.isDown = false;
    till.pass(1_000);
    expect(told(till.merchant.heard.slice(-1))).toBe('SUCCEEDED');
    expect(till.standing('coffee').refundedMinor).toBe(1_000);
    expect(new Set(till.device.all('refund-notice').map(({ body }) => digestOf(body.refund))).size).toBe(1);
  }
});
