/** What a device says to be enrolled, and what a cloud makes of it. */
import { type DeviceCertificate, type MakerRoot, openDeviceCertificate } from '../protocol/device-certificate.ts';
import { type EnrolmentBody, type EnrolmentKeys, openEnrolment, signEnrolment } from '../protocol/enrolment.ts';
import {
  type EpochSeconds,
  equalBytes,
  type Id16,
  openRecipientKey,
  ProtocolError,
  signRecipientKey,
  TrustSet,
  trustedKey,
} from '../protocol/index.ts';
import { recipientWindow } from '../sim/index.ts';

/** Everything a device hands over to be enrolled; none of it is secret. */
export interface EnrolmentRequest {
  readonly certificate: Uint8Array;
  readonly enrolment: Uint8Array;
  readonly recipientKey: Uint8Array;
}

export interface Enrolling {
  readonly tenant: string;
  readonly device: string;
  readonly agentId: string;
  readonly nonce: Id16;
  readonly at: EpochSeconds;
  readonly certificate: Uint8Array;
  readonly recipientPublicKey: Uint8Array;
}

/** The device's side: its keys sign, each for itself, and the identity key for all. The recipient key holds from `at` on. */
export function requestEnrolment(
  { tenant, device, agentId, nonce, at, certificate, recipientPublicKey }: Enrolling,
  keys: EnrolmentKeys & {
    readonly frame: { readonly publicKey: Uint8Array };
    readonly confirmation: { readonly publicKey: Uint8Array };
  },
): EnrolmentRequest {
  const { frame, confirmation } = keys;
  const value = {
    ...{ device, agentId, nonce, at },
    ...{ frameKey: frame.publicKey, confirmationKey: confirmation.publicKey },
  };
  const recipient = { party: device, role: 'device', publicKey: recipientPublicKey, ...recipientWindow(at) } as const;
  return {
    certificate,
    enrolment: signEnrolment(value, tenant, keys),
    recipientKey: signRecipientKey(recipient, tenant, frame),
  };
}

export interface Judging {
  readonly tenant: string;
  readonly roots: readonly MakerRoot[];
  readonly nonce: Id16;
  readonly now: EpochSeconds;
}

export interface JudgedEnrolment {
  readonly certificate: DeviceCertificate;
  readonly value: EnrolmentBody;
  readonly recipientKey: Uint8Array;
}

/** The cloud's side. @throws ProtocolError `certificate-*`, `enrolment-*`, `key-*`, `seal-key`, `cose-*`, `cbor-*`, `message-shape`. */
export function judgeEnrolment(request: EnrolmentRequest, { tenant, roots, nonce, now }: Judging): JudgedEnrolment {
  const certificate = openDeviceCertificate(request.certificate, { roots, now });
  const value = openEnrolment(request.enrolment, { tenant, certificate, nonce, now });
  const { device: party, frameKey } = value;
  return { certificate, value, recipientKey: ownRecipientKey([request.recipientKey], { party, tenant, frameKey }) };
}

/**
 * The newest of a device's recipient keys, each of which its frame key must have signed.
 * @throws ProtocolError `seal-key` where there is none; `cose-*`, `cbor-*`, `message-shape`.
 */
export function ownRecipientKey(
  statements: readonly Uint8Array[],
  { party, tenant, frameKey }: { readonly party: string; readonly tenant: string; readonly frameKey: Uint8Array },
): Uint8Array {
  const trust = new TrustSet([trustedKey({ party, role: 'device', use: 'frame', tenant, publicKey: frameKey })]);
  const opened = statements.map((statement) => ({ statement, ...openRecipientKey(statement, { trust, tenant }) }));
  const [newest] = opened.sort((a, b) => b.notBefore - a.notBefore);
  if (!newest) throw new ProtocolError('seal-key', 'no recipient key of the device');
  return newest.statement;
}

/** Whether a device is enrolled with these keys already. */
export function hasKeys(
  enrolled: { readonly framePublicKey: Uint8Array; readonly confirmationPublicKey: Uint8Array },
  { frameKey, confirmationKey }: EnrolmentBody,
): boolean {
  return equalBytes(enrolled.framePublicKey, frameKey) && equalBytes(enrolled.confirmationPublicKey, confirmationKey);
}
