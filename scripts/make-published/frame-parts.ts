/** Frames put together from their parts, so that each part can be another one. */
import { type CborKey, type CborValue, decodeCbor, encodeCbor } from '../../protocol/cbor.ts';
import { FRAMES, type FrameType, fromHex, type SigningKey } from '../../protocol/index.ts';
import type { WireType } from '../../protocol/wire.ts';
import { addressOf, BODIES, FRAME_KEYS, idOf, NOW } from '../fuzz-samples.ts';
import { type Json, plain, rawSign1 } from './vector.ts';

export const FRAME_TYPES = Object.keys(FRAMES) as FrameType[];
type Entries = readonly (readonly [CborKey, unknown])[];

export const keyFor = (type: FrameType): SigningKey => FRAME_KEYS[addressOf(type).from.role as keyof typeof FRAME_KEYS];

/** What the receiver knows: who it is, when it is, and the session of this sender. */
export function readerOf(type: FrameType) {
  const { to, session } = addressOf(type);
  return { receiver: { ...to }, session, now: NOW as number };
}

/** The parts of a frame, each of which may be replaced; it is truly signed afterwards. */
export interface FrameParts {
  readonly header?: Entries;
  readonly claims?: Entries;
  readonly payload?: CborValue | Uint8Array;
  readonly aad?: readonly unknown[];
  readonly key?: SigningKey;
  readonly unprotected?: ReadonlyMap<CborKey, CborValue>;
  readonly tag?: number;
}

export const payloadOf = (type: FrameType): ReadonlyMap<CborKey, CborValue> =>
  decodeCbor(encodeCbor((FRAMES[type].body as WireType<unknown>).encode(BODIES[type], type))) as ReadonlyMap<
    CborKey,
    CborValue
  >;

/** The sample frame with other parts. Entries replace those with the same label; `undefined` takes one out. */
export function frameWith(type: FrameType, parts: FrameParts = {}): Uint8Array {
  const { from, to, tenant, session } = addressOf(type);
  const key = parts.key ?? keyFor(type);
  const claims: Entries = [
    [1, from.party],
    [3, to.party],
    [4, NOW + 60],
    [6, NOW],
    [7, fromHex(idOf(`frame ${type}`))],
  ];
  const header: Entries = [
    [1, -19],
    [4, key.kid],
    [15, merged(claims, parts.claims)],
    [16, FRAMES[type].typ],
    [-70001, 1],
  ];
  const aad = ['act-edge', 1, 'frame', FRAMES[type].typ, to.role, tenant, fromHex(session)];
  return rawSign1({
    header: merged(header, parts.header),
    payload: parts.payload ?? payloadOf(type),
    aad: (parts.aad ?? aad) as readonly CborValue[],
    key,
    ...(parts.unprotected === undefined ? {} : { unprotected: parts.unprotected }),
    ...(parts.tag === undefined ? {} : { tag: parts.tag }),
  });
}

function merged(entries: Entries, changes: Entries = []): ReadonlyMap<CborKey, CborValue> {
  const all = [...new Map([...entries, ...changes])].filter(([, value]) => value !== undefined);
  return new Map(all as [CborKey, CborValue][]);
}

/** What a reader knows of the sample frame with this body, after everything was checked. */
export function opened(type: FrameType, body: unknown = BODIES[type], lifetimeS = 60): Json {
  const { from, to } = addressOf(type);
  const life = { iat: NOW, exp: NOW + lifetimeS, cti: idOf(`frame ${type}`) };
  const head = { type, version: 1, iss: from.party, aud: to.party, ...life };
  return plain({ ...head, from, body });
}
