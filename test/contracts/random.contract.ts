import { expect } from 'vitest';
import type { Random } from '../../device/ports.ts';
import { contract } from './contract.ts';

export interface RandomStand {
  readonly random: Random;
}

export const randomContract = contract<RandomStand>('Random', {
  // 65,536 is the most that Web Crypto gives at a time.
  'gives exactly as many bytes as asked': ({ random }) => {
    for (const length of [0, 1, 31, 32, 33, 65_537]) expect(random.bytes(length)).toHaveLength(length);
  },

  'T12: gives memory of its own: neither a later draw nor the caller changes what was given': ({ random }) => {
    const first = random.bytes(40);
    const copy = first.slice();
    const second = random.bytes(40);
    expect(first).toEqual(copy);
    const kept = second.slice();
    first.fill(0);
    expect(second).toEqual(kept);
    expect([first, second].map(({ buffer }) => buffer.byteLength)).toEqual([40, 40]);
  },

  'T2: never gives the same 16 bytes twice': ({ random }) => {
    const draws = Array.from({ length: 1_000 }, () => random.bytes(16).join());
    expect(new Set(draws).size).toBe(draws.length);
  },

  'sets each bit about as often as not, whatever the size of the draws': ({ random }) => {
    for (const length of [1, 7, 64]) {
      const ones = new Array<number>(8).fill(0);
      const total = 6_720;
      for (let drawn = 0; drawn < total; drawn += length)
        for (const byte of random.bytes(length))
          for (let bit = 0; bit < 8; bit++) ones[bit] = (ones[bit] ?? 0) + ((byte >> bit) & 1);
      // Sixteen standard deviations: no honest generator ever fails.
      for (const count of ones) expect(Math.abs(count / total - 0.5)).toBeLessThan(0.1);
    }
  },
});
