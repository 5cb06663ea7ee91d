/**
 * What is handed to somebody who has to judge one purchase: signed objects byte for byte, attestation records with their
 * anchors and proofs, and the public keys to check them with (ACT 2.1 TSD-ATT-DSP). Nothing in it is secret to its reader.
 *
 * ```
 * bundle = item*                 a CBOR sequence (RFC 8742) of byte strings with the shortest heads
 * item   = bstr .cbor { kind: body }      at most 4 KiB in the strict profile: header (1, first and only once), key (2),
 *                                object (3), note (4), record (5), payment (6), in the order of these numbers
 * ```
 *
 * A whole bundle is larger than an item of the profile may be, so it is a sequence of items that each keep its limits.
 */

import { EVENTS, type EventType } from '../../protocol/act/events.ts';
import { epochSeconds, ROLES } from '../../protocol/fields.ts';
import { id16, orderNo, partyId } from '../../protocol/ids.ts';
import { concatBytes, decodeCbor, encodeCbor, type Id16, OBJECTS, ProtocolError } from '../../protocol/index.ts';
import { bytes, list, oneOf, text, uint, type WireType, type WireValue, wireMap } from '../../protocol/wire.ts';

/** A longer bundle is refused before it is looked at. */
export const BUNDLE_MAX_BYTES = 1 << 20;
/** One of more items is refused at the first that is too many. */
export const BUNDLE_MAX_ITEMS = 512;

const id: WireType<Id16> = id16;
const hash = bytes(32, 32);
const proof = list(hash, 60);
const noteIndex = uint(255);

/** What an exporter may keep back: its own word, signed by nobody. */
export const withheldPart = oneOf({ cart: 1, request: 2, records: 3, payments: 4 });
export type WithheldPart = WireValue<typeof withheldPart>;

const Header = wireMap('bundle-header', {
  version: [1, uint(1, 1)],
  tenant: [2, partyId],
  /** Whose wearer bought. */
  device: [3, partyId],
  exportedAt: [4, epochSeconds],
  intentId: [5, id],
  orderNo: [6, orderNo],
  delegationId: [7, id, 'optional'],
  withheld: [8, list(withheldPart, 4), 'optional'],
});
export type BundleHeader = WireValue<typeof Header>;

/** What a key may vouch for; one that signs two kinds of things stands there twice. */
export const keyPurpose = oneOf({ object: 1, record: 2, journal: 3, witness: 4, chain: 5 });

const Key = wireMap('bundle-key', {
  /** A party for objects, the id of the signer for records, the name in the note for the three others. */
  id: [1, text(128, /^[!-~]+$/)],
  purpose: [2, keyPurpose],
  publicKey: [3, hash],
  /** Of a party whose objects are checked with it. */
  role: [
    4,
    oneOf(Object.fromEntries(ROLES.map((role, i) => [role, i + 1])) as Record<(typeof ROLES)[number], number>),
    'optional',
  ],
  /** Of a key that was replaced: good for earlier times only. */
  until: [5, epochSeconds, 'optional'],
});
export type BundleKey = WireValue<typeof Key>;

const TYPES = Object.values(OBJECTS).map(({ typ }) => typ);
const SignedObject = wireMap('bundle-object', { typ: [1, uint(Math.max(...TYPES), 1)], bytes: [2, bytes(4_000)] });
export type BundleObject = WireValue<typeof SignedObject>;

const Place = wireMap('bundle-place', { position: [1, uint(2 ** 48)], note: [2, noteIndex], proof: [3, proof] });
const JournalPlace = wireMap('bundle-journal-place', {
  /** Of the entry that was reported; the entry itself holds a token and stays on the device (T28). */
  leaf: [1, hash],
  index: [2, uint(2 ** 48)],
  note: [3, noteIndex],
  proof: [4, proof],
  /** Which of the entry's events of this type it is, where it tells of several. */
  nth: [5, uint(63, 1), 'optional'],
});

const eventTypes = Object.entries(EVENTS).map(([name, { number }]) => [name, number]);
const eventType = oneOf(Object.fromEntries(eventTypes) as Record<EventType, number>);

const RecordItem = wireMap('bundle-record', {
  /** ACT's JSON. Absent where it is kept back: its anchor then shows that it exists, and its salted hash tells nothing. */
  json: [1, text(3_600), 'optional'],
  /** JWS Compact. */
  anchor: [2, text(2_048, /^[A-Za-z0-9_.-]+$/), 'optional'],
  /** Where the anchor stands in the trust chain. */
  place: [3, Place, 'optional'],
  /** What asking the trust chain came to, where there is no place; absent: it is not known to have the anchor. */
  query: [4, oneOf({ 'timed-out': 1 }), 'optional'],
  journal: [5, JournalPlace, 'optional'],
  recordId: [6, id],
  eventType: [7, eventType],
});
export type BundleRecord = WireValue<typeof RecordItem>;

/** Another payment under the same delegation: what the PSP signed, and the agent's request with the authorization in it. */
const Payment = wireMap('bundle-payment', { receipt: [1, bytes(512)], request: [2, bytes(2_304)] });
export type BundlePayment = WireValue<typeof Payment>;

const Item = wireMap('bundle-item', {
  header: [1, Header, 'optional'],
  key: [2, Key, 'optional'],
  object: [3, SignedObject, 'optional'],
  note: [4, text(4_000), 'optional'],
  record: [5, RecordItem, 'optional'],
  payment: [6, Payment, 'optional'],
});
type Item = WireValue<typeof Item>;

export interface Bundle {
  readonly header: BundleHeader;
  readonly keys: readonly BundleKey[];
  readonly objects: readonly BundleObject[];
  /** C2SP signed notes: checkpoints of the device's journal and of the trust chain. */
  readonly notes: readonly string[];
  readonly records: readonly BundleRecord[];
  /** Of a delegation, besides the one that the bundle is of: what the limits over all of them are held against. */
  readonly payments: readonly BundlePayment[];
}

/** The same bytes for the same bundle. @throws ProtocolError `message-shape`, `cbor-too-long` for what is out of bounds. */
export function encodeBundle(bundle: Bundle): Uint8Array {
  const items = encodedItems(bundle);
  const encoded = concatBytes(...items.flat());
  if (items.length > BUNDLE_MAX_ITEMS || encoded.length > BUNDLE_MAX_BYTES) return malformed('cbor-too-long', 0);
  return encoded;
}

/** What is held against {@link BUNDLE_MAX_ITEMS} and {@link BUNDLE_MAX_BYTES}, of one that may be out of bounds. */
export function bundleSize(bundle: Bundle): { readonly items: number; readonly bytes: number } {
  const items = encodedItems(bundle);
  return { items: items.length, bytes: items.flat().reduce((sum, { length }) => sum + length, 0) };
}

function encodedItems({ header, keys, objects, notes, records, payments }: Bundle): readonly (readonly Uint8Array[])[] {
  const items: readonly Item[] = [
    { header },
    ...keys.map((key) => ({ key })),
    ...objects.map((object) => ({ object })),
    ...notes.map((note) => ({ note })),
    ...records.map((record) => ({ record })),
    ...payments.map((payment) => ({ payment })),
  ];
  return items.map((item) => framed(encodeCbor(Item.encode(item, 'bundle'))));
}

/** @throws ProtocolError `cbor-*`, `message-shape` for whatever is not a bundle in its one spelling. */
export function decodeBundle(encoded: Uint8Array): Bundle {
  const items = split(encoded).map((one) => Item.decode(decodeCbor(one), 'bundle'));
  const kinds = items.map(kindOf);
  const isOrdered = kinds.every((kind, i) => kind > 0 && kind >= (kinds[i - 1] ?? 1));
  const [first] = items;
  if (!isOrdered || !first?.header || kinds[1] === 1)
    throw new ProtocolError('message-shape', 'a bundle has one header, and its items are in order', { path: 'bundle' });
  return {
    header: first.header,
    keys: items.flatMap(({ key }) => (key ? [key] : [])),
    objects: items.flatMap(({ object }) => (object ? [object] : [])),
    notes: items.flatMap(({ note }) => (note === undefined ? [] : [note])),
    records: items.flatMap(({ record }) => (record ? [record] : [])),
    payments: items.flatMap(({ payment }) => (payment ? [payment] : [])),
  };
}

const KINDS = ['header', 'key', 'object', 'note', 'record', 'payment'] as const;

/** The number of the one kind an item is of, 0 where it is none or several. */
function kindOf(item: Item): number {
  const [kind, other] = Object.keys(item);
  return other === undefined ? KINDS.indexOf(kind as (typeof KINDS)[number]) + 1 : 0;
}

/** One byte, or the additional byte or two of RFC 8949 §3 for longer strings. */
function framed(item: Uint8Array): readonly Uint8Array[] {
  const { length } = item;
  if (length < 24) return [new Uint8Array([0x40 + length]), item];
  const head = length < 256 ? [0x58, length] : [0x59, length >> 8, length & 255];
  return [new Uint8Array(head), item];
}

function malformed(
  code: 'cbor-too-long' | 'cbor-truncated' | 'cbor-not-canonical' | 'cbor-malformed',
  at: number,
): never {
  throw new ProtocolError(code, 'a bundle is a sequence of byte strings', { at });
}

function split(encoded: Uint8Array): readonly Uint8Array[] {
  if (encoded.length > BUNDLE_MAX_BYTES) return malformed('cbor-too-long', 0);
  const items: Uint8Array[] = [];
  for (let at = 0; at < encoded.length; ) {
    const { length, start } = headAt(encoded, at);
    if (start + length > encoded.length) return malformed('cbor-truncated', at);
    if (items.length === BUNDLE_MAX_ITEMS) return malformed('cbor-too-long', at);
    items.push(encoded.slice(start, start + length));
    at = start + length;
  }
  return items;
}

function headAt(encoded: Uint8Array, at: number): { readonly length: number; readonly start: number } {
  const [initial = 0, high = 0, low = 0] = encoded.subarray(at, at + 3);
  if (initial >= 0x40 && initial < 0x58) return { length: initial - 0x40, start: at + 1 };
  if (initial !== 0x58 && initial !== 0x59) return malformed('cbor-malformed', at);
  const [length, least, start] = initial === 0x58 ? [high, 24, at + 2] : [high * 256 + low, 256, at + 3];
  return length < least ? malformed('cbor-not-canonical', at) : { length, start };
}
