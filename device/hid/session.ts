/**
 * Messages between a host and a signer that proved themselves to each other (ACT-HID.md §6): numbered, padded and sealed
 * with ChaCha20-Poly1305, one key for each direction. Whoever else has the same device open reads and adds nothing.
 */

import { AEAD_TAG_BYTES, aeadOpen, aeadSeal } from '../../protocol/crypto.ts';
import { concatBytes } from '../../protocol/index.ts';
import { PADDING_BYTES } from './limits.ts';

const NUMBER_BYTES = 8;
const NONCE_HEAD = new Uint8Array(4);
const MARK = 0x80;
/** How far behind the latest number one may still arrive: a message that was sent again keeps its number. */
const WINDOW = 64;

export interface DirectionKeys {
  /** 32 bytes each. */
  readonly sending: Uint8Array;
  readonly receiving: Uint8Array;
}

export interface Opened {
  /** Under which number it was sent; each is accepted once. */
  readonly number: number;
  readonly plaintext: Uint8Array;
}

export class SecureSession {
  readonly #keys: DirectionKeys;
  /** The channel, bound into every message. */
  readonly #aad: Uint8Array;
  #sent = 0;
  #highest = 0;
  readonly #seen = new Set<number>();

  constructor(keys: DirectionKeys, aad: Uint8Array) {
    this.#keys = keys;
    this.#aad = aad;
  }

  /** Seals under the next number, from 1 on. */
  seal(plaintext: Uint8Array): { readonly number: number; readonly sealed: Uint8Array } {
    this.#sent += 1;
    const number = numberBytes(this.#sent);
    const input = { key: this.#keys.sending, nonce: concatBytes(NONCE_HEAD, number), aad: this.#aad };
    return { number: this.#sent, sealed: concatBytes(number, aeadSeal(input, padded(plaintext))) };
  }

  /** `undefined` for everything the peer did not send, sent before, or sent long ago: it changes nothing (T1, T2, T3). */
  open(sealed: Uint8Array): Opened | undefined {
    const number = numberOf(sealed);
    if (number === undefined || number <= this.#highest - WINDOW || this.#seen.has(number)) return undefined;
    const text = this.#unseal(sealed);
    if (!text) return undefined;
    this.#remember(number);
    const plaintext = unpadded(text);
    return plaintext && { number, plaintext };
  }

  /** The number of a message that was opened before and has come again, as the peer sealed it. */
  repeated(sealed: Uint8Array): number | undefined {
    const number = numberOf(sealed);
    return number !== undefined && this.#seen.has(number) && this.#unseal(sealed) ? number : undefined;
  }

  #unseal(sealed: Uint8Array): Uint8Array | undefined {
    const nonce = concatBytes(NONCE_HEAD, sealed.subarray(0, NUMBER_BYTES));
    return aeadOpen({ key: this.#keys.receiving, nonce, aad: this.#aad }, sealed.subarray(NUMBER_BYTES));
  }

  #remember(number: number): void {
    this.#seen.add(number);
    this.#highest = Math.max(this.#highest, number);
    for (const one of this.#seen) if (one <= this.#highest - WINDOW) this.#seen.delete(one);
  }
}

function numberOf(sealed: Uint8Array): number | undefined {
  if (sealed.length < NUMBER_BYTES + AEAD_TAG_BYTES) return undefined;
  const number = Number(new DataView(sealed.buffer, sealed.byteOffset).getBigUint64(0));
  return Number.isSafeInteger(number) ? number : undefined;
}

function numberBytes(number: number): Uint8Array {
  const bytes = new Uint8Array(NUMBER_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number));
  return bytes;
}

/** The text, one byte 0x80, zeros up to the next multiple of {@link PADDING_BYTES}. */
function padded(text: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.ceil((text.length + 1) / PADDING_BYTES) * PADDING_BYTES);
  whole.set(text);
  whole[text.length] = MARK;
  return whole;
}

/** One text has one padded form; `undefined` for any other. */
function unpadded(whole: Uint8Array): Uint8Array | undefined {
  const end = whole.findLastIndex((byte) => byte !== 0);
  if (whole[end] !== MARK || whole.length % PADDING_BYTES !== 0) return undefined;
  return whole.length - end <= PADDING_BYTES ? whole.slice(0, end) : undefined;
}
