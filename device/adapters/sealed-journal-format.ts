/**
 * The records of a sealed journal, apart from the journal that keeps them.
 *
 * ```
 * first record = JSON: format, name of the journal, and the key of this file, sealed as sealed-file.ts seals a secret
 * any other    = salt[24] ciphertext tag[16]                ChaCha20-Poly1305 (RFC 8439)
 * key ‖ nonce  = HKDF-SHA256(key of the file, salt, info)[0..44]
 * data beside  = SHA-256(first record) ‖ number[u64 LE] ‖ tag of the record before
 * ```
 *
 * No key ever meets a second record, so no nonce can repeat. Nothing is counted for that: a count would go back with a torn
 * append that is dropped, and with an older copy of the file that is put back. The salt of each record is fresh instead, also
 * when the same record is tried again, and at 192 bits none comes twice (T19).
 *
 * A record opens in one place only: in this file, at this number, behind this predecessor. Whoever can write the file, and
 * so make frames that pass for whole (journal-format.ts), still cannot alter, drop, swap or add one, or mix two histories.
 * Only records missing at the end look like a journal that ends there (T26).
 */
import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import * as z from 'zod/mini';
import { concatBytes, utf8 } from '../../protocol/bytes.ts';
import { sha256 } from '../../protocol/crypto.ts';
import { NONCE_BYTES, openAtRest, sealAtRest, TAG_BYTES } from './aead-at-rest.ts';
import { SEAL_MEMBERS, type Seal } from './sealed-file.ts';

const FORMAT = 'act-edge-sealed-journal-1';
const ANY_VERSION = /^act-edge-sealed-journal-\d+$/;
const RECORD_INFO = utf8('act-edge sealed journal record 1');
const [RECORD_KEY_BYTES, NUMBER_BYTES] = [32, 8];

/** Random bytes of a record's own. */
export const RECORD_SALT_BYTES = 24;
/** The key of one file, under which those of its records are made. */
export const FILE_KEY_BYTES = 32;

const header = z.strictObject({
  format: z.literal(FORMAT),
  /** What the journal is for: one cannot be put in the place of another. */
  name: z.string().check(z.regex(/^[a-z][a-z-]{0,31}$/)),
  ...SEAL_MEMBERS,
});
export type SealedJournalHeader = z.infer<typeof header>;
export type SealedHeaderFault = 'unsealed' | 'other-version' | 'altered';

/** What the seal of the file's key cannot be separated from. */
export function aboutJournal(name: string): readonly string[] {
  return [FORMAT, name];
}

/** The first record of a new journal. */
export function makeSealedHeader(name: string, seal: Seal): Uint8Array {
  return utf8(JSON.stringify({ format: FORMAT, name, ...seal }));
}

/** Reads the first record of a journal that should be a sealed one. */
export function readSealedHeader(record: Uint8Array): SealedJournalHeader | SealedHeaderFault {
  const value = parseJson(record);
  const { format } = (typeof value === 'object' && value !== null ? value : {}) as { readonly format?: unknown };
  if (typeof format !== 'string' || !ANY_VERSION.test(format)) return 'unsealed';
  if (format !== FORMAT) return 'other-version';
  const parsed = header.safeParse(value);
  return parsed.success ? parsed.data : 'altered';
}

function parseJson(record: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(record));
  } catch {
    return undefined;
  }
}

/** The key of a file, kept outside the heap, and what its records are bound to. */
export interface RecordSealing {
  readonly key: KeyObject;
  readonly fileId: Uint8Array;
}

/** @param fileKey {@link FILE_KEY_BYTES}; overwritten. */
export function recordSealing(fileKey: Uint8Array, firstRecord: Uint8Array): RecordSealing {
  const key = createSecretKey(fileKey);
  fileKey.fill(0);
  return { key, fileId: sha256(firstRecord) };
}

/** Where the next record goes. */
export interface ChainEnd {
  /** Records before it, the first of the file not counted. */
  readonly number: number;
  /** The tag of the one before it. */
  readonly tag: Uint8Array;
}

export const CHAIN_START: ChainEnd = { number: 0, tag: new Uint8Array(TAG_BYTES) };

/** @param salt {@link RECORD_SALT_BYTES} random bytes, never used before. */
export function sealRecord(
  sealing: RecordSealing,
  end: ChainEnd,
  record: Uint8Array,
  salt: Uint8Array,
): { readonly sealed: Uint8Array; readonly end: ChainEnd } {
  const { key, nonce } = recordKey(sealing, salt);
  const sealed = concatBytes(salt, sealAtRest({ key, nonce, about: dataBeside(sealing, end) }, record));
  key.fill(0);
  return { sealed, end: { number: end.number + 1, tag: tagOf(sealed) } };
}

export interface Unsealed {
  readonly records: Uint8Array[];
  readonly end: ChainEnd;
}

/** Opens all records behind the first in their order; the number of the first that is not what was sealed there otherwise. */
export function unsealRecords(sealing: RecordSealing, sealed: readonly Uint8Array[]): Unsealed | number {
  const records: Uint8Array[] = [];
  let end = CHAIN_START;
  for (const one of sealed) {
    const record = unsealRecord(sealing, end, one);
    if (!record) return end.number;
    records.push(record);
    end = { number: end.number + 1, tag: tagOf(one) };
  }
  return { records, end };
}

function unsealRecord(sealing: RecordSealing, end: ChainEnd, sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.length < RECORD_SALT_BYTES + TAG_BYTES) return undefined;
  const { key, nonce } = recordKey(sealing, sealed.subarray(0, RECORD_SALT_BYTES));
  const opened = openAtRest({ key, nonce, about: dataBeside(sealing, end) }, sealed.subarray(RECORD_SALT_BYTES));
  key.fill(0);
  return opened;
}

/** A copy. */
function tagOf(sealed: Uint8Array): Uint8Array {
  return new Uint8Array(sealed.subarray(sealed.length - TAG_BYTES));
}

function recordKey({ key }: RecordSealing, salt: Uint8Array): { readonly key: Uint8Array; readonly nonce: Uint8Array } {
  const made = new Uint8Array(hkdfSync('sha256', key, salt, RECORD_INFO, RECORD_KEY_BYTES + NONCE_BYTES));
  return { key: made.subarray(0, RECORD_KEY_BYTES), nonce: made.subarray(RECORD_KEY_BYTES) };
}

function dataBeside({ fileId }: RecordSealing, { number, tag }: ChainEnd): Uint8Array {
  const numbered = new Uint8Array(NUMBER_BYTES);
  new DataView(numbered.buffer).setBigUint64(0, BigInt(number), true);
  return concatBytes(fileId, numbered, tag);
}
