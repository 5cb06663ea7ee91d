/** The ACT JSON form of any declared type, derived from its declaration: names, texts, exact amounts, ISO 8601 times. */
import { base64url, fromBase64url } from '../bytes.ts';
import { sha256 } from '../crypto.ts';
import { ProtocolError } from '../errors.ts';
import { jcsBytes } from '../jcs.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import { isCurrency } from '../money.ts';
import { type JsonScope, refuse, type WireField, type WireKind, type WireType } from '../wire.ts';

/** The JSON form of a value. @throws ProtocolError as `encode` does: only what may stand on the wire has a JSON form. */
export function toJson<T>(type: WireType<T>, value: T, path: string): JsonValue {
  // What was checked is what is written: decoding makes a value of our own (T12).
  return write(type as WireType<unknown>, type.decode(type.encode(value, path), path), path, {});
}

/** Reads the JSON form of a value. @throws ProtocolError `json-*`, `message-shape`, `act-*`, `money-*`, `time-*`, `bytes-*`. */
export function fromJson<T>(type: WireType<T>, json: JsonValue, path: string): T {
  return type.decode(type.encode(read(type as WireType<unknown>, json, path, {}) as T, path), path);
}

/** The JSON form of a map. */
export function toJsonObject<T>(type: WireType<T>, value: T, path: string): JsonObject {
  return toJson(type, value, path) as JsonObject;
}

/** SHA-256 of the RFC 8785 form of a value, for a party that has its JSON only. */
export function jsonDigest<T>(type: WireType<T>, value: T, path: string): Uint8Array {
  return sha256(jcsBytes(toJson(type, value, path)));
}

/** Says where a text was that one of the readers of values refused. */
export function located<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof ProtocolError) throw new ProtocolError(error.code, 'not readable', { path });
    throw error;
  }
}

type Kind<I extends WireKind['is']> = Extract<WireKind, { is: I }>;
interface Form<K> {
  write(kind: K, value: unknown, path: string, scope: JsonScope): JsonValue;
  read(kind: K, json: JsonValue, path: string, scope: JsonScope): unknown;
}

/** A JSON scalar that is the value itself; `encode` judges it. */
const AS_IT_IS: Form<unknown> = {
  write: (_, value) => value as JsonValue,
  read: (_, json) => json,
};

const FORMS: { readonly [I in WireKind['is']]: Form<Kind<I>> } = {
  int: AS_IT_IS,
  text: AS_IT_IS,
  names: AS_IT_IS,
  bytes: {
    write: (_, value) => base64url(value as Uint8Array),
    read: (_, json, path) =>
      typeof json === 'string' ? located(path, () => fromBase64url(json)) : refuse(path, 'expected base64url'),
  },
  list: {
    write: ({ of }, value, path, scope) =>
      (value as readonly unknown[]).map((one, i) => write(of, one, `${path}[${i}]`, scope)),
    read: ({ of }, json, path, scope) =>
      Array.isArray(json)
        ? json.map((one, i) => read(of, one, `${path}[${i}]`, scope))
        : refuse(path, 'expected an array'),
  },
  map: { write: writeMap, read: readMap },
  ruled: {
    write: ({ of }, value, path, scope) => write(of, value, path, scope),
    read: ({ of }, json, path, scope) => read(of, json, path, scope),
  },
  'text-or-list': {
    write: (kind, value, path, scope) => write(typeof value === 'string' ? kind.text : kind.list, value, path, scope),
    read: (kind, json, path, scope) => read(typeof json === 'string' ? kind.text : kind.list, json, path, scope),
  },
  variant: {
    write: ({ field, cases }, value, path, scope) =>
      write(cases.get((value as Record<string, string>)[field] as string) as WireType<unknown>, value, path, scope),
    read({ cases, field }, json, path, scope) {
      const type = isJsonObject(json) ? [...cases.values()].find((one) => isCase(one, field, json)) : undefined;
      return type === undefined ? refuse(path, 'expected an object of a known type') : read(type, json, path, scope);
    },
  },
};

function formOf(type: WireType<unknown>): Form<unknown> {
  return type.kind === undefined ? AS_IT_IS : (FORMS[type.kind.is] as Form<unknown>);
}

function write(type: WireType<unknown>, value: unknown, path: string, scope: JsonScope): JsonValue {
  return type.json === undefined
    ? formOf(type).write(type.kind, value, path, scope)
    : type.json.write(value, path, scope);
}

function read(type: WireType<unknown>, json: JsonValue, path: string, scope: JsonScope): unknown {
  return type.json === undefined ? formOf(type).read(type.kind, json, path, scope) : type.json.read(json, path, scope);
}

/** The map under its rules. */
export function mapOf(type: WireType<unknown>): Kind<'map'> {
  const { kind } = type;
  if (kind?.is === 'ruled') return mapOf(kind.of);
  if (kind?.is !== 'map') throw new Error('a declaration is no map');
  return kind;
}

function isCase(type: WireType<unknown>, field: string, json: JsonObject): boolean {
  const tag = mapOf(type).fields.find(({ name }) => name === field) as WireField;
  const { names } = tag.type.kind as Kind<'names'>;
  return Object.hasOwn(json, tag.jsonName) && names.includes(json[tag.jsonName] as string);
}

/** A map that names a currency is the scope of all amounts in it, at any depth (T7). */
function scopeOf(currency: unknown, outer: JsonScope): JsonScope {
  return isCurrency(currency) ? { currency } : outer;
}

function writeMap({ fields }: Kind<'map'>, value: unknown, path: string, outer: JsonScope): JsonObject {
  const given = value as Readonly<Record<string, unknown>>;
  const scope = scopeOf(given.currency, outer);
  const object: Record<string, JsonValue> = Object.create(null);
  for (const { name, jsonName, type } of fields)
    if (given[name] !== undefined) object[jsonName] = write(type, given[name], `${path}.${name}`, scope);
  return object;
}

function readMap({ fields }: Kind<'map'>, json: JsonValue, path: string, outer: JsonScope): unknown {
  if (!isJsonObject(json)) return refuse(path, 'expected an object');
  const known = new Set(fields.map(({ jsonName }) => jsonName));
  for (const name of Object.keys(json))
    if (!known.has(name)) throw new ProtocolError('json-unknown-member', 'a member nobody declared', { path });
  const scope = scopeOf(Object.hasOwn(json, 'currency') ? json.currency : undefined, outer);
  const value: Record<string, unknown> = {};
  for (const { name, jsonName, type, optional } of fields) {
    if (Object.hasOwn(json, jsonName)) value[name] = read(type, json[jsonName] as JsonValue, `${path}.${name}`, scope);
    else if (!optional) refuse(`${path}.${name}`, 'missing');
  }
  return value;
}
