/** ACT 2.1 TSD-ATT: the record of an event, its anchor, the seven conclusions of a check, and what a dispute bundles. */
import { id16 as fixedId16, type Id16, orderNo, tradeNo } from '../ids.ts';
import {
  bytes,
  list,
  oneOf,
  type Shape,
  type ShapeValue,
  text,
  uint,
  type WireType,
  type WireValue,
  wireMap,
} from '../wire.ts';
import { EVENTS, type EventType } from './events.ts';
import { hash32, identifier, opaque, signature, time } from './fields.ts';
import { type Rule, ruled, variant } from './rules.ts';

/** The version of the structure of records and anchors that is written here. */
export const STRUCTURE_VERSION = '2.1';

/** By its plain type, which the declarations of other files can name. */
const id16: WireType<Id16> = fixedId16;
const structureVersion = text(16, /^[0-9]+\.[0-9]+$/);
export const hashAlgorithm = oneOf({ 'SHA-256': 1, SM3: 2 });
export type HashAlgorithm = WireValue<typeof hashAlgorithm>;

export const participantRole = oneOf({
  PAYER_AGENT: 1,
  PAYEE_AGENT: 2,
  MERCHANT: 3,
  PSP: 4,
  PRINCIPAL_AGENT: 5,
  ATTESTATION_PROVIDER: 6,
});

export const Participant = wireMap('participant', {
  participantId: [1, identifier],
  role: [2, participantRole],
  onBehalfOf: [3, identifier, 'optional'],
});

/** The members of a record that a signature may cover, as JSON names them. */
export const recordMember = oneOf({
  record_id: 1,
  event_type: 2,
  event_time: 3,
  created_at: 4,
  structure_version: 5,
  intent_id: 6,
  delegation_id: 7,
  out_trade_no: 8,
  trade_no: 9,
  upstream_record_id: 10,
  salt: 11,
  payload_hash: 12,
  hash_algorithm: 13,
  participants: 14,
  event_body: 15,
  extension: 16,
});
export type RecordMember = WireValue<typeof recordMember>;

/** The five that every signature has to cover (TSD-ATT-OFF). Ours cover all that are there (T27). */
export const LEAST_COVERAGE = ['event_body', 'participants', 'salt', 'record_id', 'event_time'] as const;

export const RecordSignature = ruled(
  wireMap('record-signature', {
    signerId: [1, identifier],
    algorithm: [2, oneOf({ Ed25519: -19 })],
    signatureValue: [3, signature],
    coverage: [4, list(recordMember, 16, LEAST_COVERAGE.length)],
  }),
  [
    {
      code: 'act-signature-coverage',
      says: 'a signature covers body, participants, salt, record id and event time, and names nothing twice',
      holds: ({ coverage }) =>
        LEAST_COVERAGE.every((member) => coverage.includes(member)) && new Set(coverage).size === coverage.length,
    },
  ],
);

const CORE = {
  recordId: [1, id16],
  eventTime: [3, time],
  createdAt: [4, time],
  structureVersion: [5, structureVersion],
  intentId: [6, id16],
  upstreamRecordId: [10, id16, 'optional'],
  /** Fresh for each record: without it nobody can guess the event from its hash; erasing it makes the hash mute. */
  salt: [11, bytes(32, 16)],
  payloadHash: [12, hash32],
  hashAlgorithm: [13, hashAlgorithm],
  participants: [14, list(Participant, 8, 1)],
  extension: [16, opaque(512), 'optional'],
  signatures: [17, list(RecordSignature, 4, 1)],
} as const;

const RECORD_RULES: readonly Rule<{
  readonly eventTime: number;
  readonly createdAt: number;
  readonly participants: readonly { readonly participantId: string; readonly role: string }[];
}>[] = [
  {
    code: 'act-record-time',
    says: 'a record is not older than what it records',
    holds: ({ eventTime, createdAt }) => createdAt >= eventTime,
  },
  {
    code: 'act-participants',
    says: 'nobody stands twice in one role',
    holds: ({ participants }) =>
      new Set(participants.map(({ participantId, role }) => `${role} ${participantId}`)).size === participants.length,
  },
];

const [OPTIONAL_DELEGATION, OPTIONAL_ORDER, OPTIONAL_TRADE] = [
  { delegationId: [7, id16, 'optional'] },
  { orderNo: [8, orderNo, 'optional'] },
  { tradeNo: [9, tradeNo, 'optional'] },
] as const;

/** The ids beside the intent id: those of earlier steps are there where that step was taken. */
const LINKS = {
  intent: { ...OPTIONAL_DELEGATION, ...OPTIONAL_ORDER, ...OPTIONAL_TRADE },
  delegation: { delegationId: [7, id16], ...OPTIONAL_ORDER, ...OPTIONAL_TRADE },
  order: { ...OPTIONAL_DELEGATION, orderNo: [8, orderNo], ...OPTIONAL_TRADE },
  trade: { ...OPTIONAL_DELEGATION, orderNo: [8, orderNo], tradeNo: [9, tradeNo] },
} as const;

const LINK_NAMES = { orderNo: 'out_trade_no' } as const;

type RecordShape<E extends EventType> = typeof CORE &
  (typeof LINKS)[(typeof EVENTS)[E]['links']] & {
    readonly eventType: readonly [2, WireType<E>];
    readonly eventBody: readonly [15, (typeof EVENTS)[E]['body']];
  };
type ValueOf<S> = S extends Shape ? ShapeValue<S> : never;

/** The record of one event: what all records have, the ids this one has, and its body. */
export type RecordOf<E extends EventType> = ValueOf<RecordShape<E>>;

function recordOf(event: EventType): WireType<unknown> {
  const { number, links, body } = EVENTS[event];
  const eventType = oneOf({ [event]: number });
  const shape = { ...CORE, ...LINKS[links], eventType: [2, eventType], eventBody: [15, body] } as const;
  return ruled(wireMap(`record of ${event}`, shape, LINK_NAMES), RECORD_RULES as readonly Rule<unknown>[]);
}

type EventRecords = { readonly [E in EventType]: WireType<RecordOf<E>> };

/** The record of each event, with the body and the ids it has. */
export const RECORDS = Object.fromEntries(
  (Object.keys(EVENTS) as EventType[]).map((event) => [event, recordOf(event)]),
) as unknown as EventRecords;

/** A record of any event (TSD-ATT-OFF). */
export const AttestationRecord = variant('eventType', 2, RECORDS);
export type AttestationRecord = WireValue<typeof AttestationRecord>;

/** What stands on the trust chain (TSD-ATT-OCA): ids, times and the hash, nothing of the business. */
export const Anchor = wireMap(
  'anchor',
  {
    recordId: [1, id16],
    structureVersion: [2, structureVersion],
    eventType: [3, oneOf(numbersOf(EVENTS))],
    eventTime: [4, time],
    /** Epoch seconds in JSON, too: the NumericDate of RFC 7519 §4.1.6. */
    iat: [5, uint(4_133_980_799, 946_684_800)],
    intentId: [6, id16],
    delegationId: [7, id16, 'optional'],
    orderNo: [8, orderNo, 'optional'],
    tradeNo: [9, tradeNo, 'optional'],
    submitterId: [10, identifier],
    payloadHash: [11, hash32],
    hashAlgorithm: [12, hashAlgorithm],
    privacyChannel: [13, identifier],
    extension: [14, opaque(256), 'optional'],
  },
  LINK_NAMES,
);
export type Anchor = WireValue<typeof Anchor>;

function numbersOf<K extends string>(table: Readonly<Record<K, { readonly number: number }>>) {
  const rows = Object.entries(table) as [K, { number: number }][];
  return Object.fromEntries(rows.map(([name, { number }]) => [name, number])) as Readonly<Record<K, number>>;
}

/** The conclusions of a check (TSD-ATT-SVF). Only the first vouches; the last three accuse nobody of tampering. */
export const conclusion = oneOf({
  VERIFIED: 1,
  PAYLOAD_HASH_MISMATCH: 2,
  SIGNATURE_INVALID: 3,
  CHAIN_HASH_MISMATCH: 4,
  ANCHOR_NOT_FOUND: 5,
  ANCHOR_QUERY_TIMEOUT: 6,
  PUBLIC_KEY_UNAVAILABLE: 7,
});
export type Conclusion = WireValue<typeof conclusion>;

/** All the evidence of one transaction (TSD-ATT-DSP). With many records it is larger than a frame and travels as JSON. */
export const DisputeBundle = wireMap(
  'dispute-bundle',
  {
    disputeId: [1, id16],
    disputeType: [2, oneOf({ NOT_AUTHORIZED: 1, WRONG_AMOUNT: 2, NOT_DELIVERED: 3, DUPLICATE: 4, OTHER: 5 })],
    description: [3, text(256)],
    intentId: [4, id16],
    delegationId: [5, id16, 'optional'],
    orderNo: [6, orderNo, 'optional'],
    tradeNo: [7, tradeNo, 'optional'],
    raisedAt: [8, time],
    evidence: [
      9,
      list(
        wireMap('dispute-evidence', {
          record: [1, AttestationRecord],
          anchor: [2, text(2048, /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/), 'optional'],
          conclusion: [3, conclusion, 'optional'],
        }),
        16,
        1,
      ),
    ],
  },
  LINK_NAMES,
);
export type DisputeBundle = WireValue<typeof DisputeBundle>;
