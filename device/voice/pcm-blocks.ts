/** Cuts a stream of samples, which comes in chunks of any size, into blocks of one size. */
export class PcmBlocks {
  readonly #samples: number;
  #rest: Int16Array = new Int16Array(0);

  /** @param samples of one block, 1 or more. */
  constructor(samples: number) {
    this.#samples = samples;
  }

  /** The blocks that are whole with this chunk, oldest first. They share no memory with it. */
  cut(pcm: Int16Array): readonly Int16Array[] {
    const heard = new Int16Array(this.#rest.length + pcm.length);
    heard.set(this.#rest);
    heard.set(pcm, this.#rest.length);
    const count = Math.floor(heard.length / this.#samples);
    this.#rest = heard.slice(count * this.#samples);
    return Array.from({ length: count }, (_, i) => heard.subarray(i * this.#samples, (i + 1) * this.#samples));
  }

  /** Forgets what is not a whole block yet. */
  clear(): void {
    this.#rest = new Int16Array(0);
  }
}
