/** ACT 2.1 TSD-ATT-OCA: anchors as JWS Compact (RFC 7515 §7.1), Ed25519 (RFC 9864), payload in its RFC 8785 form. */
import { Anchor, type AttestationRecord } from './act/attestation.ts';
import { fromJson, toJson } from './act/json-form.ts';
import { base64url, equalBytes, fromBase64url, utf8 } from './bytes.ts';
import { verifyEd25519 } from './ed25519.ts';
import { ProtocolError } from './errors.ts';
import { jcs } from './jcs.ts';
import { fromUtf8, isJsonObject, type JsonObject, type JsonValue, parseJson } from './json.ts';
import type { SigningKey, VerifyingKey } from './sign1.ts';
import type { EpochSeconds } from './time.ts';

/** `EdDSA` is the older name of the same algorithm; it is read, as in COSE, and never written. */
const ALGORITHMS: readonly (JsonValue | undefined)[] = ['Ed25519', 'EdDSA'];
const TYP = 'act-anchor+jws';
/** A longer anchor is refused before it is looked at. */
const JWS_MAX_CHARS = 4096;

export interface AnchorSubmission {
  readonly submitterId: string;
  readonly iat: EpochSeconds;
  readonly privacyChannel: string;
}

/** The anchor of a record: its ids, times and hash, without anything of the event. */
export function anchorOf(record: AttestationRecord, submission: AnchorSubmission): Anchor {
  const { recordId, structureVersion, eventType, eventTime, intentId, payloadHash, hashAlgorithm } = record;
  const { delegationId, orderNo, tradeNo } = record;
  return {
    ...{ recordId, structureVersion, eventType, eventTime, intentId, payloadHash, hashAlgorithm, ...submission },
    ...(delegationId === undefined ? {} : { delegationId }),
    ...(orderNo === undefined ? {} : { orderNo }),
    ...(tradeNo === undefined ? {} : { tradeNo }),
  };
}

/** Signs an anchor. @throws ProtocolError `message-shape` if it is out of bounds. */
export function signAnchor(anchor: Anchor, key: SigningKey): string {
  const header = { alg: 'Ed25519', kid: base64url(key.kid), typ: TYP };
  const signed = [header, toJson(Anchor, anchor, 'anchor')].map((part) => base64url(utf8(jcs(part)))).join('.');
  return `${signed}.${base64url(key.sign(utf8(signed)))}`;
}

/**
 * Verifies an anchor under the key the caller trusts for it; the `kid` only has to agree (T23, T24).
 * @throws ProtocolError `jws-*`, `json-*`, `message-shape`.
 */
export function openAnchor(compact: string, key: VerifyingKey): Anchor {
  const parts = compact.length <= JWS_MAX_CHARS ? compact.split('.') : [];
  if (parts.length !== 3) throw new ProtocolError('jws-malformed', 'expected three parts of bounded length');
  const [header, payload, signature] = parts as [string, string, string];
  checkHeader(jsonPart(header), key);
  if (!verifyEd25519(bytesPart(signature), utf8(`${header}.${payload}`), key.publicKey)) {
    throw new ProtocolError('jws-signature', 'the signature does not verify');
  }
  return fromJson(Anchor, jsonPart(payload), 'anchor');
}

/** Nothing but these three: an unknown header, `crit` above all, could change what is signed (RFC 7515 §4.1.11). */
function checkHeader({ alg, kid, typ, ...others }: JsonObject, key: VerifyingKey): void {
  if (Object.keys(others).length > 0) throw new ProtocolError('jws-malformed', 'the header has unknown members');
  if (!ALGORITHMS.includes(alg)) throw new ProtocolError('jws-alg', 'the algorithm is not Ed25519');
  if (typ !== TYP) throw new ProtocolError('jws-typ', 'the type is not that of an anchor');
  if (typeof kid !== 'string' || !equalBytes(bytesPart(kid), key.kid)) {
    throw new ProtocolError('jws-kid', 'the key id is not that of the trusted key');
  }
}

function bytesPart(part: string): Uint8Array {
  try {
    return fromBase64url(part);
  } catch {
    throw new ProtocolError('jws-malformed', 'a part is not base64url');
  }
}

function jsonPart(part: string): JsonObject {
  const json = parseJson(fromUtf8(bytesPart(part)));
  if (!isJsonObject(json)) throw new ProtocolError('jws-malformed', 'a part is no JSON object');
  return json;
}
