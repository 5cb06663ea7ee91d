/** From signed bytes to the view the wearer will confirm: verified, compared, composed, by code no model and no peer can steer (design 5.1). */
import {
  type Cart,
  type Challenge,
  type Id16,
  msOf,
  openObject,
  ProtocolError,
  sumMinor,
  totalOf,
} from '../../protocol/index.ts';
import type { Rendering, SignedBytes } from '../confirm/prompt.ts';
import { composeView, type DisplayProfile, type ViewRefusal } from '../confirm/view.ts';
import type { Directory } from '../directory.ts';
import type { Locale } from '../voice/vocabulary.ts';

export type RenderRefusal =
  | 'challenge-signature'
  | 'cart-signature'
  | 'terms-differ'
  | 'payee-unknown'
  | 'nonce-used'
  | ViewRefusal;

export interface RenderSettings {
  readonly directory: Directory;
  readonly psp: string;
  readonly device: string;
  readonly profile: DisplayProfile;
  readonly locale: Locale;
  hasAnswered(nonce: Id16): boolean;
}

export type Rendered = Rendering<RenderRefusal> & { readonly nonce?: Id16 };

/** Verifies both signatures against pinned keys, checks that the two say the same, and composes the view from them. */
export function renderPayment(bytes: SignedBytes, settings: RenderSettings): Rendered {
  const challenge = opened('challenge', bytes.challengeBytes, settings);
  if (!challenge || challenge.signer.party !== settings.psp) return { ok: false, reason: 'challenge-signature' };
  const cart = opened('cart', bytes.cartBytes, settings);
  if (!cart || cart.signer.party !== cart.value.merchant) return { ok: false, reason: 'cart-signature' };
  if (challenge.value.cartDigest !== cart.digest || !sayTheSame(challenge.value, cart.value, settings.device))
    return { ok: false, reason: 'terms-differ' };
  if (settings.hasAnswered(challenge.value.nonce)) return { ok: false, reason: 'nonce-used' };
  const payeeName = settings.directory.nameOf(cart.value.merchant, settings.locale);
  if (payeeName === undefined) return { ok: false, reason: 'payee-unknown' };
  const composed = composeView(factsOf(cart.value, payeeName, settings.locale), settings.profile);
  if (!composed.ok) return composed;
  const expiresAt = msOf(Math.min(challenge.value.expiresAt, cart.value.lockedUntil) as Cart['lockedUntil']);
  return { ok: true, view: composed.view, expiresAt, nonce: challenge.value.nonce };
}

function opened<T extends 'cart' | 'challenge'>(type: T, bytes: Uint8Array, { directory }: RenderSettings) {
  try {
    return openObject(type, bytes, { trust: directory.trust, tenant: directory.tenant });
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
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
