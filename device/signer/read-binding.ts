/** A binding: the PSP's offer to bind an agent to the wearer's account, and how far (ACT 2.1 PSD-PMT-BND). */
import { signObject } from '../../protocol/index.ts';
import { composeBinding } from '../confirm/binding-view.ts';
import type { Documents } from '../confirm/prompt.ts';
import { opened, type Reading, type ReadSettings, refused } from './reading.ts';

export function readBinding([offerBytes]: Documents, settings: ReadSettings): Reading {
  const offer = opened('binding-offer', offerBytes, settings);
  if (!offer || offer.signer.party !== settings.psp) return refused('offer-signature');
  const { payer, limits, nonce, issuedAt, expiresAt } = offer.value;
  const isOver = limits.validUntil !== undefined && limits.validUntil <= issuedAt;
  if (payer !== settings.device || isOver) return refused('terms-differ');
  const composed = composeBinding(offer.value, settings.locale, settings.profile);
  if (!composed.ok) return composed;
  return {
    ...{ ok: true, view: composed.view, nonce, issuedAt, expiresAt },
    sign({ viewDigest, method, counter, confirmedAt }, key) {
      const value = { offerDigest: offer.digest, viewDigest, method, counter, confirmedAt };
      return { signed: signObject('binding-consent', value, key) };
    },
  };
}
