/** What a world's record says, read with the protocol's public decoders and nothing of the code that is judged. */
import type { Locale, ProfileId, Purchases } from '../../device/index.ts';
import {
  decodeCbor,
  FRAMES,
  type FrameType,
  OBJECTS,
  type ObjectType,
  type OpenedObject,
  openObject,
  ProtocolError,
  parseSign1,
  peekFrame,
  type WireType,
} from '../../protocol/index.ts';
import type { DeviceSecrets, Tenant } from '../cloud/index.ts';
import type { SentFrame, SignatureMade } from '../world-record.ts';

/** What the checkers may know besides the record. */
export interface Circumstances {
  readonly tenant: Tenant<DeviceSecrets>;
  readonly device: string;
  readonly profile: ProfileId;
  readonly locale: Locale;
  /** Further devices of the same tenant, with the same display and language. */
  readonly others?: readonly string[];
  /** How far the clock of any party may be from the world's, in milliseconds; absent: not at all. */
  readonly clocksApartMs?: number;
}

/** A finding is one sentence; none means that the invariant held. */
export type Findings = readonly string[];

/** The body of a frame as its sender sealed it. The record has it from the sender itself, so no signature is looked at. */
export function bodyOf(payload: Uint8Array): {
  readonly type: FrameType;
  readonly body: Readonly<Record<string, unknown>>;
} {
  const { type } = peekFrame(payload);
  const kind: { readonly body: WireType<unknown> } = FRAMES[type] as never;
  const body = kind.body.decode(decodeCbor(parseSign1(payload).payload), type);
  return { type, body: body as Readonly<Record<string, unknown>> };
}

/** Which frames carry which objects; objects that no frame of a purchase carries are not listed. */
const CARRIED: { readonly [T in ObjectType]?: readonly (readonly [FrameType, field: string])[] } = {
  cart: [
    ['cart', 'cart'],
    ['cart-reply', 'cart'],
  ],
  challenge: [['challenge', 'challenge']],
  confirmation: [['confirm', 'confirmation']],
  receipt: [
    ['receipt', 'receipt'],
    ['pay-status', 'receipt'],
    ['paid-notice', 'receipt'],
  ],
  fulfilment: [['fulfilment', 'update']],
};

/** The objects that a frame of this type carries, with the field of its body. */
export function carriedObjects(carrier: FrameType): readonly (readonly [ObjectType, field: string])[] {
  return CARRIED_BY.get(carrier) ?? [];
}

const CARRIED_BY: ReadonlyMap<FrameType, readonly (readonly [ObjectType, field: string])[]> = new Map(
  (Object.keys(FRAMES) as FrameType[]).map((carrier) => [
    carrier,
    (Object.keys(CARRIED) as ObjectType[]).flatMap((type) =>
      (CARRIED[type] ?? []).filter(([by]) => by === carrier).map(([, field]) => [type, field] as const),
    ),
  ]),
);

/** Bytes as a text of one character each: a name for a set, and where a piece can be looked for. */
export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** Every genuine object of one type that some party sent, by its digest. */
export function objectsOf<T extends ObjectType>(
  type: T,
  sent: readonly SentFrame[],
  { tenant }: Circumstances,
): ReadonlyMap<string, OpenedObject<T>> {
  const found = new Map<string, OpenedObject<T>>();
  const seen = new Set<unknown>();
  for (const { payload } of sent) {
    const { type: frameType } = peekFrame(payload);
    const field = CARRIED[type]?.find(([carrier]) => carrier === frameType)?.[1];
    const bytes = field === undefined ? undefined : bodyOf(payload).body[field];
    if (!(bytes instanceof Uint8Array) || seen.has(textOf(bytes))) continue;
    seen.add(textOf(bytes));
    const opened = genuine(type, bytes, tenant);
    if (opened) found.set(opened.digest, opened);
  }
  return found;
}

/** An object with a signature that holds, or nothing. */
export function genuine<T extends ObjectType>(
  type: T,
  bytes: Uint8Array,
  { directory }: Circumstances['tenant'],
): OpenedObject<T> | undefined {
  try {
    return openObject(type, bytes, { trust: directory.trust, tenant: directory.tenant });
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

export interface SignedConfirmation extends SignatureMade {
  readonly challengeDigest: string;
  readonly viewDigest: string;
  readonly counter: number;
}

/** What the confirmation key signed, out of the very bytes it was given (RFC 9052 §4.4). */
export function signedConfirmation(made: SignatureMade): SignedConfirmation {
  const structure = decodeCbor(made.toBeSigned);
  const payload = Array.isArray(structure) ? structure[3] : undefined;
  if (!(payload instanceof Uint8Array))
    throw new Error('the confirmation key signed something else than a Sig_structure');
  const value = OBJECTS.confirmation.body.decode(decodeCbor(payload), 'confirmation');
  return { ...made, challengeDigest: value.challengeDigest, viewDigest: value.viewDigest, counter: value.counter };
}

/** All purchases of one moment, the current one first. */
export function all({ current, background }: Purchases) {
  return [current, ...background];
}
