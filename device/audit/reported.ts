/**
 * What is reported of an event before it becomes a record: everything but ids of its own, salt, hash and signature. Each
 * party makes its own out of what it journals (ACT 2.1 TSD-ATT-OFF).
 */
import {
  concatBytes,
  type EpochSeconds,
  type EventType,
  hex,
  type Id16,
  leafHash,
  type RecordDraft,
  sha256,
  utf8,
} from '../../protocol/index.ts';

/** What the maker of a record adds. */
type Added = 'recordId' | 'createdAt' | 'structureVersion' | 'upstreamRecordId' | 'salt' | 'hashAlgorithm';

/** The draft of one event without what is made for its record alone. */
export type ReportedOf<E extends EventType> = Omit<Extract<RecordDraft, { eventType: E }>, Added>;

/** The same for any event. */
export type Reported = { readonly [E in EventType]: ReportedOf<E> }[EventType];

/**
 * The id of a record: it follows from the journal's entry, so that a crash between two steps reports nothing twice.
 * @param entry the bytes of the journal's entry that tells of the event.
 * @param nth 0 for the first event of this type that the entry tells of.
 */
export function recordIdOf(entry: Uint8Array, eventType: EventType, nth = 0): Id16 {
  return recordIdOfLeaf(leafHash(entry), eventType, nth);
}

/** The same for whoever has the entry's hash in the journal's tree only: so a record is tied to an entry that is kept back. */
export function recordIdOfLeaf(leaf: Uint8Array, eventType: EventType, nth = 0): Id16 {
  const event = nth === 0 ? eventType : `${eventType}#${nth}`;
  return hex(sha256(concatBytes(utf8('act-edge/record'), leaf, utf8(event)))).slice(0, 32) as Id16;
}

/** The earlier of two: nothing happened after it was known of, whatever a peer's clock says. */
export function earlier(one: EpochSeconds, other: EpochSeconds): EpochSeconds {
  return one < other ? one : other;
}
