/** A delegation: the PSP's challenge and the drafted credential, whose bounds are shown whole before they are signed (ACT 2.1 ADD-IAC-ISS). */
import {
  type DelegationChallenge,
  digestOf,
  type EpochSeconds,
  IacPayload,
  signJson,
  signObject,
  toJsonObject,
} from '../../protocol/index.ts';
import { composeBounds } from '../confirm/bounds-view.ts';
import type { Documents } from '../confirm/prompt.ts';
import { draftOf } from './draft.ts';
import { opened, type Reading, type ReadSettings, refused } from './reading.ts';

/** With what the signer adds, an authorization stays within the 1,536 bytes that payment requests carry it in. */
export const MAX_IAC_BYTES = 1_280;

export function readDelegation([challengeBytes, iacBytes]: Documents, settings: ReadSettings): Reading {
  const challenge = opened('delegation-challenge', challengeBytes, settings);
  if (!challenge || challenge.signer.party !== settings.psp) return refused('challenge-signature');
  const iac = draftOf(IacPayload, iacBytes);
  if (!iac || !iacBytes) return refused('draft-malformed');
  if (!isAbout(challenge.value, iac, iacBytes, settings.device)) return refused('terms-differ');
  if (iacBytes.length > MAX_IAC_BYTES) return refused('too-long');
  const { locale, profile } = settings;
  const names = registeredNames(iac, settings);
  if (!names) return refused('payee-unknown');
  const nameOf = (merchant: string) => names.get(merchant) ?? '';
  const composed = composeBounds({ iac, locale, nameOf }, profile);
  if (!composed.ok) return composed;
  const { nonce, issuedAt, agentKey } = challenge.value;
  const expiresAt = Math.min(challenge.value.expiresAt, iac.validityEndTime) as EpochSeconds;
  // Before the hold: what has no JSON form must not be found out about after it.
  const json = toJsonObject(IacPayload, iac, 'iac');
  return {
    ...{ ok: true, view: composed.view, nonce, issuedAt, expiresAt },
    sign({ viewDigest, method, counter, confirmedAt }, key) {
      const gesture = { viewDigest, method, counter, confirmedAt };
      const signed = signObject('authorization', { iac, agentKey, challengeDigest: challenge.digest, ...gesture }, key);
      return { signed, jsonSignature: signJson(json, key) };
    },
  };
}

/** Whether the PSP has checked exactly this draft, for this device, and it is not over yet. */
function isAbout(challenge: DelegationChallenge, iac: IacPayload, iacBytes: Uint8Array, device: string): boolean {
  return (
    challenge.iacDigest === digestOf(iacBytes) && challenge.payer === device && iac.validityEndTime > challenge.issuedAt
  );
}

/** The names of all merchants the credential speaks of, or `undefined` when one of them is not registered (T8). */
function registeredNames(
  iac: IacPayload,
  { directory, locale }: ReadSettings,
): ReadonlyMap<string, string> | undefined {
  const { allowedMerchants = [], forbiddenMerchants = [] } = iac.ext?.commerce ?? {};
  const names = new Map<string, string>();
  for (const merchant of [...allowedMerchants, ...forbiddenMerchants]) {
    const name = directory.nameOf(merchant, locale);
    if (name === undefined) return undefined;
    names.set(merchant, name);
  }
  return names;
}
