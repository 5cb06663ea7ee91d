/** A keyed hash for what stands in for cryptography: quick, the same on every machine, no protection from anybody. */

const LANES = 4;

/** Mixes four bytes into each of four lanes, in turns; every step can be undone, so that no two inputs of a length are lost in one. */
export class Mixer {
  readonly #lanes = new Uint32Array([0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f]);
  #turn = 0;

  take(bytes: Uint8Array): this {
    this.#mix(bytes.length);
    let at = 0;
    for (; at + 3 < bytes.length; at += 4)
      this.#mix(
        (bytes[at] as number) |
          ((bytes[at + 1] as number) << 8) |
          ((bytes[at + 2] as number) << 16) |
          ((bytes[at + 3] as number) << 24),
      );
    let rest = 0;
    for (; at < bytes.length; at += 1) rest = (rest << 8) | (bytes[at] as number);
    this.#mix(rest);
    return this;
  }

  #mix(word: number): void {
    const lanes = this.#lanes;
    const here = this.#turn;
    this.#turn = (here + 1) % LANES;
    const mixed = Math.imul((lanes[here] as number) ^ word, 0x9e3779b1);
    lanes[here] = mixed ^ (mixed >>> 15);
    lanes[this.#turn] = ((lanes[this.#turn] as number) + mixed) | 0;
  }

  give(length: number): Uint8Array {
    const out = new Uint8Array(length);
    // Twice round, so that the last word has reached every lane.
    for (let i = 0; i < 2 * LANES; i += 1) this.#mix(i);
    for (let at = 0; at < length; at += 1) {
      if (at % 4 === 0) this.#mix(at);
      out[at] = (this.#lanes[this.#turn] as number) >>> (8 * (at % 4));
    }
    return out;
  }
}
