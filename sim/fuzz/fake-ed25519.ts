/**
 * Stands in for `protocol/ed25519.ts` where many worlds are played: the same functions, the same lengths, and a keyed hash
 * that costs a hundredth of a signature. It refuses altered bytes and another key, but protects from nobody: whoever knows
 * a public key can sign. Only a module loader puts it into its place; production code has no switch for it.
 */
import { equalBytes, isBytes } from '../../protocol/bytes.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { Mixer } from './mixer.ts';

const HALF = 32;
const SIGNATURE = 64;

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
