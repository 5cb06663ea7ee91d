/**
 * The same content as ACT JSON: ACT's names, times as ISO 8601 UTC, amounts as decimals, identifiers, digests and signatures in
 * base64url, no white space. Where there was a choice the shorter form was taken, so that the comparison favours JSON.
 */
import {
  base64url,
  type Currency,
  decodeCbor,
  FRAMES,
  formatAmount,
  frameTypeOf,
  fromHex,
  isBytes,
  isCurrency,
  OBJECTS,
  type ObjectType,
  type ParsedSign1,
  parseSign1,
  toIsoUtc,
} from '../../protocol/index.ts';
import type { WireType } from '../../protocol/wire.ts';
import { FIRST_SECOND, resolvedKind } from '../inspect/declared-kind.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

const TAG_18 = 0xd2;
const OBJECT_BY_TYP = new Map(
  (Object.keys(OBJECTS) as ObjectType[]).map((type) => [OBJECTS[type].typ as number, type]),
);

/** A signed frame or object as text: header, content and detached signature side by side. */
export function actJsonOf(signed: Uint8Array): string {
  return JSON.stringify(signedJson(signed));
}

/** Several objects in one text, under their names. */
export function actJsonBundle(objects: Readonly<Record<string, Uint8Array>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(objects).map(([name, bytes]) => [name, signedJson(bytes)])));
}

/** The payload alone, without header and signature. */
export function actJsonContent(signed: Uint8Array): string {
  return JSON.stringify(contentOf(parseSign1(signed)));
}

function signedJson(signed: Uint8Array): Json {
  const parsed = parseSign1(signed);
  const { typ, kid, version, claims } = parsed.header;
  const type = frameTypeOf(typ) ?? OBJECT_BY_TYP.get(typ) ?? '';
  const { cti, ...named } = claims ?? {};
  const header = {
    alg: 'Ed25519',
    kid: base64url(kid),
    typ: type,
    ...(version !== undefined && { version }),
    ...named,
  };
  return {
    header: { ...header, ...(cti && { jti: base64url(cti) }) },
    payload: contentOf(parsed),
    signature: base64url(parsed.signature),
  };
}

function contentOf({ header, payload }: ParsedSign1): Json {
  const frame = frameTypeOf(header.typ);
  const object = OBJECT_BY_TYP.get(header.typ);
  const declared = frame ? FRAMES[frame].body : object && OBJECTS[object].body;
  if (!declared) throw new Error('no declaration for this type');
  const type = declared as WireType<unknown>;
  return jsonOf(type, type.decode(decodeCbor(payload), 'payload'), '', undefined);
}

const HEX_BYTES = /^(?:[0-9a-f]{32}|[0-9a-f]{64})$/;

function jsonOf(type: WireType<unknown>, value: unknown, name: string, currency: Currency | undefined): Json {
  const kind = resolvedKind(type, value);
  if (kind?.is === 'map') {
    const given = value as Readonly<Record<string, unknown>>;
    const beside = isCurrency(given.currency) ? given.currency : currency;
    const present = kind.fields.filter((field) => given[field.name] !== undefined);
    return Object.fromEntries(
      present.map((field) => [
        field.jsonName.replace(/_minor$/, ''),
        jsonOf(field.type, given[field.name], field.name, beside),
      ]),
    );
  }
  if (kind?.is === 'list') return (value as readonly unknown[]).map((one) => jsonOf(kind.of, one, name, currency));
  if (isBytes(value)) return value[0] === TAG_18 ? signedJson(value) : base64url(value);
  if (kind?.is === 'int' && kind.min === FIRST_SECOND) return toIsoUtc(value as number);
  if (kind?.is === 'int' && name.endsWith('Minor') && currency) return formatAmount(value as number, currency);
  // Identifiers and digests are bytes on the wire and hex in the program.
  if (typeof value === 'string' && HEX_BYTES.test(value)) return base64url(fromHex(value));
  return value as Json;
}
