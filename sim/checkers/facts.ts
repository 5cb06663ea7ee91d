/** What a world's record says, read with the protocol's public decoders and nothing of the code that is judged. */
import type { Locale, ProfileId, Purchases } from '../../device/index.ts';
import {
  decodeCbor,
  FRAMES,
  type FramePeek,
  type FrameType,
  OBJECTS,
  type ObjectType,
  type ObjectValue,
  type OpenedObject,
  openObject,
  ProtocolError,
  parseSign1,
  peekFrame,
  type WireType,
} from '../../protocol/index.ts';
import type { DeviceSecrets, Tenant } from '../cloud/index.ts';
import type { SignatureMade } from '../world-record.ts';

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
  /** The PSP's own books of delegated payments as they are now; absent where nothing is delegated. */
  readonly books?: DelegatedBooks;
}

/** What stands in the ledger itself, to be held against what everybody says of it. */
export interface DelegatedBooks {
  spends(delegationId: string): readonly { readonly tradeNo: string; readonly amountMinor: number }[];
}

/** A finding is one sentence; none means that the invariant held. */
export type Findings = readonly string[];

const heads = new WeakMap<Uint8Array, FramePeek>();

/** What a frame of the record says of itself. Nobody writes to a record, so each is read once. @throws ProtocolError */
export function frameHead(payload: Uint8Array): FramePeek {
  const known = heads.get(payload);
  if (known) return known;
  const head = peekFrame(payload);
  heads.set(payload, head);
  return head;
}

/** The body of a frame as its sender sealed it. The record has it from the sender itself, so no signature is looked at. */
export function bodyOf(payload: Uint8Array): {
  readonly type: FrameType;
  readonly body: Readonly<Record<string, unknown>>;
} {
  const { type } = frameHead(payload);
  const kind: { readonly body: WireType<unknown> } = FRAMES[type] as never;
  const body = kind.body.decode(decodeCbor(parseSign1(payload).payload), type);
  return { type, body: body as Readonly<Record<string, unknown>> };
}

/** Which frames carry which objects; objects that no frame of a payment carries are not listed. */
const CARRIED: { readonly [T in ObjectType]?: readonly (readonly [FrameType, field: string])[] } = {
  cart: [
    ['cart', 'cart'],
    ['cart-reply', 'cart'],
    ['delegated-pay', 'cart'],
    ['spend-notice', 'cart'],
  ],
  challenge: [['challenge', 'challenge']],
  confirmation: [['confirm', 'confirmation']],
  receipt: [
    ['receipt', 'receipt'],
    ['pay-status', 'receipt'],
    ['paid-notice', 'receipt'],
    ['delegated-result', 'receipt'],
    ['spend-notice', 'receipt'],
  ],
  fulfilment: [['fulfilment', 'update']],
  authorization: [
    ['delegation-confirm', 'authorization'],
    ['delegation-task', 'authorization'],
  ],
  'delegation-challenge': [['delegation-challenge', 'challenge']],
  'lifecycle-order': [['lifecycle', 'order']],
  'sub-account-order': [['sub-account-order', 'order']],
  // One field carries either of the two; under the other name its signature does not hold.
  'delegated-pay-request': [
    ['delegated-pay', 'request'],
    ['spend-notice', 'request'],
  ],
  'autonomous-pay-request': [
    ['delegated-pay', 'request'],
    ['spend-notice', 'request'],
  ],
  'delegation-status': [['delegation-status', 'status']],
  refund: [
    ['refund-answer', 'refund'],
    ['refund-notice', 'refund'],
  ],
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

/** What the wearer's key can sign in COSE: each with the view that was shown and the signer's own counter. */
const BY_WEARER = ['confirmation', 'authorization', 'lifecycle-order', 'sub-account-order', 'binding-consent'] as const;
type ByWearer = (typeof BY_WEARER)[number];

interface Gesture extends SignatureMade {
  readonly viewDigest: string;
  readonly counter: number;
}

/** What the confirmation key signed, out of the very bytes it was given. */
export type Signed = {
  readonly [T in ByWearer]: Gesture & { readonly type: T; readonly value: ObjectValue<T> };
}[ByWearer];

const OPENING_BRACE = 0x7b;

/** Whether it is the JSON form of a credential that was signed, not a Sig_structure: the one begins so, the other cannot (T25). */
export function isJson({ toBeSigned }: SignatureMade): boolean {
  return toBeSigned[0] === OPENING_BRACE;
}

/** Reads a Sig_structure (RFC 9052 §4.4): which object it is of stands in the external data, last. */
export function signedByWearer(made: SignatureMade): Signed {
  const structure = decodeCbor(made.toBeSigned);
  const [, , aad, payload] = Array.isArray(structure) ? structure : [];
  if (!(aad instanceof Uint8Array) || !(payload instanceof Uint8Array))
    throw new Error('the confirmation key signed something else than a Sig_structure');
  const about = decodeCbor(aad);
  const typ = Array.isArray(about) ? about.at(-1) : undefined;
  const type = BY_WEARER.find((one) => OBJECTS[one].typ === Number(typ));
  if (!type) throw new Error(`the confirmation key signed an object of type ${typ}`);
  const body: WireType<unknown> = OBJECTS[type].body as never;
  const value = body.decode(decodeCbor(payload), type) as Signed['value'];
  return { ...made, type, value, viewDigest: value.viewDigest, counter: value.counter } as Signed;
}

/** All purchases of one moment, the current one first. */
export function all({ current, background }: Purchases) {
  return [current, ...background];
}
