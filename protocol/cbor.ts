import { Decoder, Encoder } from 'cbor-x/index-no-eval';
import { isBytes, isWellFormed, utf8 } from './bytes.ts';
import { CBOR_LIMITS, StrictReader } from './cbor-strict.ts';
import { ProtocolError, type ProtocolErrorCode } from './errors.ts';

export { CBOR_LIMITS } from './cbor-strict.ts';

/** A map key: an integer in our own structures, a text where names are needed. */
export type CborKey = number | string;

/** What {@link decodeCbor} returns. Every number is an integer within ±(2^53 − 1). */
export type CborValue =
  | number
  | string
  | boolean
  | null
  | Uint8Array
  | readonly CborValue[]
  | ReadonlyMap<CborKey, CborValue>;

/** What {@link encodeCbor} takes: a {@link CborValue} in which plain objects may stand for text-keyed maps. */
export type CborInput =
  | number
  | string
  | boolean
  | null
  | Uint8Array
  | readonly CborInput[]
  | ReadonlyMap<CborKey, CborInput>
  | { readonly [key: string]: CborInput };

/** What cbor-x writes in one way only: plain arrays, sorted maps, and BigInt where it would make a number a float. */
type Prepared =
  | number
  | bigint
  | string
  | boolean
  | null
  | Uint8Array
  | Prepared[]
  | Map<string | number | bigint, Prepared>;

/** `int64AsNumber` is missing from the published types; without it integers from 2^32 on come back as BigInt. */
const DECODING = { mapsAsObjects: false, useRecords: false, copyBuffers: true, int64AsNumber: true };

// Instances of our own: whoever else uses cbor-x in this process shares no options with the wire.
const decoder = new Decoder(DECODING);
const encoder = new Encoder({ mapsAsObjects: false, useRecords: false, tagUint8Array: false });

const TWO_32 = 2 ** 32;
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Decodes one data item of the strict profile (RFC 8949 §4.2.1, without floats and tags).
 *
 * The input is copied first and judged by {@link StrictReader} before the codec sees it (T21); nothing in the result
 * shares memory with the input (T12). Maps come back as `Map`. For whatever is accepted, `encodeCbor(decodeCbor(x))`
 * equals `x`.
 * @throws ProtocolError `cbor-*` with a byte offset, for any other input of any type.
 */
export function decodeCbor(bytes: Uint8Array): CborValue {
  return decodeItem(new StrictReader(bytes));
}

/** {@link decodeCbor} without another copy, for bytes that nobody else can reach: parts of a message that was copied whole. */
export function decodePrivateCbor(bytes: Uint8Array): CborValue {
  return decodeItem(new StrictReader(bytes, true));
}

function decodeItem(reader: StrictReader): CborValue {
  reader.item();
  reader.end();
  return decoder.decode(reader.bytes) as CborValue;
}

/**
 * Encodes a value in the strict profile. Map keys are sorted here, so their order in `value` does not matter; a Node
 * Buffer is a byte string; the result is a fresh array.
 * @throws ProtocolError `cbor-*` with the field path, for a value the profile has no spelling for (such as `undefined`, a
 *   fraction, a Date, a lone surrogate) or beyond {@link CBOR_LIMITS}.
 */
export function encodeCbor(value: CborInput): Uint8Array {
  const bytes = new Uint8Array(encoder.encode(new Preparation().of(value)));
  if (bytes.length > CBOR_LIMITS.bytes) {
    throw new ProtocolError('cbor-too-long', `more than ${CBOR_LIMITS.bytes} bytes`);
  }
  return bytes;
}

/** One pass over a value before it is encoded: refuses what is outside the profile and puts the rest in its one form. */
class Preparation {
  /** Keys and indices from the top to the value in hand, for error messages. */
  readonly #path: CborKey[] = [];

  of(value: unknown): Prepared {
    if (typeof value === 'number') return this.#number(value);
    if (typeof value === 'string') return this.#text(value);
    if (typeof value === 'boolean' || value === null) return value;
    if (isBytes(value)) return this.#bytes(value);
    if (Array.isArray(value)) return this.#array(value);
    if (value instanceof Map) return this.#map([...value]);
    if (isPlainObject(value)) return this.#map(Object.entries(value));
    return this.#refuse('cbor-unsupported-value', 'a value of this type has no place in the profile');
  }

  #number(value: number): number | bigint {
    if (!Number.isInteger(value) || Object.is(value, -0)) return this.#refuse('cbor-float', 'not an integer');
    if (!Number.isSafeInteger(value)) return this.#refuse('cbor-int-range', 'an integer beyond ±(2^53 − 1)');
    return asInteger(value);
  }

  #text(value: string): string {
    if (!isWellFormed(value)) this.#refuse('cbor-bad-utf8', 'a surrogate without its pair');
    if (value.startsWith(BYTE_ORDER_MARK)) this.#refuse('cbor-bad-utf8', 'a text begins with a byte order mark');
    if (value.length > CBOR_LIMITS.bytes) this.#refuse('cbor-too-long', 'a text longer than the limit');
    return value;
  }

  #bytes(value: Uint8Array): Uint8Array {
    if (value.length > CBOR_LIMITS.bytes) this.#refuse('cbor-too-long', 'a byte string longer than the limit');
    return value;
  }

  #array(values: readonly unknown[]): Prepared[] {
    this.#enter(values.length);
    const prepared: Prepared[] = [];
    for (let i = 0; i < values.length; i += 1) prepared.push(this.#within(i, values[i]));
    return prepared;
  }

  #map(entries: [unknown, unknown][]): Prepared {
    this.#enter(entries.length);
    const prepared: [CborKey, Prepared][] = [];
    let isSorted = true;
    for (const [key, value] of entries) {
      const checked = this.#key(key);
      const last = prepared.at(-1);
      isSorted &&= last === undefined || compareKeys(last[0], checked) < 0;
      prepared.push([checked, this.#within(checked, value)]);
    }
    if (!isSorted) prepared.sort(([a], [b]) => compareKeys(a, b));
    const map = new Map<string | number | bigint, Prepared>();
    for (const [key, value] of prepared) map.set(typeof key === 'number' ? asInteger(key) : key, value);
    return map;
  }

  #key(key: unknown): CborKey {
    if (typeof key === 'string') return this.#text(key);
    if (typeof key === 'number' && Number.isSafeInteger(key)) return key;
    return this.#refuse('cbor-bad-key', 'a key is a safe integer or a text');
  }

  #within(key: CborKey, value: unknown): Prepared {
    this.#path.push(key);
    const prepared = this.of(value);
    this.#path.pop();
    return prepared;
  }

  /** The path has one step for each container around this one. */
  #enter(entries: number): void {
    if (this.#path.length >= CBOR_LIMITS.depth) {
      this.#refuse('cbor-too-deep', `more than ${CBOR_LIMITS.depth} containers`);
    }
    if (entries > CBOR_LIMITS.items) this.#refuse('cbor-too-many', `more than ${CBOR_LIMITS.items} entries`);
  }

  #refuse(code: ProtocolErrorCode, detail: string): never {
    throw new ProtocolError(code, detail, { path: this.#path.join('.') });
  }
}

/** cbor-x writes a number beyond 32 bits as a float, and a BigInt always with 64 bits. */
function asInteger(value: number): number | bigint {
  return value >= TWO_32 || value < -TWO_32 ? BigInt(value) : value;
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Bytewise order of the encoded keys (RFC 8949 §4.2.1), told from the keys themselves: with shortest heads, size is order. */
function compareKeys(a: CborKey, b: CborKey): number {
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(utf8(a), utf8(b));
  if (typeof a === 'string') return 1;
  if (typeof b === 'string') return -1;
  const sameSign = a < 0 === b < 0;
  return sameSign ? Math.abs(a) - Math.abs(b) : b - a;
}

function compareTexts(a: Uint8Array, b: Uint8Array): number {
  const different = a.length === b.length ? a.findIndex((byte, i) => byte !== b[i]) : -1;
  return different < 0 ? a.length - b.length : (a[different] as number) - (b[different] as number);
}
