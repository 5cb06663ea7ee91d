import { concatBytes, equalBytes } from '../../protocol/bytes.ts';
import { sha256 } from '../../protocol/crypto.ts';

/**
 * The bytes of a journal, apart from any disk.
 *
 * ```
 * file   = magic[8] version[u32 LE] salt[16] check[8] frame* 0*    one frame for each append: all of its records or none
 * frame  = length[u32 LE] previous[8] check[8] payload[length]     check = SHA-256(salt ‖ length ‖ previous ‖ payload)[0..8]
 * payload = (recordLength[u32 LE] record)*
 * ```
 *
 * A frame names its predecessor's check, so one that was dropped, swapped or brought from another file is noticed, and it
 * can be recognised without its predecessor: that is what tells a torn tail (nothing whole behind it) from an alteration
 * (T26). Zeros at the end are no frame and no torn one: room for later appends. The salt keeps a peer from planting bytes in a record that would pass for a frame. The check is no signature:
 * whoever may write the file can write a consistent one, which only the signed checkpoints of the audit reveal.
 */
const MAGIC = new Uint8Array([0x41, 0x43, 0x54, 0x4a, 0x52, 0x4e, 0x4c, 0x0a]); // "ACTJRNL\n"
const FORMAT_VERSION = 1;
const CHECK_BYTES = 8;
const FRAME_HEAD_BYTES = 4 + CHECK_BYTES + CHECK_BYTES;
const HEADER_BYTES = MAGIC.length + 4 + 16 + CHECK_BYTES;

/** Random bytes in a header. */
export const SALT_BYTES = 16;
/** The most one append may take, framing included: far above any record of ours, and a bound on what a damaged length can claim. */
export const MAX_APPEND_BYTES = 1 << 20;

export interface JournalHeader {
  readonly salt: Uint8Array;
  /** What the first frame names as its predecessor. */
  readonly check: Uint8Array;
  readonly bytes: Uint8Array;
}

export type HeaderFault = 'not-a-journal' | 'other-version' | 'altered';

function u32(value: number): Uint8Array {
  return new Uint8Array([value, value >>> 8, value >>> 16, value >>> 24]);
}

function readU32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);
}

/** `slice` of a Node Buffer shares its memory; this never does (T12). */
function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

function shortHash(...parts: readonly Uint8Array[]): Uint8Array {
  return sha256(...parts).subarray(0, CHECK_BYTES);
}

/** The header of a new journal. `salt` is {@link SALT_BYTES} random bytes. */
export function makeHeader(salt: Uint8Array): JournalHeader {
  const front = concatBytes(MAGIC, u32(FORMAT_VERSION), salt);
  const check = shortHash(front);
  return { salt, check, bytes: concatBytes(front, check) };
}

/** Reads the header at the start of `file`. */
export function readHeader(file: Uint8Array): JournalHeader | HeaderFault {
  if (!equalBytes(file.subarray(0, MAGIC.length), MAGIC)) return 'not-a-journal';
  if (file.length < HEADER_BYTES) return 'altered';
  if (readU32(file, MAGIC.length) !== FORMAT_VERSION) return 'other-version';
  const header = makeHeader(copyOf(file.subarray(MAGIC.length + 4, MAGIC.length + 4 + SALT_BYTES)));
  return equalBytes(header.bytes, file.subarray(0, HEADER_BYTES)) ? header : 'altered';
}

/** One append as the bytes that go behind the frame whose check is `previous`. */
export function makeFrame(
  header: JournalHeader,
  previous: Uint8Array,
  records: readonly Uint8Array[],
): { readonly bytes: Uint8Array; readonly check: Uint8Array } {
  const payloadBytes = records.reduce((sum, record) => sum + 4 + record.length, 0);
  // Laid out in place and hashed there: a copy less of each record counts beside a fast disk.
  const bytes = new Uint8Array(FRAME_HEAD_BYTES + payloadBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, payloadBytes, true);
  bytes.set(previous, 4);
  let at = FRAME_HEAD_BYTES;
  for (const record of records) {
    view.setUint32(at, record.length, true);
    bytes.set(record, at + 4);
    at += 4 + record.length;
  }
  const check = shortHash(header.salt, bytes.subarray(0, 4), previous, bytes.subarray(FRAME_HEAD_BYTES));
  bytes.set(check, 4 + CHECK_BYTES);
  return { bytes, check };
}

export interface JournalScan {
  readonly records: Uint8Array[];
  /** Up to the last byte that was written: only zeros follow, room that was made ahead (file-journal.ts). */
  readonly usedBytes: number;
  /** Where the next frame goes: the end of the last whole one. Anything behind it is a torn append. */
  readonly goodBytes: number;
  /** The check of the last whole frame. */
  readonly check: Uint8Array;
  /** Whether a whole frame stands behind a broken one: not what a power cut leaves. */
  readonly altered: boolean;
}

/** Reads every whole frame of `file` in order; the records are copies. */
export function scanJournal(file: Uint8Array, header: JournalHeader): JournalScan {
  const records: Uint8Array[] = [];
  const usedBytes = endOfUsed(file);
  let at = HEADER_BYTES;
  let check = header.check;
  for (let end = wholeFrameEnd(file, header, at); end !== undefined; end = wholeFrameEnd(file, header, at)) {
    if (!equalBytes(previousOf(file, at), check)) return { records, usedBytes, goodBytes: at, check, altered: true };
    records.push(...recordsIn(file.subarray(at + FRAME_HEAD_BYTES, end)));
    check = copyOf(checkOf(file, at));
    at = end;
  }
  const altered = wholeFrameBehind(file, header, { from: at + 1, to: usedBytes });
  return { records, usedBytes: Math.max(at, usedBytes), goodBytes: at, check, altered };
}

function endOfUsed(file: Uint8Array): number {
  let end = file.length;
  while (end > 0 && file[end - 1] === 0) end--;
  return end;
}

function previousOf(file: Uint8Array, at: number): Uint8Array {
  return file.subarray(at + 4, at + 4 + CHECK_BYTES);
}

function checkOf(file: Uint8Array, at: number): Uint8Array {
  return file.subarray(at + 4 + CHECK_BYTES, at + FRAME_HEAD_BYTES);
}

/** The end of the frame that begins `at`, or undefined when there is no whole one. Says nothing about its predecessor. */
function wholeFrameEnd(file: Uint8Array, header: JournalHeader, at: number): number | undefined {
  if (at + FRAME_HEAD_BYTES > file.length) return undefined;
  const length = readU32(file, at);
  const end = at + FRAME_HEAD_BYTES + length;
  if (length > MAX_APPEND_BYTES || end > file.length) return undefined;
  const [lengthBytes, payload] = [file.subarray(at, at + 4), file.subarray(at + FRAME_HEAD_BYTES, end)];
  return equalBytes(shortHash(header.salt, lengthBytes, previousOf(file, at), payload), checkOf(file, at))
    ? end
    : undefined;
}

/**
 * The place of later frames is unknown once a length is damaged, so every offset is tried. Only damaged files pay for it: no
 * frame begins in the zeros at the end, since its check is not zero.
 */
function wholeFrameBehind(
  file: Uint8Array,
  header: JournalHeader,
  { from, to }: { readonly from: number; readonly to: number },
): boolean {
  for (let at = from; at < to; at++) {
    if (wholeFrameEnd(file, header, at) !== undefined) return true;
  }
  return false;
}

function recordsIn(payload: Uint8Array): Uint8Array[] {
  const records: Uint8Array[] = [];
  for (let at = 0; at < payload.length; ) {
    const end = at + 4 + readU32(payload, at);
    records.push(copyOf(payload.subarray(at + 4, end)));
    at = end;
  }
  return records;
}
