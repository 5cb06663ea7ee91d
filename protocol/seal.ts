/**
 * Sealed frames: a signed frame, padded and encrypted for one receiver, as tagged COSE_Encrypt0 in the HPKE integrated
 * encryption form (draft-ietf-cose-hpke §3.2). The broker sees one of three sizes and a key identifier (T28). The signature
 * is inside: anyone can seal for a public key, so what was opened counts for nothing before `openFrame` has verified it.
 */
import { concatBytes, hex, isBytes } from './bytes.ts';
import { type CborKey, decodeCbor, encodeCbor } from './cbor.ts';
import { StrictReader } from './cbor-strict.ts';
import { AEAD_TAG_BYTES, sha256 } from './crypto.ts';
import { ProtocolError, type ProtocolErrorCode } from './errors.ts';
import type { Role } from './fields.ts';
import { checkedSeed, HPKE_KEY_BYTES, hpkeOpen, hpkeSeal } from './hpke.ts';
import { isSealedSize, pad, unpad } from './padding.ts';
import type { RecipientPrivateKey, RecipientPublicKey } from './recipient-key.ts';
import { KID_BYTES } from './sign1-header.ts';
import { PROFILE, PROFILE_FLOOR, PROFILE_VERSION } from './version.ts';

/** HPKE-4 of draft-ietf-cose-hpke §7.2.5: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305. The only one (T24). */
export const ALG_HPKE_4 = 42;

/** COSE header labels; `version` is that of the binding and from the private-use range, as in a frame. */
const LABEL = { alg: 1, kid: 4, version: -70001 } as const;
const KNOWN_LABELS: readonly CborKey[] = Object.values(LABEL);

const TAG_16 = 0xd0;
const TAG_18 = 0xd2;
const ARRAY_OF_3 = 0x83;
const MAP_OF_1 = 0xa1;
/** Label −4. The encapsulated key stands alone in the unprotected header; HPKE itself binds it. */
const LABEL_EK = 0x23;
const EK_MAP = Uint8Array.of(MAP_OF_1, LABEL_EK, 0x58, HPKE_KEY_BYTES);
/** Every ciphertext is longer than 255 bytes, so its head has three. */
const CIPHERTEXT_HEAD_BYTES = 3;
const NO_INFO = new Uint8Array();

/** What stands in front of the ciphertext; the protected header is shorter than 24 bytes, so its head is one. */
function preamble(protectedBytes: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(TAG_16, ARRAY_OF_3, 0x40 + protectedBytes.length), protectedBytes, EK_MAP);
}

function headerOf(kid: Uint8Array): Uint8Array {
  return encodeCbor(
    new Map<CborKey, number | Uint8Array>([
      [LABEL.alg, ALG_HPKE_4],
      [LABEL.kid, kid],
      [LABEL.version, PROFILE_VERSION],
    ]),
  );
}

/** What an envelope adds to the padded frame in it. */
export const ENVELOPE_OVERHEAD_BYTES =
  preamble(headerOf(new Uint8Array(KID_BYTES))).length + HPKE_KEY_BYTES + CIPHERTEXT_HEAD_BYTES + AEAD_TAG_BYTES;

/** The Enc_structure (RFC 9052 §5.3). The receiver's role and tenant are bound, not carried (T5); HPKE binds its key. */
function aadOf(protectedBytes: Uint8Array, version: number, tenant: string, role: Role): Uint8Array {
  return encodeCbor(['Encrypt0', protectedBytes, encodeCbor([PROFILE, version, 'sealed', tenant, role])]);
}

export interface SealInput {
  /** A signed frame, at most {@link ENVELOPE_OVERHEAD_BYTES} and one byte shorter than the largest of `SEALED_SIZES`. */
  readonly frame: Uint8Array;
  /** From `RecipientKeySet.current`: a key that may be used now. */
  readonly recipient: RecipientPublicKey;
  readonly tenant: string;
  /** The role in which the receiver opens it. */
  readonly role: Role;
  /** 32 fresh random bytes. */
  readonly ephemeralSeed: Uint8Array;
}

/**
 * Pads and encrypts a signed frame.
 * @throws ProtocolError `seal-too-long`; `seal-key` for the key of another tenant or role; `key-malformed` for the seed.
 */
export function sealEnvelope({ frame, recipient, tenant, role, ephemeralSeed }: SealInput): Uint8Array {
  if (recipient.tenant !== tenant || recipient.role !== role) refuse('seal-key', 'the key of another tenant or role');
  const protectedBytes = headerOf(recipient.kid);
  const aad = aadOf(protectedBytes, PROFILE_VERSION, tenant, role);
  const { enc, ciphertext } = hpkeSeal({
    publicKey: recipient.publicKey,
    // The digest makes another ephemeral key for every content, should a source of randomness ever repeat itself.
    ephemeralIkm: concatBytes(checkedSeed(ephemeralSeed), sha256(concatBytes(aad, frame))),
    info: NO_INFO,
    aad,
    plaintext: pad(frame, ENVELOPE_OVERHEAD_BYTES),
  });
  return concatBytes(preamble(protectedBytes), enc, encodeCiphertext(ciphertext));
}

function encodeCiphertext(ciphertext: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(0x59, ciphertext.length >> 8, ciphertext.length & 0xff), ciphertext);
}

export interface EnvelopeReader {
  /** One's own keys that may open now, by `kid` in hex: from `openingKeys`. */
  readonly keys: ReadonlyMap<string, RecipientPrivateKey>;
  readonly tenant: string;
  readonly role: Role;
}

/**
 * Decrypts an envelope. Cheap checks come first (T30).
 * @returns the frame in it, for `openFrame`; nothing about its sender is known yet.
 * @throws ProtocolError `seal-plain` for a frame that is not sealed: there is no way round the envelope (T20); `seal-size`,
 *   `seal-malformed`, `seal-header`, `seal-alg`, `seal-version`, `cbor-*`; `seal-kid` for a key that is not ours or no longer
 *   opens; `seal-open` for every failure to decrypt; `seal-padding`.
 */
export function openEnvelope(bytes: Uint8Array, { keys, tenant, role }: EnvelopeReader): Uint8Array {
  const { protectedBytes, enc, ciphertext } = parse(bytes);
  const { kid, version } = readHeader(protectedBytes);
  const key = keys.get(hex(kid));
  if (key === undefined) return refuse('seal-kid', 'sealed for none of the keys that open now');
  const aad = aadOf(protectedBytes, version, tenant, role);
  return unpad(hpkeOpen({ key, enc, info: NO_INFO, aad, ciphertext }), ENVELOPE_OVERHEAD_BYTES);
}

/**
 * Which key an envelope says it was sealed for. Anyone can write any: it routes, it proves nothing.
 * @throws ProtocolError as {@link openEnvelope} does before it decrypts.
 */
export function envelopeKid(bytes: Uint8Array): Uint8Array {
  return readHeader(parse(bytes).protectedBytes).kid;
}

/** Reads the one layout that {@link sealEnvelope} writes, out of a private copy (T12). */
function parse(bytes: Uint8Array) {
  const reader = new StrictReader(bytes);
  if (reader.bytes[0] === TAG_18) refuse('seal-plain', 'a signed message that is not sealed');
  if (!isSealedSize(reader.bytes.length)) refuse('seal-size', 'not one of the sizes of an envelope');
  reader.literal(TAG_16, 'seal-malformed', 'tag 16');
  reader.literal(ARRAY_OF_3, 'seal-malformed', 'an array of 3');
  const protectedBytes = reader.byteString('seal-malformed', 'the protected header in a byte string');
  reader.literal(MAP_OF_1, 'seal-header', 'one unprotected label');
  reader.literal(LABEL_EK, 'seal-header', 'the encapsulated key');
  const enc = reader.byteString('seal-malformed', 'the encapsulated key in a byte string');
  if (enc.length !== HPKE_KEY_BYTES) refuse('seal-malformed', `the encapsulated key is not ${HPKE_KEY_BYTES} bytes`);
  const ciphertext = reader.byteString('seal-malformed', 'the ciphertext in a byte string');
  reader.end();
  return { protectedBytes, enc, ciphertext };
}

function readHeader(protectedBytes: Uint8Array): { readonly kid: Uint8Array; readonly version: number } {
  const labelled = decodeCbor(protectedBytes);
  if (!(labelled instanceof Map)) return refuse('seal-malformed', 'the protected header is not a map');
  if (![...labelled.keys()].every((label) => KNOWN_LABELS.includes(label)))
    refuse('seal-header', 'a label that does not belong here');
  if (labelled.get(LABEL.alg) !== ALG_HPKE_4) refuse('seal-alg', 'another algorithm than HPKE-4');
  const version = labelled.get(LABEL.version);
  if (typeof version !== 'number' || version < PROFILE_FLOOR || version > PROFILE_VERSION)
    return refuse('seal-version', `speaks another profile version than ${PROFILE_VERSION}`);
  const kid = labelled.get(LABEL.kid);
  if (!isBytes(kid) || kid.length !== KID_BYTES)
    return refuse('seal-kid', `the key identifier is not ${KID_BYTES} bytes`);
  return { kid, version };
}

function refuse(code: ProtocolErrorCode, detail: string): never {
  throw new ProtocolError(code, detail);
}
