/** Good and bad bundles, for every reader of them: each with what it has to come to. */
import { type Bundle, encodeBundle } from '../../../device/audit/bundle.ts';
import { withoutBasket } from '../../../device/audit/bundle-disclose.ts';
import { AttestationRecord as Shape } from '../../../protocol/act/attestation.ts';
import {
  type AttestationRecord,
  hex,
  inclusionProof,
  leafHash,
  type RecordDraft,
  type SigningKey,
  signJson,
  signRecord,
  softSigningKey,
  toJson,
  utf8,
} from '../../../protocol/index.ts';
import type { JsonObject } from '../../../protocol/json.ts';
import { deviceKey, id, PSP, seconds, settings } from '../builders.ts';
import { AFTER } from './bundle-corpus-after.ts';
import { BYTES, DELEGATED, OBJECT_ROWS, RECORD_ROWS } from './bundle-corpus-content.ts';
import { delegatedBundle } from './bundle-delegated.ts';
import * as edit from './bundle-edits.ts';
import { bundleOf, cosignedNote, sourcesAfter } from './bundle-stage.ts';
import { entries, note, type Row, until, whole, withoutKey } from './bundle-whole.ts';

const { EVENT } = edit;
/** What a bundle comes to: its standing, and all conclusions other than VERIFIED, faults and missing things in one list. */
export interface BundleCase {
  readonly name: string;
  readonly encoded: Uint8Array;
  readonly expected: string;
}

const GOOD: readonly Row[] = [
  ['a finished instant purchase', whole, 'verified'],
  ['one that is not delivered yet', bundleOf(sourcesAfter(8)), 'verified'],
  ['the payment without the basket', withoutBasket(whole), 'verified'],
  ['a payment under a delegation', delegatedBundle(), 'verified'],
  ['records in another order', { ...whole, records: [...whole.records].reverse() }, 'verified'],
  ['no proofs of the journal', { ...whole, records: whole.records.map(({ journal: _, ...one }) => one) }, 'verified'],
  ['no witness', withoutKey('witness'), 'verified'],
  ['a device key that was replaced since', until('record', settings.agentId, seconds(300)), 'verified'],
  ['a PSP key that was replaced since', until('object', PSP, seconds(30)), 'verified'],
];

const { json: paymentText = '' } = whole.records[EVENT.payment] ?? {};
const salt = (JSON.parse(paymentText) as { salt: string }).salt;
const otherSalt = `${salt.startsWith('A') ? 'B' : 'A'}${salt.slice(1)}`;

/** Signed over ACT's five members only, as others may do it. */
function fiveOnly(): Bundle {
  const record = edit.recordIn(whole.records[EVENT.payment] as never);
  const coverage = ['event_body', 'participants', 'salt', 'record_id', 'event_time'] as const;
  const json = toJson(Shape, record, 'record') as JsonObject;
  const covered = Object.fromEntries(coverage.map((name) => [name, json[name]])) as JsonObject;
  const signatures = [{ ...record.signatures[0], signatureValue: signJson(covered, deviceKey), coverage }];
  return edit.withRecord(whole, EVENT.payment, { ...record, signatures } as unknown as AttestationRecord);
}

/** The PSP tells by itself when it had signed its receipt, which a key that was replaced might do at any time. */
function ownWord(): Bundle {
  const {
    payloadHash: _hash,
    signatures: _signatures,
    ...draft
  } = edit.recordIn(whole.records[EVENT.payment] as never);
  const key = softSigningKey(new Uint8Array(32).fill(6));
  const { publicKey } = key as SigningKey & { publicKey: Uint8Array };
  const replaced = until('object', PSP, seconds(30));
  const keys = [...replaced.keys, { id: PSP, purpose: 'record' as const, publicKey }];
  return edit.withRecord({ ...replaced, keys }, EVENT.payment, signRecord(draft as RecordDraft, PSP, key));
}

const otherHash = { anchor: { payloadHash: new Uint8Array(32).fill(9) } };
const CONCLUSIONS: readonly Row[] = [
  [
    'an amount altered',
    edit.editText(whole, EVENT.payment, (text) => text.replace('24.80', '4.80')),
    'broken PAYLOAD_HASH_MISMATCH record-transaction-completed',
  ],
  [
    'a participant altered',
    edit.editText(whole, EVENT.decision, (text) => text.replace('PAYER_AGENT', 'PAYEE_AGENT')),
    'broken PAYLOAD_HASH_MISMATCH',
  ],
  [
    'a salt altered',
    edit.editText(whole, EVENT.payment, (text) => text.replace(salt, otherSalt)),
    'broken PAYLOAD_HASH_MISMATCH',
  ],
  [
    'another time of making',
    edit.editText(whole, EVENT.payment, (text) =>
      text.replace(/created_at":"2026-11-23T02:10/, 'created_at":"2026-11-23T03:10'),
    ),
    'broken SIGNATURE_INVALID',
  ],
  [
    'T27: another intent',
    edit.editText(whole, EVENT.payment, (text) => text.replace(whole.header.intentId, id('other'))),
    'broken SIGNATURE_INVALID anchor-record record-subject',
  ],
  [
    'T27: another upstream',
    edit.editText(whole, EVENT.payment, (text) =>
      text.replace(/upstream_record_id":"[0-9a-f]+/, `upstream_record_id":"${whole.records[0]?.recordId}`),
    ),
    'broken SIGNATURE_INVALID',
  ],
  [
    'a signature of another key',
    edit.resigned(whole, EVENT.payment, (draft) => draft, softSigningKey(new Uint8Array(32).fill(3))),
    'broken SIGNATURE_INVALID',
  ],
  ['T27: a signature over five members', fiveOnly(), 'broken SIGNATURE_INVALID'],
  [
    'another hash in the chain',
    edit.withRecord(whole, EVENT.payment, edit.recordIn(whole.records[EVENT.payment] as never), otherHash),
    'broken CHAIN_HASH_MISMATCH',
  ],
  [
    'two anchors swapped',
    edit.editRecord(
      edit.editRecord(whole, 0, (one) => ({ ...one, ...placeOf(1) })),
      1,
      (one) => ({ ...one, ...placeOf(0) }),
    ),
    'broken CHAIN_HASH_MISMATCH CHAIN_HASH_MISMATCH anchor-record',
  ],
  [
    'an anchor that is on its way',
    edit.editRecord(whole, EVENT.payment, ({ place: _, ...one }) => one),
    'incomplete ANCHOR_NOT_FOUND',
  ],
  [
    'no anchor at all',
    edit.editRecord(whole, 0, ({ place: _, anchor: __, ...one }) => one),
    'incomplete ANCHOR_NOT_FOUND',
  ],
  [
    'a trust chain that is down',
    edit.editRecord(whole, 0, ({ place: _, ...one }) => ({ ...one, query: 'timed-out' as const })),
    'incomplete ANCHOR_QUERY_TIMEOUT',
  ],
  ['no key of the device', withoutKey('record'), `incomplete${' PUBLIC_KEY_UNAVAILABLE'.repeat(5)}`],
  ['no key of the trust chain', withoutKey('chain'), `incomplete${' PUBLIC_KEY_UNAVAILABLE'.repeat(5)}`],
  [
    'a device key replaced before',
    until('record', settings.agentId, seconds(-1)),
    `incomplete${' PUBLIC_KEY_UNAVAILABLE'.repeat(5)}`,
  ],
];

function placeOf(at: number) {
  const { anchor = '', place } = whole.records[at] ?? {};
  return { anchor, ...(place && { place }) };
}

const place0 = whole.records[0]?.place ?? { position: 0, note: 0, proof: [] };
const journal0 = whole.records[0]?.journal ?? { leaf: new Uint8Array(32), index: 0, note: 0, proof: [] };
const place = (over: object) => edit.editRecord(whole, 0, (one) => ({ ...one, place: { ...place0, ...over } }));
const journal = (over: object, from = whole) =>
  edit.editRecord(from, 0, (one) => ({ ...one, journal: { ...journal0, ...over } }));
const chainNote = whole.notes[place0.note] ?? '';
const PROOFS: readonly Row[] = [
  ['T23: a PSP that vouches for its own replaced key', ownWord(), 'incomplete challenge-key receipt-key'],
  ['another position', place({ position: place0.position + 1 }), 'broken ANCHOR_NOT_FOUND anchor-proof'],
  ['a proof too long', place({ proof: [...place0.proof, new Uint8Array(32)] }), 'broken ANCHOR_NOT_FOUND anchor-proof'],
  ['a note that is not there', place({ note: 200 }), 'broken ANCHOR_NOT_FOUND anchor-proof'],
  [
    'T27: a head that the chain never signed',
    note(place0.note, chainNote.replace(/\n[0-9]+\n/, '\n77\n')),
    'broken ANCHOR_NOT_FOUND anchor-proof',
  ],
  [
    'an anchor with another signature',
    edit.editRecord(whole, 0, (one) => ({ ...one, anchor: `${one.anchor?.slice(0, -6)}AAAAAA` })),
    'broken ANCHOR_NOT_FOUND anchor-proof',
  ],
  ['T26: another entry of the journal', journal({ leaf: leafHash(utf8('another')) }), 'broken journal-proof'],
  [
    'T26: the proof of a neighbour',
    journal({ leaf: leafHash(entries[journal0.index + 1] as Uint8Array), ...neighbour() }),
    'broken journal-record',
  ],
  [
    'T26: a checkpoint of another size',
    note(journal0.note, cosignedNote(entries, entries.length - 1)),
    'broken journal-proof',
  ],
  [
    'a checkpoint that the device never signed',
    note(journal0.note, (whole.notes[journal0.note] ?? '').replace(/(\n\u2014 act-edge[^\n]{40})./, '$1A')),
    'broken journal-proof',
  ],
  ['no key of the journal', withoutKey('journal'), 'incomplete journal-key'],
  [
    'a forged line of the witness',
    note(journal0.note, (whole.notes[journal0.note] ?? '').replace(/(test\/psp[^\n]{60})./, '$1A')),
    'verified',
  ],
];

function neighbour() {
  const index = journal0.index + 1;
  return { index, proof: inclusionProof(entries.map(leafHash), index) };
}

function encoded(bundle: Bundle | Uint8Array): Uint8Array {
  return bundle instanceof Uint8Array ? bundle : encodeBundle(bundle);
}

export const CORPUS: readonly BundleCase[] = [
  ...[...GOOD, ...CONCLUSIONS, ...PROOFS, ...OBJECT_ROWS, ...RECORD_ROWS, ...DELEGATED, ...AFTER, ...BYTES],
].map(([name, bundle, expected]) => ({ name, encoded: encoded(bundle), expected }));

/** The corpus as other programs read it. */
export function corpusJson(): string {
  return JSON.stringify(CORPUS.map(({ name, encoded: one }) => ({ name, bundle: hex(one) })));
}
