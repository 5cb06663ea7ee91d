/**
 * Records that a party hands over to whoever has to judge a purchase (ACT 2.1 TSD-ATT-DSP), one JSON object a line: `record`
 * in ACT's JSON, `jws` its anchor and, where that stands in the trust chain, `position`, `checkpoint` and `proof` as the node
 * gave them. Nothing in it is secret to its reader, and nothing in it is believed for where it came from.
 */
import {
  AttestationRecord,
  base64url,
  fromJson,
  type JsonObject,
  ProtocolError,
  parseJson,
  toJson,
  writeJson,
} from '../../protocol/index.ts';
import { isJsonObject } from '../../protocol/json.ts';
import type { Attested } from './attestations.ts';
import { placedIn } from './chain-answers.ts';

/** More than one purchase or one delegation comes to. */
export const HANDED_MAX_RECORDS = 4_096;

export function handedText(attested: readonly Attested[]): string {
  return attested.map((one) => `${writeJson(handed(one))}\n`).join('');
}

function handed({ record, anchor: jws, standing }: Attested): JsonObject {
  const json = { record: toJson(AttestationRecord, record, 'record'), jws };
  if (standing.at !== 'anchored') return json;
  const { position, proof } = standing;
  return { ...json, position, checkpoint: proof.checkpoint, proof: proof.hashes.map(base64url) };
}

/** @throws ProtocolError for a line that is no such record, and for more than {@link HANDED_MAX_RECORDS} of them. */
export function readHanded(text: string): readonly Attested[] {
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length > HANDED_MAX_RECORDS) throw malformed();
  return lines.map(readLine);
}

function readLine(line: string): Attested {
  const json = parseJson(line);
  if (!isJsonObject(json) || typeof json.jws !== 'string') throw malformed();
  const record = fromJson(AttestationRecord, json.record ?? null, 'record');
  const { jws: anchor } = json;
  if (json.position === undefined) return { record, anchor, standing: { at: 'pending' } };
  const placed = placedIn(json);
  if (!placed) throw malformed();
  return { record, anchor, standing: { at: 'anchored', position: placed.position, proof: placed.proof } };
}

function malformed(): ProtocolError {
  return new ProtocolError('message-shape', 'a handed record is record, anchor and its place', { path: 'records' });
}
