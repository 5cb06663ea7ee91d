/**
 * The maker's word for a signer: a CBOR Web Token (RFC 8392) that names the identity key the signer was made with as its
 * `cnf` (RFC 8747), and what kind of signer it is. It is verified under pinned maker roots, which are in no TrustSet: a root
 * vouches for devices and signs nothing else (T25).
 */

import { equalBytes } from './bytes.ts';
import { decodePrivateCbor, encodeCbor } from './cbor.ts';
import { StrictReader } from './cbor-strict.ts';
import { SigningCoseKey, signingCoseKey } from './cose-key.ts';
import { checkEnrolmentKey } from './ed25519.ts';
import { ProtocolError } from './errors.ts';
import { epochSeconds } from './fields.ts';
import { type Digest, digestOf, flag, partyId } from './ids.ts';
import { type ConfirmationMethod, confirmationMethod } from './messages/payment.ts';
import { kidOf, parseSign1, type SigningKey, signSign1, type VerifyingKey, verifyParsed } from './sign1.ts';
import type { EpochSeconds } from './time.ts';
import { text, wireMap } from './wire.ts';

/** The type number of a device certificate, out of those of signed objects. */
export const DEVICE_CERTIFICATE_TYP = 28;
/** The longest a certificate holds: 20 years of 365 days. */
export const DEVICE_CERTIFICATE_MAX_WINDOW_S = 20 * 365 * 86_400;
/** A token's own `external_aad` is empty (RFC 8392 §7), so that any reader of CBOR Web Tokens can verify one. */
const NO_AAD = new Uint8Array();

/** Claim keys of RFC 8392 §4 and RFC 8747 §3.1; below −65536 they are for private use. */
export const DeviceCertificateBody = wireMap('device-certificate', {
  maker: [1, partyId],
  /** The maker's number of the device. */
  serial: [2, text(48, /^[A-Za-z0-9._-]+$/)],
  notAfter: [4, epochSeconds],
  notBefore: [5, epochSeconds],
  cnf: [8, wireMap('device-cnf', { key: [1, SigningCoseKey] })],
  model: [-70010, text(48, /^[A-Za-z0-9._-]+$/)],
  /** How the wearer's hold reaches the signer, in the words in which its confirmations say it. */
  method: [-70011, confirmationMethod],
  /** Whether its keys are made in a secure element and cannot leave it. */
  secureElement: [-70012, flag],
});

/** What a certificate says. Times in epoch seconds: it holds from `notBefore` on and ends with `notAfter`. */
export interface DeviceCertificateClaims {
  readonly maker: string;
  readonly serial: string;
  readonly model: string;
  readonly method: ConfirmationMethod;
  readonly secureElement: boolean;
  /** The public half of the identity key, 32 bytes. */
  readonly identityKey: Uint8Array;
  readonly notBefore: EpochSeconds;
  readonly notAfter: EpochSeconds;
}

declare const opened: unique symbol;

/** A certificate that was verified. Only {@link openDeviceCertificate} makes one. */
export interface DeviceCertificate extends DeviceCertificateClaims {
  /** SHA-256 over its bytes. */
  readonly digest: Digest;
  readonly [opened]: true;
}

/** A maker whose certificates are believed. */
export interface MakerRoot extends VerifyingKey {
  readonly maker: string;
}

/** Pins a maker's root. @throws ProtocolError `key-*` for an unsound key. */
export function makerRoot({ maker, publicKey }: { readonly maker: string; readonly publicKey: Uint8Array }): MakerRoot {
  checkEnrolmentKey(publicKey);
  return { maker, publicKey: new Uint8Array(publicKey), kid: kidOf(publicKey) };
}

/**
 * Issues a certificate under a maker's root. @throws ProtocolError as {@link openDeviceCertificate} would: what it would
 * refuse whenever it is read is not signed.
 */
export function signDeviceCertificate(claims: DeviceCertificateClaims, root: SigningKey): Uint8Array {
  const { identityKey, ...rest } = claims;
  checkClaims(claims, root.kid);
  const body = DeviceCertificateBody.encode(
    { ...rest, cnf: { key: signingCoseKey(identityKey) } },
    'device-certificate',
  );
  return signSign1({ payload: encodeCbor(body), key: root, typ: DEVICE_CERTIFICATE_TYP, externalAad: NO_AAD });
}

/**
 * Verifies and reads a certificate under pinned maker roots, at one time.
 * @throws ProtocolError `certificate-issuer` for a key that is no pinned root or the root of another maker,
 *   `certificate-not-yet-valid`, `certificate-expired`, `certificate-window`; `key-*` for an identity key that is unsound;
 *   `cose-*`, `cbor-*`, `message-shape`.
 */
export function openDeviceCertificate(
  bytes: Uint8Array,
  { roots, now }: { readonly roots: readonly MakerRoot[]; readonly now: EpochSeconds },
): DeviceCertificate {
  const exact = new StrictReader(bytes).bytes;
  const parsed = parseSign1(exact);
  // What a header says beside the token's own claims would be a second opinion (T16).
  if (parsed.header.claims !== undefined || parsed.header.version !== undefined)
    throw new ProtocolError('cose-header', 'a certificate carries its claims in its payload only');
  const root = roots.find(({ kid }) => equalBytes(kid, parsed.header.kid));
  if (!root) throw new ProtocolError('certificate-issuer', 'not issued under a pinned maker root');
  verifyParsed(parsed, { key: root, typ: DEVICE_CERTIFICATE_TYP, externalAad: NO_AAD });
  const { cnf, ...rest } = DeviceCertificateBody.decode(decodePrivateCbor(parsed.payload), 'device-certificate');
  const claims = { ...rest, identityKey: cnf.key.x };
  if (claims.maker !== root.maker)
    throw new ProtocolError('certificate-issuer', 'issued under the root of another maker');
  checkClaims(claims, root.kid);
  if (now < claims.notBefore) throw new ProtocolError('certificate-not-yet-valid', 'its time has not begun');
  // A clock that says nothing compares false with everything (T16).
  if (!(now <= claims.notAfter)) throw new ProtocolError('certificate-expired', 'its time is over');
  return { ...claims, digest: digestOf(exact) } as DeviceCertificate;
}

function checkClaims({ notBefore, notAfter, identityKey }: DeviceCertificateClaims, rootKid: Uint8Array): void {
  const windowS = notAfter - notBefore;
  if (windowS < 1 || windowS > DEVICE_CERTIFICATE_MAX_WINDOW_S)
    throw new ProtocolError('certificate-window', 'the window is empty or longer than 20 years');
  checkEnrolmentKey(identityKey);
  if (equalBytes(kidOf(identityKey), rootKid))
    throw new ProtocolError('certificate-issuer', 'a root does not certify itself');
}
