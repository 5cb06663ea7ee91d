import { describe, expect, it } from 'vitest';
import { type A402Value, actError, type EpochMs, readA402, utf8, writeA402 } from '../../../protocol/index.ts';
import { readBill, writeBill } from '../../../sim/a402/bill.ts';
import { judgeBill, judgeDelivery, proofOf, type Wanted } from '../../../sim/a402/buyer.ts';
import { PAYMENT_METHOD } from '../../../sim/cloud/index.ts';
import { keyOf } from '../cloud/hands.ts';
import { tenant } from '../cloud/stage.ts';
import { DESK, deskSecrets, KEY, Stand } from './stand.ts';

const desk = keyOf(deskSecrets.objectSeed);
const wanted: Wanted = {
  ...{ seller: DESK, sellerKey: desk.publicKey, path: '/resources/market-prices', resourceId: 'market-prices' },
  ...{ idempotencyKey: KEY, methodId: PAYMENT_METHOD, currency: 'CNY' },
};
type Bill = ReturnType<Stand['bill']>;

/** What the buyer makes of a bill that says something else. */
function verdict(change: Partial<Bill>, key = desk, signer = DESK, at = 0): string {
  const stand = new Stand();
  const { signerId: _id, signatureContent: _content, signatureType: _type, ...bill } = stand.bill();
  const judged = judgeBill(writeBill({ ...bill, ...change }, signer, key), wanted, (stand.now + at) as EpochMs);
  return typeof judged === 'string' ? judged : 'paid';
}

describe('a bill is paid', () => {
  it('as its seller has signed it, for what was asked for', () => {
    expect(verdict({})).toBe('paid');
    expect(verdict({ amountMinor: 999 })).toBe('paid');
  });

  it.each<[string, Partial<Bill>]>([
    ['bill-differs', { resourceId: 'company-filings' }],
    ['bill-differs', { requestFingerprint: `sha-256:${'A'.repeat(43)}` }],
    ['bill-differs', { idempotencyKey: 'another' }],
    ['bill-differs', { buyerUniqueId: 'did:act:example.com/another' }],
    ['bill-differs', { outTradeNo: 'no order_number'.replace(' ', '_') }],
    ['bill-method', { methodId: 'urn:act:payment:cash' }],
    ['bill-currency', { currency: 'USD' }],
    ['bill-unsound', { sellerUniqueId: 'luna-coffee' }],
  ])('T13: not, but %s, with %j', (fault, change) => {
    expect(verdict(change)).toBe(fault);
  });

  it('T23: not with another key, whatever it says who signed', () => {
    const shop = keyOf(tenant.merchants[0]?.objectSeed ?? new Uint8Array());
    expect(verdict({}, shop)).toBe('bill-unsound');
    expect(verdict({}, desk, 'luna-coffee')).toBe('bill-unsound');
  });

  it('not when there is no time left', () => {
    expect(verdict({}, desk, DESK, 289_999)).toBe('paid');
    expect(verdict({}, desk, DESK, 290_000)).toBe('bill-expired');
  });

  it('T1: not with anything changed in it: every field is signed', () => {
    const stand = new Stand();
    const header = stand.get('market-prices', { 'idempotency-key': KEY }).headers['payment-needed'] ?? '';
    expect(readBill(header, DESK, desk.publicKey)).toBeDefined();
    const { protocol, method } = readA402('Payment-Needed', header);
    const changes: Partial<Bill>[] = [
      ...[{ amountMinor: 1 }, { outTradeNo: 'D-1' }, { resourceId: 'x' }, { payBefore: stand.second as never }],
      ...[{ currency: 'USD' as const }, { methodId: 'urn:act:payment:x' }, { replayWindowSeconds: 1 }],
    ];
    for (const change of changes) {
      const altered = writeA402('Payment-Needed', { protocol: { ...protocol, ...change }, method });
      expect(readBill(altered, DESK, desk.publicKey), JSON.stringify(change)).toBeUndefined();
    }
    expect(judgeBill(undefined, wanted, stand.now as EpochMs)).toBe('bill-unsound');
    expect(judgeBill('nonsense', wanted, stand.now as EpochMs)).toBe('bill-unsound');
  });

  it('unsigned is no bill', () => {
    const { signerId: _id, signatureContent: _content, signatureType: _type, ...bill } = new Stand().bill();
    const header = writeA402('Payment-Needed', { protocol: bill, method: '{}' });
    expect(readBill(header, DESK, desk.publicKey)).toBeUndefined();
  });
});

describe('a proof', () => {
  it('T28: says what was paid for and nothing of who paid or why', () => {
    const bill = new Stand().bill();
    const receipt = new Stand().receipt(bill);
    const { protocol, method } = readA402('Payment-Proof', proofOf(bill, receipt, utf8('receipt')));
    expect(Object.keys(protocol).sort()).toEqual(
      [
        ...['idempotencyKey', 'methodId', 'outTradeNo', 'paymentProof', 'requestFingerprint', 'requestMethod'],
        ...['resourceId', 'tradeNo'],
      ].sort(),
    );
    expect(method).toBe('{}');
  });
});

describe('the answer to a proof', () => {
  const stand = new Stand();
  const bill = stand.bill();
  const receipt = stand.receipt(bill);
  const told = (change: Partial<A402Value<'Payment-Validation'>['protocol']> = {}) =>
    writeA402('Payment-Validation', {
      protocol: {
        ...{ outTradeNo: bill.outTradeNo, resourceId: bill.resourceId, tradeNo: receipt.tradeNo },
        ...{ validationStatus: 'VALID', deliveryStatus: 'DELIVERED', fulfillmentStatus: 'PENDING' },
        ...{ transactionState: 'WAIT_BUYER_RECEIPT', validatedAt: stand.second },
        ...change,
      },
      method: '{}',
    });
  const kind = (status: number, header: string | undefined) => judgeDelivery(status, header, bill, receipt).kind;

  it('tells apart delivered, refused, failed and unknown', () => {
    expect(kind(200, told())).toBe('delivered');
    expect(kind(503, told({ deliveryStatus: 'FAILED' }))).toBe('delivery-failed');
    const error = actError('PROOF_INVALID', 'proof-replayed');
    expect(kind(402, told({ validationStatus: 'INVALID', error }))).toBe('proof-refused');
    expect(kind(503, told({ validationStatus: 'UNKNOWN', error }))).toBe('unknown');
    expect(kind(503, told({ deliveryStatus: 'STARTED' }))).toBe('unknown');
  });

  it('that is about another trade, or says nothing, is no outcome', () => {
    expect(kind(200, told({ outTradeNo: 'D-other' }))).toBe('unknown');
    expect(kind(200, told({ tradeNo: 'T-other' }))).toBe('unknown');
    expect(kind(200, told({ resourceId: 'other' }))).toBe('unknown');
    expect(kind(200, undefined)).toBe('unknown');
    expect(kind(200, 'nonsense')).toBe('unknown');
  });

  it('is not delivered because it says 200, nor because the header says so with another status', () => {
    expect(kind(200, told({ deliveryStatus: 'NOT_STARTED' }))).toBe('unknown');
    expect(kind(500, told())).toBe('unknown');
  });
});
