import { concatBytes, equalBytes, fromHex, isBytes, utf8 } from './bytes.ts';
import { CBOR_LIMITS, type CborInput, type CborKey, encodeCbor } from './cbor.ts';
import { StrictReader } from './cbor-strict.ts';
import { publicKeyOf, signEd25519, verifyPrivate } from './ed25519.ts';
import { ProtocolError, type ProtocolErrorCode } from './errors.ts';
import { type Digest, digestOf } from './ids.ts';
import {
  ALG_ED25519,
  type Claims,
  KID_BYTES,
  type ProtectedHeader,
  readHeader,
  type SignatureAlg,
  writeHeader,
} from './sign1-header.ts';

export {
  ALG_ED25519,
  ALG_EDDSA,
  type Claims,
  KID_BYTES,
  type ProtectedHeader,
  type SignatureAlg,
} from './sign1-header.ts';

/** A key that signs: in memory, in a keystore or behind a wire. `sign` returns 64 bytes, Ed25519 over all of `toBeSigned`. */
export interface SigningKey {
  readonly kid: Uint8Array;
  sign(toBeSigned: Uint8Array): Uint8Array;
}

/** A key trusted to verify. `alg` pins the algorithm (T24); {@link ALG_ED25519} where it is left out. */
export interface VerifyingKey {
  readonly kid: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly alg?: SignatureAlg;
}

/** What {@link signSign1} signs. `externalAad` is covered but not carried: receiver, session, message type. */
export interface Sign1Input {
  readonly payload: Uint8Array;
  readonly key: SigningKey;
  readonly typ: number;
  readonly version?: number;
  readonly claims?: Claims;
  readonly externalAad: Uint8Array;
}

/** A well-formed COSE_Sign1. Nothing in it is trustworthy before {@link verifySign1} has returned it. */
export interface ParsedSign1 {
  readonly header: ProtectedHeader;
  readonly protectedBytes: Uint8Array;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

const TAG_18 = 0xd2;
const ARRAY_OF_4 = 0x84;
const EMPTY_MAP = 0xa0;
const SIGNATURE_BYTES = 64;

/** The start of every Sig_structure: an array of 4 whose first entry is this text (RFC 9052 §4.4). */
const CONTEXT = concatBytes(Uint8Array.of(ARRAY_OF_4, 0x6a), utf8('Signature1'));

/**
 * Signs as tagged COSE_Sign1 (RFC 9052 §4.2) with an empty unprotected header.
 * @throws ProtocolError `cbor-too-long` beyond {@link CBOR_LIMITS}; the code with which {@link parseSign1} would refuse the
 *   header; `cose-signature` if the key returns anything but 64 bytes.
 */
export function signSign1({ payload, key, typ, version, claims, externalAad }: Sign1Input): Uint8Array {
  const protectedBytes = writeHeader({
    alg: ALG_ED25519,
    kid: key.kid,
    typ,
    ...(version === undefined ? {} : { version }),
    ...(claims === undefined ? {} : { claims }),
  });
  const signature = key.sign(toBeSigned(protectedBytes, externalAad, payload));
  if (signature.length !== SIGNATURE_BYTES)
    refuse('cose-signature', 'the key returned something else than a signature');
  const message = concatBytes(
    Uint8Array.of(TAG_18, ARRAY_OF_4),
    byteStringHead(protectedBytes.length),
    protectedBytes,
    Uint8Array.of(EMPTY_MAP),
    byteStringHead(payload.length),
    payload,
    byteStringHead(signature.length),
    signature,
  );
  if (message.length > CBOR_LIMITS.bytes) refuse('cbor-too-long', `more than ${CBOR_LIMITS.bytes} bytes`);
  return message;
}

/**
 * Reads the one layout that {@link signSign1} writes, without verifying: a cheap filter in front of the signature (T30).
 * @throws ProtocolError `cose-*`, or `cbor-*` for an encoding outside the profile. Byte offsets inside the protected header
 *   count from its own first byte.
 */
export function parseSign1(bytes: Uint8Array): ParsedSign1 {
  const reader = new StrictReader(bytes);
  reader.literal(TAG_18, 'cose-malformed', 'tag 18');
  reader.literal(ARRAY_OF_4, 'cose-malformed', 'an array of 4');
  const protectedBytes = reader.byteString('cose-malformed', 'the protected header in a byte string');
  // What stands in the unprotected header was not signed, so nothing may stand there (T24).
  reader.literal(EMPTY_MAP, 'cose-header', 'an empty unprotected header');
  const payload = reader.byteString('cose-malformed', 'the payload in a byte string');
  const signature = reader.byteString('cose-malformed', 'the signature in a byte string');
  reader.end();
  if (signature.length !== SIGNATURE_BYTES) refuse('cose-signature', `not ${SIGNATURE_BYTES} bytes`);
  return { header: readHeader(protectedBytes), protectedBytes, payload, signature };
}

/**
 * Verifies under one key, which the caller chose by role and tenant: the message does not get to choose (T23).
 *
 * Of a message parsed before, the header is read again from the signed bytes: the verdict and the result depend on nothing else.
 * @returns a copy that shares no memory with the input.
 * @throws ProtocolError as {@link parseSign1}; `cose-alg` unless it is the algorithm the key is pinned to; `cose-kid` for
 *   another key's identifier; `cose-typ` for another type (T25); `cose-signature`.
 */
export function verifySign1(message: Uint8Array | ParsedSign1, by: VerifyBy): ParsedSign1 {
  return verifyParsed(isBytes(message) ? parseSign1(message) : readAgain(message), by);
}

/** What {@link verifySign1} verifies against. */
export interface VerifyBy {
  readonly key: VerifyingKey;
  readonly typ: number;
  readonly externalAad: Uint8Array;
}

/**
 * {@link verifySign1} for what {@link parseSign1} has just returned and nobody else has seen: reading it once more would say
 * the same. A message that came from anywhere else goes through `verifySign1`.
 */
export function verifyParsed(parsed: ParsedSign1, { key, typ, externalAad }: VerifyBy): ParsedSign1 {
  const { header, protectedBytes, payload, signature } = parsed;
  if (header.alg !== (key.alg ?? ALG_ED25519)) refuse('cose-alg', 'not the algorithm this key is pinned to');
  if (!equalBytes(header.kid, key.kid)) refuse('cose-kid', 'the identifier of another key');
  if (header.typ !== typ) refuse('cose-typ', 'a message of another type');
  const publicKey = new Uint8Array(key.publicKey);
  if (!verifyPrivate(signature, toBeSigned(protectedBytes, externalAad, payload), publicKey)) {
    refuse('cose-signature', 'the signature does not verify');
  }
  return parsed;
}

/** The Sig_structure (RFC 9052 §4.4): what Ed25519 signs. @throws ProtocolError `cbor-too-long` for a part beyond {@link CBOR_LIMITS}. */
export function toBeSigned(protectedBytes: Uint8Array, externalAad: Uint8Array, payload: Uint8Array): Uint8Array {
  return concatBytes(
    CONTEXT,
    byteStringHead(protectedBytes.length),
    protectedBytes,
    byteStringHead(externalAad.length),
    externalAad,
    byteStringHead(payload.length),
    payload,
  );
}

/** A signing key whose seed is in this process. @throws ProtocolError `key-malformed` unless the seed is 32 bytes. */
export function softSigningKey(seed: Uint8Array): SigningKey & { readonly publicKey: Uint8Array } {
  const publicKey = publicKeyOf(seed);
  // Held by the closure only: a key that is logged or serialised shows no seed.
  const kept = new Uint8Array(seed);
  return { kid: kidOf(publicKey), publicKey, sign: (bytes) => signEd25519(bytes, kept) };
}

/** The SHA-256 thumbprint (RFC 9679 §3) of an Ed25519 key as a COSE_Key: kty OKP, crv Ed25519, x. */
export function thumbprintOf(publicKey: Uint8Array): Digest {
  const coseKey = new Map<CborKey, CborInput>([
    [1, 1],
    [-1, 6],
    [-2, publicKey],
  ]);
  return digestOf(encodeCbor(coseKey));
}

/** The first 8 bytes of the {@link thumbprintOf} a key. */
export function kidOf(publicKey: Uint8Array): Uint8Array {
  return fromHex(thumbprintOf(publicKey)).slice(0, KID_BYTES);
}

function readAgain(message: ParsedSign1): ParsedSign1 {
  const protectedBytes = new Uint8Array(message.protectedBytes);
  return {
    header: readHeader(protectedBytes),
    protectedBytes,
    payload: new Uint8Array(message.payload),
    signature: new Uint8Array(message.signature),
  };
}

/** The shortest head of a byte string, written by hand because a Sig_structure may exceed the limit of one item. */
function byteStringHead(length: number): Uint8Array {
  if (length > CBOR_LIMITS.bytes) refuse('cbor-too-long', `a part of more than ${CBOR_LIMITS.bytes} bytes`);
  if (length < 24) return Uint8Array.of(0x40 + length);
  return length < 0x100 ? Uint8Array.of(0x58, length) : Uint8Array.of(0x59, length >> 8, length & 0xff);
}

function refuse(code: ProtocolErrorCode, detail: string): never {
  throw new ProtocolError(code, detail);
}
