import { describe, expect, it } from 'vitest';
import { A402_MAX_CHARS, type A402Value, readA402, writeA402 } from '../../protocol/a402.ts';
import { actError } from '../../protocol/act/error-catalogue.ts';
import { fromIsoUtc } from '../../protocol/time.ts';
import { NOW } from './builders.ts';
import { refusal, verdict } from './support.ts';

const encoded = (text: string | object) =>
  Buffer.from(typeof text === 'string' ? text : JSON.stringify(text)).toString('base64url');
const bill = {
  protocol: {
    ...{ out_trade_no: 'ORDER-1', amount: '0.01', currency: 'CNY', resource_id: 'RES-1' },
    ...{ pay_before: '2026-09-21T20:00:00+08:00', seller_unique_id: '2088-1' },
  },
  method: { seller_name: '测试', nested: { count: 1.5 } },
};
const needed = (protocol: object = {}, rest: object = {}) =>
  readA402('Payment-Needed', encoded({ ...bill, ...rest, protocol: { ...bill.protocol, ...protocol } }));

const validation: A402Value<'Payment-Validation'> = {
  protocol: {
    ...{ outTradeNo: 'ORDER-1', resourceId: 'RES-1', tradeNo: 'T-1', validatedAt: NOW },
    ...{ validationStatus: 'INVALID', deliveryStatus: 'NOT_STARTED', fulfillmentStatus: 'NOT_CONFIRMED' },
    transactionState: 'WAIT_BUYER_PAY',
    error: actError('PROOF_INVALID', 'the proof was used before'),
    evidenceRefs: [{ type: 'PAYMENT', digest: `sha-256:${'A'.repeat(43)}` }],
  },
  method: '{}',
};

describe('Payment-Needed', () => {
  it('T7: has an exact amount and one deadline, whatever offset the seller writes', () => {
    const { protocol, method } = needed();
    expect(protocol).toMatchObject({ amountMinor: 1, currency: 'CNY', payBefore: fromIsoUtc('2026-09-21T12:00:00Z') });
    expect(method).toBe('{"seller_name":"测试","nested":{"count":1.5}}');
    const zones: [string, string][] = [
      ['2026-09-21T06:30:00-05:30', '2026-09-21T12:00:00Z'],
      ['2026-09-21T12:00:00Z', '2026-09-21T12:00:00Z'],
      ['2026-09-22T00:30:00+12:30', '2026-09-21T12:00:00Z'],
    ];
    for (const [theirs, utc] of zones)
      expect(needed({ pay_before: theirs }).protocol.payBefore, theirs).toBe(fromIsoUtc(utc));
  });

  it.each([
    ['amount', 0.01, 'message-shape'],
    ['amount', '0.001', 'money-precision'],
    ['amount', '0', 'message-shape'],
    ['amount', '1e3', 'money-syntax'],
    ['currency', 'ZZZ', 'message-shape'],
    ['currency', undefined, 'message-shape'],
    ['pay_before', '2026-09-21T20:00:00+24:00', 'time-syntax'],
    ['pay_before', '2026-09-21T20:00:00+08:60', 'time-syntax'],
    ['pay_before', '2026-09-21T20:00:00.5+08:00', 'time-syntax'],
    ['pay_before', '2026-02-30T20:00:00+08:00', 'time-syntax'],
    ['pay_before', 1_790_000_000, 'message-shape'],
    ['surplus', 1, 'json-unknown-member'],
    ['out_trade_no', 'a b', 'message-shape'],
    ['request_method', 'POST', 'a402-idempotency'],
    ['signature_content', 'x', 'a402-signature'],
  ])('with %s %j is refused with %s', (name, value, code) => {
    expect(verdict(() => needed({ [name]: value }))).toBe(code);
  });

  it('has two layers and nothing beside them; what the method adds changes nothing of the protocol', () => {
    expect(verdict(() => needed({}, { status: 'PAID' }))).toBe('json-unknown-member');
    expect(verdict(() => needed({}, { method: [] }))).toBe('json-not-compact');
    expect(verdict(() => readA402('Payment-Needed', encoded({ protocol: bill.protocol })))).toBe('message-shape');
    const { protocol } = needed({}, { method: { amount: '9999.00', currency: 'USD', pay_before: 'never' } });
    expect(protocol).toMatchObject({ amountMinor: 1, currency: 'CNY' });
  });
});

describe('the headers', () => {
  it('are read as they were written', () => {
    expect(readA402('Payment-Validation', writeA402('Payment-Validation', validation))).toEqual(validation);
    const proof: A402Value<'Payment-Proof'> = { protocol: { paymentProof: 'p', tradeNo: 'T-1' }, method: '{"s":"1"}' };
    expect(readA402('Payment-Proof', writeA402('Payment-Proof', proof))).toEqual(proof);
    expect(readA402('Payment-Needed', writeA402('Payment-Needed', needed()))).toEqual(needed());
  });

  it('T25: are no other header', () => {
    expect(verdict(() => readA402('Payment-Proof', writeA402('Payment-Validation', validation)))).not.toBe('accepted');
    expect(verdict(() => readA402('Payment-Validation', encoded(bill)))).not.toBe('accepted');
  });

  it.each([
    ['padding', `${encoded('{"a":1}')}==`, 'a402-encoding'],
    ['the other alphabet', 'ab+/', 'a402-encoding'],
    ['two values joined', `${encoded(bill)},${encoded(bill)}`, 'a402-encoding'],
    ['plain JSON', JSON.stringify(bill), 'a402-encoding'],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22]).toString('base64url'), 'a402-encoding'],
    ['nothing', '', 'json-syntax'],
    ['a byte order mark', encoded('\ufeff{}'), 'json-syntax'],
    ['a member twice', encoded('{"protocol":{},"protocol":{},"method":{}}'), 'json-duplicate-member'],
    ['too much', 'A'.repeat(A402_MAX_CHARS + 1), 'a402-too-long'],
  ])('T21: refuse %s', (_, text, code) => {
    expect(verdict(() => readA402('Payment-Needed', text))).toBe(code);
  });

  it('refuse to be longer than servers take', () => {
    const proof = { paymentProof: 'p'.repeat(2048), tradeNo: 'T'.repeat(96) };
    const filler = (length: number) => `{"a":"${'\u4e00'.repeat(length)}"}`;
    const writing = (method: string) => verdict(() => writeA402('Payment-Proof', { protocol: proof, method }));
    expect(writing(filler(1000))).toBe('accepted');
    expect(writing(filler(2000))).toBe('a402-too-long');
  });

  it('never quote what was in them', () => {
    const canary = needed.bind(null, { amount: 'CANARY', out_trade_no: 'CAN ARY' });
    expect(refusal(canary)?.message).not.toMatch(/CAN/);
  });
});
