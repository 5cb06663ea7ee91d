/** Changes to a bundle, by somebody who has all the keys and by somebody who has none. */
import type { Bundle, BundleKey, BundleRecord } from '../../../device/audit/bundle.ts';
import {
  type Anchor,
  AttestationRecord,
  anchorOf,
  fromBase64url,
  fromJson,
  OBJECTS,
  type ObjectType,
  type ObjectValue,
  parseJson,
  type RecordDraft,
  type SigningKey,
  signAnchor,
  signObject,
  signRecord,
  toJson,
  writeJson,
} from '../../../protocol/index.ts';
import { deviceKey, objectKey, settings } from '../builders.ts';
import { CHANNEL, testNode } from './reporting-rig.ts';

export const EVENT = { intent: 0, decision: 1, cart: 2, payment: 3, fulfilment: 4 } as const;

export function replaced<T>(all: readonly T[], at: number, change: (one: T) => T): readonly T[] {
  return all.map((one, i) => (i === at ? change(one) : one));
}

export function editRecord(bundle: Bundle, at: number, change: (record: BundleRecord) => BundleRecord): Bundle {
  return { ...bundle, records: replaced(bundle.records, at, change) };
}

/** The text of a record with something else in it; whoever does this has no key. */
export function editText(bundle: Bundle, at: number, change: (text: string) => string): Bundle {
  return editRecord(bundle, at, (record) => {
    const json = change(record.json ?? '');
    if (json === record.json) throw new Error('nothing was changed');
    return { ...record, json };
  });
}

export function recordIn({ json = '' }: BundleRecord): AttestationRecord {
  return fromJson(AttestationRecord, parseJson(json), 'record');
}

/** Puts an anchor into a log of its own, and gives where it stands and the log's head. */
export function placed(jws: string): {
  readonly note: string;
  readonly position: number;
  readonly proof: Uint8Array[];
} {
  const { status, body } = testNode().answer({ method: 'POST', path: '/anchors', body: jws });
  const { position, checkpoint, proof } = JSON.parse(body);
  if (status !== 201) throw new Error(body);
  return { note: checkpoint, position, proof: proof.map((hash: string) => fromBase64url(hash)) };
}

/** A record with its anchor in a log, put in the place of another or behind all. */
export function withRecord(
  bundle: Bundle,
  at: number,
  record: AttestationRecord,
  { by = deviceKey, anchor = {} }: { readonly by?: SigningKey; readonly anchor?: Partial<Anchor> } = {},
): Bundle {
  const submission = { submitterId: settings.agentId, iat: record.createdAt, privacyChannel: CHANNEL };
  const jws = signAnchor({ ...anchorOf(record, submission), ...anchor }, by);
  const { note, ...place } = placed(jws);
  const { recordId, eventType } = record;
  const { journal } = bundle.records[at] ?? {};
  const item: BundleRecord = {
    ...{ recordId, eventType, anchor: jws, json: writeJson(toJson(AttestationRecord, record, 'record')) },
    place: { ...place, note: bundle.notes.length },
    ...(journal && { journal }),
  };
  const records = at < bundle.records.length ? replaced(bundle.records, at, () => item) : [...bundle.records, item];
  return { ...bundle, notes: [...bundle.notes, note], records };
}

/** The same record of another draft, signed and anchored as if it had always been so. */
export function resigned(
  bundle: Bundle,
  at: number,
  change: (draft: RecordDraft) => RecordDraft,
  by = deviceKey,
): Bundle {
  const { payloadHash: _hash, signatures: _signatures, ...draft } = recordIn(bundle.records[at] as BundleRecord);
  return withRecord(bundle, at, signRecord(change(draft as RecordDraft), settings.agentId, by));
}

export function objectOf(type: ObjectType, bytes: Uint8Array) {
  return { typ: OBJECTS[type].typ as number, bytes };
}

export function bytesOf(bundle: Bundle, type: ObjectType): Uint8Array {
  const found = bundle.objects.find(({ typ }) => typ === OBJECTS[type].typ);
  if (!found) throw new Error(`no ${type}`);
  return found.bytes;
}

export function withObject(bundle: Bundle, type: ObjectType, bytes: Uint8Array): Bundle {
  const at = bundle.objects.findIndex(({ typ }) => typ === OBJECTS[type].typ);
  const one = objectOf(type, bytes);
  return { ...bundle, objects: at < 0 ? [...bundle.objects, one] : replaced(bundle.objects, at, () => one) };
}

export function withoutObject(bundle: Bundle, type: ObjectType): Bundle {
  return { ...bundle, objects: bundle.objects.filter(({ typ }) => typ !== OBJECTS[type].typ) };
}

/** An object of other content, signed by whoever signs such. */
export function forged<T extends ObjectType>(bundle: Bundle, type: T, value: ObjectValue<T>, by: string): Bundle {
  return withObject(bundle, type, signObject(type, value, objectKey(by)));
}

export function flipped(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.map((byte, i) => (i === (at < 0 ? bytes.length + at : at) ? byte ^ 1 : byte));
}

export function editKeys(bundle: Bundle, change: (key: BundleKey) => BundleKey | undefined): Bundle {
  return { ...bundle, keys: bundle.keys.flatMap((key) => change(key) ?? []) };
}
