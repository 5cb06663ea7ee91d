/**
 * How a device's keys get into a directory: its frame key and its confirmation key each sign the statement that names them,
 * which proves that whoever enrols has them, and the identity key of its certificate signs around both (design 2, 4).
 */
import { equalBytes } from './bytes.ts';
import type { DeviceCertificate } from './device-certificate.ts';
import { checkEnrolmentKey } from './ed25519.ts';
import { ProtocolError } from './errors.ts';
import { epochSeconds } from './fields.ts';
import { agentId, type Id16, id16, partyId } from './ids.ts';
import { type Layering, parseLayers, signLayers, verifyLayers } from './layers.ts';
import { kidOf, type SigningKey } from './sign1.ts';
import type { EpochSeconds } from './time.ts';
import { bytes, type WireValue, wireMap } from './wire.ts';

export const ENROLMENT_TYP = 29;
/** How far the time of a statement may be from the time it is taken, either way: two people may carry it on a stick. */
export const ENROLMENT_WINDOW_S = 86_400;

export const EnrolmentBody = wireMap('enrolment', {
  device: [1, partyId],
  agentId: [2, agentId],
  frameKey: [3, bytes(32, 32)],
  confirmationKey: [4, bytes(32, 32)],
  /** Chosen by the PSP for this enrolment and used once. */
  nonce: [5, id16],
  at: [6, epochSeconds],
});
export type EnrolmentBody = WireValue<typeof EnrolmentBody>;

/** The keys of one device; each signs. */
export interface EnrolmentKeys {
  readonly frame: SigningKey;
  readonly confirmation: SigningKey;
  readonly identity: SigningKey;
}

function layeringOf(tenant: string): Layering {
  return { name: 'enrolment', typ: ENROLMENT_TYP, tenant, layers: ['frame', 'confirmation', 'identity'] };
}

/** @throws ProtocolError `message-shape`. */
export function signEnrolment(value: EnrolmentBody, tenant: string, keys: EnrolmentKeys): Uint8Array {
  const body = EnrolmentBody.encode(value, 'enrolment');
  return signLayers(body, [keys.frame, keys.confirmation, keys.identity], layeringOf(tenant));
}

export interface OpenEnrolmentBy {
  readonly tenant: string;
  readonly certificate: DeviceCertificate;
  /** The one that was given out for this enrolment. */
  readonly nonce: Id16;
  readonly now: EpochSeconds;
}

/**
 * Verifies all three signatures and reads the statement.
 * @throws ProtocolError `enrolment-nonce`, `enrolment-time`, `enrolment-keys` where one key is to serve two purposes;
 *   `key-*` for an unsound key (T22); `cose-*`, `cbor-*`, `message-shape`.
 */
export function openEnrolment(statement: Uint8Array, by: OpenEnrolmentBy): EnrolmentBody {
  const layering = layeringOf(by.tenant);
  const parsed = parseLayers(statement, layering);
  const value = EnrolmentBody.decode(parsed.body, 'enrolment');
  const { frameKey, confirmationKey } = value;
  const { identityKey } = by.certificate;
  for (const key of [frameKey, confirmationKey]) checkEnrolmentKey(key);
  const same = [
    [frameKey, confirmationKey],
    [frameKey, identityKey],
    [confirmationKey, identityKey],
  ] as const;
  if (same.some(([one, other]) => equalBytes(one, other)))
    throw new ProtocolError('enrolment-keys', 'one key for two purposes');
  const keys = [frameKey, confirmationKey, identityKey].map((publicKey) => ({ publicKey, kid: kidOf(publicKey) }));
  verifyLayers(parsed, keys, layering);
  if (value.nonce !== by.nonce) throw new ProtocolError('enrolment-nonce', 'made for another enrolment');
  if (!(Math.abs(value.at - by.now) <= ENROLMENT_WINDOW_S))
    throw new ProtocolError('enrolment-time', 'made at another time');
  return value;
}
