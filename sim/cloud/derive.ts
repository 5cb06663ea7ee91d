import { encodeCbor, hex, type Id16, sha256 } from '../../protocol/index.ts';

/**
 * 64 hex digits that nobody without the secret can predict and that are the same for the same words. Services invent order
 * numbers, nonces and trade numbers this way, so that a replayed journal gives the same ones.
 */
export function derivedHex(secret: Uint8Array, purpose: string, ...words: readonly string[]): string {
  return hex(sha256(encodeCbor([secret, purpose, ...words])));
}

/** A derived 16-byte id. */
export function derivedId(secret: Uint8Array, purpose: string, ...words: readonly string[]): Id16 {
  return derivedHex(secret, purpose, ...words).slice(0, 32) as Id16;
}
