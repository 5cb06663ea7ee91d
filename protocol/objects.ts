/**
 * Signed objects: what must convince others later. Each is a COSE_Sign1 over the CBOR of its declaration, small, without
 * addressing; frames carry them byte for byte. Type numbers are 1 to 31, so that no object can be read as a frame (T25).
 */

import { AutonomousPayRequest, DelegatedPayRequest } from './act/payment.ts';
import { decodePrivateCbor, encodeCbor } from './cbor.ts';
import { StrictReader } from './cbor-strict.ts';
import { ProtocolError } from './errors.ts';
import type { Role } from './fields.ts';
import { type Digest, digestOf } from './ids.ts';
import { Cart } from './messages/cart.ts';
import { DelegationStatus, Refund } from './messages/delegation.ts';
import { Challenge, Confirmation, Receipt } from './messages/payment.ts';
import {
  Authorization,
  BindingConsent,
  BindingOffer,
  DelegationChallenge,
  LifecycleOrder,
  LockOrder,
  SubAccountOrder,
} from './messages/signer.ts';
import { Fulfilment } from './messages/trade.ts';
import { parseSign1, type SigningKey, signSign1, verifyParsed } from './sign1.ts';
import type { EpochSeconds } from './time.ts';
import type { TrustedKey, TrustSet } from './trust.ts';
import { PROFILE, PROFILE_VERSION } from './version.ts';
import type { WireType, WireValue } from './wire.ts';

interface ObjectKind {
  readonly typ: number;
  readonly signer: Role;
  readonly body: WireType<unknown>;
}

/** Every signed object: its number, who may sign it, its declaration. */
export const OBJECTS = {
  cart: { typ: 1, signer: 'merchant', body: Cart },
  challenge: { typ: 2, signer: 'psp', body: Challenge },
  confirmation: { typ: 3, signer: 'signer', body: Confirmation },
  receipt: { typ: 4, signer: 'psp', body: Receipt },
  fulfilment: { typ: 5, signer: 'merchant', body: Fulfilment },
  authorization: { typ: 6, signer: 'signer', body: Authorization },
  'delegated-pay-request': { typ: 7, signer: 'agent', body: DelegatedPayRequest },
  'lifecycle-order': { typ: 8, signer: 'signer', body: LifecycleOrder },
  'delegation-challenge': { typ: 9, signer: 'psp', body: DelegationChallenge },
  'binding-offer': { typ: 10, signer: 'psp', body: BindingOffer },
  'binding-consent': { typ: 11, signer: 'signer', body: BindingConsent },
  'lock-order': { typ: 12, signer: 'psp', body: LockOrder },
  'delegation-status': { typ: 13, signer: 'psp', body: DelegationStatus },
  refund: { typ: 14, signer: 'psp', body: Refund },
  'autonomous-pay-request': { typ: 15, signer: 'agent', body: AutonomousPayRequest },
  'sub-account-order': { typ: 16, signer: 'signer', body: SubAccountOrder },
} as const satisfies Record<string, { typ: number; signer: Role; body: unknown }>;

export type ObjectType = keyof typeof OBJECTS;
export type ObjectValue<T extends ObjectType> = WireValue<(typeof OBJECTS)[T]['body']>;

function aadOf(type: ObjectType): Uint8Array {
  return encodeCbor([PROFILE, PROFILE_VERSION, 'object', OBJECTS[type].typ]);
}

/** Encodes and signs one object. @throws ProtocolError `message-shape` if the value is out of bounds. */
export function signObject<T extends ObjectType>(type: T, value: ObjectValue<T>, key: SigningKey): Uint8Array {
  const kind: ObjectKind = OBJECTS[type];
  const payload = encodeCbor(kind.body.encode(value, type));
  return signSign1({ payload, key, typ: kind.typ, externalAad: aadOf(type) });
}

export interface OpenedObject<T extends ObjectType> {
  readonly value: ObjectValue<T>;
  /** SHA-256 over the whole signed object; what other objects refer to. */
  readonly digest: Digest;
  readonly signer: TrustedKey;
}

/** Whom one believes, and as of when: without `at`, no key that was replaced ({@link TrustedKey.until}). */
export interface OpenedBy {
  readonly trust: TrustSet;
  readonly tenant: string;
  readonly at?: EpochSeconds;
}

/**
 * Verifies and decodes one object. The key must be trusted for this tenant, as an object key of the role that signs this type.
 * @throws ProtocolError `cose-*`, `cbor-*` or `message-shape`.
 */
export function openObject<T extends ObjectType>(type: T, bytes: Uint8Array, by: OpenedBy): OpenedObject<T> {
  const kind: ObjectKind = OBJECTS[type];
  const exact = new StrictReader(bytes).bytes;
  const parsed = parseSign1(exact);
  // An object has no receiver, version or life of its own; one that claims some would have them passed over (T16).
  if (parsed.header.claims !== undefined || parsed.header.version !== undefined)
    throw new ProtocolError('cose-header', 'a signed object carries neither claims nor a version');
  const signer = by.trust.find(parsed.header.kid, {
    tenant: by.tenant,
    use: 'object',
    roles: [kind.signer],
    at: by.at,
  });
  verifyParsed(parsed, { key: signer, typ: kind.typ, externalAad: aadOf(type) });
  const value = kind.body.decode(decodePrivateCbor(parsed.payload), type) as ObjectValue<T>;
  return { value, digest: digestOf(exact), signer };
}
