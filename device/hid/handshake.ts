/**
 * How a host and a signer prove themselves to each other (ACT-HID.md §5): both make a fresh X25519 key, each signs what was
 * said with its own long-term key, and sends that signature sealed under the agreed secret (SIGMA, as in TLS 1.3). In the
 * first pairing, where neither knows the other, the host commits to its fresh key before it sees the signer's; six digits of
 * both keys then suffice, because whoever stands between has one guess and cannot search (T5, T11).
 */

import { type AgreementKey, aeadOpen, aeadSeal } from '../../protocol/crypto.ts';
import { hkdfExpand, hkdfExtract } from '../../protocol/hpke.ts';
import {
  checkEnrolmentKey,
  concatBytes,
  equalBytes,
  ProtocolError,
  sha256,
  utf8,
  verifyEd25519,
} from '../../protocol/index.ts';
import { uint32 } from './framing.ts';
import { CODE_DIGITS } from './limits.ts';
import type { DirectionKeys } from './session.ts';

/** A long-term Ed25519 key: the host's pairing key, the signer's identity key. Neither is the confirmation key. */
export interface IdentityKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

export type Side = 'host' | 'signer';

/** What both sides know before the first message. It is bound into every key, so that nobody can talk one side down (T20). */
export interface Beginning {
  readonly kind: 'pair' | 'session';
  /** The version both are to speak. */
  readonly version: number;
  /** The versions that the signer offered in its answer to INIT. */
  readonly offered: { readonly version: number; readonly floor: number };
  readonly nonce: Uint8Array;
  readonly channel: number;
}

/** Bytes of an X25519 key, of a commitment, and of a sealed proof: public key, signature, tag. */
export const KEY_BYTES = 32;
export const PROOF_BYTES = 112;
const NONCE = new Uint8Array(12);
const NOTHING = new Uint8Array(0);
const LABEL = 'act-hid 1';

/** What the two fresh keys gave. */
export interface Agreement {
  readonly beginning: Beginning;
  /** Over the beginning and both fresh keys: what each side signs. */
  readonly transcript: Uint8Array;
  readonly secret: Uint8Array;
}

interface Ephemerals {
  readonly host: Uint8Array;
  readonly signer: Uint8Array;
}

/** `undefined` for a key of low order, under which everybody knows the secret (RFC 7748 §6.1). */
export function agree(beginning: Beginning, own: AgreementKey, keys: Ephemerals): Agreement | undefined {
  if (keys.host.length !== KEY_BYTES || keys.signer.length !== KEY_BYTES) return undefined;
  const shared = own.agree(equalBytes(own.publicKey, keys.host) ? keys.signer : keys.host);
  if (shared.reduce((seen, byte) => seen | byte, 0) === 0) return undefined;
  const { kind, version, offered, nonce, channel } = beginning;
  const transcript = sha256(
    concatBytes(
      utf8(`${LABEL} ${kind}\0`),
      Uint8Array.of(version, offered.version, offered.floor),
      ...[nonce, uint32(channel), keys.host, keys.signer],
    ),
  );
  return { beginning, transcript, secret: hkdfExtract(transcript, shared) };
}

function derived({ secret }: Agreement, purpose: string, about: Uint8Array = NOTHING): Uint8Array {
  return hkdfExpand(secret, concatBytes(utf8(`${LABEL} ${purpose}\0`), about), KEY_BYTES);
}

/** The peer's key is signed along as soon as it is known, so that a proof given to one is none for another. */
function toBeSigned({ beginning, transcript }: Agreement, side: Side, peer: Uint8Array): Uint8Array {
  return concatBytes(utf8(`${LABEL} ${beginning.kind} ${side}\0`), transcript, peer);
}

/** One side's public key and signature, sealed for the other. @param peer the other's public key; left out while unknown. */
export function prove(agreement: Agreement, side: Side, key: IdentityKey, peer: Uint8Array = NOTHING): Uint8Array {
  const proof = concatBytes(key.publicKey, key.sign(toBeSigned(agreement, side, peer)));
  const sealing = { key: derived(agreement, `${side} proves`), nonce: NONCE, aad: agreement.transcript };
  return aeadSeal(sealing, proof);
}

/** The public key that the other side has proven to hold, or `undefined`. Whether it is trusted is another question. */
export function provenBy(
  agreement: Agreement,
  side: Side,
  sealed: Uint8Array,
  own: Uint8Array = NOTHING,
): Uint8Array | undefined {
  if (sealed.length !== PROOF_BYTES) return undefined;
  const sealing = { key: derived(agreement, `${side} proves`), nonce: NONCE, aad: agreement.transcript };
  const proof = aeadOpen(sealing, sealed);
  if (!proof) return undefined;
  const publicKey = proof.slice(0, KEY_BYTES);
  return verifyEd25519(proof.slice(KEY_BYTES), toBeSigned(agreement, side, own), publicKey) ? publicKey : undefined;
}

/** Whether a key may be trusted from now on: T22's policy for enrolment. */
export function isSoundKey(publicKey: Uint8Array): boolean {
  try {
    checkEnrolmentKey(publicKey);
    return true;
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}

/** The keys of one side of the session, out of everything that was said. */
export function sessionKeys(
  agreement: Agreement,
  side: Side,
  proofs: { readonly host: Uint8Array; readonly signer: Uint8Array },
): DirectionKeys {
  const about = sha256(concatBytes(agreement.transcript, proofs.signer, proofs.host));
  const host = derived(agreement, 'host sends', about);
  const signer = derived(agreement, 'signer sends', about);
  return side === 'host' ? { sending: host, receiving: signer } : { sending: signer, receiving: host };
}

/** What the host sends before it knows the signer's fresh key: it cannot choose its own any more. */
export function commitmentTo(ephemeral: Uint8Array): Uint8Array {
  return sha256(concatBytes(utf8(`${LABEL} commitment\0`), ephemeral));
}

export function isCommitted(commitment: Uint8Array, ephemeral: Uint8Array): boolean {
  return equalBytes(commitment, commitmentTo(ephemeral));
}

/** The digits that both sides show; the same on both only if there is nobody between them. */
export function codeOf({ transcript }: Agreement): string {
  const hash = sha256(concatBytes(utf8(`${LABEL} code\0`), transcript));
  // 48 bits: the remainder favours no code by more than one in a hundred million.
  const number =
    new DataView(hash.buffer, hash.byteOffset).getUint32(0) * 0x1_0000 +
    ((hash[4] as number) << 8) +
    (hash[5] as number);
  return String(number % 10 ** CODE_DIGITS).padStart(CODE_DIGITS, '0');
}

/** What a signer signs with its identity key about its confirmation key, for somebody who chose the nonce. */
export function attestationOf(nonce: Uint8Array, confirmationKey: Uint8Array): Uint8Array {
  return concatBytes(utf8(`${LABEL} attestation\0`), nonce, confirmationKey);
}
