import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../protocol/bytes.ts';
import { fromUtf8, isJsonObject, JSON_LIMITS, JsonDecimal, parseJson, writeJson } from '../../protocol/json.ts';
import { refusal, seeded, verdict } from './support.ts';

const reading = (text: string) => verdict(() => parseJson(text));
const plain = (value: unknown): unknown =>
  value instanceof JsonDecimal
    ? Number(value.text)
    : Array.isArray(value)
      ? value.map(plain)
      : isJsonObject(value as never)
        ? Object.fromEntries(Object.entries(value as object).map(([name, one]) => [name, plain(one)]))
        : value;

describe('reading JSON', () => {
  it('gives what JSON.parse gives, where that loses nothing', () => {
    const property = fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, space) => {
      const text = JSON.stringify(value, null, space);
      if (/\\ud[89a-f]|[eE][+-]?\d{3}|\d{25}/.test(text)) return;
      const ours = plain(parseJson(text));
      expect(ours).toEqual(JSON.parse(text, (_, one) => (Object.is(one, -0) ? 0 : one)));
    });
    fc.assert(property, { seed: 8259, numRuns: 300 });
  });

  it.each([
    ['two members of one name', '{"a":1,"a":1}'],
    ['the same with an escape', '{"a":1,"\\u0061":2}'],
    ['deeper down', '[{"b":{"a":1,"c":2,"a":3}}]'],
  ])('T7: refuses %s, of which JSON.parse would take the last', (_, text) => {
    expect(reading(text)).toBe('json-duplicate-member');
  });

  it.each([
    ...['', ' ', '{', '}', '[', '[1', '[1,', '[1,]', '[,1]', '{"a"}', '{"a":}', '{"a":1,}', '{a:1}', "{'a':1}"],
    ...['nul', 'True', 'NaN', 'Infinity', '-', '+1', '01', '1.', '.5', '1e', '0x1', '1 2', '[1]x', '"a', '"\\x"'],
    ...['"\n"', '"\u0000"', '"\\u12"', '\ufeff1', '{"a":1}{', '[1 2]', '//1', '{"a":1 "b":2}', '"\\\n"'],
  ])('refuses %j', (text) => {
    expect(reading(text)).toBe('json-syntax');
    expect(refusal(() => parseJson(text))?.at).toBeGreaterThanOrEqual(0);
  });

  it('T8: refuses texts that have no UTF-8 form', () => {
    for (const text of ['"\\ud800"', '"\\udc00\\ud800"', '{"\\ud800":1}']) expect(reading(text)).toBe('json-text');
    expect(parseJson('"\\ud83e\\udd64"')).toBe('🥤');
  });

  it('T7: keeps the spelling of every number that is no safe integer', () => {
    for (const text of ['600.00', '0.1', '-0', '9007199254740993', '1E30', '2e-3', '-1.50', '100000000000000000000'])
      expect(parseJson(text)).toEqual(new JsonDecimal(text));
    for (const number of [0, 1, -1, 2 ** 53 - 1, -(2 ** 53 - 1)]) expect(parseJson(String(number))).toBe(number);
    expect(reading(`0.${'1'.repeat(38)}`)).toBe('accepted');
    expect(reading(`0.${'1'.repeat(39)}`)).toBe('json-number');
  });

  it('keeps names that every object inherits as members like others', () => {
    const object = parseJson('{"__proto__":{"a":1},"constructor":2,"toString":3}');
    expect(Object.keys(object as object)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(writeJson(object)).toBe('{"__proto__":{"a":1},"constructor":2,"toString":3}');
    expect(Object.getPrototypeOf(object)).toBeNull();
  });

  it('T21: is bounded in length, depth and width', () => {
    const { chars, depth, entries } = JSON_LIMITS;
    expect(reading(`"${'a'.repeat(chars - 2)}"`)).toBe('accepted');
    expect(reading(`"${'a'.repeat(chars - 1)}"`)).toBe('json-too-long');
    expect(reading('['.repeat(depth) + ']'.repeat(depth))).toBe('accepted');
    expect(reading('['.repeat(depth + 1) + ']'.repeat(depth + 1))).toBe('json-too-deep');
    expect(reading(`[${'[],'.repeat(entries - 1)}[]]`)).toBe('accepted');
    expect(reading(`[${'1,'.repeat(entries)}1]`)).toBe('json-too-many');
    for (const open of ['[', '{"a":', '"', '"\\', '1'])
      expect(reading(open.repeat(Math.floor(chars / open.length)))).not.toBe('accepted');
  });

  it('T21: answers 5,000 mutated texts with a value or a code', () => {
    const random = seeded(8259);
    const text = '{"a":[1,2.50,"x\\u0041",null,true],"b":{"c":-0.1e2}}';
    for (let i = 0; i < 5000; i++) {
      const letters = [...text];
      for (let n = 0; n <= random(3); n++)
        letters[random(letters.length)] = '{}[]":,\\0123.eE-+tfn \u0000\ud800'[random(24)] as string;
      const mutated = letters.join('');
      if (reading(mutated) === 'accepted') expect(plain(parseJson(mutated))).toEqual(plain(JSON.parse(mutated)));
    }
  });
});

describe('writing JSON', () => {
  it('reads back what it wrote, and writes again the same', () => {
    const property = fc.property(fc.jsonValue({ noUnicodeString: true } as never), (value) => {
      const text = JSON.stringify(value);
      if (reading(text) !== 'accepted') return;
      const compact = writeJson(parseJson(text));
      expect(writeJson(parseJson(compact))).toBe(compact);
    });
    fc.assert(property, { seed: 8259, numRuns: 200 });
  });

  it.each([0.5, -0, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])('T7: refuses the number %d', (number) => {
    expect(verdict(() => writeJson([number]))).toBe('json-number');
  });

  it('refuses texts and names that have no UTF-8 form', () => {
    expect(verdict(() => writeJson('\ud800'))).toBe('json-text');
    expect(verdict(() => writeJson({ '\udc00': 1 }))).toBe('json-text');
  });

  it('leaves decimals to writeJson, as JSON.stringify would write an object', () => {
    expect(() => JSON.stringify({ amount: new JsonDecimal('1.50') })).toThrow(/writeJson/);
    for (const bad of ['', '1,5', ' 1', '1\n', 'NaN', '--1', '1'.repeat(41)])
      expect(verdict(() => new JsonDecimal(bad))).toBe('json-number');
  });
});

describe('reading UTF-8', () => {
  it('gives back every text', () => {
    for (const text of ['', 'a', 'é', '€', '🥤', '%41', '\u0000']) expect(fromUtf8(utf8(text))).toBe(text);
  });

  it('T8: refuses overlong forms, surrogates, what is cut and what is beyond Unicode', () => {
    for (const bad of [[0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82], [0xf4, 0x90, 0x80, 0x80], [0xff], [0x80]])
      expect(verdict(() => fromUtf8(Uint8Array.from(bad)))).toBe('json-text');
  });
});
