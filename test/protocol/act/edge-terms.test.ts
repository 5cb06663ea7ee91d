/** The terms of a delegation in the private part of its credential: one spelling, one meaning, nothing else (T7, T9). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EdgeTerms, termsOf, writeTerms } from '../../../protocol/act/edge-terms.ts';
import { IacPayload } from '../../../protocol/act/iac.ts';
import { fromJson, toJson } from '../../../protocol/act/json-form.ts';
import { decodeCbor, encodeCbor } from '../../../protocol/cbor.ts';
import { parseJson, writeJson } from '../../../protocol/json.ts';
import type { Currency } from '../../../protocol/money.ts';
import type { WireType } from '../../../protocol/wire.ts';
import { at, VALUES } from '../builders.ts';
import { refusal, verdict } from '../support.ts';
import { valuesOf } from './derive.ts';

const { iac } = VALUES.authorization;
const latte = { itemId: 'latte', quantity: 1, choices: ['large', 'oat'] };
const TERMS: EdgeTerms = { currency: 'CNY', items: [latte], utcOffsetMin: 480 };

/** A credential with this private part. */
function credential(vendorPrivate: string, over: Partial<IacPayload> = {}): IacPayload {
  return { ...iac, ...over, ext: { ...iac.ext, vendorPrivate } };
}
const written = (over: object) => writeTerms({ ...TERMS, ...over } as EdgeTerms);
const writing = (over: object) => verdict(() => written(over));
const reading = (text: string, over: Partial<IacPayload> = {}) => verdict(() => termsOf(credential(text, over)));
const modeOf = ({ purpose }: EdgeTerms) => (purpose === undefined ? 'SPECIFIED' : 'BOUNDED');

describe('terms of a delegation', () => {
  it('ACTC-DEL-001: come back as they were written, whatever they are, and so do their bytes', () => {
    fc.assert(
      fc.property(valuesOf(EdgeTerms as WireType<unknown>) as fc.Arbitrary<EdgeTerms>, (terms) => {
        const text = writeTerms(terms);
        expect(writeJson(parseJson(text))).toBe(text);
        const maxTotalMinor = Math.max(iac.maxTotalMinor, terms.firstFundMinor ?? 0);
        const over = { currency: terms.currency, delegationMode: modeOf(terms), maxTotalMinor } as const;
        expect(termsOf(credential(text, over))).toEqual(terms);
        const json = toJson(EdgeTerms, terms, 'terms');
        expect(fromJson(EdgeTerms, json, 'terms')).toEqual(terms);
        expect(EdgeTerms.decode(decodeCbor(encodeCbor(EdgeTerms.encode(terms, 'terms'))), 'terms')).toEqual(terms);
      }),
      { seed: 61, numRuns: 300 },
    );
  });

  it('stay as they are in a credential, in CBOR and in JSON', () => {
    const signed = credential(written({ maxDailyMinor: 3_000 }));
    const decoded = IacPayload.decode(decodeCbor(encodeCbor(IacPayload.encode(signed, 'iac'))), 'iac');
    const inJson = parseJson(writeJson(toJson(IacPayload, signed, 'iac')));
    expect(termsOf(decoded)).toEqual({ ...TERMS, maxDailyMinor: 3_000 });
    expect(termsOf(fromJson(IacPayload, inJson, 'iac'))).toEqual({ ...TERMS, maxDailyMinor: 3_000 });
    expect(writeJson(inJson)).toContain('"max_daily_amount":30.00');
  });

  it('are none where a credential has no private part, and where it has no extensions', () => {
    const { ext: _, ...bare } = iac;
    const { vendorPrivate: __, ...ext } = iac.ext ?? {};
    expect(termsOf(bare)).toBeUndefined();
    expect(termsOf({ ...bare, ext })).toBeUndefined();
  });

  it('have one text', () => {
    const all: EdgeTerms = {
      ...TERMS,
      ...{ maxDailyMinor: 1, maxOrders: 3, weekdays: [1, 5], fromMin: 420, untilMin: 540, utcOffsetMin: -210 },
      ...{ wantedFrom: at(0), wantedUntil: at(1) },
    };
    expect(writeTerms(all)).toBe(
      '{"act_edge":{"currency":"CNY","items":[{"item_id":"latte","quantity":1,"choices":["large","oat"]}],' +
        '"max_daily_amount":0.01,"max_orders":3,"weekdays":[1,5],"from_min":420,"until_min":540,"utc_offset_min":-210,' +
        '"wanted_from":"2026-09-21T14:13:20Z","wanted_until":"2026-09-21T14:13:21Z"}}',
    );
    expect(writeTerms({ currency: 'JPY', purpose: 'report', maxDailyMinor: 5, utcOffsetMin: 0 })).toBe(
      '{"act_edge":{"currency":"JPY","purpose":"report","max_daily_amount":5,"utc_offset_min":0}}',
    );
  });
});

describe('T9: a private part that is not exactly these terms is refused', () => {
  const text = written({});

  it.each([
    ['nothing', '{}', 'message-shape'],
    ['other members', '{"max":1}', 'message-shape'],
    ['another member in front', text.replace('{', '{"a":1,'), 'message-shape'],
    ['another member behind', text.replace(/\}$/, ',"a":1}'), 'message-shape'],
    ['another name', text.replace('act_edge', 'act-edge'), 'message-shape'],
    ['a list', '[]', 'message-shape'],
    ['a text', '"act_edge"', 'message-shape'],
    ['a null for them', '{"act_edge":null}', 'message-shape'],
    ['two of them', text.replace(/^\{(.*)\}$/, '{$1,$1}'), 'json-duplicate-member'],
    ['a member nobody declared', text.replace('"utc', '"max_weight":1,"utc'), 'json-unknown-member'],
    ['no JSON', text.slice(1), 'json-syntax'],
    ['a number that is none', text.replace('480', '480.0'), 'message-shape'],
    ['a space between members', text.replace(',', ', '), 'message-shape'],
    ['an escape', text.replace('latte', '\\u006catte'), 'message-shape'],
    ['another order of members', text.replace(/("items":.*),("utc_offset_min":480)/, '$2,$1'), 'message-shape'],
    ['an amount with fewer decimals', text.replace('"utc', '"max_daily_amount":30.0,"utc'), 'message-shape'],
    ['an amount as text', text.replace('"utc', '"max_daily_amount":"30.00","utc'), 'message-shape'],
    ['an amount with more decimals', text.replace('"utc', '"max_daily_amount":30.001,"utc'), 'money-precision'],
  ])('%s', (_, changed, code) => {
    expect(changed).not.toBe(text);
    expect(reading(changed)).toBe(code);
  });

  it('T7: in another currency than the credential', () => {
    expect(reading(text)).toBe('accepted');
    for (const currency of ['HKD', 'JPY', 'KWD'] as const satisfies readonly Currency[])
      expect(reading(text, { currency })).toBe('message-shape');
    expect(reading(written({ currency: 'HKD' }), { currency: 'HKD' })).toBe('accepted');
  });

  it('items under BOUNDED, and a purpose under SPECIFIED, also where the mode is left out', () => {
    const { delegationMode: _, ...unsaid } = credential(text);
    const task = written({ items: undefined, purpose: 'market-report' });
    expect(reading(text, { delegationMode: 'BOUNDED' })).toBe('message-shape');
    expect(reading(task, { delegationMode: 'BOUNDED' })).toBe('accepted');
    expect(reading(task)).toBe('message-shape');
    expect(termsOf(unsaid)).toEqual(TERMS);
    expect(verdict(() => termsOf({ ...unsaid, ext: { vendorPrivate: task } }))).toBe('message-shape');
  });

  it('and the refusal quotes nothing of it', () => {
    const error = refusal(() => termsOf(credential('{"secret":"words"}')));
    expect(`${error?.message}${error?.path}`).not.toMatch(/secret|words/);
  });
});

describe('ACTC-DEL-002: the rules between terms', () => {
  it('want items or a purpose, and not both', () => {
    expect(writing({ items: undefined })).toBe('act-request-link');
    expect(writing({ purpose: 'market-report' })).toBe('act-request-link');
  });

  it('T14: fill only the account of a purpose, and with no more than the total', () => {
    expect(writing({ firstFundMinor: 1 })).toBe('act-instrument');
    const task = { items: undefined, purpose: 'market-report' };
    for (const [firstFundMinor, code] of [
      [iac.maxTotalMinor - 1, 'accepted'],
      [iac.maxTotalMinor, 'accepted'],
      [iac.maxTotalMinor + 1, 'act-amount-order'],
    ] as const)
      expect(reading(written({ ...task, firstFundMinor }), { delegationMode: 'BOUNDED' })).toBe(code);
    expect(writing({ ...task, firstFundMinor: 0 })).toBe('message-shape');
  });

  it('want both ends of a window, the later one last', () => {
    for (const [from, until, code] of [
      [undefined, 540, 'act-window'],
      [420, undefined, 'act-window'],
      [0, 1, 'accepted'],
      [1_439, 1_440, 'accepted'],
      [420, 420, 'act-window'],
      [421, 420, 'act-window'],
      [0, 1_440, 'accepted'],
    ] as const)
      expect(writing({ fromMin: from, untilMin: until }), `${from} to ${until}`).toBe(code);
    for (const [from, until, code] of [
      [undefined, at(1), 'act-window'],
      [at(1), undefined, 'act-window'],
      [at(1), at(1), 'act-window'],
      [at(2), at(1), 'act-window'],
      [at(1), at(2), 'accepted'],
    ] as const)
      expect(writing({ wantedFrom: from, wantedUntil: until }), `${from} to ${until}`).toBe(code);
  });

  it('name each item, choice and day once, and days in order', () => {
    const muffin = { itemId: 'muffin', quantity: 2 };
    expect(writing({ items: [latte, muffin] })).toBe('accepted');
    expect(writing({ items: [latte, muffin, { ...muffin, quantity: 3 }] })).toBe('act-list-conflict');
    expect(writing({ items: [latte, { ...muffin, choices: ['large', 'oat'] }] })).toBe('accepted');
    expect(writing({ items: [muffin, { ...latte, choices: ['oat', 'large', 'oat'] }] })).toBe('act-list-conflict');
    for (const [weekdays, code] of [
      [[1, 2, 3, 4, 5, 6, 7], 'accepted'],
      [[7], 'accepted'],
      [[5, 1], 'act-list-conflict'],
      [[1, 3, 2], 'act-list-conflict'],
      [[1, 1], 'act-list-conflict'],
    ] as const)
      expect(writing({ weekdays }), weekdays.join()).toBe(code);
  });
});

describe('the bounds of single terms', () => {
  it.each([
    [{ items: [] }, { items: Array.from({ length: 8 }, (_, i) => ({ itemId: `item-${i}`, quantity: 1 })) }],
    [{ items: Array.from({ length: 9 }, (_, i) => ({ itemId: `item-${i}`, quantity: 1 })) }, {}],
    [{ items: [{ ...latte, choices: [] }] }, { items: [{ ...latte, choices: ['a'] }] }],
    [{ items: [{ ...latte, quantity: 0 }] }, { items: [{ ...latte, quantity: 20 }] }],
    [{ items: [{ ...latte, quantity: 21 }] }, {}],
    [{ items: [{ ...latte, itemId: 'Latte' }] }, {}],
    [
      { items: undefined, purpose: 'a report' },
      { items: undefined, purpose: 'a-report' },
    ],
    [{ maxDailyMinor: 0 }, { maxDailyMinor: 1 }],
    [{ maxDailyMinor: 1_000_000_000_000 }, { maxDailyMinor: 999_999_999_999 }],
    [{ maxOrders: 0 }, { maxOrders: 1 }],
    [{ maxOrders: 10_001 }, { maxOrders: 10_000 }],
    [{ weekdays: [] }, { weekdays: [1] }],
    [{ weekdays: [0] }, { weekdays: [7] }],
    [{ weekdays: [8] }, {}],
    [
      { fromMin: -1, untilMin: 1 },
      { fromMin: 0, untilMin: 1 },
    ],
    [
      { fromMin: 1_440, untilMin: 1_440 },
      { fromMin: 1_439, untilMin: 1_440 },
    ],
    [
      { fromMin: 0, untilMin: 1_441 },
      { fromMin: 0, untilMin: 1_440 },
    ],
    [{ utcOffsetMin: undefined }, { utcOffsetMin: 0 }],
    [{ utcOffsetMin: -721 }, { utcOffsetMin: -720 }],
    [{ utcOffsetMin: 841 }, { utcOffsetMin: 840 }],
    [{ currency: 'ZZZ' }, { currency: 'VND' }],
  ])('%j is refused, %j taken', (bad, good) => {
    expect(writing(bad)).toBe('message-shape');
    expect(writing(good)).toBe('accepted');
  });

  it('leave no room for terms that no credential could hold', () => {
    const items = Array.from({ length: 8 }, (_, i) => ({
      ...{ itemId: `item-${i}`.padEnd(24, 'x'), quantity: 20 },
      choices: Array.from({ length: 8 }, (_, j) => `choice-${j}`.padEnd(24, 'x')),
    }));
    expect(verdict(() => IacPayload.encode(credential(written({ items })), 'iac'))).toBe('message-shape');
  });
});
