/** What a trust chain node answers, as it stands in JSON; read strictly, judged by `trust-chain.ts` (ACT 2.1 TSD-ATT-OCA). */
import {
  fromBase64url,
  fromUtf8,
  type Id16,
  type JsonObject,
  type JsonValue,
  ProtocolError,
  parseJson,
} from '../../protocol/index.ts';
import { isJsonObject } from '../../protocol/json.ts';
import type { InclusionProof } from '../ports.ts';

/** Where an anchor is said to stand, and with what that is shown. */
export interface Placed {
  readonly position: number;
  readonly proof: InclusionProof;
  /** The anchor that stands there, where it was not in the question. */
  readonly jws?: string;
}

const CODE = /^[a-z][a-z0-9-]{0,39}$/;
/** A tree of 2^53 entries has no longer proofs. */
const MAX_HASHES = 106;
const HASH_BYTES = 32;

/** The JSON object in an answer, or `undefined` for whatever else came: a page of some proxy, for example. */
export function answerObject(body: Uint8Array): JsonObject | undefined {
  return quietly(() => {
    const json = parseJson(fromUtf8(body));
    return isJsonObject(json) ? json : undefined;
  });
}

/** The text of a checkpoint. */
export function answerText(body: Uint8Array): string | undefined {
  return quietly(() => fromUtf8(body));
}

export function placedIn(answer: JsonObject): Placed | undefined {
  const { position, checkpoint, proof, jws } = answer;
  const hashes = hashesIn(proof);
  if (!Number.isSafeInteger(position) || typeof checkpoint !== 'string' || !hashes) return undefined;
  const placed = { position: position as number, proof: { checkpoint, hashes } };
  if (jws === undefined) return placed;
  return typeof jws === 'string' ? { ...placed, jws } : undefined;
}

export function hashesIn(proof: JsonValue | undefined): readonly Uint8Array[] | undefined {
  return quietly(() => {
    if (!Array.isArray(proof) || proof.length > MAX_HASHES) return undefined;
    const hashes = proof.map((hash) => fromBase64url(typeof hash === 'string' ? hash : '-'));
    return hashes.every(({ length }) => length === HASH_BYTES) ? hashes : undefined;
  });
}

/** The code of a refusal; fit for a log line. */
export function codeIn({ code }: JsonObject): string | undefined {
  return typeof code === 'string' && CODE.test(code) ? code : undefined;
}

/** What an anchor says of itself, unverified: whose record it is of and who submits it. */
export interface AnchorPeek {
  readonly recordId: Id16;
  readonly submitterId: string;
}

/** Reads so much of an anchor that the key for it can be looked up; `undefined` for what is none. */
export function peekAnchor(jws: string): AnchorPeek | undefined {
  const payload = quietly(() => parseJson(fromUtf8(fromBase64url(jws.split('.')[1] ?? '-'))));
  if (!isJsonObject(payload)) return undefined;
  const { record_id: recordId, submitter_id: submitterId } = payload;
  if (typeof recordId !== 'string' || typeof submitterId !== 'string') return undefined;
  return { recordId: recordId as Id16, submitterId };
}

function quietly<T>(read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
