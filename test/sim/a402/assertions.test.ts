/**
 * The assertions of ACT 2.1's own catalogue (`code/schemas/a402/tests/a402-assertions.json`) that apply here, each by its id.
 * PSD-TEST-003 is about instant payments and PSD-TEST-002 about binding: both are held by the tests of the PSP.
 */
import { describe, expect, it } from 'vitest';
import {
  A402_HEADERS,
  type A402Header,
  nextTradeState,
  PAYMENT_ERRORS,
  TRADE_TRANSITIONS,
} from '../../../protocol/index.ts';
import { deskResources, type Resource } from '../../../sim/a402/resources.ts';
import { ResearchStage } from '../agent/research-stage.ts';
import { deskSeller, Stand, validationIn, verdictOf } from './stand.ts';

describe('ACT 2.1 PSD-PAY-A402', () => {
  it('A402-TEST-001: the seller’s side knows no scenario: an instant, a delegated and an autonomous payment show the same proof', () => {
    const stand = new Stand();
    for (const confirmed of ['the wearer’s confirmation', 'a delegated request', 'an autonomous request']) {
      const bill = stand.bill('market-prices', confirmed.replaceAll(/[^a-z]/g, '-'));
      const digest = Buffer.from(confirmed.padEnd(32)).toString('hex').slice(0, 64) as never;
      const proof = stand.proof(bill, stand.receipt(bill, { confirmationDigest: digest }));
      expect(stand.redeem(bill, proof).status, confirmed).toBe(200);
    }
  });

  it('A402-TEST-002: without an acceptable proof the answer is 402 with Payment-Needed', () => {
    const stand = new Stand();
    for (const headers of [{}, { 'payment-proof': '' }, { 'payment-proof': 'x' }]) {
      const response = stand.get('market-prices', headers);
      expect([response.status, response.headers['payment-needed'] !== undefined]).toEqual([402, true]);
    }
  });

  it('A402-TEST-003: a proof is nothing until it has been validated', () => {
    const stand = new Stand();
    const bill = stand.bill();
    expect(verdictOf(stand.redeem(bill, stand.proof(bill, undefined, { paymentProof: 'paid' })))).toBe(
      '402 INVALID proof-invalid',
    );
    expect(stand.seller.sales.get(bill.outTradeNo)?.delivery).toBe('NOT_STARTED');
  });

  it('A402-TEST-004: authenticity, expiry, replay and consistency are all checked before delivery', () => {
    const stand = new Stand();
    const bill = stand.bill();
    const genuine = stand.receipt(bill);
    const other = stand.bill('market-prices', 'request-2');
    const cases = {
      'proof-invalid': stand.proof(bill, genuine, { paymentProof: stand.signed(genuine, new Uint8Array(32).fill(7)) }),
      'proof-expired': stand.proof(bill, genuine, { expiresAt: stand.second }),
      'trade-differs': stand.proof(bill, genuine, { tradeNo: 'T-1' }),
      'amount-differs': stand.proof(other, stand.receipt(other, { amountMinor: 1 })),
    };
    for (const [fault, proof] of Object.entries(cases)) expect(verdictOf(stand.redeem(bill, proof))).toContain(fault);
    expect(stand.redeem(bill).status).toBe(200);
    const again = stand.proof(bill, genuine, { idempotencyKey: 'another' });
    expect(verdictOf(stand.redeem(bill, again))).toContain('proof-replayed');
  });

  it('A402-TEST-005: payment, delivery and fulfilment are told apart', () => {
    const broken: Resource = { ...(deskResources[0] as Resource), content: () => undefined };
    const stand = new Stand({ resources: [broken] });
    expect(validationIn(stand.redeem(stand.bill()))).toMatchObject({
      ...{ validationStatus: 'VALID', deliveryStatus: 'FAILED', fulfillmentStatus: 'NOT_CONFIRMED' },
    });
    expect(validationIn(new Stand().redeem(new Stand().bill()))).toMatchObject({ deliveryStatus: 'NOT_STARTED' });
    const whole = new Stand();
    expect(validationIn(whole.redeem(whole.bill()))).toMatchObject({ fulfillmentStatus: 'PENDING' });
  });

  it('A402-TEST-006: a proof stays with its resource, its request and its order', () => {
    const stand = new Stand();
    const [bill, other] = [stand.bill(), stand.bill('sector-news', 'request-2')];
    expect(verdictOf(stand.redeem(bill, stand.proof(bill), 'sector-news'))).toContain('resource-differs');
    const moved = { resourceId: 'sector-news', requestFingerprint: other.requestFingerprint };
    expect(verdictOf(stand.redeem(bill, stand.proof(bill, undefined, moved), 'sector-news'))).toContain('differs');
    const order = { outTradeNo: other.outTradeNo };
    expect(verdictOf(stand.redeem(bill, stand.proof(bill, undefined, order)))).toContain('trade-differs');
  });

  it('A402-TEST-007: a repeated proof delivers nothing a second time', () => {
    let made = 0;
    const counted: Resource = { ...(deskResources[0] as Resource), content: () => String(++made) };
    const stand = new Stand({ resources: [counted] });
    const bill = stand.bill();
    const proof = stand.proof(bill);
    for (let i = 0; i < 5; i += 1) stand.redeem(bill, proof);
    for (let i = 0; i < 5; i += 1) stand.redeem(bill, stand.proof(bill, undefined, { idempotencyKey: `again-${i}` }));
    expect(made).toBe(1);
  });

  it('A402-TEST-008: a failed payment, validation or delivery and an unknown outcome lead to different things', () => {
    const ext = { commerce: { allowedMerchants: ['data-desk'] } };
    const payment = new ResearchStage();
    payment.report({ ext, terms: { maxOrders: 1 } });
    payment.fail('MODE_NOT_BOUNDED');
    expect(payment.news).toBe('ended mode-not-bounded');
    const validation = new ResearchStage({ seller: deskSeller({ proofs: { check: () => 'invalid' } }) });
    validation.report({ ext, terms: { maxOrders: 1 } });
    validation.paid();
    validation.pass(3_600_000);
    expect([validation.news, validation.payments]).toEqual(['done proof-refused', 1]);
    for (const seller of [
      deskSeller({ proofs: { check: () => 'unknown' } }),
      deskSeller({ resources: [{ ...(deskResources[0] as Resource), content: () => undefined }] }),
    ]) {
      const stage = new ResearchStage({ seller });
      stage.report({ ext, terms: { maxOrders: 1 } });
      stage.paid();
      stage.pass(3_600_000);
      expect([stage.news, stage.payments, stage.boughtIds]).toEqual(['done not-delivered', 1, []]);
      expect(stage.requests.filter(({ headers }) => headers['payment-proof'] !== undefined).length).toBeGreaterThan(2);
    }
  });

  it('PSD-TEST-001: A402 is a component of its own: no error of a payment belongs to it, its headers are three', () => {
    const components = new Set(Object.values(PAYMENT_ERRORS).map(({ component }) => component));
    expect([...components].sort()).toEqual(['PSD-PAY-AUP', 'PSD-PAY-DEL', 'PSD-PAY-INS']);
    const headers: readonly A402Header[] = ['Payment-Needed', 'Payment-Proof', 'Payment-Validation'];
    expect(Object.keys(A402_HEADERS)).toEqual(headers);
  });

  it('PSD-TEST-004: what passes the agent’s own check is still the PSP’s to refuse', () => {
    const stage = new ResearchStage();
    stage.report();
    expect(stage.payments).toBe(1);
    stage.fail('TOTAL_LIMIT_EXCEEDED');
    stage.step();
    expect([stage.boughtIds, stage.news]).toEqual([[], 'ended total-limit-exceeded']);
  });

  it('PSD-TEST-005: a BOUNDED credential pays several times, each time within what is left', () => {
    const stage = new ResearchStage();
    stage.report({ maxTotalMinor: 3_000 });
    stage.payAll();
    const spent = [...stage.seller.sales.values()].filter(({ tradeNo }) => tradeNo !== undefined);
    expect(spent.length).toBeGreaterThan(1);
    expect(spent.reduce((sum, { bill }) => sum + bill.amountMinor, 0)).toBeLessThanOrEqual(3_000);
  });

  it('the trade goes through ACT’s states and no other', () => {
    const stand = new Stand();
    const bill = stand.bill();
    const sale = stand.seller.sales.get(bill.outTradeNo);
    const states = [sale?.state];
    stand.redeem(bill);
    states.push(sale?.state);
    sale?.confirmed();
    states.push(sale?.state);
    expect(states).toEqual(['WAIT_BUYER_PAY', 'WAIT_BUYER_RECEIPT', 'TRADE_FINISHED']);
    expect(nextTradeState('TRADE_FINISHED', 'DELIVERY_COMMITTED')).toBeUndefined();
    expect(TRADE_TRANSITIONS).toHaveLength(7);
  });
});
