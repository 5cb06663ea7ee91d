/** All randomness of a simulated world, from one seed: SHA-256 in counter mode, the same on every machine. */

import type { Random } from '../device/index.ts';
import { concatBytes, sha256, utf8 } from '../protocol/index.ts';

export class SeededRandom implements Random {
  readonly #seed: Uint8Array;
  #counter = 0;
  #pool: Uint8Array = new Uint8Array(0);

  constructor(seed: string) {
    this.#seed = sha256(utf8(`act-edge sim ${seed}`));
  }

  bytes(length: number): Uint8Array {
    while (this.#pool.length < length) {
      const block = sha256(concatBytes(this.#seed, utf8(String(this.#counter++))));
      this.#pool = concatBytes(this.#pool, block);
    }
    const taken = this.#pool.slice(0, length);
    this.#pool = this.#pool.subarray(length);
    return taken;
  }

  /** A whole number from 0 to `below` − 1; `below` is at most 2^32. */
  below(below: number): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.bytes(4);
    return Math.floor(((((a * 256 + b) * 256 + c) * 256 + d) / 2 ** 32) * below);
  }

  /** True with this probability, 0 to 1. */
  chance(probability: number): boolean {
    return this.below(1_000_000) < probability * 1_000_000;
  }

  /** An independent stream, so that drawing more in one place does not change another. */
  fork(name: string): SeededRandom {
    return new SeededRandom(`${this.below(2 ** 32)} ${name}`);
  }
}
