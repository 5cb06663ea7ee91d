/**
 * What pays out of a sub-account: beside the agent's signature over the request, one by the key of the sub-account itself
 * (ACT 2.1 PSD-AGT-SUB). ACT leaves open what it covers; here that is the whole request, so that it fits no other payment.
 */
import { encodeCbor } from './cbor.ts';
import { verifyEd25519 } from './ed25519.ts';
import { OBJECTS, type ObjectValue } from './objects.ts';
import type { SigningKey } from './sign1.ts';
import { PROFILE, PROFILE_VERSION } from './version.ts';
import type { WireType } from './wire.ts';

/** The requests that can be paid out of a sub-account. */
export type DelegatedRequestType = 'delegated-pay-request' | 'autonomous-pay-request';

/** Stands in the request where the authorisation will be. */
const OPEN = new Uint8Array(64);

/** The request with zeros for the authorisation, under a name of its own: no COSE signing input begins like it (T25). */
function covered<T extends DelegatedRequestType>(type: T, request: ObjectValue<T>): Uint8Array {
  const { typ, body } = OBJECTS[type];
  const open = { ...request, subAccountAuthorization: OPEN };
  return encodeCbor([PROFILE, PROFILE_VERSION, 'sub-account', typ, (body as WireType<unknown>).encode(open, type)]);
}

/**
 * The request with the authorisation of its sub-account; what stood in that place before is not looked at.
 * @throws ProtocolError `message-shape`, `act-*` for a request that is none, or that names no sub-account.
 */
export function authoriseSubAccount<T extends DelegatedRequestType>(
  type: T,
  request: ObjectValue<T>,
  key: SigningKey,
): ObjectValue<T> {
  return { ...request, subAccountAuthorization: key.sign(covered(type, request)) };
}

/** Whether the key of the sub-account has authorised exactly this request. The caller knows the key from its own books (T23). */
export function isSubAccountAuthorised<T extends DelegatedRequestType>(
  type: T,
  request: ObjectValue<T>,
  publicKey: Uint8Array,
): boolean {
  const { subAccountAuthorization } = request;
  return (
    subAccountAuthorization !== undefined && verifyEd25519(subAccountAuthorization, covered(type, request), publicKey)
  );
}
