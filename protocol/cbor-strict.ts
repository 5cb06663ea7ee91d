import { isBytes } from './bytes.ts';
import { ProtocolError, type ProtocolErrorCode } from './errors.ts';

/** Bounds of one encoded item (T21): `depth` counts containers inside one another, `items` the entries of one container. */
export const CBOR_LIMITS = { bytes: 4096, depth: 8, items: 64 } as const;

/** Major types, RFC 8949 §3.1. */
const MAJOR = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6, simple: 7 } as const;

/**
 * Additional information 24 to 27 says that an argument of so many bytes follows. Below `least` it would have fitted a
 * shorter head, so the longer one is a second spelling of the same value (RFC 8949 §4.2.1).
 */
const WIDE_HEADS: Readonly<Record<number, { readonly width: number; readonly least: number }>> = {
  24: { width: 1, least: 24 },
  25: { width: 2, least: 2 ** 8 },
  26: { width: 4, least: 2 ** 16 },
  27: { width: 8, least: 2 ** 32 },
};
const INDEFINITE = 31;

/** Additional information of major type 7: false, true and null are taken, floats and the reserved ones have codes of their own. */
const SIMPLE_TAKEN = [20, 21, 22];
const FLOATS = [25, 26, 27];
const FIRST_RESERVED = 28;

/**
 * Walks over encoded CBOR and refuses whatever is outside the profile without building any value: linear in the input
 * and bounded by {@link CBOR_LIMITS}. Each refusal carries the offset of the byte it is about.
 */
export class StrictReader {
  readonly bytes: Uint8Array;
  /** Offset of the next unread byte. */
  #at = 0;
  /** Argument of the head read last: a value, a length or a count. */
  #argument = 0;

  /**
   * Takes a private copy of `bytes`, which nobody can change between judging and use (T12); `isPrivate` says that they are
   * one already, as the parts of what another reader has copied.
   * @throws ProtocolError `cbor-malformed` for anything but a byte array, `cbor-too-long`, `cbor-truncated` for no bytes.
   */
  constructor(bytes: unknown, isPrivate = false) {
    if (!isBytes(bytes)) throw new ProtocolError('cbor-malformed', 'expected a byte array');
    if (bytes.length > CBOR_LIMITS.bytes) {
      throw new ProtocolError('cbor-too-long', `more than ${CBOR_LIMITS.bytes} bytes`);
    }
    if (bytes.length === 0) throw new ProtocolError('cbor-truncated', 'no bytes', { at: 0 });
    this.bytes = isPrivate ? bytes : new Uint8Array(bytes);
  }

  /** Moves past one data item and all that is in it; `depth` containers are around it. */
  item(depth = 0): void {
    const start = this.#at;
    const major = this.#head();
    if (major === MAJOR.text) this.#text();
    if (major === MAJOR.bytes) this.#skip();
    if (major !== MAJOR.array && major !== MAJOR.map) return;
    const entries = this.#argument;
    if (depth >= CBOR_LIMITS.depth) this.#refuse('cbor-too-deep', `more than ${CBOR_LIMITS.depth} containers`, start);
    if (entries > CBOR_LIMITS.items) this.#refuse('cbor-too-many', `more than ${CBOR_LIMITS.items} entries`, start);
    if (major === MAJOR.map) this.#entries(entries, depth + 1);
    else for (let left = entries; left > 0; left--) this.item(depth + 1);
  }

  /** Moves past a head of one byte that has to stand here. @throws ProtocolError `otherwise` if another one does. */
  literal(head: number, otherwise: ProtocolErrorCode, expected: string): void {
    if (this.#byte(this.#at) !== head) this.#refuse(otherwise, `expected ${expected}`, this.#at);
    this.#at += 1;
  }

  /** Moves past a byte string and returns its content, a part of the private copy. @throws ProtocolError `otherwise` if something else stands here. */
  byteString(otherwise: ProtocolErrorCode, expected: string): Uint8Array {
    const start = this.#at;
    if (this.#head() !== MAJOR.bytes) this.#refuse(otherwise, `expected ${expected}`, start);
    const content = this.#at;
    this.#skip();
    return this.bytes.subarray(content, this.#at);
  }

  /** @throws ProtocolError `cbor-trailing` if anything follows. */
  end(): void {
    if (this.#at < this.bytes.length) this.#refuse('cbor-trailing', 'bytes after the end', this.#at);
  }

  /** Reads a head, leaves its argument in `#argument` and returns the major type. */
  #head(): number {
    const start = this.#at;
    const initial = this.#byte(start);
    const [major, info] = [initial >> 5, initial & 31];
    this.#at = start + 1;
    if (major === MAJOR.tag) this.#refuse('cbor-tag', 'tags are not used', start);
    if (major === MAJOR.simple) return this.#simple(info, start);
    this.#argument = info < 24 ? info : this.#wideArgument(major, info, start);
    // A negative integer is −1 minus its argument, hence one less for it.
    const isInteger = major === MAJOR.unsigned || major === MAJOR.negative;
    if (isInteger && this.#argument > Number.MAX_SAFE_INTEGER - major) {
      this.#refuse('cbor-int-range', 'an integer beyond ±(2^53 − 1)', start);
    }
    return major;
  }

  #wideArgument(major: number, info: number, start: number): number {
    const head = WIDE_HEADS[info];
    if (head === undefined) {
      const hasIndefiniteForm = major >= MAJOR.bytes && info === INDEFINITE;
      return this.#refuse(hasIndefiniteForm ? 'cbor-indefinite' : 'cbor-malformed', 'no definite length', start);
    }
    let argument = 0;
    for (let i = 0; i < head.width; i++) argument = argument * 256 + this.#byte(this.#at + i);
    if (argument < head.least) this.#refuse('cbor-not-canonical', 'a head longer than it need be', start);
    this.#at += head.width;
    return argument;
  }

  #simple(info: number, start: number): number {
    if (SIMPLE_TAKEN.includes(info)) return MAJOR.simple;
    if (FLOATS.includes(info)) return this.#refuse('cbor-float', 'floats are not used', start);
    if (info >= FIRST_RESERVED) return this.#refuse('cbor-malformed', 'a reserved head or a stray break', start);
    return this.#refuse('cbor-simple', 'only false, true and null are used', start);
  }

  /** Keys are integers or texts, each one bytewise above the one before (RFC 8949 §4.2.1). */
  #entries(count: number, depth: number): void {
    let [previous, previousEnd] = [0, 0];
    for (let left = count; left > 0; left--) {
      const key = this.#at;
      const major = this.#head();
      if (major === MAJOR.text) this.#text();
      else if (major > MAJOR.negative) this.#refuse('cbor-bad-key', 'a key is an integer or a text', key);
      const order = previousEnd === 0 ? -1 : this.#compare(previous, previousEnd, key, this.#at);
      if (order === 0) this.#refuse('cbor-duplicate-key', 'a key occurs twice', key);
      if (order > 0) this.#refuse('cbor-key-order', 'a key is out of order', key);
      [previous, previousEnd] = [key, this.#at];
      this.item(depth);
    }
  }

  /** Order of two well-formed encoded items. Neither can be a prefix of the other, so the first difference decides. */
  #compare(left: number, leftEnd: number, right: number, rightEnd: number): number {
    const length = Math.min(leftEnd - left, rightEnd - right);
    for (let i = 0; i < length; i++) {
      const difference = this.#byte(left + i) - this.#byte(right + i);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  #text(): void {
    const start = this.#at;
    this.#skip();
    const bad = invalidUtf8(this.bytes, start, this.#at);
    if (bad >= 0) this.#refuse('cbor-bad-utf8', 'a text is not valid UTF-8 or begins with a byte order mark', bad);
  }

  /** Moves past as many bytes as the head announced. */
  #skip(): void {
    const left = this.bytes.length - this.#at;
    if (this.#argument > left) this.#refuse('cbor-truncated', 'a string is longer than the input', this.#at);
    this.#at += this.#argument;
  }

  #byte(at: number): number {
    return this.bytes[at] ?? this.#refuse('cbor-truncated', 'the input ends within an item', at);
  }

  #refuse(code: ProtocolErrorCode, detail: string, at: number): never {
    throw new ProtocolError(code, detail, { at });
  }
}

/** Lead bytes of UTF-8 (Unicode 16.0 table 3-7): bytes that follow, and the bounds of the first of them. */
const UTF8_LEADS = [
  { from: 0xc2, to: 0xdf, follow: 1, low: 0x80, high: 0xbf },
  { from: 0xe0, to: 0xe0, follow: 2, low: 0xa0, high: 0xbf },
  { from: 0xe1, to: 0xec, follow: 2, low: 0x80, high: 0xbf },
  { from: 0xed, to: 0xed, follow: 2, low: 0x80, high: 0x9f },
  { from: 0xee, to: 0xef, follow: 2, low: 0x80, high: 0xbf },
  { from: 0xf0, to: 0xf0, follow: 3, low: 0x90, high: 0xbf },
  { from: 0xf1, to: 0xf3, follow: 3, low: 0x80, high: 0xbf },
  { from: 0xf4, to: 0xf4, follow: 3, low: 0x80, high: 0x8f },
] as const;

/**
 * Offset of the first byte that is not UTF-8, or −1. A byte order mark at the start is refused with the rest, because
 * decoders disagree on whether it is part of the text, and one value is to have one reading.
 */
function invalidUtf8(bytes: Uint8Array, start: number, end: number): number {
  if (end - start >= 3 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) return start;
  for (let at = start; at < end; ) {
    const first = bytes[at] as number;
    if (first < 0x80) {
      at += 1;
      continue;
    }
    const lead = UTF8_LEADS.find(({ from, to }) => first >= from && first <= to);
    if (lead === undefined || at + lead.follow >= end) return at;
    for (let i = 1; i <= lead.follow; i++) {
      const byte = bytes[at + i] as number;
      const [low, high] = i === 1 ? [lead.low, lead.high] : [0x80, 0xbf];
      if (byte < low || byte > high) return at;
    }
    at += 1 + lead.follow;
  }
  return -1;
}
