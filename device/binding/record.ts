/** One entry of the binding's own journal: what happened and where the binding stands after it. Never a token (T19). */
import type { EpochMs } from '../../protocol/index.ts';
import { StoreError } from '../errors.ts';
import { spelt, unspelt } from '../journal-record.ts';
import type { Binding } from './state.ts';

export interface BindingRecord {
  readonly at: EpochMs;
  /** The kind of event, for readers of the journal. */
  readonly event: string;
  /** The signed frames that leave after this entry, byte for byte. */
  readonly sent: readonly Uint8Array[];
  readonly binding: Binding;
}

/** Raised when a reader of the previous version could misread a record. */
const VERSION = 1;

export function encodeBindingRecord(record: BindingRecord): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(spelt({ v: VERSION, ...record })));
}

/** @throws StoreError `store-version` for a record of another version, `store-altered` for one that cannot be read. */
export function decodeBindingRecord(bytes: Uint8Array): BindingRecord {
  const record = parsed(bytes);
  if (record?.v === VERSION) return record;
  throw new StoreError(
    'store-version',
    'an entry of the binding journal has another version',
    'start the release that wrote it',
  );
}

function parsed(bytes: Uint8Array): (BindingRecord & { v?: unknown }) | null {
  try {
    return unspelt(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))) as ReturnType<typeof parsed>;
  } catch {
    throw new StoreError(
      'store-altered',
      'an entry of the binding journal cannot be read',
      'keep the file and report it; bind again',
    );
  }
}
