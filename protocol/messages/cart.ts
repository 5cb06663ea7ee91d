/** Cart confirmation: CID-CART-CFM. The merchant signs these exact bytes; one payee, one total, locked until a time. */

import { ruled } from '../act/rules.ts';
import { currency, epochSeconds, locale, minor, minutes, paidMinor, place, quantity, title } from '../fields.ts';
import { id16, orderNo, partyId, slug } from '../ids.ts';
import { sumMinor } from '../money.ts';
import { bytes, list, type WireValue, wireMap } from '../wire.ts';
import { ChosenOption, NeedLine } from './intent.ts';
import { Discount } from './offers.ts';

export const CartLine = wireMap('cart-line', {
  sku: [1, slug],
  title: [2, title],
  quantity: [3, quantity],
  amountMinor: [4, paidMinor],
  itemId: [5, slug],
  options: [6, list(ChosenOption, 8)],
});

/** Signed by the merchant. */
export const Cart = wireMap('cart', {
  orderNo: [1, orderNo],
  intentId: [2, id16],
  merchant: [3, partyId],
  lines: [4, list(CartLine, 8, 1)],
  discounts: [5, list(Discount, 6)],
  deliveryMinor: [6, minor],
  totalMinor: [7, paidMinor],
  currency: [8, currency],
  issuedAt: [9, epochSeconds],
  lockedUntil: [10, epochSeconds],
  etaMin: [11, minutes],
  /** When the thing itself is: the concert begins, the train leaves. A delegation that wants a window pays only where it is told. */
  happensAt: [12, epochSeconds, 'optional'],
});
export type Cart = WireValue<typeof Cart>;

/**
 * What the lines, promotions and delivery fee of a cart or an offer add up to; negative when the discounts exceed them.
 * @throws ProtocolError `money-range` if a sum is no amount: legal lines of a peer can add up to more than there may be.
 */
export function totalOf(priced: {
  readonly lines: readonly { readonly amountMinor: number }[];
  readonly discounts: readonly { readonly amountMinor: number }[];
  readonly deliveryMinor: number;
}): number {
  const gross = sumMinor([...priced.lines.map((line) => line.amountMinor), priced.deliveryMinor]);
  return gross - sumMinor(priced.discounts.map((discount) => discount.amountMinor));
}

/** agent → device: the merchant's cart, byte for byte. */
export const CartMessage = wireMap('cart-message', {
  requestId: [1, id16],
  intentId: [2, id16],
  cart: [3, bytes(2048)],
});
export type CartMessage = WireValue<typeof CartMessage>;

/** When the thing itself is to be, from the first moment until before the second: the day of a concert, the window of a departure. */
export const WantedWindow = ruled(wireMap('wanted-window', { from: [1, epochSeconds], until: [2, epochSeconds] }), [
  { code: 'act-window', says: 'the later end is last', holds: ({ from, until }) => from < until },
]);
export type WantedWindow = WireValue<typeof WantedWindow>;

/** agent → merchant: lock price and stock for this. */
export const CartRequest = wireMap('cart-request', {
  requestId: [1, id16],
  intentId: [2, id16],
  device: [3, partyId],
  locale: [4, locale],
  lines: [5, list(NeedLine, 8, 1)],
  place: [6, place],
  wanted: [7, WantedWindow, 'optional'],
});
export type CartRequest = WireValue<typeof CartRequest>;

/** merchant → agent: the signed cart. */
export const CartReply = wireMap('cart-reply', { requestId: [1, id16], cart: [2, bytes(2048)] });
export type CartReply = WireValue<typeof CartReply>;
