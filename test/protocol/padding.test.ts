import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { concatBytes, hex } from '../../protocol/bytes.ts';
import { isSealedSize, pad, SEALED_SIZES, unpad } from '../../protocol/padding.ts';
import { frameOf } from './seal-builder.ts';
import { verdict } from './support.ts';

const OVERHEAD = 78;
const CAPACITIES = SEALED_SIZES.map((bytes) => bytes - OVERHEAD);

it('T28: leaves at most four sizes, all within the limit of one frame', () => {
  expect(SEALED_SIZES.length).toBeLessThanOrEqual(4);
  expect(Math.max(...SEALED_SIZES)).toBeLessThanOrEqual(4096);
  expect([1023, 1024, 1025, 2048, 4096, 0].filter(isSealedSize)).toEqual([1024, 2048, 4096]);
});

it('gives back every frame, whatever it ends with', () => {
  const ends = fc.constantFrom([], [0], [0, 0], [0x80], [0x80, 0], [0x80, 0, 0]);
  fc.assert(
    fc.property(fc.nat({ max: 4000 }), ends, (length, end) => {
      const frame = concatBytes(frameOf(length, length + 1), Uint8Array.from(end));
      const padded = pad(frame, OVERHEAD);
      expect(CAPACITIES).toContain(padded.length);
      expect(hex(unpad(padded, OVERHEAD))).toBe(hex(frame));
    }),
    { seed: 7816, numRuns: 300 },
  );
});

it('takes the smallest size that fits, up to the byte', () => {
  for (const [index, capacity] of CAPACITIES.entries()) {
    expect(pad(frameOf(capacity - 1), OVERHEAD)).toHaveLength(capacity);
    const next = CAPACITIES[index + 1];
    if (next === undefined) expect(verdict(() => pad(frameOf(capacity), OVERHEAD))).toBe('seal-too-long');
    else expect(pad(frameOf(capacity), OVERHEAD)).toHaveLength(next);
  }
});

it('refuses padding that does not begin, has something in it or goes on too far', () => {
  const [small = 0, large = 0] = CAPACITIES;
  const frame = frameOf(100);
  const tooFar = new Uint8Array(large);
  tooFar.set(concatBytes(frame, Uint8Array.of(0x80)));
  const dirty = pad(frame, OVERHEAD);
  dirty[small - 1] = 1;
  for (const wrong of [new Uint8Array(small), frameOf(small).fill(0x81), dirty, tooFar, new Uint8Array()]) {
    expect(verdict(() => unpad(wrong, OVERHEAD))).toBe('seal-padding');
  }
  expect(verdict(() => unpad(pad(frame, OVERHEAD).slice(0, -1), OVERHEAD))).toBe('seal-padding');
});

it('copies: the frame shares no memory with what it was in', () => {
  const padded = pad(frameOf(10), OVERHEAD);
  const frame = unpad(padded, OVERHEAD);
  padded.fill(0);
  expect(hex(frame)).toBe(hex(frameOf(10)));
});
