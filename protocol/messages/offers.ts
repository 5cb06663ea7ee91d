/** Candidates that meet the intent (CID-MER-CAT minimum information, CID-INT-XFR response) and the wearer's choice among them. */

import { currency, epochSeconds, locale, minor, minutes, paidMinor, quantity, title } from '../fields.ts';
import { id16, partyId, slug } from '../ids.ts';
import { list, oneOf, uint, type WireValue, wireMap } from '../wire.ts';

/** A promotion that was applied; the amount is taken off the subtotal and the delivery fee. */
export const Discount = wireMap('discount', { couponId: [1, slug], amountMinor: [2, paidMinor] });
export type Discount = WireValue<typeof Discount>;

/** Why the agent puts a candidate where it is: codes, never free text, so that no merchant's words reach the wearer this way (T13). */
export const reason = oneOf({ cheapest: 1, fastest: 2, nearest: 3, 'best-promotion': 4, only: 5 });

export const OfferLine = wireMap('offer-line', {
  itemId: [1, slug],
  title: [2, title],
  quantity: [3, quantity],
  amountMinor: [4, paidMinor],
});

export const Offer = wireMap('offer', {
  offerId: [1, slug],
  merchant: [2, partyId],
  lines: [3, list(OfferLine, 8, 1)],
  discounts: [4, list(Discount, 6)],
  deliveryMinor: [5, minor],
  totalMinor: [6, paidMinor],
  currency: [7, currency],
  distanceM: [8, uint(100_000)],
  etaMin: [9, minutes],
  reasons: [10, list(reason, 4)],
});
export type Offer = WireValue<typeof Offer>;

/** Why there is no candidate (CID-INT-XFR error semantics: nothing matches, constraint conflict). */
export const noOffer = oneOf({
  'over-budget': 1,
  'all-closed': 2,
  'nobody-sells': 3,
  'out-of-stock': 4,
  'too-slow': 5,
  'out-of-range': 6,
});
export type NoOffer = WireValue<typeof noOffer>;

/** agent → device: up to five candidates, best first, or the reason why there is none. */
export const Offers = wireMap('offers', {
  requestId: [1, id16],
  offers: [2, list(Offer, 5)],
  validUntil: [3, epochSeconds],
  none: [4, noOffer, 'optional'],
  /** With `over-budget`: the lowest total there is. */
  cheapestMinor: [5, paidMinor, 'optional'],
  /** With `all-closed`: when the first shop opens. */
  opensAt: [6, epochSeconds, 'optional'],
});
export type Offers = WireValue<typeof Offers>;

/** device → agent: the wearer's choice. */
export const Select = wireMap('select', {
  requestId: [1, id16],
  intentId: [2, id16],
  offerId: [3, slug],
  locale: [4, locale],
});
export type Select = WireValue<typeof Select>;
