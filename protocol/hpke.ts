/**
 * HPKE (RFC 9180) in base mode, one message a key: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305. It is
 * synchronous and its randomness is a parameter, so that a seed reproduces a run.
 */
import { concatBytes, utf8 } from './bytes.ts';
import { type AgreementKey, aeadOpen, aeadSeal, hmacSha256, x25519Key } from './crypto.ts';
import { ProtocolError } from './errors.ts';

/** Bytes in an X25519 public key, in an encapsulated key and in a seed. */
export const HPKE_KEY_BYTES = 32;

/** RFC 9180 §7: KEM 0x0020, KDF 0x0001, AEAD 0x0003. */
const KEM_SUITE = concatBytes(utf8('KEM'), Uint8Array.of(0x00, 0x20));
const HPKE_SUITE = concatBytes(utf8('HPKE'), Uint8Array.of(0x00, 0x20, 0x00, 0x01, 0x00, 0x03));
const VERSION_LABEL = utf8('HPKE-v1');
const MODE_BASE = Uint8Array.of(0x00);
const NOTHING = new Uint8Array();
const HASH_BYTES = 32;
const AEAD_KEY_BYTES = 32;
const AEAD_NONCE_BYTES = 12;

/** HKDF-Extract with SHA-256, RFC 5869 §2.2. */
export function hkdfExtract(salt: Uint8Array, ikm: Uint8Array): Uint8Array {
  return hmacSha256(salt, ikm);
}

/** HKDF-Expand with SHA-256, RFC 5869 §2.3. `length` is at most 8,160 bytes. */
export function hkdfExpand(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  const blocks = Math.ceil(length / HASH_BYTES);
  if (blocks > 255) throw new Error('HKDF-SHA256 gives at most 255 blocks');
  let joined: Uint8Array = NOTHING;
  let block: Uint8Array = NOTHING;
  for (let counter = 1; counter <= blocks; counter++) {
    block = hmacSha256(prk, concatBytes(block, info, Uint8Array.of(counter)));
    joined = concatBytes(joined, block);
  }
  return joined.slice(0, length);
}

function labeledExtract(suite: Uint8Array, salt: Uint8Array, label: string, ikm: Uint8Array): Uint8Array {
  return hkdfExtract(salt, concatBytes(VERSION_LABEL, suite, utf8(label), ikm));
}

function labeledExpand(
  suite: Uint8Array,
  prk: Uint8Array,
  label: string,
  info: Uint8Array,
  length: number,
): Uint8Array {
  const labeled = concatBytes(Uint8Array.of(length >> 8, length & 0xff), VERSION_LABEL, suite, utf8(label), info);
  return hkdfExpand(prk, labeled, length);
}

/** The key pair of some secret bytes, 32 or more of them (RFC 9180 §7.1.3, DeriveKeyPair). */
export function deriveKeyPair(ikm: Uint8Array): AgreementKey {
  const prk = labeledExtract(KEM_SUITE, NOTHING, 'dkp_prk', ikm);
  return x25519Key(labeledExpand(KEM_SUITE, prk, 'sk', NOTHING, HPKE_KEY_BYTES));
}

/** A seed as it was given. @throws ProtocolError `key-malformed` unless it is 32 bytes. */
export function checkedSeed(seed: Uint8Array): Uint8Array {
  if (seed.length !== HPKE_KEY_BYTES) throw new ProtocolError('key-malformed', 'a seed is 32 bytes');
  return seed;
}

/** Scalars are multiples of eight, so one agreement tells a point of low order from all others: it gives zero. */
const probe = deriveKeyPair(new Uint8Array(HPKE_KEY_BYTES));

/** Whether something can be encrypted for this key: 32 bytes and not one of the points under which every secret is zero. */
export function isSoundPublicKey(publicKey: Uint8Array): boolean {
  return publicKey.length === HPKE_KEY_BYTES && !isZero(probe.agree(publicKey));
}

/** RFC 9180 §4.1, ExtractAndExpand; `undefined` for the all-zero secret, which §7.1.4 says to refuse. */
function sharedSecret(agreed: Uint8Array, enc: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined {
  if (isZero(agreed)) return undefined;
  const prk = labeledExtract(KEM_SUITE, NOTHING, 'eae_prk', agreed);
  return labeledExpand(KEM_SUITE, prk, 'shared_secret', concatBytes(enc, publicKey), HASH_BYTES);
}

/** No early end: how long it takes says nothing about a secret. */
function isZero(bytes: Uint8Array): boolean {
  return bytes.reduce((seen, byte) => seen | byte, 0) === 0;
}

const PSK_ID_HASH = labeledExtract(HPKE_SUITE, NOTHING, 'psk_id_hash', NOTHING);

/** RFC 9180 §5.1, KeySchedule in base mode. The first message's nonce is the base nonce, and there is no second one. */
function keySchedule(shared: Uint8Array, info: Uint8Array): { readonly key: Uint8Array; readonly nonce: Uint8Array } {
  const context = concatBytes(MODE_BASE, PSK_ID_HASH, labeledExtract(HPKE_SUITE, NOTHING, 'info_hash', info));
  const secret = labeledExtract(HPKE_SUITE, shared, 'secret', NOTHING);
  return {
    key: labeledExpand(HPKE_SUITE, secret, 'key', context, AEAD_KEY_BYTES),
    nonce: labeledExpand(HPKE_SUITE, secret, 'base_nonce', context, AEAD_NONCE_BYTES),
  };
}

/** What both ends bind: `info` into the keys, `aad` into the message. Neither is carried. */
interface HpkeContext {
  readonly info: Uint8Array;
  readonly aad: Uint8Array;
}

export interface HpkeSealInput extends HpkeContext {
  readonly publicKey: Uint8Array;
  /**
   * 32 secret random bytes or more, of which the ephemeral key pair is made. Used again with the same public key, they
   * make the same key and nonce, and two messages then give each other away.
   */
  readonly ephemeralIkm: Uint8Array;
  readonly plaintext: Uint8Array;
}

/** RFC 9180 §6.1, Seal. @throws ProtocolError `seal-key` unless the public key is sound. */
export function hpkeSeal({ publicKey, ephemeralIkm, info, aad, plaintext }: HpkeSealInput): {
  readonly enc: Uint8Array;
  readonly ciphertext: Uint8Array;
} {
  if (publicKey.length !== HPKE_KEY_BYTES) return refuseKey();
  const ephemeral = deriveKeyPair(ephemeralIkm);
  const enc = ephemeral.publicKey;
  const shared = sharedSecret(ephemeral.agree(publicKey), enc, publicKey) ?? refuseKey();
  return { enc, ciphertext: aeadSeal({ ...keySchedule(shared, info), aad }, plaintext) };
}

export interface HpkeOpenInput extends HpkeContext {
  readonly key: AgreementKey;
  readonly enc: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** RFC 9180 §6.1, Open. @throws ProtocolError `seal-open` for whatever reason; it says nothing about which. */
export function hpkeOpen({ key, enc, info, aad, ciphertext }: HpkeOpenInput): Uint8Array {
  const shared = enc.length === HPKE_KEY_BYTES ? sharedSecret(key.agree(enc), enc, key.publicKey) : undefined;
  const plaintext = shared && aeadOpen({ ...keySchedule(shared, info), aad }, ciphertext);
  if (plaintext === undefined) throw new ProtocolError('seal-open', 'this does not open');
  return plaintext;
}

function refuseKey(): never {
  throw new ProtocolError('seal-key', 'not an X25519 public key to encrypt for');
}
