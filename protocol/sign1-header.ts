import { isBytes } from './bytes.ts';
import { type CborInput, type CborKey, type CborValue, decodePrivateCbor, encodeCbor } from './cbor.ts';
import { ProtocolError, type ProtocolErrorCode } from './errors.ts';

/** Ed25519 as a fully specified algorithm (RFC 9864 §2.2): what we write. */
export const ALG_ED25519 = -19;
/** The older, polymorphic EdDSA (RFC 9053 §2.2): read under keys that are pinned to it, never written. */
export const ALG_EDDSA = -8;

/** The algorithms a header may name at all (T24). */
export type SignatureAlg = typeof ALG_ED25519 | typeof ALG_EDDSA;

/** Bytes in a key identifier. */
export const KID_BYTES = 8;

/** CWT claims in the protected header (RFC 9597). Times are epoch seconds, names 1 to 128 characters, `cti` 1 to 32 bytes. */
export interface Claims {
  readonly iss?: string;
  readonly aud?: string;
  readonly exp?: number;
  readonly iat?: number;
  readonly cti?: Uint8Array;
}

/** What is signed beside the payload. `typ` and `version`, the protocol version of a frame, are 16-bit. */
export interface ProtectedHeader {
  readonly alg: SignatureAlg;
  readonly kid: Uint8Array;
  readonly typ: number;
  readonly version?: number;
  readonly claims?: Claims;
}

/** COSE header labels (RFC 9052 §3.1, RFC 9596, RFC 9597); `version` is from the private-use range. */
const LABEL = { alg: 1, crit: 2, kid: 4, claims: 15, typ: 16, version: -70001 } as const;
const KNOWN_LABELS: readonly CborKey[] = Object.values(LABEL);
/** Integer labels from here on, and texts, are optional extras: signed like the rest, and passed over. */
const FIRST_OPTIONAL_LABEL = 256;

/** CWT claim keys (RFC 8392 §4) and what each must look like. The set is closed: an `nbf` passed over would be a hole. */
const CLAIMS: Readonly<Record<keyof Claims, { readonly key: number; fits(value: unknown): boolean }>> = {
  iss: { key: 1, fits: isName },
  aud: { key: 3, fits: isName },
  exp: { key: 4, fits: isWhole },
  iat: { key: 6, fits: isWhole },
  cti: { key: 7, fits: (value) => isBytes(value) && value.length >= 1 && value.length <= 32 },
};
const CLAIM_NAMES = Object.keys(CLAIMS) as (keyof Claims)[];
const CLAIM_BY_KEY: ReadonlyMap<CborKey, keyof Claims> = new Map(CLAIM_NAMES.map((name) => [CLAIMS[name].key, name]));

/** The encoded header. @throws ProtocolError as {@link readHeader}: what a reader would refuse is not even signed. */
export function writeHeader(header: ProtectedHeader): Uint8Array {
  const labelled = new Map<CborKey, CborInput>([
    [LABEL.alg, header.alg],
    [LABEL.kid, header.kid],
    [LABEL.typ, header.typ],
  ]);
  if (header.claims !== undefined) labelled.set(LABEL.claims, claimsMap(header.claims));
  if (header.version !== undefined) labelled.set(LABEL.version, header.version);
  const encoded = encodeCbor(labelled);
  readHeader(encoded);
  return encoded;
}

/**
 * Reads a protected header out of bytes that nobody else can reach; nothing in the result shares memory with them.
 * @throws ProtocolError `cose-crit` for any critical label, as we know none (RFC 9052 §3.1); `cose-alg`, `cose-kid`, `cose-typ`;
 *   `cose-header` for what else does not belong; `cose-malformed` unless it is a map; `cbor-*`.
 */
export function readHeader(protectedBytes: Uint8Array): ProtectedHeader {
  const labelled = decodePrivateCbor(protectedBytes);
  if (!(labelled instanceof Map)) return refuse('cose-malformed', 'the protected header is not a map');
  if (labelled.has(LABEL.crit)) refuse('cose-crit', 'a critical header we do not know');
  for (const label of labelled.keys())
    if (!isExpectedLabel(label)) refuse('cose-header', 'a label that does not belong here');
  const alg = labelled.get(LABEL.alg);
  if (alg !== ALG_ED25519 && alg !== ALG_EDDSA) return refuse('cose-alg', 'no algorithm, or not an Ed25519 one');
  const kid = labelled.get(LABEL.kid);
  if (!isBytes(kid) || kid.length !== KID_BYTES)
    return refuse('cose-kid', `the key identifier is not ${KID_BYTES} bytes`);
  const typ = labelled.get(LABEL.typ);
  if (!isUint16(typ)) return refuse('cose-typ', 'no type, or not a 16-bit number');
  const version = labelled.get(LABEL.version);
  if (version !== undefined && !isUint16(version)) return refuse('cose-header', 'the version is not a 16-bit number');
  const claims = labelled.get(LABEL.claims);
  // Members are set and not spread: this runs for every message, and spreading takes as long as all checks above.
  const header: { -readonly [K in keyof ProtectedHeader]: ProtectedHeader[K] } = { alg, kid, typ };
  if (version !== undefined) header.version = version;
  if (claims !== undefined) header.claims = readClaims(claims);
  return header;
}

function isExpectedLabel(label: CborKey): boolean {
  return KNOWN_LABELS.includes(label) || typeof label === 'string' || label >= FIRST_OPTIONAL_LABEL;
}

function claimsMap(claims: Claims): CborInput {
  const given = CLAIM_NAMES.filter((name) => claims[name] !== undefined);
  return new Map(given.map((name) => [CLAIMS[name].key, claims[name] as CborInput]));
}

function readClaims(keyed: CborValue): Claims {
  if (!(keyed instanceof Map)) return refuse('cose-header', 'the claims are not a map');
  const claims: Record<string, unknown> = {};
  for (const [key, value] of keyed as ReadonlyMap<CborKey, CborValue>) {
    const name = CLAIM_BY_KEY.get(key);
    if (name === undefined) return refuse('cose-header', 'a claim that does not belong here');
    if (!CLAIMS[name].fits(value)) refuse('cose-header', `the claim ${name} has another form`);
    claims[name] = value;
  }
  return claims;
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value.length >= 1 && value.length <= 128;
}

function isWhole(value: unknown): boolean {
  return typeof value === 'number' && value >= 0;
}

function isUint16(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 0xffff;
}

function refuse(code: ProtocolErrorCode, detail: string): never {
  throw new ProtocolError(code, detail, { path: 'protected header' });
}
