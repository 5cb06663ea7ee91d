/** One builder per thing: a valid value with the changes a test is about. */
import { fromHex } from '../../protocol/bytes.ts';
import { type CborInput, encodeCbor } from '../../protocol/cbor.ts';
import type { Evidence } from '../../protocol/evidence.ts';
import { type FrameAddress, type FrameReader, type OpenFrame, openFrame, sealFrame } from '../../protocol/frame.ts';
import { FRAMES, type FrameType, type Message } from '../../protocol/frames.ts';
import { digestOf, type SessionId } from '../../protocol/ids.ts';
import { OBJECTS, type ObjectType, type ObjectValue, signObject } from '../../protocol/objects.ts';
import { type Claims, type SigningKey, signSign1 } from '../../protocol/sign1.ts';
import type { EpochSeconds } from '../../protocol/time.ts';
import { type TrustedKey, trustedKey } from '../../protocol/trust.ts';
import { PROFILE, PROFILE_VERSION } from '../../protocol/version.ts';
import type { WireType } from '../../protocol/wire.ts';
import {
  addressOf,
  BODIES,
  FRAME_KEYS,
  idOf,
  NOW,
  OBJECT_KEYS,
  readerOf,
  TENANT,
  VALUES,
} from '../../scripts/fuzz-samples.ts';

export {
  addressOf,
  at,
  BODIES,
  EVIDENCE,
  FRAME_KEYS,
  idOf,
  keyOf,
  NOW,
  OBJECT_KEYS,
  PARTIES,
  readerOf,
  SESSION,
  SIGNED,
  sampleFrame,
  TENANT,
  TRUST,
  VALUES,
} from '../../scripts/fuzz-samples.ts';

export const FRAME_TYPES = Object.keys(FRAMES) as FrameType[];
export const OBJECT_TYPES = Object.keys(OBJECTS) as ObjectType[];

/** The declaration of what a frame or an object carries, for code that goes through all of them. */
export const bodyOf = (type: FrameType): WireType<unknown> => FRAMES[type].body as WireType<unknown>;
export const declarationOf = (type: ObjectType): WireType<unknown> => OBJECTS[type].body as WireType<unknown>;

/** The key with which the party at the sending end of a frame type signs. */
export const frameKeyOf = (type: FrameType): SigningKey =>
  FRAME_KEYS[addressOf(type).from.role as keyof typeof FRAME_KEYS];

/** A sample frame with other addressing, life or key. */
export function aFrame(
  type: FrameType,
  changes: {
    readonly address?: Partial<FrameAddress>;
    readonly iat?: number;
    readonly lifetimeS?: number;
    readonly key?: SigningKey;
    readonly body?: unknown;
  } = {},
): Uint8Array {
  const { address, iat = NOW, lifetimeS = 60, key = frameKeyOf(type), body = BODIES[type] } = changes;
  const life = { iat: iat as EpochSeconds, lifetimeS, cti: idOf(`frame ${type}`) };
  return sealFrame({ type, body } as Message, { ...addressOf(type), ...address }, life, key);
}

/** Opens a frame as its rightful receiver, or one that differs from it. */
export function opened(
  type: FrameType,
  frame: Uint8Array,
  reader: Partial<FrameReader> = {},
  now: number = NOW,
): OpenFrame {
  return openFrame(frame, { ...readerOf(type), ...reader }, now as EpochSeconds);
}

/**
 * A truly signed frame that says whatever the test wants: what a party with a good key and bad intent can send. The
 * external AAD is spelt out here once more, apart from the code under test.
 */
export function forgedFrame(
  type: FrameType,
  changes: {
    readonly typ?: number;
    readonly aadTyp?: number;
    readonly version?: number | undefined;
    readonly aadVersion?: number;
    readonly claims?: Claims | undefined;
    readonly payload?: CborInput;
    readonly key?: SigningKey;
  } = {},
): Uint8Array {
  const { to, from, tenant, session } = addressOf(type);
  const { typ = FRAMES[type].typ, aadTyp = typ, key = frameKeyOf(type) } = changes;
  const version = 'version' in changes ? changes.version : PROFILE_VERSION;
  const claims = 'claims' in changes ? changes.claims : claimsOf(from.party, to.party);
  const aad = [PROFILE, changes.aadVersion ?? version ?? PROFILE_VERSION, 'frame', aadTyp, to.role, tenant];
  return signSign1({
    payload: encodeCbor(changes.payload ?? bodyOf(type).encode(BODIES[type], type)),
    key,
    typ,
    ...(version === undefined ? {} : { version }),
    ...(claims === undefined ? {} : { claims }),
    externalAad: encodeCbor([...aad, fromHex(session)]),
  });
}

export const claimsOf = (iss: string, aud: string): Required<Claims> => ({
  iss,
  aud,
  iat: NOW,
  exp: NOW + 60,
  cti: new Uint8Array(16),
});

/** A truly signed object of any header, external AAD and payload. */
export function forgedObject(
  type: ObjectType,
  changes: {
    readonly typ?: number;
    readonly aad?: CborInput;
    readonly version?: number;
    readonly claims?: Claims;
    readonly payload?: CborInput;
    readonly key?: SigningKey;
  } = {},
): Uint8Array {
  const { typ = OBJECTS[type].typ, key = OBJECT_KEYS[OBJECTS[type].signer] } = changes;
  return signSign1({
    payload: encodeCbor(changes.payload ?? declarationOf(type).encode(VALUES[type], type)),
    key,
    typ,
    ...(changes.version === undefined ? {} : { version: changes.version }),
    ...(changes.claims === undefined ? {} : { claims: changes.claims }),
    externalAad: encodeCbor(changes.aad ?? [PROFILE, PROFILE_VERSION, 'object', OBJECTS[type].typ]),
  });
}

/** A signed object with changed values, by its rightful signer or another key. */
export function anObject<T extends ObjectType>(
  type: T,
  changes: Partial<ObjectValue<T>> = {},
  key: SigningKey = OBJECT_KEYS[OBJECTS[type].signer],
): Uint8Array {
  return signObject(type, { ...(VALUES[type] as ObjectValue<T>), ...changes }, key);
}

/** An enrolled key. */
export function anEnrolledKey(entry: Omit<TrustedKey, 'kid' | 'tenant'> & { readonly tenant?: string }): TrustedKey {
  return trustedKey({ tenant: TENANT, ...entry });
}

type EvidenceChanges = {
  readonly [T in keyof Evidence]?: { readonly value?: Partial<ObjectValue<T>>; readonly key?: SigningKey };
};

/** The evidence of a purchase whose links hold, but for the changes; later objects refer to the changed ones. */
export function anEvidence({ cart, challenge, confirmation, receipt }: EvidenceChanges = {}): Evidence {
  const signedCart = anObject('cart', cart?.value, cart?.key);
  const cartDigest = digestOf(signedCart);
  const signedChallenge = anObject('challenge', { cartDigest, ...challenge?.value }, challenge?.key);
  const challengeDigest = digestOf(signedChallenge);
  const signedConfirmation = anObject('confirmation', { challengeDigest, ...confirmation?.value }, confirmation?.key);
  const confirmationDigest = digestOf(signedConfirmation);
  const signedReceipt = anObject('receipt', { confirmationDigest, ...receipt?.value }, receipt?.key);
  return { cart: signedCart, challenge: signedChallenge, confirmation: signedConfirmation, receipt: signedReceipt };
}

/** The same session with its last digit changed. */
export const otherSession = (session: SessionId): SessionId =>
  `${session.slice(0, -1)}${session.endsWith('f') ? 'e' : 'f'}` as SessionId;

/** The bytes with one bit flipped. */
export function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  return bytes.with(bit >> 3, (bytes[bit >> 3] as number) ^ (1 << (bit & 7)));
}
