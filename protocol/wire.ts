/**
 * Declares a message once: name, integer key and bounded type of every field. Encoding, decoding and CDDL derive from it.
 * A value has one spelling on the wire (RFC 8949 §4.2 with integer keys) and one in the program.
 */
import type * as z from 'zod/mini';
import { isBytes } from './bytes.ts';
import type { CborValue } from './cbor.ts';
import { ProtocolError } from './errors.ts';
import type { JsonValue } from './json.ts';
import type { Currency } from './money.ts';

/** What a JSON member has to know of the map around it: amounts are written in the currency that stands beside them (T7). */
export interface JsonScope {
  readonly currency?: Currency;
}

/** How a value stands in JSON where {@link WireKind} does not tell. Bounds are checked apart from it, by `encode`. */
export interface JsonCodec<T> {
  write(value: T, path: string, scope: JsonScope): JsonValue;
  read(json: JsonValue, path: string, scope: JsonScope): T;
}

/** One field of a map: its name in the program, in JSON and on the wire. */
export interface WireField {
  readonly name: string;
  readonly jsonName: string;
  readonly key: number;
  readonly type: WireType<unknown>;
  readonly optional: boolean;
}

/** What a type is made of. JSON, test data and documents are derived from this, never declared a second time. */
export type WireKind =
  | { readonly is: 'int'; readonly min: number; readonly max: number }
  | { readonly is: 'text'; readonly maxLength: number; readonly pattern: RegExp | undefined }
  | { readonly is: 'bytes'; readonly minLength: number; readonly maxLength: number }
  | { readonly is: 'names'; readonly names: readonly string[] }
  | { readonly is: 'list'; readonly of: WireType<unknown>; readonly min: number; readonly max: number }
  | { readonly is: 'map'; readonly name: string; readonly fields: readonly WireField[] }
  | { readonly is: 'ruled'; readonly of: WireType<unknown>; holds(value: unknown): boolean }
  | { readonly is: 'text-or-list'; readonly text: WireType<unknown>; readonly list: WireType<unknown> }
  | { readonly is: 'variant'; readonly field: string; readonly cases: ReadonlyMap<string, WireType<unknown>> };

/** How one value of the program stands on the wire. Both directions refuse what is out of bounds with `message-shape`. */
export interface WireType<T> {
  encode(value: T, path: string): CborValue;
  decode(value: CborValue, path: string): T;
  /** The CDDL (RFC 8610) type. */
  readonly cddl: string;
  /** Left out where the value stands in JSON as `kind` tells, or as it is. */
  readonly json?: JsonCodec<T>;
  /** Left out where the value is a JSON scalar that only `encode` knows the bounds of. */
  readonly kind?: WireKind;
}

/** The program's value of a wire type. */
export type WireValue<W> = W extends WireType<infer T> ? T : never;

/** Ends reading or writing a value. `what` says what was expected, never what was there: the peer chose that. */
export function refuse(path: string, what: string): never {
  throw new ProtocolError('message-shape', what, { path });
}

/** A value that is the same in the program and on the wire, bounded by a schema. */
export function scalar<T extends CborValue>(schema: z.ZodMiniType<T>, cddl: string): WireType<T> {
  return judged((value): value is T => schema.safeParse(value).success, cddl);
}

function judged<T extends CborValue>(isOne: (value: unknown) => value is T, cddl: string): WireType<T> {
  const check = (value: unknown, path: string): T => (isOne(value) ? value : refuse(path, `expected ${cddl}`));
  return { encode: check, decode: check, cddl };
}

/**
 * An integer from `min` to `max`; negative zero is none, as it would come back as another value. This and {@link text} judge
 * every field of every message, where a schema takes ten times as long.
 */
export function int(min: number, max: number): WireType<number> {
  const isOne = (value: unknown): value is number =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max && !Object.is(value, -0);
  return { ...judged(isOne, `${min}..${max}`), kind: { is: 'int', min, max } };
}

/** An unsigned integer from `min` to `max`. */
export function uint(max: number, min = 0): WireType<number> {
  return int(min, max);
}

/**
 * Text of 1 to `maxLength` code points of at most four bytes each, which a pattern holds as a whole. What has no UTF-8
 * form, or begins with a byte order mark, would be refused by the encoding (T8). Lengths are told by a pattern, because a
 * schema's own bounds also run on values that are no text.
 */
export function text(maxLength: number, pattern?: RegExp): WireType<string> {
  const bounded = new RegExp(`^(?!\\uFEFF)\\P{Surrogate}{1,${maxLength}}$`, 'u');
  const kind = { is: 'text', maxLength, pattern } as const;
  const isText = (value: unknown): value is string => typeof value === 'string' && bounded.test(value);
  if (!pattern) return { ...judged(isText, `text .size (1..${maxLength * 4})`), kind };
  const cddl = `(text .size (1..${maxLength})) .and (text .regexp "${xsdPattern(pattern)}")`;
  return { ...judged((value): value is string => isText(value) && pattern.test(value), cddl), kind };
}

/** CDDL takes patterns as in XML Schema: always the whole text, `^` and `$` mere characters, `/` never escaped (RFC 8610 §3.8.3). */
function xsdPattern(pattern: RegExp): string {
  return pattern.source
    .replace(/^\^|\$$/g, '')
    .replaceAll('\\/', '/')
    .replaceAll('\\', '\\\\');
}

/** Opaque bytes of `minLength` (at least 1) to `maxLength`, for example a whole signed object. */
export function bytes(maxLength: number, minLength = 1): WireType<Uint8Array> {
  const check = (value: unknown, path: string): Uint8Array =>
    isBytes(value) && value.length >= minLength && value.length <= maxLength
      ? value
      : refuse(path, `expected ${minLength} to ${maxLength} bytes`);
  const kind = { is: 'bytes', minLength, maxLength } as const;
  return { encode: check, decode: check, cddl: `bytes .size (${minLength}..${maxLength})`, kind };
}

/** A closed set of names, each with its number on the wire. */
export function oneOf<const N extends Readonly<Record<string, number>>>(names: N): WireType<keyof N & string> {
  const byNumber = new Map(Object.entries(names).map(([name, number]) => [number, name]));
  if (byNumber.size !== Object.keys(names).length) throw new Error('a closed set uses a number twice');
  return {
    encode: (value, path) =>
      typeof value === 'string' && Object.hasOwn(names, value)
        ? (names[value] as number)
        : refuse(path, 'unknown name'),
    decode: (value, path) => (typeof value === 'number' && byNumber.get(value)) || refuse(path, 'unknown number'),
    cddl: `&(${Object.entries(names)
      .map(([name, number]) => `${name}: ${number}`)
      .join(', ')})`,
    kind: { is: 'names', names: Object.keys(names) },
  };
}

/** An array of `min` to `max` values. */
export function list<T>(of: WireType<T>, max: number, min = 0): WireType<readonly T[]> {
  const check = (value: unknown, path: string): readonly unknown[] =>
    Array.isArray(value) && value.length >= min && value.length <= max
      ? value
      : refuse(path, `expected ${min} to ${max} values`);
  return {
    encode: (value, path) => {
      const values = check(value, path);
      const encoded: CborValue[] = [];
      // A hole is a value that is missing, where map would pass it over.
      for (let i = 0; i < values.length; i += 1) encoded.push(of.encode(values[i] as T, `${path}[${i}]`));
      return encoded;
    },
    decode: (value, path) => check(value, path).map((one, i) => of.decode(one as CborValue, `${path}[${i}]`)),
    cddl: `[${min}*${max} ${of.cddl}]`,
    kind: { is: 'list', of: of as WireType<unknown>, min, max },
  };
}

type FieldSpec = readonly [key: number, type: WireType<unknown>, optional?: 'optional'];
/** The fields of a map: name in the program, key on the wire, type, and whether it may be left out. */
export type Shape = Readonly<Record<string, readonly [number, unknown, 'optional'?]>>;
type OptionalNames<S extends Shape> = {
  [K in keyof S]: S[K] extends readonly [number, unknown, 'optional'] ? K : never;
}[keyof S];
type Simplify<T> = { [K in keyof T]: T[K] };
/** The object a shape describes: required and optional fields with the types of their wire types. */
export type ShapeValue<S extends Shape> = Simplify<
  { readonly [K in Exclude<keyof S, OptionalNames<S>>]: WireValue<S[K][1]> } & {
    readonly [K in OptionalNames<S>]?: WireValue<S[K][1]>;
  }
>;

/** The snake_case spelling that ACT uses in JSON for what is camelCase in the program. */
const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);

/**
 * A map with integer keys. Unknown keys, missing required fields and values out of bounds are refused. `jsonNames` holds
 * the names that are in JSON other than the snake_case of the field.
 */
export function wireMap<const S extends Shape>(
  name: string,
  shape: S,
  jsonNames: { readonly [K in keyof S]?: string } = {},
): WireType<ShapeValue<S>> {
  const fields = Object.entries(shape) as unknown as [string, FieldSpec][];
  const known = new Set(fields.map(([, [key]]) => key));
  if (known.size !== fields.length) throw new Error(`${name} uses a key twice`);
  return {
    encode(value, path) {
      const given = ownFields(value, path);
      for (const field of Object.keys(given))
        if (!Object.hasOwn(shape, field)) refuse(`${path}.${field}`, 'unknown field');
      const map = new Map<number, CborValue>();
      for (const [field, [key, type, optional]] of fields) {
        const one = Object.hasOwn(given, field) ? given[field] : undefined;
        if (one !== undefined) map.set(key, type.encode(one, `${path}.${field}`));
        else if (!optional) refuse(`${path}.${field}`, 'missing');
      }
      return map;
    },
    decode(value, path) {
      if (!(value instanceof Map)) refuse(path, 'expected a map');
      const map = value as ReadonlyMap<unknown, CborValue>;
      for (const key of map.keys())
        if (!known.has(key as number)) refuse(typeof key === 'number' ? `${path}.${key}` : path, 'unknown key');
      const result: Record<string, unknown> = {};
      for (const [field, [key, type, optional]] of fields) {
        const raw = map.get(key);
        if (raw !== undefined) result[field] = type.decode(raw, `${path}.${field}`);
        else if (!optional) refuse(`${path}.${field}`, 'missing');
      }
      return result as ShapeValue<S>;
    },
    cddl: `{ ${fields.map(([field, [key, type, optional]]) => `${optional ? '? ' : ''}${key}: ${type.cddl} ; ${field}\n`).join(', ')} }`,
    kind: {
      is: 'map',
      name,
      fields: fields.map(([field, [key, type, optional]]) => {
        const jsonName = jsonNames[field] ?? snakeCase(field);
        return { name: field, jsonName, key, type, optional: optional !== undefined };
      }),
    },
  };
}

/** What is given as an object. Callers take its own fields only: what a prototype adds is not part of a message. */
function ownFields(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Map)
    return refuse(path, 'expected an object');
  return value as Readonly<Record<string, unknown>>;
}
