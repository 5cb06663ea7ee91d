/**
 * JSON text, read strictly and written in one way (RFC 8259, I-JSON). `JSON.parse` is not enough: it takes the last of two
 * members with one name and rounds numbers, so that two readers of one text may see two amounts (T7, T21).
 */
import { hex, isWellFormed } from './bytes.ts';
import { ProtocolError, type ProtocolErrorCode } from './errors.ts';

/** A number that is no safe integer, as it was spelt: `600.00` stays `600.00` and never becomes a binary fraction. */
export class JsonDecimal {
  /** A number in the grammar of RFC 8259 §6. */
  readonly text: string;

  /** @throws ProtocolError `json-number` if the text is no JSON number of at most 40 characters. */
  constructor(text: string) {
    if (text.length > NUMBER_CHARS || !WHOLE_NUMBER.test(text))
      throw new ProtocolError('json-number', 'expected a JSON number');
    this.text = text;
  }

  /** `JSON.stringify` has no way to write a number by its spelling. */
  toJSON(): never {
    throw new Error('a tree with decimals is written by writeJson');
  }
}

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | JsonDecimal
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

export type JsonObject = { readonly [name: string]: JsonValue };

/** A longer, wider or deeper text is refused while it is read (T21). Deeper than CBOR, for what is opaque to us. */
export const JSON_LIMITS = { chars: 65_536, depth: 16, entries: 256 } as const;

const NUMBER_CHARS = 40;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WHOLE_NUMBER = new RegExp(`^(?:${NUMBER.source})$`);
const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const LITERALS: readonly (readonly [string, JsonValue])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

/** Whether the value is a JSON object: neither a scalar nor an array nor a decimal. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonDecimal);
}

/** The number of a plain spelling: a safe integer as itself, everything else as {@link JsonDecimal}. */
export function jsonNumber(spelling: string): number | JsonDecimal {
  const integer = /^-?[0-9]+$/.test(spelling) && spelling !== '-0' ? Number(spelling) : Number.NaN;
  return Number.isSafeInteger(integer) ? integer : new JsonDecimal(spelling);
}

/**
 * Reads one JSON text of at most {@link JSON_LIMITS}. Objects come back without a prototype.
 * @throws ProtocolError `json-*` with the offset: for anything outside the grammar, a member named twice, a text with a
 *   lone surrogate, and beyond the limits.
 */
export function parseJson(text: string): JsonValue {
  if (text.length > JSON_LIMITS.chars) throw new ProtocolError('json-too-long', `over ${JSON_LIMITS.chars} characters`);
  return new Reader(text).whole();
}

/** The text of UTF-8 bytes. @throws ProtocolError `json-text` for anything that is no well-formed UTF-8 (RFC 3629). */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    // The language itself has one strict decoder, the one for URIs; overlong forms and surrogates are refused.
    return decodeURIComponent(hex(bytes).replace(/../g, '%$&'));
  } catch {
    throw new ProtocolError('json-text', 'the bytes are no UTF-8');
  }
}

class Reader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): JsonValue {
    const value = this.#value();
    if (this.#at < this.#text.length) this.#refuse('json-syntax', 'something follows the value');
    return value;
  }

  /** A value with the space around it. */
  #value(): JsonValue {
    this.#take(SPACE);
    const value = this.#bare();
    this.#take(SPACE);
    return value;
  }

  #bare(): JsonValue {
    const first = this.#text[this.#at];
    if (first === '{') return this.#object();
    if (first === '[') return this.#array();
    if (first === '"') return this.#string();
    const literal = LITERALS.find(([spelling]) => this.#text.startsWith(spelling, this.#at));
    if (literal !== undefined) {
      this.#at += literal[0].length;
      return literal[1];
    }
    const number = this.#take(NUMBER);
    return number === undefined ? this.#refuse('json-syntax', 'expected a value') : jsonNumber(number);
  }

  #object(): JsonObject {
    const object: Record<string, JsonValue> = Object.create(null);
    this.#entries('}', () => {
      this.#take(SPACE);
      const name = this.#string();
      this.#take(SPACE);
      if (!this.#skip(':')) this.#refuse('json-syntax', 'expected a colon');
      if (Object.hasOwn(object, name)) this.#refuse('json-duplicate-member', 'an object names a member twice');
      object[name] = this.#value();
    });
    return object;
  }

  #array(): readonly JsonValue[] {
    const array: JsonValue[] = [];
    this.#entries(']', () => array.push(this.#value()));
    return array;
  }

  /** What stands between an opening bracket, commas and the closing one. */
  #entries(closing: string, one: () => void): void {
    this.#at++;
    if (++this.#depth > JSON_LIMITS.depth) this.#refuse('json-too-deep', `deeper than ${JSON_LIMITS.depth}`);
    this.#take(SPACE);
    let count = 0;
    while (!this.#skip(closing)) {
      if (count > 0 && !this.#skip(',')) this.#refuse('json-syntax', 'expected a comma or the end');
      if (++count > JSON_LIMITS.entries) this.#refuse('json-too-many', `more than ${JSON_LIMITS.entries} entries`);
      one();
    }
    this.#depth--;
  }

  #string(): string {
    const spelling = this.#take(STRING);
    if (spelling === undefined) return this.#refuse('json-syntax', 'expected a text');
    const text = this.#unescaped(spelling);
    if (!isWellFormed(text)) this.#refuse('json-text', 'a surrogate without its pair');
    return text;
  }

  #unescaped(spelling: string): string {
    try {
      return JSON.parse(spelling) as string;
    } catch {
      return this.#refuse('json-syntax', 'a text has a control character or an unknown escape');
    }
  }

  #skip(character: string): boolean {
    const here = this.#text[this.#at] === character;
    if (here) this.#at++;
    return here;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    this.#at += found?.length ?? 0;
    return found;
  }

  #refuse(code: ProtocolErrorCode, detail: string): never {
    throw new ProtocolError(code, detail, { at: this.#at });
  }
}

/** Writes a value without any space, its members in the order they have. @throws ProtocolError `json-number`, `json-text`. */
export function writeJson(value: JsonValue): string {
  if (typeof value === 'number') return writeInteger(value);
  if (typeof value === 'string') return writeText(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (value instanceof JsonDecimal) return value.text;
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  return `{${Object.entries(value)
    .map(([name, member]) => `${writeText(name)}:${writeJson(member)}`)
    .join(',')}}`;
}

function writeInteger(value: number): string {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
    throw new ProtocolError('json-number', 'a number that is no safe integer is written as a decimal');
  }
  return String(value);
}

/** A JSON string with the escapes RFC 8785 §3.2.2.2 wants, which are those of `JSON.stringify`. */
export function writeText(text: string): string {
  if (!isWellFormed(text)) throw new ProtocolError('json-text', 'a surrogate without its pair has no UTF-8 form');
  return JSON.stringify(text);
}
