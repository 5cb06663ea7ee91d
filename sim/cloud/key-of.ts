/** Signing keys out of a tenant's seeds, each made once: a world that starts, and every service that starts again in it, needs a dozen. */
import { type SigningKey, softSigningKey } from '../../protocol/index.ts';

export type SoftKey = SigningKey & { readonly publicKey: Uint8Array };

const made = new WeakMap<Uint8Array, SoftKey>();

/** @param seed 32 bytes that do not change, as those of a tenant. @throws ProtocolError `key-malformed` for another length. */
export function keyOf(seed: Uint8Array): SoftKey {
  const known = made.get(seed);
  if (known) return known;
  const key = softSigningKey(seed);
  made.set(seed, key);
  return key;
}
