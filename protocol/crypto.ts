import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hash,
  type KeyObject,
  verify,
} from 'node:crypto';
import { base64url, concatBytes, fromBase64url } from './bytes.ts';

/** SHA-256, FIPS 180-4, of the parts one behind the other: 32 bytes. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  // As a text, one character a byte: the host makes that in a quarter of the time it takes for a Buffer.
  const text = parts.length === 1 ? hash('sha256', parts[0] as Uint8Array, 'latin1') : hashOfAll(parts);
  const digest = new Uint8Array(32);
  for (let i = 0; i < 32; i++) digest[i] = text.charCodeAt(i);
  return digest;
}

function hashOfAll(parts: readonly Uint8Array[]): string {
  const whole = createHash('sha256');
  for (const part of parts) whole.update(part);
  return whole.digest('latin1');
}

/** {@link sha256} in lower-case hexadecimal. */
export function sha256Hex(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

/** SHA-512, FIPS 180-4: 64 bytes. */
export function sha512(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha512').update(bytes).digest());
}

/** The host may know more hashes than the two it always has; which, depends on how its library was built. */
const hashNamed = createHash as (algorithm: string) => ReturnType<typeof createHash>;

/** SM3, GB/T 32905: 32 bytes. `undefined` where the host's library has it not. */
export const sm3 = hashByName('sm3');

/** The hash of a name the host may know, as a function of the bytes; `undefined` if it does not. */
export function hashByName(algorithm: string): ((bytes: Uint8Array) => Uint8Array) | undefined {
  const named = (bytes: Uint8Array) => new Uint8Array(hashNamed(algorithm).update(bytes).digest());
  try {
    named(new Uint8Array(0));
    return named;
  } catch {
    return undefined;
  }
}

/** HMAC-SHA-256, RFC 2104: 32 bytes. */
export function hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
  return new Uint8Array(createHmac('sha256', key).update(message).digest());
}

/** Key objects kept. Building one costs a good part of a verification, and a device talks to few parties. */
const KEPT_KEYS = 64;
const keptKeys = new Map<string, KeyObject>();

/**
 * Ed25519 verification as the host's library does it. On Node 20 and 22 that accepts forgeries under small-order keys
 * (T22), so nothing but `verifyEd25519` may call this.
 * @param publicKey exactly 32 bytes.
 */
export function verifyByHost(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  return verify(null, message, keyObjectOf(publicKey), signature);
}

function keyObjectOf(publicKey: Uint8Array): KeyObject {
  // One character a byte: a name is needed at every verification, the encoded key only when it is built.
  const name = String.fromCharCode.apply(null, publicKey as unknown as number[]);
  const kept = keptKeys.get(name);
  if (kept !== undefined) return kept;
  // A Map lists its oldest entry first; a flood of keys costs rebuilding, never memory.
  const [oldest] = keptKeys.keys();
  if (oldest !== undefined && keptKeys.size >= KEPT_KEYS) keptKeys.delete(oldest);
  const made = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: base64url(publicKey) }, format: 'jwk' });
  keptKeys.set(name, made);
  return made;
}

/** An X25519 private key that can be used and not be read: in memory, in a keystore or behind a wire. */
export interface AgreementKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** X25519 (RFC 7748 §5) with their 32-byte public key: 32 bytes, all of them zero for a point of low order. */
  agree(theirs: Uint8Array): Uint8Array;
}

const X25519_BYTES = 32;
const X25519_JWK = { kty: 'OKP', crv: 'X25519' } as const;
/** What stands before the scalar in the PKCS #8 form of an X25519 private key, RFC 8410 §7. */
const X25519_PKCS8 = Uint8Array.of(0x30, 46, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 34, 4, X25519_BYTES);

/** The key of a 32-byte scalar, which stays inside the closure: a key that is logged or serialised shows no secret. */
export function x25519Key(scalar: Uint8Array): AgreementKey {
  // Not as a JWK: that names the public key, too, which is not known yet, and Node refuses a wrong one from version 26 on.
  const privateKey = createPrivateKey({ key: concatBytes(X25519_PKCS8, scalar), format: 'der', type: 'pkcs8' });
  return {
    publicKey: fromBase64url(createPublicKey(privateKey).export({ format: 'jwk' }).x),
    agree(theirs) {
      const publicKey = createPublicKey({ key: { ...X25519_JWK, x: base64url(theirs) }, format: 'jwk' });
      try {
        return new Uint8Array(diffieHellman({ privateKey, publicKey }));
      } catch {
        return new Uint8Array(X25519_BYTES); // The host refuses points of low order, for which RFC 7748 computes zero.
      }
    },
  };
}

/** A key of 32 bytes, a nonce of 12 that no other message has under this key, and what is authenticated beside the text. */
export interface AeadInput {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly aad: Uint8Array;
}

const AEAD = 'chacha20-poly1305';
const AEAD_LENGTHS = { key: 32, nonce: 12 } as const;
const AEAD_TAG = { authTagLength: 16 } as const;
/** What ChaCha20-Poly1305 adds to the length of a text. */
export const AEAD_TAG_BYTES = AEAD_TAG.authTagLength;

/** ChaCha20-Poly1305, RFC 8439 §2.8: the ciphertext with its tag behind it. */
export function aeadSeal(input: AeadInput, plaintext: Uint8Array): Uint8Array {
  assertAeadLengths(input);
  const cipher = createCipheriv(AEAD, input.key, input.nonce, AEAD_TAG);
  cipher.setAAD(input.aad);
  return concatBytes(cipher.update(plaintext), cipher.final(), cipher.getAuthTag());
}

/** Opens what {@link aeadSeal} returned; `undefined` if a bit of anything is different. */
export function aeadOpen(input: AeadInput, sealed: Uint8Array): Uint8Array | undefined {
  assertAeadLengths(input);
  const end = sealed.length - AEAD_TAG_BYTES;
  if (end < 0) return undefined;
  const decipher = createDecipheriv(AEAD, input.key, input.nonce, AEAD_TAG);
  decipher.setAAD(input.aad);
  decipher.setAuthTag(sealed.subarray(end));
  const plaintext = decipher.update(sealed.subarray(0, end));
  try {
    return concatBytes(plaintext, decipher.final());
  } catch {
    return undefined;
  }
}

/** Both come out of a key schedule, so another length is a defect of ours; the host would take shorter nonces. */
function assertAeadLengths({ key, nonce }: AeadInput): void {
  if (key.length !== AEAD_LENGTHS.key || nonce.length !== AEAD_LENGTHS.nonce)
    throw new Error('wrong key or nonce length');
}
