/** A change of a delegation's state: nobody but the wearer is asked, and no challenge is waited for (ACT 2.1 ADD-IAC-LCM, T17). */
import { epochSeconds, LifecycleChange, signObject } from '../../protocol/index.ts';
import { composeChange } from '../confirm/change-view.ts';
import type { Documents } from '../confirm/prompt.ts';
import { draftOf } from './draft.ts';
import { opened, type Reading, type ReadSettings, refused } from './reading.ts';

/** 2000-01-01, before any key was replaced. */
const LONG_AGO = epochSeconds(946_684_800);

/** The change must be the principal's and about a delegation that this very signer has authorized. */
export function readLifecycle([changeBytes, authorizationBytes]: Documents, settings: ReadSettings): Reading {
  const change = draftOf(LifecycleChange, changeBytes);
  if (!change) return refused('draft-malformed');
  // A delegation outlives the key that signed it: stopping it takes any key that was ever the wearer's, resuming the present one.
  const asOf = change.to === 'Active' ? undefined : LONG_AGO;
  const authorization = opened('authorization', authorizationBytes, settings, asOf);
  if (!authorization || authorization.signer.party !== settings.device) return refused('authorization-signature');
  const { iac } = authorization.value;
  if (change.delegationId !== iac.delegationId || change.by !== 'PRINCIPAL') return refused('terms-differ');
  const { directory, locale, profile } = settings;
  const registered = (merchant: string) => directory.nameOf(merchant, locale);
  const merchants = iac.ext?.commerce?.allowedMerchants ?? [];
  // A merchant that has left the registry may not be paid again, but must never stand in the way of stopping.
  if (change.to === 'Active' && merchants.some((one) => registered(one) === undefined)) return refused('payee-unknown');
  const nameOf = (merchant: string) => registered(merchant) ?? merchant;
  const composed = composeChange({ change, iac, locale, nameOf }, profile);
  if (!composed.ok) return composed;
  return {
    ...{ ok: true, view: composed.view },
    sign: ({ viewDigest, method, counter }, key) => {
      return { signed: signObject('lifecycle-order', { change, viewDigest, method, counter }, key) };
    },
  };
}
