/** The channels of one link at the signer: bounded, so that whoever asks for many only takes them from those nobody uses (T30). */
import type { Random } from '../ports.ts';
import { BROADCAST, MAX_CHANNELS } from './limits.ts';

export class Channels {
  readonly #random: Random;
  /** By number, with the nonce it was asked for; the one that was not used for the longest time first. */
  readonly #nonces = new Map<number, Uint8Array>();

  constructor(random: Random) {
    this.#random = random;
  }

  has(channel: number): boolean {
    return this.#nonces.has(channel);
  }

  nonceOf(channel: number): Uint8Array | undefined {
    return this.#nonces.get(channel);
  }

  /** Whoever uses a channel keeps it longer. */
  use(channel: number): void {
    const nonce = this.#nonces.get(channel);
    if (!nonce) return;
    this.#nonces.delete(channel);
    this.#nonces.set(channel, nonce);
  }

  /**
   * A number that was not given to anybody, at random: who comes back after a restart of the signer does not meet another's.
   * @param isHeld channels that are never taken away; fewer than {@link MAX_CHANNELS}.
   * @returns the new channel, and which one had to give way.
   */
  allocate(nonce: Uint8Array, isHeld: (channel: number) => boolean): { channel: number; dropped: number | undefined } {
    const isFull = this.#nonces.size >= MAX_CHANNELS;
    const dropped = isFull ? [...this.#nonces.keys()].find((one) => !isHeld(one)) : undefined;
    if (dropped !== undefined) this.#nonces.delete(dropped);
    let channel = 0;
    while (channel === 0 || channel === BROADCAST || this.has(channel)) {
      const bytes = this.#random.bytes(4);
      channel = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
    }
    this.#nonces.set(channel, nonce.slice());
    return { channel, dropped };
  }
}
