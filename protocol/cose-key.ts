/** Public keys as others read them: COSE_Key (RFC 9052 §7) of type OKP (RFC 9053 §7.2). */
import { encodeCbor } from './cbor.ts';
import { bytes, int, type WireValue, wireMap } from './wire.ts';

/** The curves of this binding (RFC 9053 §7.1): X25519 for what opens, Ed25519 for what signs. */
const CURVES = { X25519: 4, Ed25519: 6 } as const;
export type Curve = keyof typeof CURVES;
const OKP = 1;

function coseKey(curve: Curve) {
  return wireMap(`cose-key-${curve.toLowerCase()}`, {
    keyType: [1, int(OKP, OKP)],
    curve: [-1, int(CURVES[curve], CURVES[curve])],
    x: [-2, bytes(32, 32)],
  });
}

/** An Ed25519 key, with nothing beside what its thumbprint is made of (RFC 9679 §3). */
export const SigningCoseKey = coseKey('Ed25519');
export type SigningCoseKey = WireValue<typeof SigningCoseKey>;

export function signingCoseKey(publicKey: Uint8Array): SigningCoseKey {
  return { keyType: OKP, curve: CURVES.Ed25519, x: publicKey };
}

/** A public key in the encoding of a COSE_Key. @throws ProtocolError `message-shape` unless it is 32 bytes. */
export function encodeCoseKey(publicKey: Uint8Array, curve: Curve): Uint8Array {
  const value = { keyType: OKP, curve: CURVES[curve], x: publicKey };
  return encodeCbor(coseKey(curve).encode(value, 'cose-key'));
}
