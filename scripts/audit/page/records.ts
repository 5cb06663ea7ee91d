/** How the report page judges attestation records (ACT 2.1 TSD-ATT-SVF). Inlined as text: only `t` and each other are used. */
import type { Data } from './reading.ts';

type Tools = typeof import('./reading.ts');

const MEMBERS = ['record_id', 'event_type', 'event_time', 'intent_id', 'delegation_id', 'out_trade_no', 'trade_no'];
export const RECORD_TABLES = {
  members: MEMBERS,
  all: [
    ...MEMBERS,
    ...['created_at', 'structure_version', 'upstream_record_id', 'salt', 'payload_hash', 'hash_algorithm'],
    ...['participants', 'event_body', 'extension', 'signatures'],
  ],
  unknown: {
    untrue: 'ANCHOR_NOT_FOUND',
    'not-found': 'ANCHOR_NOT_FOUND',
    'timed-out': 'ANCHOR_QUERY_TIMEOUT',
    'no-key': 'PUBLIC_KEY_UNAVAILABLE',
  },
} as const;

/** The key of that name and purpose that still held at a time, the first to end. */
export function keyNamed(bundle: Data, purpose: number, name: string, at = 0): Uint8Array | undefined {
  const end = (key: Data) => key.get(5) ?? Number.POSITIVE_INFINITY;
  return bundle.keys
    .filter((key: Data) => key.get(2) === purpose && key.get(1) === name && at < end(key))
    .sort((one: Data, other: Data) => end(one) - end(other))[0]
    ?.get(3);
}

export function secondsIn(iso: string): number {
  return Date.parse(iso) / 1000;
}

/** The hash that the trust chain has for a record, or a word on why there is none. */
export async function anchorOfItem(t: Tools, bundle: Data, item: Data, record: Data): Promise<Data> {
  const [jws, place] = [item.get(2), item.get(3)];
  if (jws === undefined || !place) return item.has(4) ? 'timed-out' : 'not-found';
  const untrue = () => {
    bundle.faults.add('anchor-proof');
    return 'untrue';
  };
  try {
    const note = bundle.notes[place.get(2)];
    const [top = '', payload = '', signature = ''] = jws.split('.');
    const text = (part: string) => JSON.parse(new TextDecoder().decode(t.fromBase64(part)));
    const [header, said] = [text(top), text(payload)];
    if (note === undefined) return untrue();
    const chain = keyNamed(bundle, 5, note.split('\n')[0]);
    const key = keyNamed(bundle, 2, said.submitter_id, said.iat);
    if (!chain || !key) return 'no-key';
    const tree = await t.openNote(note, chain);
    const leaf = await t.shaOf([0], t.utf8Of(jws));
    const kid = t.toHex(t.fromBase64(header.kid)) === (await t.thumbOf(key)).slice(0, 16);
    const isForm =
      kid && header.alg === 'Ed25519' && header.typ === 'act-anchor+jws' && Object.keys(header).length === 3;
    const isTrue =
      tree &&
      isForm &&
      (await t.isIncluded(leaf, place.get(1), tree, place.get(3))) &&
      (await t.isSigned(t.fromBase64(signature), t.utf8Of(`${top}.${payload}`), key));
    if (!isTrue) return untrue();
    const own = record ?? { record_id: t.toHex(item.get(6)), event_type: bundle.events[item.get(7) - 1] };
    const names = bundle.tables.members.filter((name: string) => record || name in own);
    if (!names.every((name: string) => said[name] === own[name])) bundle.faults.add('anchor-record');
    return t.fromBase64(said.payload_hash);
  } catch {
    return untrue();
  }
}

/** One of ACT's seven conclusions. */
export async function concludeRecord(t: Tools, bundle: Data, record: Data, answer: Data): Promise<string> {
  const at = secondsIn(record.event_time);
  const signed = record.signatures.map((one: Data) => [one, keyNamed(bundle, 2, one.signer_id, at)]);
  if (signed.some(([, key]: Data) => key === undefined)) return 'PUBLIC_KEY_UNAVAILABLE';
  const { event_body, participants, signatures: _, ...members } = record;
  const hashed = await t.shaOf(t.utf8Of(t.jcsOf({ event_body, participants })), t.fromBase64(record.salt));
  if (t.toHex(hashed) !== t.toHex(t.fromBase64(record.payload_hash))) return 'PAYLOAD_HASH_MISMATCH';
  for (const [one, key] of signed) {
    const names = one.coverage.filter((name: string) => name in record);
    const covered = Object.fromEntries(names.map((name: string) => [name, record[name]]));
    if (!(await t.isSigned(t.fromBase64(one.signature_value), t.utf8Of(t.jcsOf(covered)), key)))
      return 'SIGNATURE_INVALID';
  }
  const whole = ['event_body', 'participants', ...Object.keys(members)];
  if (!signed.some(([one]: Data) => whole.every((name) => one.coverage.includes(name)))) return 'SIGNATURE_INVALID';
  if (typeof answer === 'string') return bundle.tables.unknown[answer];
  return t.toHex(answer) === t.toHex(hashed) ? 'VERIFIED' : 'CHAIN_HASH_MISMATCH';
}

/** Whether the device's journal had the entry that a record is of. */
export async function judgeJournal(t: Tools, bundle: Data, item: Data): Promise<void> {
  const place = item.get(5);
  if (!place) return;
  const note = bundle.notes[place.get(3)];
  const key = note === undefined ? undefined : keyNamed(bundle, 3, note.split('\n')[0]);
  if (note !== undefined && !key) bundle.missing.add('journal-key');
  if (note !== undefined && !key) return;
  const tree = key && (await t.openNote(note, key));
  const isIn = tree && (await t.isIncluded(place.get(1), place.get(2), tree, place.get(4)));
  const nth = place.has(5) ? `#${place.get(5)}` : '';
  const event = t.utf8Of(`${bundle.events[item.get(7) - 1]}${nth}`);
  const id = (await t.shaOf(t.utf8Of('act-edge/record'), place.get(1), event)).subarray(0, 16);
  if (!isIn) bundle.faults.add('journal-proof');
  else if (t.toHex(id) !== t.toHex(item.get(6))) bundle.faults.add('journal-record');
}

/** Judges one item; the conclusion, or undefined for a record that is kept back. */
export async function judgeItem(t: Tools, bundle: Data, item: Data, record: Data): Promise<string | undefined> {
  const answer = await anchorOfItem(t, bundle, item, record);
  await judgeJournal(t, bundle, item);
  if (!record) {
    if (typeof answer === 'string' && answer !== 'untrue') bundle.missing.add('anchor');
    return undefined;
  }
  const isNamed = record.record_id === t.toHex(item.get(6)) && record.event_type === bundle.events[item.get(7) - 1];
  if (!isNamed) bundle.faults.add('record-name');
  const made = await concludeRecord(t, bundle, record, answer);
  const payers = record.participants.filter(({ role }: Data) => role === 'PAYER_AGENT');
  const isPayers = payers.some((payer: Data) =>
    record.signatures.some((one: Data) => one.signer_id === payer.participant_id),
  );
  const digest = record.event_body.receipt_digest ?? record.event_body.update_digest;
  if (['VERIFIED', 'ANCHOR_NOT_FOUND', 'ANCHOR_QUERY_TIMEOUT'].includes(made) && isPayers && digest)
    bundle.seen.set(digest, secondsIn(record.created_at));
  return made;
}
