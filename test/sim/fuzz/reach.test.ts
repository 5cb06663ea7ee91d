import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PAYMENT_ERRORS } from '../../../protocol/index.ts';
import { AIMED_FAULT_KINDS, DELEGATED_FAULT_KINDS, FAULT_KINDS } from '../../../sim/fuzz/faults.ts';
import {
  DELEGATED_MUST_REACH,
  DELEGATED_NOT_DEMANDED,
  MUST_REACH,
  missingReach,
  NOT_DEMANDED,
  THREATS,
} from '../../../sim/fuzz/reach-table.ts';
import { ROOT } from '../../helpers/source-text.ts';

describe('the table of what a run must reach', () => {
  it('names what is missing, and nothing when all of it occurred', () => {
    const all = new Map(MUST_REACH.map((name) => [name, 1]));
    expect(missingReach(all)).toEqual([]);
    all.delete('fault:flood');
    expect(missingReach(all)).toEqual(['fault:flood']);
  });

  it('has every fault, and excuses nothing that it demands', () => {
    const all = [...MUST_REACH, ...DELEGATED_MUST_REACH];
    expect([...FAULT_KINDS, ...AIMED_FAULT_KINDS].filter((kind) => !all.includes(`fault:${kind}`))).toEqual([]);
    expect(Object.keys(NOT_DEMANDED).filter((name) => MUST_REACH.includes(name))).toEqual([]);
  });

  it('has every state, fault and error of delegated payments: demanded, or excused with a reason', () => {
    const names = [
      ...DELEGATED_FAULT_KINDS.map((kind) => `fault:${kind}`),
      ...Object.keys(PAYMENT_ERRORS).map((error) => `payment-error:${error}`),
    ];
    const known = [...DELEGATED_MUST_REACH, ...Object.keys(DELEGATED_NOT_DEMANDED)];
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
    expect(new Set(known).size).toBe(known.length);
  });

  it('has a row for each threat: reached here, or tested where it says', () => {
    expect(Object.keys(THREATS)).toEqual(Array.from({ length: 30 }, (_, i) => `T${i + 1}`));
    const demanded = Object.values(THREATS).flatMap((row) => (typeof row === 'string' ? [] : row));
    expect(demanded.filter((name) => ![...MUST_REACH, ...DELEGATED_MUST_REACH].includes(name))).toEqual([]);
    const places = Object.values(THREATS).flatMap((row) =>
      typeof row === 'string' ? (row.match(/test\/[\w/.-]+/g) ?? []) : [],
    );
    for (const place of places)
      expect(() => readdirSync(`${ROOT}${place.replace(/\/[\w-]+\.test\.ts$/, '')}`)).not.toThrow();
  });
});
