/**
 * Stands in for `protocol/hpke.ts` as {@link ./fake-ed25519.ts} does for signatures: the same functions, the same lengths. It refuses
 * altered bytes, another key and another context, and hides nothing: whoever knows a public key can open.
 */
import { concatBytes, equalBytes } from '../../protocol/bytes.ts';
import { AEAD_TAG_BYTES, type AgreementKey } from '../../protocol/crypto.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { HpkeOpenInput, HpkeSealInput } from '../../protocol/hpke.ts';
import { Mixer } from './mixer.ts';

export type { HpkeOpenInput, HpkeSealInput } from '../../protocol/hpke.ts';

export const HPKE_KEY_BYTES = 32;

/** 32 bytes. */
export function hkdfExtract(salt: Uint8Array, ikm: Uint8Array): Uint8Array {
  return new Mixer().take(salt).take(ikm).give(32);
}

export function hkdfExpand(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  return new Mixer().take(prk).take(info).give(length);
}

/** The key pair of some bytes. What it agrees on with another is the same on both sides. */
export function deriveKeyPair(ikm: Uint8Array): AgreementKey {
  const publicKey = new Mixer().take(ikm).give(HPKE_KEY_BYTES);
  return { publicKey, agree: (theirs) => agreedOf(publicKey, theirs) };
}

function agreedOf(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = Uint8Array.from(one, (byte, i) => byte ^ (other[i] ?? 0));
  return new Mixer().take(both).give(HPKE_KEY_BYTES);
}

/** A seed as it was given. @throws ProtocolError `key-malformed` unless it is 32 bytes. */
export function checkedSeed(seed: Uint8Array): Uint8Array {
  if (seed.length !== HPKE_KEY_BYTES) throw new ProtocolError('key-malformed', 'a seed is 32 bytes');
  return seed;
}

/** Any key of the right length is sound, but for the one of zeros. */
export function isSoundPublicKey(publicKey: Uint8Array): boolean {
  return publicKey.length === HPKE_KEY_BYTES && publicKey.some((byte) => byte !== 0);
}

/** @throws ProtocolError `seal-key` unless the public key is sound. */
export function hpkeSeal({ publicKey, ephemeralIkm, info, aad, plaintext }: HpkeSealInput): {
  readonly enc: Uint8Array;
  readonly ciphertext: Uint8Array;
} {
  if (!isSoundPublicKey(publicKey)) throw new ProtocolError('seal-key', 'not a public key to encrypt for');
  const ephemeral = deriveKeyPair(ephemeralIkm);
  const shared = ephemeral.agree(publicKey);
  const text = masked(plaintext, shared);
  return { enc: ephemeral.publicKey, ciphertext: concatBytes(text, tagOf(shared, info, aad, text)) };
}

/** @throws ProtocolError `seal-open` for whatever reason; it says nothing about which. */
export function hpkeOpen({ key, enc, info, aad, ciphertext }: HpkeOpenInput): Uint8Array {
  const end = ciphertext.length - AEAD_TAG_BYTES;
  if (enc.length === HPKE_KEY_BYTES && end >= 0) {
    const shared = key.agree(enc);
    const text = ciphertext.subarray(0, end);
    if (equalBytes(ciphertext.subarray(end), tagOf(shared, info, aad, text))) return masked(text, shared);
  }
  throw new ProtocolError('seal-open', 'this does not open');
}

/** So that no word of a text is in its ciphertext: what a checker looks for on the wire must not be there. */
function masked(text: Uint8Array, shared: Uint8Array): Uint8Array {
  return text.map((byte, i) => byte ^ (shared[i % shared.length] as number));
}

function tagOf(shared: Uint8Array, info: Uint8Array, aad: Uint8Array, text: Uint8Array): Uint8Array {
  return new Mixer().take(shared).take(info).take(aad).take(text).give(AEAD_TAG_BYTES);
}
