/** What lets an agent spend more than now: the wearer's order to fill its sub-account up, or to unfreeze it (PSD-AGT-SUB, T18). */
import { SubAccountChange, signObject } from '../../protocol/index.ts';
import { composeAccountChange } from '../confirm/account-view.ts';
import type { Documents } from '../confirm/prompt.ts';
import { draftOf } from './draft.ts';
import { opened, type Reading, type ReadSettings, refused } from './reading.ts';

/** The account must pay under a delegation that this very signer has authorized, to merchants that may be paid still. */
export function readAccount([changeBytes, authorizationBytes]: Documents, settings: ReadSettings): Reading {
  const change = draftOf(SubAccountChange, changeBytes);
  if (!change) return refused('draft-malformed');
  const authorization = opened('authorization', authorizationBytes, settings);
  if (!authorization || authorization.signer.party !== settings.device) return refused('authorization-signature');
  const { iac } = authorization.value;
  if (change.delegationId !== iac.delegationId) return refused('terms-differ');
  const { directory, locale, profile } = settings;
  const registered = (merchant: string) => directory.nameOf(merchant, locale);
  const merchants = iac.ext?.commerce?.allowedMerchants ?? [];
  if (merchants.some((one) => registered(one) === undefined)) return refused('payee-unknown');
  const nameOf = (merchant: string) => registered(merchant) ?? merchant;
  const composed = composeAccountChange({ change, iac, locale, nameOf }, profile);
  if (!composed.ok) return composed;
  return {
    ...{ ok: true, view: composed.view },
    sign: ({ viewDigest, method, counter }, key) => {
      return { signed: signObject('sub-account-order', { change, viewDigest, method, counter }, key) };
    },
  };
}
