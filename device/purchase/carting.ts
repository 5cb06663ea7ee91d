/** The merchant's cart: the rule pre-check before anything is asked of the PSP (ACT 2.1 CID-CART-CFM; design 3 step 5). */
import { type Cart, equalBytes, openObject, ProtocolError, secondsOf, totalOf } from '../../protocol/index.ts';
import { SEEK_AGAIN_MS } from './asking.ts';
import { selectOffer } from './choosing.ts';
import { askPsp, PSP_AGAIN_MS, PSP_MS } from './confirming.ts';
import { endUnpaid, later, requestIdFor, say } from './ending.ts';
import type { Effect } from './events.ts';
import { phrases, spokenAmount } from './phrases.ts';
import type { CartFault, CheckedCart, PurchaseIn } from './state.ts';
import type { Situation, Transition } from './transition.ts';

/** A price lock shorter than this leaves no time to read and hold. */
const MIN_LOCK_S = 20;

/** Each option has one choice: a line that is large and small is neither. */
function isUnambiguous({ options }: Cart['lines'][number]): boolean {
  return new Set(options.map(({ optionId }) => optionId)).size === options.length;
}

/** The cart's lines are exactly what was asked for: same things, same number, every wished option, nothing besides (T6). */
function meetsNeeds(cart: Cart, state: PurchaseIn<'carting'>): boolean {
  const open = [...state.intent.draft.lines];
  for (const line of cart.lines) {
    const at = open.findIndex(
      (need) =>
        need.itemId === line.itemId &&
        need.quantity === line.quantity &&
        need.options.every((wish) =>
          line.options.some((got) => got.optionId === wish.optionId && got.choiceId === wish.choiceId),
        ),
    );
    if (at < 0 || !isUnambiguous(line)) return false;
    open.splice(at, 1);
  }
  return open.length === 0;
}

/** The first rule a genuine cart breaks, if any. Amount, payee, lines, currency, delivery time, price lock. */
function faultOf(cart: Cart, signer: string, state: PurchaseIn<'carting'>, moment: Situation): CartFault | undefined {
  const { settings, now } = moment;
  const { intent, offer } = state;
  const rules: readonly [boolean, CartFault][] = [
    [cart.merchant === signer && cart.merchant === offer.merchant, 'cart-payee'],
    [settings.directory.nameOf(cart.merchant, intent.heard.locale) !== undefined, 'cart-payee'],
    [cart.intentId === intent.intentId, 'cart-intent'],
    [cart.currency === settings.currency, 'cart-currency'],
    [meetsNeeds(cart, state), 'cart-lines'],
    [totalOf(cart) === cart.totalMinor, 'cart-total'],
    [cart.totalMinor <= intent.maxTotalMinor, 'cart-over-budget'],
    [intent.draft.deliverWithinMin === undefined || cart.etaMin <= intent.draft.deliverWithinMin, 'cart-too-slow'],
    [cart.lockedUntil >= secondsOf(now) + MIN_LOCK_S, 'cart-expired'],
  ];
  return rules.find(([holds]) => !holds)?.[1];
}

/** Verifies over the original bytes, then checks every rule. @returns the cart, or the first fault. */
function openCart(bytes: Uint8Array, state: PurchaseIn<'carting'>, moment: Situation): CheckedCart | CartFault {
  try {
    const { directory } = moment.settings;
    const { value, digest, signer } = openObject('cart', bytes, { trust: directory.trust, tenant: directory.tenant });
    return faultOf(value, signer.party, state, moment) ?? { cart: value, bytes, digest };
  } catch (error) {
    if (error instanceof ProtocolError) return 'cart-signature';
    throw error;
  }
}

export const checkCart: Transition<'carting', 'cart'> = (state, moment) => {
  const { settings, now, event } = moment;
  if (event.body.requestId !== state.requestId) return undefined;
  const checked = openCart(event.body.cart, state, moment);
  if (typeof checked === 'string') return endUnpaid(state, settings, 'refused', checked);
  const { intent, offer } = state;
  const { locale } = intent.heard;
  const next = {
    at: 'requesting',
    intent,
    cart: checked,
    requestId: requestIdFor(intent.intentId, `pay:${checked.digest}`),
    until: later(now, PSP_MS),
    nextAt: later(now, PSP_AGAIN_MS),
  } as const;
  const amount = (minor: number) => spokenAmount(minor, checked.cart.currency, locale);
  const changed: Effect[] =
    checked.cart.totalMinor === offer.totalMinor
      ? []
      : [
          say(
            'price-changed',
            phrases(locale).priceChanged(amount(offer.totalMinor), amount(checked.cart.totalMinor)),
            locale,
          ),
        ];
  return { state: next, effects: [...changed, askPsp(next, settings)] };
};

/** A second, different cart while one is being paid voids the payment: the wearer confirms one cart or none (T6). */
export const replacedCart: Transition<'requesting' | 'confirming', 'cart'> = (state, { settings, event }) => {
  const { body } = event;
  if (body.intentId !== state.intent.intentId || equalBytes(body.cart, state.cart.bytes)) return undefined;
  return endUnpaid(state, settings, 'cancelled', 'new-cart');
};

export const cartRefused: Transition<'carting', 'refusal'> = (state, { settings, event }) =>
  event.body.requestId === state.requestId && event.from.party === settings.agent
    ? endUnpaid(state, settings, 'refused', event.body.code)
    : undefined;

export const cartAgain: Transition<'carting', 'tick' | 'restarted'> = (state, { settings, now, event }) => {
  if (now >= state.until) return endUnpaid(state, settings, 'refused', 'merchant-unreachable');
  if (event.kind === 'tick' && now < state.nextAt) return undefined;
  return {
    state: { ...state, nextAt: later(now, SEEK_AGAIN_MS) },
    effects: [selectOffer(state, settings, state.intent.heard.locale)],
  };
};
