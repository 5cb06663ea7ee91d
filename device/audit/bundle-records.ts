/**
 * The attestation records of a bundle: for each ACT's order of checks and one of its seven conclusions (TSD-ATT-SVF), and
 * whether the device's journal had it, under a checkpoint of the device and perhaps of a witness (T26, T27).
 */
import {
  type Anchor,
  AttestationRecord,
  type Conclusion,
  checkRecord,
  type EpochSeconds,
  type EventType,
  fromJson,
  type Id16,
  openCheckpoint,
  ProtocolError,
  parseJson,
  verifyInclusion,
} from '../../protocol/index.ts';
import type { Bundle, BundleRecord } from './bundle.ts';
import { type FoundAnchor, findAnchor } from './bundle-anchor.ts';
import type { BundleKeys } from './bundle-keys.ts';
import { recordIdOfLeaf } from './reported.ts';

export interface RecordVerdict {
  readonly recordId: Id16;
  readonly eventType: EventType;
  /** Absent for a record that is kept back: only its anchor was judged. */
  readonly conclusion?: Conclusion;
  /** Whose key is missing, or whose signature does not verify. */
  readonly signerId?: string;
  /** How well it is shown that the device's journal had it. */
  readonly journal: 'cosigned' | 'signed' | 'not-shown';
  /** When a witness had signed that checkpoint. */
  readonly cosignedAt?: EpochSeconds;
}

export interface JudgedRecord {
  readonly verdict: RecordVerdict;
  /** Absent where it is kept back. */
  readonly record?: AttestationRecord;
  readonly faults: readonly string[];
  readonly missing: readonly string[];
}

/** @throws ProtocolError for a text that is no record: such a bundle is unreadable. */
export function judgeRecord(item: BundleRecord, bundle: Pick<Bundle, 'notes'>, keys: BundleKeys): JudgedRecord {
  const { recordId, eventType, json } = item;
  const found = findAnchor(item, bundle, keys);
  const journal = journalOf(item, bundle, keys);
  const record = json === undefined ? undefined : fromJson(AttestationRecord, parseJson(json), 'record');
  const named: Partial<Anchor> = record ?? { recordId, eventType };
  const isNamed = !record || (record.recordId === recordId && record.eventType === eventType);
  const faults = [
    ...(found.isUntrue ? ['anchor-proof'] : []),
    ...(found.anchor && !isOf(found.anchor, named) ? ['anchor-record'] : []),
    ...(isNamed ? [] : ['record-name']),
    ...journal.faults,
  ];
  // What is kept back is vouched for by its anchor alone.
  const isUnshown = !record && typeof found.answer === 'string' && !found.isUntrue;
  return {
    ...(record && { record }),
    verdict: { recordId, eventType, ...(record && conclude(record, found, keys)), ...journal.shown },
    faults,
    missing: [...(isUnshown ? ['anchor'] : []), ...journal.missing],
  };
}

function conclude(record: AttestationRecord, { answer }: FoundAnchor, keys: BundleKeys) {
  const keyOf = (signerId: string, at: number) => keys.recordKey(signerId, at)?.publicKey;
  if (answer !== 'no-key') return checkRecord(record, keyOf, answer);
  // The record itself is judged all the same; nobody was asked for the anchor in vain.
  const checked = checkRecord(record, keyOf, 'timed-out');
  return checked.conclusion === 'ANCHOR_QUERY_TIMEOUT' ? ({ conclusion: 'PUBLIC_KEY_UNAVAILABLE' } as const) : checked;
}

const NAMES = [
  ...(['recordId', 'eventType', 'eventTime', 'intentId'] as const),
  ...(['delegationId', 'orderNo', 'tradeNo', 'structureVersion', 'hashAlgorithm'] as const),
];

/** Whether an anchor says of a record what the record says of itself, as far as that is known. */
function isOf(anchor: Anchor, record: Partial<Anchor>): boolean {
  const isWhole = record.intentId !== undefined;
  return NAMES.every((name) => (!isWhole && record[name] === undefined) || anchor[name] === record[name]);
}

interface JournalShown {
  readonly shown: Pick<RecordVerdict, 'journal' | 'cosignedAt'>;
  readonly faults: readonly string[];
  readonly missing: readonly string[];
}

const NOT_SHOWN = { journal: 'not-shown' } as const;

function journalOf(
  { journal, recordId, eventType }: BundleRecord,
  { notes }: Pick<Bundle, 'notes'>,
  keys: BundleKeys,
): JournalShown {
  if (!journal) return { shown: NOT_SHOWN, faults: [], missing: [] };
  const note = notes[journal.note];
  const key = note === undefined ? undefined : keys.logKey('journal', note);
  if (note !== undefined && !key) return { shown: NOT_SHOWN, faults: [], missing: ['journal-key'] };
  const head = key && opened(note as string, key);
  if (!head || !verifyInclusion(journal.leaf, journal.index, head, journal.proof))
    return { shown: NOT_SHOWN, faults: ['journal-proof'], missing: [] };
  // The id of a record follows from the entry, so the proof is of this record and no other.
  if (recordIdOfLeaf(journal.leaf, eventType, journal.nth) !== recordId)
    return { shown: NOT_SHOWN, faults: ['journal-record'], missing: [] };
  const times = keys.witnesses.flatMap((witness) => head.cosignedAt(witness) ?? []);
  const cosignedAt = times.length > 0 ? (Math.min(...times) as EpochSeconds) : undefined;
  const shown =
    cosignedAt === undefined ? ({ journal: 'signed' } as const) : { journal: 'cosigned' as const, cosignedAt };
  return { shown, faults: [], missing: [] };
}

function opened(note: string, key: Parameters<typeof openCheckpoint>[1]) {
  try {
    return openCheckpoint(note, key);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
