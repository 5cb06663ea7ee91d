/**
 * JSON in its one canonical spelling (RFC 8785), and Ed25519 signatures over it: what a party that has JSON only needs to
 * check what a device signed.
 */
import canonicalize from 'canonicalize';
import { utf8 } from './bytes.ts';
import { sha256 } from './crypto.ts';
import { verifyEd25519 } from './ed25519.ts';
import { ProtocolError } from './errors.ts';
import { isJsonObject, JSON_LIMITS, JsonDecimal, type JsonObject, type JsonValue, writeText } from './json.ts';
import type { SigningKey } from './sign1.ts';

/**
 * The canonical text. Two spellings of one number (`600`, `600.00`) have one canonical text; what has no exact double, such
 * as a number of twenty digits, is rounded as RFC 8785 §3.2.2.3 says, so signed objects hold no such numbers.
 * @throws ProtocolError `json-number` for a number without a finite double, `json-text`, `json-too-deep`.
 */
export function jcs(value: JsonValue): string {
  return canonicalize(plain(value, 0)) as string;
}

/** The UTF-8 bytes of {@link jcs}. */
export function jcsBytes(value: JsonValue): Uint8Array {
  return utf8(jcs(value));
}

/** SHA-256 over the canonical bytes: 32 bytes. */
export function jcsDigest(value: JsonValue): Uint8Array {
  return sha256(jcsBytes(value));
}

/** The value in what the library knows: no decimals of ours, and nothing it would drop or let through unchecked. */
function plain(value: JsonValue, depth: number): unknown {
  if (depth > JSON_LIMITS.depth) throw new ProtocolError('json-too-deep', `deeper than ${JSON_LIMITS.depth}`);
  if (typeof value === 'string') return checkedText(value);
  if (typeof value === 'number') return checkedNumber(value);
  if (value === null || typeof value === 'boolean') return value;
  if (value instanceof JsonDecimal) return checkedNumber(Number(value.text));
  if (!isJsonObject(value)) return value.map((entry) => plain(entry, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [checkedText(name), plain(entry as JsonValue, depth + 1)]),
  );
}

function checkedNumber(value: number): number {
  if (!Number.isFinite(value)) throw new ProtocolError('json-number', 'a number has no finite value');
  return value;
}

/** Lone surrogates have no UTF-8 form: writing the text is what refuses them. */
function checkedText(text: string): string {
  writeText(text);
  return text;
}

/**
 * Signs an object: 64 bytes over its canonical form. Only objects, so that what is signed begins with `{` and can never be
 * read as a COSE or JWS signing input (T25).
 */
export function signJson(value: JsonObject, key: SigningKey): Uint8Array {
  return key.sign(jcsBytes(value));
}

/** Whether the signature is that key's over the object in canonical form. The caller has chosen the key, never the message (T23). */
export function verifyJson(value: JsonObject, signature: Uint8Array, publicKey: Uint8Array): boolean {
  return verifyEd25519(signature, jcsBytes(value), publicKey);
}
