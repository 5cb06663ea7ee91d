/** ACT 2.1 TSD-ATT-OFF and TSD-ATT-SVF: the payload hash of a record, its signatures, and the check with its seven conclusions. */
import { AttestationRecord, type Conclusion, type HashAlgorithm, type RecordMember } from './act/attestation.ts';
import { toJsonObject } from './act/json-form.ts';
import { concatBytes, equalBytes } from './bytes.ts';
import { sha256, sm3 } from './crypto.ts';
import { ProtocolError } from './errors.ts';
import { jcsBytes, signJson, verifyJson } from './jcs.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { SigningKey } from './sign1.ts';

/** SM3 only where the host's library has it; ACT demands SHA-256 of everybody. */
const HASHES: { readonly [A in HashAlgorithm]: ((bytes: Uint8Array) => Uint8Array) | undefined } = {
  'SHA-256': sha256,
  SM3: sm3,
};

/** The hash algorithms this host can compute. */
export const HASH_ALGORITHMS = (Object.keys(HASHES) as HashAlgorithm[]).filter((name) => HASHES[name] !== undefined);

/** What is hashed, in JSON form: the body of the event and the participants. */
export interface HashedPayload {
  readonly eventBody: JsonValue;
  readonly participants: JsonValue;
}

/**
 * H( JCS({event_body, participants}) ‖ raw salt ): 32 bytes.
 * @throws ProtocolError `hash-unsupported` where the host cannot compute it.
 */
export function payloadHash(payload: HashedPayload, salt: Uint8Array, algorithm: HashAlgorithm): Uint8Array {
  const hash = HASHES[algorithm];
  if (hash === undefined) throw new ProtocolError('hash-unsupported', 'the host has no such hash');
  const { eventBody, participants } = payload;
  return hash(concatBytes(jcsBytes({ event_body: eventBody, participants }), salt));
}

/** A record before hash and signatures; `salt` is at least 16 fresh random bytes, used for nothing else. */
export type RecordDraft = AttestationRecord extends infer R
  ? R extends unknown
    ? Omit<R, 'payloadHash' | 'signatures'>
    : never
  : never;

const UNSIGNED = { payloadHash: new Uint8Array(32), signatures: [] } as const;
/** Stands where a signature will be, so that the draft has a JSON form. */
const PLACEHOLDER = {
  signerId: '-',
  algorithm: 'Ed25519',
  signatureValue: new Uint8Array(64),
  coverage: ['event_body', 'participants', 'salt', 'record_id', 'event_time'],
} as const;

/**
 * Makes the record of an event: hashes it and signs all of it, not only the five members ACT lists (T27).
 * @throws ProtocolError `message-shape`, `act-*`, `hash-unsupported`.
 */
export function signRecord(draft: RecordDraft, signerId: string, key: SigningKey): AttestationRecord {
  const drafted = { ...draft, ...UNSIGNED, signatures: [PLACEHOLDER] } as unknown as AttestationRecord;
  const bare = jsonOf(drafted);
  const payload = { eventBody: bare.event_body as JsonValue, participants: bare.participants as JsonValue };
  const hashed = { ...drafted, payloadHash: payloadHash(payload, draft.salt, draft.hashAlgorithm) };
  const { signatures: _, ...members } = jsonOf(hashed);
  const coverage = Object.keys(members) as RecordMember[];
  const signatureValue = signJson(covered(members, coverage), key);
  return { ...hashed, signatures: [{ signerId, algorithm: 'Ed25519', signatureValue, coverage }] };
}

function jsonOf(record: AttestationRecord): JsonObject {
  return toJsonObject(AttestationRecord, record, 'record');
}

/** The members a signature covers, in an object of their own; a member it names and the record lacks is left out. */
function covered(members: JsonObject, coverage: readonly RecordMember[]): JsonObject {
  const there = coverage.filter((member) => members[member] !== undefined);
  return Object.fromEntries(there.map((member) => [member, members[member] as JsonValue]));
}

/** What asking the trust chain for the anchor of a record came to, after the retries. */
export type AnchorAnswer = { readonly payloadHash: Uint8Array } | 'not-found' | 'timed-out';

export interface RecordCheck {
  readonly conclusion: Conclusion;
  /** Who failed to sign or could not be found, with `SIGNATURE_INVALID` and `PUBLIC_KEY_UNAVAILABLE`. */
  readonly signerId?: string;
}

/**
 * Checks a record in the order of TSD-ATT-SVF: keys, hash, signatures, anchor. An unreachable dependency is never
 * reported as tampering, and a record without a signature over all of itself is not verified (T27).
 * @param keyOf the 32-byte public key a signer had at that time (epoch seconds), or `undefined`.
 */
export function checkRecord(
  record: AttestationRecord,
  keyOf: (signerId: string, eventTime: number) => Uint8Array | undefined,
  anchor: AnchorAnswer,
): RecordCheck {
  const { signatures: _, ...members } = jsonOf(record);
  const signers = record.signatures.map((one) => ({ ...one, publicKey: keyOf(one.signerId, record.eventTime) }));
  const unknown = signers.find(({ publicKey }) => publicKey === undefined);
  if (unknown !== undefined) return { conclusion: 'PUBLIC_KEY_UNAVAILABLE', signerId: unknown.signerId };
  const payload = { eventBody: members.event_body as JsonValue, participants: members.participants as JsonValue };
  const computed = payloadHash(payload, record.salt, record.hashAlgorithm);
  if (!equalBytes(computed, record.payloadHash)) return { conclusion: 'PAYLOAD_HASH_MISMATCH' };
  const invalid = signers.find(
    (one) => !verifyJson(covered(members, one.coverage), one.signatureValue, one.publicKey as Uint8Array),
  );
  if (invalid !== undefined) return { conclusion: 'SIGNATURE_INVALID', signerId: invalid.signerId };
  const whole = Object.keys(members) as RecordMember[];
  const partial = signers.every(({ coverage }) => !whole.every((member) => coverage.includes(member)));
  if (partial) return { conclusion: 'SIGNATURE_INVALID', signerId: (signers[0] as { signerId: string }).signerId };
  return { conclusion: anchored(anchor, computed) };
}

const WITHOUT_ANCHOR = { 'not-found': 'ANCHOR_NOT_FOUND', 'timed-out': 'ANCHOR_QUERY_TIMEOUT' } as const;

function anchored(answer: AnchorAnswer, computed: Uint8Array): Conclusion {
  if (typeof answer === 'string') return WITHOUT_ANCHOR[answer];
  return equalBytes(answer.payloadHash, computed) ? 'VERIFIED' : 'CHAIN_HASH_MISMATCH';
}
