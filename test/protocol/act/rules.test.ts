import { describe, expect, it } from 'vitest';
import { ExtCommerce } from '../../../protocol/act/intent.ts';
import { fromJson, toJson } from '../../../protocol/act/json-form.ts';
import { variant } from '../../../protocol/act/rules.ts';
import { type WireType, wireMap } from '../../../protocol/wire.ts';
import { refusal, verdict } from '../support.ts';
import { PAYMENT_CASES } from './payment-rule-cases.ts';
import { AUTHORIZATION_CASES, any, without } from './rule-cases.ts';

/** The declaration without its rules, to make what a bad party would send. */
function lawless(type: WireType<unknown>): WireType<never> {
  const { kind } = type;
  if (kind?.is === 'ruled') return lawless(kind.of);
  if (kind?.is === 'variant') {
    const cases = [...kind.cases].map(([name, one]) => [name, lawless(one)]);
    return any(variant('eventType', 2, Object.fromEntries(cases)));
  }
  if (kind?.is !== 'map') return any(type);
  const shape = kind.fields.map(({ name, key, type: field, optional }) => {
    const spec = [key, lawless(field), ...(optional ? ['optional'] : [])];
    return [name, spec];
  });
  const names = kind.fields.map(({ name, jsonName }) => [name, jsonName]);
  return any(wireMap(kind.name, Object.fromEntries(shape), Object.fromEntries(names)));
}

describe.each([...AUTHORIZATION_CASES, ...PAYMENT_CASES])('$name', ({ type, good, bad }) => {
  const wild = lawless(type);
  // Alone it has no currency, and so no JSON form of its own.
  const scoped = type !== any(ExtCommerce);

  it('is taken as it is, both ways', () => {
    const value = good as never;
    expect(type.decode(type.encode(value, 'x'), 'x')).toEqual(good);
    if (scoped) expect(fromJson(type, toJson(type, value, 'x'), 'x')).toEqual(good);
  });

  it.each(bad)('with %j is refused with %s in CBOR and JSON, written and read', (changes, code) => {
    const value = without({ ...good, ...changes }) as never;
    expect(verdict(() => type.encode(value, 'x'))).toBe(code);
    expect(refusal(() => type.decode(wild.encode(value, 'x'), 'x'))?.code).toBe(code);
    if (!scoped) return;
    expect(verdict(() => toJson(type, value, 'x'))).toBe(code);
    expect(verdict(() => fromJson(type, toJson(wild, value, 'x'), 'x'))).toBe(code);
  });
});
