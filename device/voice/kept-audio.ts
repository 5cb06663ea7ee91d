/**
 * An entry of the store of kept sound: a line of JSON, then the samples, 16 kHz, 16 bits, mono, little endian.
 */
import { concatBytes, fromUtf8, hex, utf8 } from '../../protocol/index.ts';

/** So much of all is kept: about nine minutes. The oldest goes first. */
export const MAX_KEPT_BYTES = 1 << 24;
/** So much stays once it is more, so that not every utterance from then on has the whole store written anew. */
const TRIMMED_BYTES = (MAX_KEPT_BYTES / 4) * 3;
/** What is later than the clock by more than this was said while the clock was ahead, nobody knows when, in ms. */
const AHEAD_MS = 3_600_000;
/** Raised when a reader of the previous version could misread an entry. */
const VERSION = 1;
const LINE_END = 10;

export interface KeptAudio {
  /** Of the transcript entry, which names the digest of salt and samples. */
  readonly ref: string;
  readonly intentId: string;
  /** When it was said, in ms since 1970. */
  readonly at: number;
  readonly saltHex: string;
  readonly pcm: Uint8Array;
}

export function encodeKeptAudio({
  ref,
  intentId,
  at,
  salt,
  pcm,
}: Omit<KeptAudio, 'saltHex'> & { readonly salt: Uint8Array }): Uint8Array {
  return concatBytes(utf8(`${JSON.stringify({ v: VERSION, ref, intentId, at, saltHex: hex(salt) })}\n`), pcm);
}

type Head = Omit<KeptAudio, 'pcm'>;
/** Of nobody, and as old as can be. */
const UNREADABLE: Head = { ref: '', intentId: '', at: 0, saltHex: '' };

/** One that cannot be read is as old as can be, so that it is the first to be erased. */
export function decodeKeptAudio(entry: Uint8Array): KeptAudio {
  const end = entry.indexOf(LINE_END);
  return { ...headOf(entry.subarray(0, Math.max(0, end))), pcm: entry.subarray(end + 1) };
}

function headOf(line: Uint8Array): Head {
  try {
    const { v, ...head } = JSON.parse(fromUtf8(line)) as Head & { readonly v: number };
    return v === VERSION ? head : UNREADABLE;
  } catch {
    return UNREADABLE;
  }
}

/**
 * Which of the entries stay: none that is older or of the intent, none that cannot be read, since it may be either, and never
 * more than {@link MAX_KEPT_BYTES}. One that is later than `now` would outlive its time by as much: it goes as well (T16).
 */
export function keptAudio(
  entries: readonly Uint8Array[],
  forget: { readonly olderThan: number; readonly now?: number } | { readonly intentId: string },
): readonly Uint8Array[] {
  const wanted = entries.filter((entry) => {
    const { at, intentId } = decodeKeptAudio(entry);
    if (at === UNREADABLE.at) return false;
    if ('intentId' in forget) return intentId !== forget.intentId;
    return at >= forget.olderThan && at <= (forget.now ?? Number.POSITIVE_INFINITY) + AHEAD_MS;
  });
  if (wanted.reduce((sum, { length }) => sum + length, 0) <= MAX_KEPT_BYTES) return wanted;
  let bytes = 0;
  const firstKept = wanted.findLastIndex((entry) => {
    bytes += entry.length;
    return bytes > TRIMMED_BYTES;
  });
  return wanted.slice(firstKept + 1);
}
