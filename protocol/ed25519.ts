import { getPublicKey, hashes, Point, sign } from '@noble/ed25519';
import { equalBytes, fromHex, isBytes } from './bytes.ts';
import { sha512, verifyByHost } from './crypto.ts';
import { ProtocolError } from './errors.ts';

// noble's synchronous functions take their hash from here; it is the same function for everybody who could set it.
hashes.sha512 = sha512;

/** Bytes in a public key, in a seed, and in each half of a signature (RFC 8032 §5.1). */
const HALF = 32;
const SIGNATURE = 64;

/**
 * The y coordinates of the eight points of low order, little-endian, and the two that are also spelled beyond p. With
 * either sign bit that makes 14 encodings. Under such a key, or with such an R, one signature can fit many messages (T22).
 */
const LOW_ORDER_Y = [
  '0000000000000000000000000000000000000000000000000000000000000000', // y = 0, order 4
  '0100000000000000000000000000000000000000000000000000000000000000', // y = 1, the identity
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // y = −1, order 2
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', // order 8
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', // order 8, the negative of the one above
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // p, read leniently as 0
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // p + 1, read leniently as 1
].map(fromHex);

/**
 * Whether `signature` is one of `publicKey` over `message`: the one verdict of this project on Ed25519 (T22).
 *
 * Exact lengths; neither the public key nor R of low order; then the host's verification, which itself refuses a
 * non-canonical R or S. This agrees with libsodium, given a key that passed {@link checkEnrolmentKey}.
 * Never throws, whatever it is given: what is not a valid signature is `false`.
 */
export function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (!isBytes(signature) || !isBytes(message) || !isBytes(publicKey)) return false;
  try {
    // Copies, so that a buffer shared with another thread cannot change between the checks and the verification (T12).
    return verifyPrivate(new Uint8Array(signature), new Uint8Array(message), new Uint8Array(publicKey));
  } catch {
    return false; // A detached buffer cannot be copied.
  }
}

/**
 * The same verdict over byte arrays that nobody else can reach: copying them again would be a good part of what the policy
 * costs. Whatever came from elsewhere goes through {@link verifyEd25519}.
 */
export function verifyPrivate(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== SIGNATURE || publicKey.length !== HALF) return false;
  if (isLowOrder(publicKey) || isLowOrder(signature.subarray(0, HALF))) return false;
  return verifyByHost(signature, message, publicKey);
}

/** Signs as RFC 8032 §5.1.6: deterministic, 64 bytes. @throws ProtocolError `key-malformed` unless the seed is 32 bytes. */
export function signEd25519(message: Uint8Array, seed: Uint8Array): Uint8Array {
  return sign(message, checkedSeed(seed));
}

/** The 32-byte public key of a seed. @throws ProtocolError `key-malformed` unless the seed is 32 bytes. */
export function publicKeyOf(seed: Uint8Array): Uint8Array {
  return getPublicKey(checkedSeed(seed));
}

/**
 * Judges a key before it is trusted for the first time. Costs some milliseconds, so it is done once, at enrolment; the
 * caller also demands proof of possession.
 * @throws ProtocolError `key-malformed` (length, or no point of the curve), `key-low-order`, `key-not-canonical` (a second
 *   spelling of the same point), `key-mixed-order` (verifiers with and without cofactor would disagree about signatures).
 */
export function checkEnrolmentKey(publicKey: Uint8Array): void {
  if (!isBytes(publicKey) || publicKey.length !== HALF) {
    throw new ProtocolError('key-malformed', 'an Ed25519 public key is 32 bytes');
  }
  if (isLowOrder(publicKey)) throw new ProtocolError('key-low-order', 'the key is a point of low order');
  if (!isReduced(publicKey)) throw new ProtocolError('key-not-canonical', 'the y coordinate is not below 2^255 − 19');
  if (!pointOf(publicKey).isTorsionFree()) {
    throw new ProtocolError('key-mixed-order', 'the key is outside the prime-order subgroup');
  }
}

function pointOf(publicKey: Uint8Array): Point {
  try {
    return Point.fromBytes(publicKey);
  } catch {
    throw new ProtocolError('key-malformed', 'the key is not a point of the curve');
  }
}

function checkedSeed(seed: Uint8Array): Uint8Array {
  if (!isBytes(seed) || seed.length !== HALF) throw new ProtocolError('key-malformed', 'an Ed25519 seed is 32 bytes');
  return seed;
}

/** Compares without the sign bit: both signs of a low-order point are of low order. */
function isLowOrder(encoded: Uint8Array): boolean {
  const y = withoutSign(encoded);
  return LOW_ORDER_Y.some((low) => equalBytes(low, y));
}

/** Whether y < p = 2^255 − 19. For x = 0 with a sign bit, the other second spelling, y is ±1 and the point of low order. */
function isReduced(encoded: Uint8Array): boolean {
  const [first = 0, ...rest] = withoutSign(encoded);
  return first < 0xed || rest.pop() !== 0x7f || rest.some((byte) => byte !== 0xff);
}

function withoutSign(encoded: Uint8Array): Uint8Array {
  const y = new Uint8Array(encoded);
  y[HALF - 1] = (y[HALF - 1] as number) & 0x7f;
  return y;
}
