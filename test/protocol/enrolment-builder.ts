/** A maker, a device of theirs and its keys, with the statements they make. */
import { equalBytes } from '../../protocol/bytes.ts';
import {
  type DeviceCertificate,
  type DeviceCertificateClaims,
  makerRoot,
  openDeviceCertificate,
  signDeviceCertificate,
} from '../../protocol/device-certificate.ts';
import { type EnrolmentBody, type EnrolmentKeys, openEnrolment, signEnrolment } from '../../protocol/enrolment.ts';
import type { SigningKey } from '../../protocol/sign1.ts';
import type { EpochSeconds } from '../../protocol/time.ts';
import { at, idOf, keyOf, NOW, PARTIES, TENANT } from './builders.ts';

export const ROOT = keyOf('maker root');
export const OTHER_ROOT = keyOf('another maker root');
export const ROOTS = [
  makerRoot({ maker: 'lumen', publicKey: ROOT.publicKey }),
  makerRoot({ maker: 'rival', publicKey: OTHER_ROOT.publicKey }),
];
export const IDENTITY = keyOf('device identity');
export const FRAME = keyOf('device frame');
export const CONFIRMATION = keyOf('device confirmation');
export const KEYS: EnrolmentKeys = { frame: FRAME, confirmation: CONFIRMATION, identity: IDENTITY };
export const NONCE = idOf('enrolment nonce');
/** y = 0: of order 4, and the key under which a signature of zeros verifies for many messages (T22). */
export const LOW_ORDER_KEY = new Uint8Array(32);

export const CLAIMS: DeviceCertificateClaims = {
  maker: 'lumen',
  serial: 'LG1-000042',
  model: 'lumen-glasses-1',
  method: 'hold-hardware-line',
  secureElement: true,
  identityKey: IDENTITY.publicKey,
  notBefore: at(-1000),
  notAfter: at(1000),
};

export function aCertificate(changes: Partial<DeviceCertificateClaims> = {}, root: SigningKey = ROOT): Uint8Array {
  return signDeviceCertificate({ ...CLAIMS, ...changes }, root);
}

export function opened(bytes: Uint8Array, now: number = NOW, roots = ROOTS): DeviceCertificate {
  return openDeviceCertificate(bytes, { roots, now: now as EpochSeconds });
}

export const STATEMENT: EnrolmentBody = {
  device: PARTIES.device.party,
  agentId: 'did:act:example.com/device-1',
  frameKey: FRAME.publicKey,
  confirmationKey: CONFIRMATION.publicKey,
  nonce: NONCE,
  at: NOW,
};

export function anEnrolment(changes: Partial<EnrolmentBody> = {}, keys: Partial<EnrolmentKeys> = {}): Uint8Array {
  return signEnrolment({ ...STATEMENT, ...changes }, TENANT, { ...KEYS, ...keys });
}

export function enrolled(bytes: Uint8Array, changes: Partial<Parameters<typeof openEnrolment>[1]> = {}): EnrolmentBody {
  return openEnrolment(bytes, {
    tenant: TENANT,
    certificate: opened(aCertificate()),
    nonce: NONCE,
    now: NOW,
    ...changes,
  });
}

/** The bytes with one run of them replaced by another of the same length. */
export function replaced(bytes: Uint8Array, from: Uint8Array, to: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes);
  const start = copy.findIndex((_, i) => equalBytes(copy.slice(i, i + from.length), from));
  if (start < 0) throw new Error('not in there');
  copy.set(to, start);
  return copy;
}
