import { concatBytes, utf8 } from '../../protocol/bytes.ts';
import { type CborInput, type CborKey, encodeCbor } from '../../protocol/cbor.ts';
import { sha256 } from '../../protocol/crypto.ts';
import { type Sign1Input, signSign1, softSigningKey, toBeSigned, verifySign1 } from '../../protocol/sign1.ts';
import { verdict } from './support.ts';

export const KEY = softSigningKey(sha256(utf8('sign1 key')));
export const OTHER = softSigningKey(sha256(utf8('another key')));
export const AAD = utf8('to the PSP, session 7');
export const PAYLOAD = encodeCbor(new Map([[1, 2480]]));
export const CLAIMS = { iss: 'dev-1', aud: 'psp-1', iat: 1_700_000_000, exp: 1_700_000_060, cti: new Uint8Array(16) };

export const signed = (changes: Partial<Sign1Input> = {}) =>
  signSign1({ payload: PAYLOAD, key: KEY, typ: 40, externalAad: AAD, ...changes });
export const verified = (message: Uint8Array, changes: object = {}) =>
  verifySign1(message, { key: KEY, typ: 40, externalAad: AAD, ...changes });

/** A message with this protected header, truly signed: what a party with a good key and bad intent can send. */
export function signedWith(header: Iterable<readonly [CborKey, CborInput]>): Uint8Array {
  return signedOver(encodeCbor(new Map(header)));
}

export function signedOver(protectedBytes: Uint8Array, unprotected: CborInput = {}): Uint8Array {
  const signature = KEY.sign(toBeSigned(protectedBytes, AAD, PAYLOAD));
  return tagged([protectedBytes, unprotected, PAYLOAD, signature]);
}

export const tagged = (parts: CborInput) => concatBytes(Uint8Array.of(0xd2), encodeCbor(parts));
export const HEADER: readonly (readonly [CborKey, CborInput])[] = [
  [1, -19],
  [4, KEY.kid],
  [16, 40],
];
export const without = (label: CborKey) => HEADER.filter(([other]) => other !== label);
export const replacing = (label: CborKey, value: CborInput) => [...without(label), [label, value] as const];
export const outcome = (message: Uint8Array) => verdict(() => verified(message));
