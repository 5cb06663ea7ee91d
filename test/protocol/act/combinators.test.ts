import { describe, expect, it } from 'vitest';
import { fromJson, toJson } from '../../../protocol/act/json-form.ts';
import { ruled, textOrList, variant } from '../../../protocol/act/rules.ts';
import { list, oneOf, text, uint, wireMap } from '../../../protocol/wire.ts';
import { refusal, verdict } from '../support.ts';
import { any } from './rule-cases.ts';

describe('rules', () => {
  const type = ruled(wireMap('m', { a: [1, uint(9)], b: [2, uint(9)] }), [
    { code: 'act-window', says: 'b is after a', holds: ({ a, b }) => b > a },
  ]);

  it('tell code, reason and place, and no value', () => {
    expect(refusal(() => type.encode({ a: 7, b: 3 }, 'x.y'))?.message).toBe('act-window: b is after a in x.y');
  });

  it('never see a value whose shape is wrong', () => {
    expect(verdict(() => type.encode({ a: 70, b: 3 }, 'x'))).toBe('message-shape');
    expect(verdict(() => type.encode(null as never, 'x'))).toBe('message-shape');
  });

  it('leave the CDDL of the declaration as it is', () => {
    expect(type.cddl).toContain('1: 0..9 ; a');
  });
});

describe('a text or a list', () => {
  const type = textOrList(text(4), list(uint(9), 2));

  it('is told by what it is', () => {
    for (const value of ['ab', [1, 2], []]) {
      expect(type.decode(type.encode(value, 'x'), 'x')).toEqual(value);
      expect(fromJson(type, toJson(type, value, 'x'), 'x')).toEqual(value);
    }
    for (const bad of ['abcde', [10], 5, null, { 0: 1 }]) {
      expect(verdict(() => type.encode(bad as never, 'x'))).toBe('message-shape');
      expect(verdict(() => type.decode(bad as never, 'x'))).toBe('message-shape');
    }
    expect(type.cddl).toBe('(text .size (1..16)) / [0*2 0..9]');
  });
});

describe('a variant', () => {
  const one = (name: string, number: number, field: string) =>
    wireMap(name, { kind: [2, oneOf({ [name]: number })], [field]: [3, uint(9)] });
  const type = any(variant('kind', 2, { a: one('a', 1, 'first'), b: ruled(one('b', 2, 'second'), []) }));

  it('takes the fields of its own case only', () => {
    for (const value of [
      { kind: 'a', first: 1 },
      { kind: 'b', second: 2 },
    ]) {
      expect(type.decode(type.encode(value as never, 'x'), 'x')).toEqual(value);
      expect(fromJson(type, toJson(type, value as never, 'x'), 'x')).toEqual(value);
    }
    expect(verdict(() => type.encode({ kind: 'a', second: 1 } as never, 'x'))).toBe('message-shape');
  });

  it.each([null, undefined, 5, 'a', {}, { kind: 'c' }, { kind: 'constructor' }, [], new Map()])(
    'refuses %j',
    (value) => {
      expect(verdict(() => type.encode(value as never, 'x'))).toBe('message-shape');
      expect(verdict(() => type.decode(value as never, 'x'))).toBe('message-shape');
    },
  );

  it('refuses unknown types on the wire and in JSON', () => {
    expect(verdict(() => type.decode(new Map([[2, 9]]), 'x'))).toBe('message-shape');
    for (const json of [{}, { kind: 'c' }, { kind: 1 }, 'a', null])
      expect(verdict(() => fromJson(type, json as never, 'x'))).toBe('message-shape');
    expect(type.cddl).toContain(' / ');
  });

  it('is a defect of ours where a case is no map', () => {
    expect(() => variant('kind', 2, { a: uint(9) })).toThrow('a declaration is no map');
  });
});
