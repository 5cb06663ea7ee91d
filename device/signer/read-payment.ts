/** One payment: the PSP's challenge and the merchant's cart, verified, compared and composed by code no model and no peer can steer (design 5.1). */
import { type Cart, type Challenge, signObject, sumMinor, totalOf } from '../../protocol/index.ts';
import type { Documents } from '../confirm/prompt.ts';
import { composeView } from '../confirm/view.ts';
import type { Locale } from '../voice/vocabulary.ts';
import { opened, type Reading, type ReadSettings, refused } from './reading.ts';

/** Verifies both signatures against pinned keys, checks that the two say the same, and composes the view from them. */
export function readPayment([challengeBytes, cartBytes]: Documents, settings: ReadSettings): Reading {
  const challenge = opened('challenge', challengeBytes, settings);
  if (!challenge || challenge.signer.party !== settings.psp) return refused('challenge-signature');
  const cart = opened('cart', cartBytes, settings);
  if (!cart || cart.signer.party !== cart.value.merchant) return refused('cart-signature');
  if (challenge.value.cartDigest !== cart.digest || !sayTheSame(challenge.value, cart.value, settings.device))
    return refused('terms-differ');
  const payeeName = settings.directory.nameOf(cart.value.merchant, settings.locale);
  if (payeeName === undefined) return refused('payee-unknown');
  const composed = composeView(factsOf(cart.value, payeeName, settings.locale), settings.profile);
  if (!composed.ok) return composed;
  const { nonce, issuedAt } = challenge.value;
  const expiresAt = Math.min(challenge.value.expiresAt, cart.value.lockedUntil) as Cart['lockedUntil'];
  return {
    ...{ ok: true, view: composed.view, nonce, issuedAt, expiresAt },
    sign({ viewDigest, method, counter, confirmedAt }, key) {
      const value = { challengeDigest: challenge.digest, viewDigest, method, counter, confirmedAt };
      return { signed: signObject('confirmation', value, key) };
    },
  };
}

function sayTheSame(challenge: Challenge, cart: Cart, device: string): boolean {
  return (
    challenge.amountMinor === cart.totalMinor &&
    challenge.currency === cart.currency &&
    challenge.payee === cart.merchant &&
    challenge.orderNo === cart.orderNo &&
    challenge.payer === device &&
    totalOf(cart) === cart.totalMinor
  );
}

function factsOf(cart: Cart, payeeName: string, locale: Locale) {
  const { totalMinor, currency, orderNo, deliveryMinor, etaMin } = cart;
  const lines = cart.lines.map(({ title, quantity, amountMinor }) => ({ title, quantity, amountMinor }));
  const discountMinor = sumMinor(cart.discounts.map((discount) => discount.amountMinor));
  return { payeeName, totalMinor, currency, lines, discountMinor, deliveryMinor, orderNo, etaMin, locale };
}
