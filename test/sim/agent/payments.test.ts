import { describe, expect, it } from 'vitest';
import {
  digestOf,
  type Id16,
  isSubAccountAuthorised,
  openObject,
  type PaymentError,
  signObject,
  utf8,
} from '../../../protocol/index.ts';
import { keyOf } from '../cloud/hands.ts';
import { AGENT, AgentStage, type Behaviour, by, heard, id, OTHER_SHOP, SHOP, tenant } from './agent-stage.ts';

const RETRY: Behaviour = { onPaymentFailure: 'AUTO_RETRY', maxRetryCount: 2 };

function paying(agentBehavior?: Behaviour, change: Parameters<AgentStage['iac']>[1] = {}): AgentStage {
  const stage = new AgentStage();
  stage.merchant();
  stage.merchant(OTHER_SHOP);
  const commerce = { allowedMerchants: [SHOP, OTHER_SHOP], ...change.ext?.commerce };
  stage.delegate('latte', { ...change, ext: { commerce, ...(agentBehavior && { agentBehavior }) } });
  stage.price(1_900);
  stage.cart(1_900);
  return stage;
}

/** Another cart, if one is asked for. */
function again(stage: AgentStage, afterMs = 60_000): boolean {
  const before = heard(stage.merchant(), 'cart-request');
  const isNew = () => heard(stage.merchant(), 'cart-request') > before;
  for (let passed = 0; passed < afterMs && !isNew(); passed += 1_000) stage.pass(1_000);
  if (!isNew()) return false;
  stage.cart(1_900);
  return true;
}

describe('a payment request', () => {
  it('is signed by the key the credential names and carries the credential whole', () => {
    const stage = paying();
    const { value, signer } = stage.payment;
    expect(signer.party).toBe('agent');
    expect(openObject('authorization', value.iac, by).value.iac.delegationId).toBe(value.delegationId);
    expect(value.agentSignature).toBeUndefined();
  });

  it('out of a sub-account is authorised by its key', () => {
    const stage = new AgentStage();
    stage.merchant();
    const iac = stage.iac('latte');
    stage.task('latte', stage.authorization(iac));
    const means = { delegationId: iac.delegationId, subAccountId: 'sub-7' };
    stage.psp.say(AGENT, { type: 'instrument', body: means });
    stage.price(1_900);
    stage.cart(1_900);
    const value = openObject('delegated-pay-request', stage.psp.latest('delegated-pay').body.request, by).value;
    const { publicKey } = keyOf(tenant.agent.objectSeed);
    expect(value.paymentToken).toBeUndefined();
    expect(isSubAccountAuthorised('delegated-pay-request', value, publicKey)).toBe(true);
    expect(isSubAccountAuthorised('delegated-pay-request', { ...value, amountMinor: 1 }, publicKey)).toBe(false);
  });

  it('T2: is sent once for one cart, however long the PSP is silent: it is asked, less and less often', () => {
    const stage = paying();
    stage.pass(600_000);
    expect(stage.payments).toBe(1);
    const queries = heard(stage.psp, 'delegated-query');
    expect(queries).toBeGreaterThan(8);
    expect(queries).toBeLessThan(15);
    stage.paid();
    expect(stage.news).toBe('done bought');
    stage.pass(600_000);
    expect(heard(stage.psp, 'delegated-query')).toBe(queries);
  });

  it('that the PSP does not know is waited for until it can not arrive any more, then the order is made anew', () => {
    const stage = paying(RETRY);
    const unknown = () => {
      const { requestId } = stage.psp.latest('delegated-query').body;
      const body = { requestId, category: 'REQUEST_INVALID', code: 'unknown-request' } as const;
      stage.psp.say(AGENT, { type: 'refusal', body });
    };
    stage.pass(60_000);
    unknown();
    expect(again(stage)).toBe(false);
    stage.pass(120_000);
    unknown();
    expect(stage.news).toBe('watching payment-lost');
    expect(again(stage)).toBe(true);
    expect(stage.payments).toBe(2);
  });

  it('T29: counts as paid by a receipt of the PSP for exactly this request and nothing else', () => {
    for (const forged of [
      { amountMinor: 1 },
      { payee: OTHER_SHOP },
      { orderNo: 'L-2' },
      { currency: 'USD' },
      { confirmationDigest: digestOf(utf8('another request')) },
    ] as const) {
      const stage = paying();
      stage.paid(forged);
      expect(stage.counts.get('receipt-unsound'), JSON.stringify(forged)).toBe(1);
      expect(stage.news).toBe('buying');
      stage.paid();
      expect(stage.news).toBe('done bought');
    }
  });

  it('T29: is not paid by a receipt that the merchant has signed', () => {
    const stage = paying();
    const { requestId, request } = stage.psp.latest('delegated-pay').body;
    const shop = tenant.merchants.find(({ party }) => party === SHOP)?.objectSeed ?? new Uint8Array();
    const facts = { tradeNo: 'T-1', orderNo: 'L-1', amountMinor: 1_900, currency: 'CNY', payee: SHOP } as const;
    const receipt = signObject(
      'receipt',
      { ...facts, confirmationDigest: digestOf(request), paidAt: stage.now },
      keyOf(shop),
    );
    const { payee: _payee, ...told } = facts;
    const result = { ...told, requestId, decidedAt: stage.now, tradeState: 'WAIT_SELLER_FULFILLMENT' } as const;
    stage.psp.say(AGENT, { type: 'delegated-result', body: { result, receipt } });
    expect(stage.news).toBe('buying');
  });

  it('nobody made is answered by nobody', () => {
    const stage = paying();
    const result = { requestId: id('x') as Id16, tradeState: 'WAIT_BUYER_PAY', currency: 'CNY' } as const;
    const body = { result: { ...result, decidedAt: stage.now, error: 'TOKEN_INVALID' } } as const;
    stage.psp.say(AGENT, { type: 'delegated-result', body });
    expect(stage.counts.get('reply-unknown')).toBe(1);
  });
});

describe('a refused payment', () => {
  const ENDS: readonly PaymentError[] = [
    ...(['AGENT_SIGNATURE_INVALID', 'TOKEN_INVALID', 'TOKEN_AGENT_MISMATCH', 'AGENT_MISMATCH'] as const),
    ...(['SUB_ACCOUNT_INVALID', 'IAC_INVALID', 'IAC_EXPIRED', 'IAC_REVOKED', 'METHOD_NOT_ALLOWED'] as const),
    ...(['MODE_NOT_BOUNDED', 'TOTAL_LIMIT_EXCEEDED'] as const),
  ];

  it.each(ENDS)('with %s ends the task: nothing would come of another', (error) => {
    const stage = paying(RETRY);
    stage.fail(error);
    expect(stage.news).toBe(`ended ${error.toLowerCase().replaceAll('_', '-')}`);
    expect(again(stage)).toBe(false);
  });

  it.each(['REQUEST_EXPIRED', 'ORDER_MISMATCH', 'USER_CONFIRMATION_FAILED'] as const)(
    'with %s is tried with a new order as often as the wearer said',
    (error) => {
      const stage = paying(RETRY);
      for (const isMore of [true, true, false]) {
        stage.fail(error);
        expect(again(stage)).toBe(isMore);
      }
      expect(stage.payments).toBe(3);
      const orders = stage.psp.all('delegated-pay').map(({ body }) => body.requestId);
      expect(new Set(orders).size).toBe(3);
      expect(stage.news).toMatch(/^ended/);
    },
  );

  it.each(['EXECUTION_FAILED', 'REQUEST_REPEATED'] as const)(
    'with %s is asked about first and believed the second time',
    (error) => {
      const stage = paying(RETRY);
      stage.fail(error);
      expect(heard(stage.psp, 'delegated-query')).toBe(1);
      expect(stage.news).toBe('buying');
      stage.fail(error);
      expect(stage.news).toMatch(/^watching/);
      expect(again(stage)).toBe(true);
    },
  );

  it('that turns out paid when it is asked about is paid', () => {
    const stage = paying(RETRY);
    stage.fail('EXECUTION_FAILED');
    stage.paid();
    expect(stage.news).toBe('done bought');
    expect(stage.payments).toBe(1);
  });

  it.each([undefined, { onPaymentFailure: 'CANCEL' } as const])(
    'is not tried again where nobody said so',
    (behaviour) => {
      const stage = paying(behaviour);
      stage.fail('REQUEST_EXPIRED');
      expect(stage.news).toBe('ended request-expired');
      expect(again(stage)).toBe(false);
    },
  );

  it('with IAC_SUSPENDED waits, and asks how the credential stands', () => {
    const stage = paying(RETRY);
    stage.fail('IAC_SUSPENDED');
    expect(heard(stage.psp, 'delegation-query')).toBe(1);
    expect(again(stage)).toBe(false);
    stage.status(stage.iac('latte'), 'Active', 0);
    expect(heard(stage.merchant(), 'cart-request')).toBe(2);
  });

  it('with SINGLE_LIMIT_EXCEEDED is not tried at that price again today', () => {
    const stage = paying(RETRY);
    stage.fail('SINGLE_LIMIT_EXCEEDED');
    expect(again(stage, 3_600_000)).toBe(false);
    stage.price(1_800);
    expect(heard(stage.merchant(), 'cart-request')).toBe(2);
  });

  it('with TOTAL_LIMIT_EXCEEDED goes on tomorrow where there is a daily limit', () => {
    const stage = paying(RETRY, { terms: { maxDailyMinor: 2_000 }, maxTotalMinor: 9_000 });
    stage.fail('TOTAL_LIMIT_EXCEEDED');
    expect(stage.news).toBe('watching total-limit-exceeded');
    expect(again(stage, 3_600_000)).toBe(false);
    expect(again(stage, 86_400_000)).toBe(true);
  });

  it('with INSUFFICIENT_BALANCE is tried an hour later', () => {
    const stage = paying(RETRY);
    stage.fail('INSUFFICIENT_BALANCE');
    expect(again(stage, 3_599_000)).toBe(false);
    expect(again(stage, 2_000)).toBe(true);
  });

  it('with MERCHANT_NOT_ALLOWED goes elsewhere', () => {
    const stage = paying(RETRY);
    stage.fail('MERCHANT_NOT_ALLOWED');
    expect(again(stage)).toBe(false);
    stage.price(1_900, { party: OTHER_SHOP });
    expect(heard(stage.merchant(OTHER_SHOP), 'cart-request')).toBe(1);
  });
});
