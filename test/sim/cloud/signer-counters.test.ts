import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Digest, digestOf, hex, type TrustedKey, trustedKey, utf8 } from '../../../protocol/index.ts';
import { type CounterVerdict, REMEMBERED_COUNTERS, SignerCounters } from '../../../sim/cloud/signer-counters.ts';
import { keyOf } from './hands.ts';

const entry = { party: 'glasses-01', role: 'signer', use: 'object', tenant: 'demo' } as const;
const signer = trustedKey({ ...entry, publicKey: keyOf(new Uint8Array(32).fill(1)).publicKey });
const other = trustedKey({ ...entry, publicKey: keyOf(new Uint8Array(32).fill(2)).publicKey });
const digest = (name: string): Digest => digestOf(utf8(name));

function book() {
  const forks: TrustedKey[] = [];
  const counters = new SignerCounters((key) => forks.push(key));
  const judge = (counter: number, name: string, by = signer): CounterVerdict =>
    counters.judge({ signer: by, digest: digest(name), value: { counter } });
  return { forks, counters, judge };
}

describe('the counters of signers', () => {
  it('go up, with gaps for what never arrived', () => {
    const { judge, forks } = book();
    expect([1, 2, 7, 8].map((counter) => judge(counter, `${counter}`))).toEqual(['fresh', 'fresh', 'fresh', 'fresh']);
    expect(forks).toEqual([]);
  });

  it('T2: take the same object as often as it comes', () => {
    const { judge, forks } = book();
    for (const counter of [1, 2]) judge(counter, `${counter}`);
    expect([1, 2, 1].map((counter) => judge(counter, `${counter}`))).toEqual(['repeated', 'repeated', 'repeated']);
    expect(forks).toEqual([]);
  });

  it('T4: take what was overtaken for late, not for stolen', () => {
    const { judge, forks } = book();
    judge(3, 'three');
    expect(judge(2, 'two')).toBe('overtaken');
    expect(judge(2, 'two')).toBe('repeated');
    expect(judge(4, 'four')).toBe('fresh');
    expect(forks).toEqual([]);
  });

  it('T19: find two objects with one number, and believe the key nothing new from then on', () => {
    const { judge, forks, counters } = book();
    judge(1, 'one');
    judge(2, 'the wearer');
    expect(judge(2, 'the thief')).toBe('forked');
    expect(counters.isForked(hex(signer.kid))).toBe(true);
    expect([judge(3, 'three'), judge(2, 'another'), judge(1, 'x')]).toEqual(['key-forked', 'key-forked', 'key-forked']);
    // What was seen before the fork is answered as before.
    expect(judge(1, 'one')).toBe('repeated');
    expect(forks).toEqual([signer]);
  });

  it('T19: find a copy by the first number it uses again, also when that was late itself', () => {
    const { judge } = book();
    judge(3, 'three');
    judge(2, 'two, late');
    expect(judge(2, 'two, of the copy')).toBe('forked');
  });

  it('keep the keys apart', () => {
    const { judge, counters } = book();
    judge(1, 'one');
    expect(judge(1, 'one of the other', other)).toBe('fresh');
    judge(1, 'again');
    expect(judge(2, 'two of the other', other)).toBe('fresh');
    expect(counters.isForked(hex(other.kid))).toBe(false);
  });

  it('T30: remember a bounded number of objects, and take what is older for a copy', () => {
    const { judge, forks } = book();
    for (let counter = 1; counter <= REMEMBERED_COUNTERS + 5; counter += 1) judge(counter, `${counter}`);
    expect(judge(6, '6')).toBe('repeated');
    expect(judge(5, '5')).toBe('forked');
    expect(forks).toHaveLength(1);
  });

  it('T19: find every copy of a signer at the latest when it has used as many numbers, whatever order they come in', () => {
    const sides = fc.record({
      before: fc.integer({ min: 0, max: 5 }),
      wearer: fc.integer({ min: 1, max: 8 }),
      thief: fc.integer({ min: 1, max: 8 }),
      order: fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }),
    });
    const check = fc.property(sides, ({ before, wearer, thief, order }) => {
      const { judge, forks } = book();
      for (let counter = 1; counter <= before; counter += 1) judge(counter, `before ${counter}`);
      const left = { wearer: [...Array(wearer).keys()], thief: [...Array(thief).keys()] };
      const accepted: number[] = [];
      for (const isThief of order) {
        const who = isThief ? 'thief' : 'wearer';
        const next = left[who].shift();
        if (next === undefined) continue;
        if (judge(before + 1 + next, `${who} ${next}`) === 'fresh') accepted.push(before + 1 + next);
      }
      // Both began with the same number, so whoever came second with it has been found.
      const bothCame = left.wearer.length < wearer && left.thief.length < thief;
      expect(forks.length > 0).toBe(bothCame);
      expect(new Set(accepted).size).toBe(accepted.length);
    });
    fc.assert(check, { seed: 6, numRuns: 300 });
  });
});
