/** A COSE_Sign1 taken apart: frames, signed objects, recipient keys. */
import {
  decodeCbor,
  digestOf,
  FRAMES,
  type FramePeek,
  type FrameType,
  frameTypeOf,
  hex,
  IacPayload,
  isBytes,
  OBJECTS,
  type ObjectType,
  type ParsedSign1,
  parseSign1,
  peekFrame,
  toIsoUtc,
} from '../../protocol/index.ts';
import { RECIPIENT_KEY_TYP, RecipientKeyBody } from '../../protocol/recipient-key.ts';
import type { WireType } from '../../protocol/wire.ts';
import { readItem } from './cbor-items.ts';
import { bytesField, fieldsOf, offsetOf } from './fields.ts';
import { type Judge, judgeFrame, judgeObject, judgeRecipientKey } from './judge.ts';
import type { Fault, Field, Report, SignatureReport } from './report.ts';
import { faultOf, type Sign1Layout, sign1Layout } from './sign1-layout.ts';

const TAG_18 = 0xd2;

const OBJECT_BY_TYP: ReadonlyMap<number, ObjectType> = new Map(
  (Object.keys(OBJECTS) as ObjectType[]).map((type) => [OBJECTS[type].typ, type]),
);

/** What a type number stands for, and how such a message is judged. */
interface Meaning {
  readonly kind: 'frame' | 'object' | 'recipient-key' | 'signed';
  readonly type?: string;
  readonly body?: WireType<unknown>;
  signature(bytes: Uint8Array, kid: Uint8Array, judge: Judge, peek: FramePeek | undefined): SignatureReport;
}

function unknownSignature(_bytes: Uint8Array, kid: Uint8Array): SignatureReport {
  return { kid: hex(kid), state: 'unchecked', why: 'nobody knows what such a message is to be checked against' };
}

function meaningOf(typ: number): Meaning {
  const frame: FrameType | undefined = frameTypeOf(typ);
  if (frame !== undefined)
    return {
      kind: 'frame',
      type: frame,
      body: FRAMES[frame].body as WireType<unknown>,
      signature: (bytes, kid, judge, peek) =>
        peek ? judgeFrame(bytes, peek, kid, judge) : unknownSignature(bytes, kid),
    };
  const object = OBJECT_BY_TYP.get(typ);
  if (object !== undefined)
    return {
      kind: 'object',
      type: object,
      body: OBJECTS[object].body as WireType<unknown>,
      signature: (bytes, kid, judge) => judgeObject(object, bytes, kid, judge),
    };
  if (typ === RECIPIENT_KEY_TYP)
    return { kind: 'recipient-key', body: RecipientKeyBody as WireType<unknown>, signature: judgeRecipientKey };
  return { kind: 'signed', signature: unknownSignature };
}

/** Takes a signed message apart that begins at `base` of the whole input. Never throws for what the bytes are. */
export function inspectSigned(bytes: Uint8Array, base: number, judge: Judge): Report {
  const about = { bytes: bytes.length, sha256: digestOf(bytes) };
  let layout: Sign1Layout;
  try {
    layout = sign1Layout(bytes);
  } catch (error) {
    return { kind: 'signed', ...about, header: [], parts: [], fields: [], faults: [faultOf(error, base)] };
  }
  const parts = layout.parts.map((part) => ({ ...part, at: base + part.at }));
  let parsed: ParsedSign1;
  try {
    parsed = parseSign1(bytes);
  } catch (error) {
    // The layout is right, so what is refused is the header.
    return { kind: 'signed', ...about, header: [], parts, fields: [], faults: [headerFault(error, base, layout)] };
  }
  const faults: Fault[] = [];
  const meaning = meaningOf(parsed.header.typ);
  const peek =
    meaning.kind === 'frame'
      ? attempt(
          () => peekFrame(bytes),
          faults,
          (error) => headerFault(error, base, layout),
        )
      : undefined;
  const payloadAt = base + layout.payloadAt;
  const fields = meaning.body
    ? bodyFields(meaning, parsed.payload, payloadAt, judge, faults)
    : [bytesField(parsed.payload, 'payload')];
  return {
    kind: meaning.kind,
    ...(meaning.type !== undefined && { type: meaning.type }),
    ...about,
    header: headerFields(parsed),
    signature: meaning.signature(bytes, parsed.header.kid, judge, peek),
    parts,
    fields,
    faults,
  };
}

function bodyFields(
  { body, kind, type }: Meaning,
  payload: Uint8Array,
  at: number,
  judge: Judge,
  faults: Fault[],
): Field[] {
  const declared = body as WireType<unknown>;
  const decoded = attempt(
    () => decodeCbor(payload),
    faults,
    (error) => faultOf(error, at),
  );
  if (decoded === undefined) return [bytesField(payload, 'payload')];
  try {
    const value = declared.decode(decoded, type ?? kind);
    return fieldsOf(declared, value, (bytes, path) => {
      const place = at + placeOf(bytes, payload);
      const isDraft = type === 'delegation-request' && path === 'iac';
      return isDraft
        ? { ...bytesField(bytes, path), inside: draft(bytes, place) }
        : bytesInside(bytes, path, place, judge);
    });
  } catch (error) {
    const fault = faultOf(error, at);
    faults.push({ ...fault, at: at + offsetOf(declared, readItem(payload), fault.path ?? '') });
    return [bytesField(payload, 'payload')];
  }
}

/** A credential that nobody has signed yet; `base` is where it begins in the whole input. */
function draft(bytes: Uint8Array, base: number): Report {
  const declared = IacPayload as WireType<unknown>;
  const report = {
    kind: 'draft',
    type: 'iac',
    bytes: bytes.length,
    sha256: digestOf(bytes),
    header: [],
    parts: [],
  } as const;
  const faults: Fault[] = [];
  const fields = attempt(
    () => fieldsOf(declared, declared.decode(decodeCbor(bytes), 'iac'), bytesField),
    faults,
    (error) => ({ at: base, ...faultOf(error, base) }),
  );
  return { ...report, fields: fields ?? [bytesField(bytes, 'payload')], faults };
}

function bytesInside(bytes: Uint8Array, path: string, at: number, judge: Judge): Field {
  const field = bytesField(bytes, path);
  return bytes[0] === TAG_18 ? { ...field, inside: inspectSigned(bytes, at, judge) } : field;
}

/** Where a byte string stands in the payload it came out of: the first place with these bytes. */
function placeOf(bytes: Uint8Array, payload: Uint8Array): number {
  return Buffer.from(payload.buffer, payload.byteOffset, payload.length).indexOf(bytes);
}

/** What is wrong with the header begins where the header does, if nothing says it more exactly. */
function headerFault(error: unknown, base: number, { protectedAt }: Sign1Layout): Fault {
  return { at: base + protectedAt, ...faultOf(error, base + protectedAt) };
}

function attempt<T>(action: () => T, faults: Fault[], faultOfError: (error: unknown) => Fault): T | undefined {
  try {
    return action();
  } catch (error) {
    faults.push(faultOfError(error));
    return undefined;
  }
}

const TIMES = ['iat', 'exp'];

function headerFields({ header }: ParsedSign1): Field[] {
  const { alg, typ, version, claims = {} } = header;
  const given = { typ, alg, ...(version !== undefined && { version }), ...claims };
  return Object.entries(given).map(([path, value]): Field => {
    if (isBytes(value)) return { path, value: hex(value) };
    const time = TIMES.includes(path) ? utcOf(value as number) : undefined;
    return { path, value: value as number | string, ...(time !== undefined && { means: time }) };
  });
}

/** A header may hold any number as a time; only some are one. */
function utcOf(second: number): string | undefined {
  try {
    return toIsoUtc(second);
  } catch {
    return undefined;
  }
}
