/**
 * One entry of the device's journal: what happened, the frame that came, the frames that are to go, and where all purchases
 * stand afterwards. It is durable before any of it takes effect, so a restart goes on from the last entry (design 8).
 */
import { base64url, type EpochMs, type FramePeek, fromBase64url, type Receipt } from '../protocol/index.ts';
import type { TreeBase } from './audit/journal-tree.ts';
import { type DelegationNotes, withoutDelegationWords } from './delegation/record.ts';
import { StoreError } from './errors.ts';
import type { Purchase } from './purchase/state.ts';

export interface OutgoingFrame {
  readonly to: string;
  readonly topic: string;
  readonly frame: Uint8Array;
}

export interface Purchases {
  /** The one the wearer is talking about. */
  readonly current: Purchase;
  /** Earlier ones that are still being settled or followed. */
  readonly background: readonly Purchase[];
}

export interface JournalRecord {
  readonly at: EpochMs;
  /** The kind of event, for readers of the journal. */
  readonly event: string;
  readonly received?: Uint8Array;
  readonly sent: readonly OutgoingFrame[];
  readonly purchases: Purchases;
  /** What has changed of the delegations; those it does not name stand as they did. */
  readonly delegations?: DelegationNotes;
  /** Only in the entries that a generation of the journal begins with. */
  readonly carried?: Carried;
}

/** What a restart needs of the entries in the archive, besides where everything stands. */
export interface Carried {
  /** Of the entries before this one; only in the first entry of a generation. */
  readonly base?: TreeBase;
  /** Frames that came and could come again. */
  readonly seen: readonly SeenFrame[];
  /** Instant payments that can be refunded. */
  readonly receipts: readonly Receipt[];
}

/** What a frame is recognised by, for as long as it could still be opened. */
export type SeenFrame = Pick<FramePeek, 'iss' | 'cti' | 'exp'>;

/** Raised when a reader of the previous version could misread a record. */
const VERSION = 1;

const utf8Encoder = new TextEncoder();
const utf8Decoder = new TextDecoder('utf-8', { fatal: true });

/** Bytes become `{"~": base64url}`; nothing of ours has a field of that name. */
export function spelt(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return { '~': base64url(value) };
  if (Array.isArray(value)) return value.map(spelt);
  const copy: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) copy[key] = spelt(inner);
  return copy;
}

/**
 * An open question and the half order behind it quote the wearer. Words stay in the transcript store (T28), so after a
 * restart the wearer is asked to say it again.
 */
function withoutWords(state: Purchase): Purchase {
  if (state.at !== 'asking') return state;
  const { question: _question, pending: _pending, ...kept } = state;
  return kept;
}

/** The way back, in place: what was just parsed is nobody else's. */
export function unspelt(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const holder = value as Record<string, unknown>;
  for (const key of Object.keys(holder)) {
    const inner = holder[key];
    if (typeof inner === 'object' && inner !== null) holder[key] = unspelt(inner);
  }
  return '~' in holder ? fromBase64url(String(holder['~'])) : holder;
}

export function encodeRecord(record: JournalRecord): Uint8Array {
  const { current, background } = record.purchases;
  const purchases = { current: withoutWords(current), background: background.map(withoutWords) };
  const delegations = record.delegations && { delegations: withoutDelegationWords(record.delegations) };
  return utf8Encoder.encode(JSON.stringify(spelt({ v: VERSION, ...record, purchases, ...delegations })));
}

/** @throws StoreError `store-version` for a record of another version, `store-altered` for one that cannot be read. */
export function decodeRecord(bytes: Uint8Array): JournalRecord {
  let record: (JournalRecord & { v?: unknown }) | null;
  try {
    record = unspelt(JSON.parse(utf8Decoder.decode(bytes))) as typeof record;
  } catch {
    throw new StoreError('store-altered', 'a journal entry cannot be read', 'keep the file and report it');
  }
  if (record?.v !== VERSION)
    throw new StoreError('store-version', 'a journal entry has another version', 'start the release that wrote it');
  return record;
}

/** Where a generation that begins with this record goes on with the tree; `undefined` for the first generation of a journal. */
export function baseOf(first: Uint8Array | undefined): TreeBase | undefined {
  if (!first) return undefined;
  try {
    const base = decodeRecord(first).carried?.base;
    return base && isBase(base) ? base : undefined;
  } catch (error) {
    // The records are too few for their checkpoints then; whoever reads the journal says what is wrong with it.
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}

/** One root of 32 bytes for each bit of the size. */
function isBase({ size, roots }: TreeBase): boolean {
  const bits = Number.isSafeInteger(size) && size >= 0 ? size.toString(2).replaceAll('0', '').length : -1;
  return Array.isArray(roots) && roots.length === bits && roots.every((root) => root instanceof Uint8Array);
}
