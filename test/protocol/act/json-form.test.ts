import { describe, expect, it } from 'vitest';
import { CapabilityRequest } from '../../../protocol/act/capability.ts';
import { amountNumber, amountText, currency, opaque, percentE2, time } from '../../../protocol/act/fields.ts';
import { ActIsr, Ext } from '../../../protocol/act/intent.ts';
import { fromJson, located, toJson } from '../../../protocol/act/json-form.ts';
import { InstantPayRequest } from '../../../protocol/act/payment.ts';
import { hex } from '../../../protocol/bytes.ts';
import { encodeCbor } from '../../../protocol/cbor.ts';
import { JsonDecimal, type JsonValue, parseJson, writeJson } from '../../../protocol/json.ts';
import { IntentRequest } from '../../../protocol/messages/intent.ts';
import { PayRequest } from '../../../protocol/messages/payment.ts';
import { bytes, list, oneOf, uint, wireMap } from '../../../protocol/wire.ts';
import { BODIES } from '../builders.ts';
import { refusal, verdict } from '../support.ts';
import { AGENT, ISR, METHOD } from './samples.ts';

const money = wireMap('money', {
  currency: [1, currency],
  number: [2, amountNumber, 'optional'],
  text: [3, amountText, 'optional'],
  inner: [4, wireMap('inner', { number: [1, amountNumber] }), 'optional'],
});
const reading = (text: string) => verdict(() => fromJson(money, parseJson(text), 'm'));

describe('T7: amounts in JSON', () => {
  it('have all decimals of their currency, as numbers and as texts', () => {
    const written = (code: 'CNY' | 'JPY' | 'KWD', minor: number) =>
      writeJson(toJson(money, { currency: code, number: minor, text: minor }, 'm'));
    expect(written('CNY', 60_050)).toBe('{"currency":"CNY","number":600.50,"text":"600.50"}');
    expect(written('CNY', 5)).toBe('{"currency":"CNY","number":0.05,"text":"0.05"}');
    expect(written('JPY', 600)).toBe('{"currency":"JPY","number":600,"text":"600"}');
    expect(written('KWD', 1_255)).toBe('{"currency":"KWD","number":1.255,"text":"1.255"}');
    expect(written('CNY', 999_999_999_999)).toContain('9999999999.99');
  });

  it('are read exactly, in every plain spelling, and take their currency from the map around them', () => {
    for (const spelling of ['600', '600.0', '600.00'])
      expect(fromJson(money, parseJson(`{"number":${spelling},"currency":"CNY"}`), 'm').number).toBe(60_000);
    const nested = fromJson(money, parseJson('{"inner":{"number":7},"currency":"JPY"}'), 'm');
    expect(nested.inner?.number).toBe(7);
  });

  it.each([
    ['{"currency":"CNY","number":600.005}', 'money-precision'],
    ['{"currency":"JPY","number":600.0}', 'money-precision'],
    ['{"currency":"CNY","number":6e2}', 'money-syntax'],
    ['{"currency":"CNY","number":-1}', 'money-syntax'],
    ['{"currency":"CNY","number":-0}', 'money-syntax'],
    ['{"currency":"CNY","number":10000000000}', 'money-range'],
    ['{"currency":"CNY","number":"600"}', 'message-shape'],
    ['{"currency":"CNY","text":600}', 'message-shape'],
    ['{"currency":"CNY","text":"600.00\\n"}', 'money-syntax'],
    ['{"currency":"CNY","text":" 600"}', 'money-syntax'],
    ['{"currency":"ZZZ","number":600}', 'message-shape'],
    ['{"number":600}', 'message-shape'],
    ['{"currency":null,"number":600}', 'message-shape'],
  ])('%s is refused with %s', (text, code) => {
    expect(reading(text)).toBe(code);
  });

  it('refuses a binary fraction, and a declaration without a currency', () => {
    expect(verdict(() => fromJson(money, { currency: 'CNY', number: 600.5 } as JsonValue, 'm'))).not.toBe('accepted');
    expect(verdict(() => toJson(Ext, { commerce: { maxSingleMinor: 5 } }, 'ext'))).toBe('message-shape');
  });

  it('are a number in an intent and a text in a payment request', () => {
    const asked = { agentId: AGENT, buyerSupportedMethods: [METHOD], currency: 'CNY', estimatedMinor: 50_000 } as const;
    expect(writeJson(toJson(CapabilityRequest, asked, 'c'))).toContain('"currency":"CNY","estimated_amount":500.00}');
    const paid = toJson(InstantPayRequest, BODIES['pay-request'], 'p');
    expect(paid).toMatchObject({ amount: '23.80', currency: 'CNY', out_trade_no: BODIES['pay-request'].orderNo });
  });
});

describe('percents', () => {
  it.each([
    [0, '0'],
    [1, '0.01'],
    [50, '0.5'],
    [250, '2.5'],
    [1000, '10'],
    [10_000, '100'],
  ])('%d hundredths are %s', (value, text) => {
    expect(writeJson(toJson(percentE2, value, 'p'))).toBe(text);
    expect(fromJson(percentE2, parseJson(text), 'p')).toBe(value);
  });

  it('have two decimals and end at a hundred', () => {
    for (const text of ['0.001', '100.01', '-1', '"5"', 'null'])
      expect(verdict(() => fromJson(percentE2, parseJson(text), 'p'))).not.toBe('accepted');
  });
});

describe('T16: times in JSON', () => {
  it('are UTC to the second, and a wrong one is named by its place only', () => {
    expect(toJson(time, ISR.validityStartTime, 't')).toBe('2026-09-21T14:13:20Z');
    for (const bad of ['2026-09-21T14:13:20', '2026-09-21T22:13:20+08:00', '2026-02-30T00:00:00Z', 'now'])
      expect(refusal(() => fromJson(time, bad, 'a.b'))).toMatchObject({ code: 'time-syntax', path: 'a.b' });
    expect(verdict(() => fromJson(time, 1_790_000_000, 't'))).toBe('message-shape');
    expect(verdict(() => fromJson(time, '1999-01-01T00:00:00Z', 't'))).toBe('time-range');
  });

  it('leave our own defects as they are', () => {
    expect(() =>
      located('x', () => {
        throw new Error('ours');
      }),
    ).toThrow(/^ours$/);
  });
});

describe('opaque objects', () => {
  const type = opaque(40);

  it('keep the spelling of every number and come back as they were', () => {
    for (const text of ['{}', '{"b":1.50,"a":[1E3,null]}', '{"x":{"y":"é"}}']) {
      expect(type.decode(type.encode(text, 'x'), 'x')).toBe(text);
      expect(fromJson(type, toJson(type, text, 'x'), 'x')).toBe(text);
    }
  });

  it.each([
    ['{ }', 'json-not-compact'],
    ['[]', 'json-not-compact'],
    ['"a"', 'json-not-compact'],
    ['{"\\u0061":1}', 'json-not-compact'],
    ['{"a":1,"a":1}', 'json-duplicate-member'],
    ['{', 'json-syntax'],
    [`{"a":"${'b'.repeat(40)}"}`, 'message-shape'],
  ])('refuse %s with %s', (text, code) => {
    expect(verdict(() => type.encode(text, 'x'))).toBe(code);
    expect(verdict(() => type.decode(text, 'x'))).toBe(code);
  });

  it('refuse what is no object, from JSON', () => {
    for (const json of [1, 'a', null, [], true])
      expect(verdict(() => fromJson(type, json, 'x'))).toBe('json-not-compact');
  });
});

describe('the other forms', () => {
  const type = wireMap('m', { someBytes: [1, bytes(4)], names: [2, list(oneOf({ A_B: 1 }), 2)] }, { names: 'kinds' });

  it('bytes are base64url, names are names, fields are snake_case unless ACT says otherwise', () => {
    const value = { someBytes: Uint8Array.of(255, 254), names: ['A_B'] } as const;
    expect(toJson(type, value, 'm')).toEqual({ some_bytes: '__4', kinds: ['A_B'] });
    expect(fromJson(type, { some_bytes: '__4', kinds: ['A_B'] }, 'm')).toEqual(value);
  });

  it.each([
    [{ some_bytes: '__4=', kinds: [] }, 'bytes-base64url'],
    [{ some_bytes: 5, kinds: [] }, 'message-shape'],
    [{ some_bytes: '', kinds: [] }, 'message-shape'],
    [{ some_bytes: '__4', kinds: [1] }, 'message-shape'],
    [{ some_bytes: '__4', kinds: 'A_B' }, 'message-shape'],
    [{ some_bytes: '__4', names: ['A_B'] }, 'json-unknown-member'],
    [{ some_bytes: '__4' }, 'message-shape'],
    [[], 'message-shape'],
  ])('%j is refused with %s', (json, code) => {
    expect(verdict(() => fromJson(type, json as JsonValue, 'm'))).toBe(code);
  });

  it('a decimal is no object, and a lone one nothing but a number', () => {
    expect(verdict(() => fromJson(type, new JsonDecimal('1.5'), 'm'))).toBe('message-shape');
  });

  it('names the place of a fault and never its content', () => {
    const place = refusal(() => fromJson(type, { some_bytes: '__4', kinds: ['CANARY'] }, 'm'));
    expect(place?.path).toBe('m.names[0]');
    expect(refusal(() => fromJson(type, { CANARY: 1 }, 'm'))?.message).not.toMatch(/CANARY/);
  });

  it('T12: writes what was checked, not what a getter says the second time', () => {
    let asked = 0;
    const twoFaced = { a: 1, get b() { return asked++ === 0 ? 1 : 900; } }; // biome-ignore format: one line
    const bounded = wireMap('m', { a: [1, uint(9)], b: [2, uint(9)] });
    expect(toJson(bounded, twoFaced, 'm')).toEqual({ a: 1, b: 1 });
  });
});

describe('what L1 sends', () => {
  it('is the same object byte for byte: the ISR and the payment request', () => {
    const { isr } = BODIES.intent;
    const l1 = IntentRequest.encode(BODIES.intent, 'x') as ReadonlyMap<number, never>;
    expect(hex(encodeCbor(ActIsr.encode(isr, 'x')))).toBe(hex(encodeCbor(l1.get(2) as never)));
    const request = BODIES['pay-request'];
    expect(hex(encodeCbor(InstantPayRequest.encode(request, 'x')))).toBe(
      hex(encodeCbor(PayRequest.encode(request, 'x'))),
    );
  });

  it('has the JSON that ACT describes', () => {
    expect(JSON.parse(writeJson(toJson(ActIsr, ISR, 'isr')))).toEqual({
      conversation_history: {
        user_intent_raw_digest: ISR.conversationHistory.userIntentRawDigest,
        context_ref: 'device:ctx-0042',
        input_mode: ['VOICE'],
      },
      intent_id: ISR.intentId,
      delegation_mode: 'SPECIFIED',
      validity_start_time: '2026-09-21T14:13:20Z',
      validity_end_time: '2026-09-22T14:13:20Z',
      max_total_amount: 600,
      currency: 'CNY',
      allowed_payment_methods: ['urn:act:payment:alipay'],
      agent_id: 'did:act:example.com/glasses-7',
      user_confirmation_method: 'BUTTON',
      user_confirmation_timestamp: '2026-09-21T14:13:20Z',
      ext: {
        commerce: { max_single_amount: 600, allowed_categories: ['rail-ticket'], allowed_merchants: ['rail-1'] },
        agent_behavior: { price_deviation_tolerance: 2.5, price_deviation_action: 'PAUSE_AND_NOTIFY' },
      },
    });
  });
});
