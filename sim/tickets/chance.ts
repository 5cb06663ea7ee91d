/** What the rest of a simulated market does: whole numbers out of a secret and a few numbers, the same whenever they are asked for. */
import { concatBytes, sha256, utf8 } from '../../protocol/index.ts';

const GOLDEN = 0x9e3779b9;

/** A multiply-and-shift mixer of 32 bits: prices and crowds need no cryptography, but a great many numbers. */
function mixed(state: number, word: number): number {
  let mix = (state ^ Math.imul(word + GOLDEN, 0x85ebca6b)) >>> 0;
  mix = Math.imul(mix ^ (mix >>> 15), 0x2c1b3c6d) >>> 0;
  mix = Math.imul(mix ^ (mix >>> 12), 0x297a2d39) >>> 0;
  return (mix ^ (mix >>> 15)) >>> 0;
}

export class Chance {
  readonly #seed: number;

  /** @param secret of the merchant. */
  constructor(secret: Uint8Array, purpose: string) {
    const [a = 0, b = 0, c = 0, d = 0] = sha256(concatBytes(secret, utf8(purpose)));
    this.#seed = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  }

  /** A whole number from 0 to `below` − 1 (at most 2^32), the same for the same numbers. */
  below(below: number, ...words: readonly number[]): number {
    return Math.floor((words.reduce(mixed, this.#seed) / 2 ** 32) * below);
  }

  /** A whole number between −`most` and `most`. */
  swing(most: number, ...words: readonly number[]): number {
    return this.below(2 * most + 1, ...words) - most;
  }
}
