import type { CborInput } from '../../protocol/cbor.ts';

/** `depth` arrays inside one another. */
export const nested = (depth: number): CborInput => (depth === 0 ? 0 : [nested(depth - 1)]);

/** Something of everything the profile has, in the order it is spelled. */
export const SAMPLE = new Map<number | string, CborInput>([
  [1, 2480],
  [2, -(2 ** 40)],
  [24, '拿铁 ☕ two shots'],
  [300, Uint8Array.of(0, 1, 2, 255)],
  [-1, [true, false, null, [], new Map()]],
  [-70001, 2 ** 53 - 1],
  ['a', new Map<number | string, CborInput>([[0, 'x'.repeat(70)]])],
  ['bb', 'é'.repeat(30)],
]);
