/**
 * Stands in for `protocol/ed25519.ts` where many worlds are played: the same functions, the same lengths, and a keyed hash
 * that costs a hundredth of a signature. It refuses altered bytes and another key, but protects from nobody: whoever knows
 * a public key can sign. Only a module loader puts it into its place; production code has no switch for it.
 */
import { equalBytes, isBytes } from '../../protocol/bytes.ts';
import { ProtocolError } from '../../protocol/errors.ts';

const HALF = 32;
const SIGNATURE = 64;
const LANES = 4;

/** Mixes four bytes into each of four lanes, in turns; every step can be undone, so that no two inputs of a length are lost in one. */
class Mixer {
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

/** As the true one: never throws. */
export function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  return isBytes(signature) && isBytes(message) && isBytes(publicKey) && verifyPrivate(signature, message, publicKey);
}

export function verifyPrivate(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== SIGNATURE || publicKey.length !== HALF) return false;
  return equalBytes(signature, signatureOf(message, publicKey));
}

/** @throws ProtocolError `key-malformed` unless the seed is 32 bytes. */
export function signEd25519(message: Uint8Array, seed: Uint8Array): Uint8Array {
  return signatureOf(message, publicKeyOf(seed));
}

/** @throws ProtocolError `key-malformed` unless the seed is 32 bytes. */
export function publicKeyOf(seed: Uint8Array): Uint8Array {
  if (!isBytes(seed) || seed.length !== HALF) throw new ProtocolError('key-malformed', 'an Ed25519 seed is 32 bytes');
  return new Mixer().take(seed).give(HALF);
}

/** @throws ProtocolError `key-malformed` unless the key is 32 bytes; any such key is a good one here. */
export function checkEnrolmentKey(publicKey: Uint8Array): void {
  if (!isBytes(publicKey) || publicKey.length !== HALF)
    throw new ProtocolError('key-malformed', 'an Ed25519 public key is 32 bytes');
}

function signatureOf(message: Uint8Array, publicKey: Uint8Array): Uint8Array {
  return new Mixer().take(publicKey).take(message).give(SIGNATURE);
}
