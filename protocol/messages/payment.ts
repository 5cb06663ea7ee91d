/** Instant payment: PSD-PAY-INS. Request, cashier challenge, the wearer's confirmation, receipt, and the query for an unknown outcome. */

import { category } from '../act/fields.ts';
import { currency, epochSeconds, paidMinor } from '../fields.ts';
import { agentId, digest, id16, orderNo, partyId, paymentMethod, paymentToken, tradeNo } from '../ids.ts';
import { bytes, list, oneOf, uint, type WireValue, wireMap } from '../wire.ts';

/** device → psp (PSD-PAY-INS step 1). The device's signature over the frame is the agent signature over the key elements. */
export const PayRequest = wireMap('pay-request', {
  requestId: [1, id16],
  orderNo: [2, orderNo],
  paymentToken: [3, paymentToken],
  amountMinor: [4, paidMinor],
  currency: [5, currency],
  createdAt: [6, epochSeconds],
  agentId: [7, agentId],
  payee: [8, partyId],
  cartDigest: [9, digest],
  method: [10, paymentMethod],
});
export type PayRequest = WireValue<typeof PayRequest>;

/** Signed by the PSP after its own checks: what the wearer is to see and confirm. The nonce is used once. */
export const Challenge = wireMap('challenge', {
  nonce: [1, id16],
  amountMinor: [2, paidMinor],
  currency: [3, currency],
  payee: [4, partyId],
  orderNo: [5, orderNo],
  cartDigest: [6, digest],
  payer: [7, partyId],
  issuedAt: [8, epochSeconds],
  expiresAt: [9, epochSeconds],
});
export type Challenge = WireValue<typeof Challenge>;

/** How the wearer confirmed: the gesture and how far the button can be trusted (design 5, 6). */
export const confirmationMethod = oneOf({
  'hold-hardware-line': 1,
  'hold-keyboard': 2,
  'hold-relayed': 3,
  'hold-simulated': 4,
});
export type ConfirmationMethod = WireValue<typeof confirmationMethod>;

/**
 * Signed by the confirmation key. The challenge digest carries nonce, amount, payee, order and cart digest with it;
 * the view digest is what was on the display.
 */
export const Confirmation = wireMap('confirmation', {
  challengeDigest: [1, digest],
  viewDigest: [2, digest],
  method: [3, confirmationMethod],
  counter: [4, uint(Number.MAX_SAFE_INTEGER, 1)],
  confirmedAt: [5, epochSeconds],
});
export type Confirmation = WireValue<typeof Confirmation>;

/** Signed by the PSP: the debit happened, once, for exactly this (T29). */
export const Receipt = wireMap('receipt', {
  tradeNo: [1, tradeNo],
  /** Of what authorised it: the wearer's confirmation, or the agent's request with the authorization in it. */
  confirmationDigest: [2, digest],
  orderNo: [3, orderNo],
  amountMinor: [4, paidMinor],
  currency: [5, currency],
  payee: [6, partyId],
  paidAt: [7, epochSeconds],
});
export type Receipt = WireValue<typeof Receipt>;

const OBJECT_BYTES = 512;

/** psp → device. */
export const ChallengeMessage = wireMap('challenge-message', {
  requestId: [1, id16],
  challenge: [2, bytes(OBJECT_BYTES)],
});
/** device → psp. */
export const ConfirmMessage = wireMap('confirm', { requestId: [1, id16], confirmation: [2, bytes(OBJECT_BYTES)] });
/** psp → device. */
export const ReceiptMessage = wireMap('receipt-message', { requestId: [1, id16], receipt: [2, bytes(OBJECT_BYTES)] });
/** device → psp: what became of this request? */
export const PayQuery = wireMap('pay-query', { requestId: [1, id16] });

/** Where a payment request stands at the PSP. The last four are final. */
export const payState = oneOf({
  'unknown-request': 1,
  'awaiting-confirmation': 2,
  paid: 3,
  declined: 4,
  expired: 5,
  refused: 6,
});
export type PayState = WireValue<typeof payState>;

/** psp → device: the answer to a query; with `paid` it carries the receipt. */
export const PayStatus = wireMap('pay-status', {
  requestId: [1, id16],
  state: [2, payState],
  receipt: [3, bytes(OBJECT_BYTES), 'optional'],
});
export type PayStatus = WireValue<typeof PayStatus>;

export const cancelReason = oneOf({ declined: 1, cancelled: 2, 'timed-out': 3, void: 4 });
export type CancelReason = WireValue<typeof cancelReason>;
/** device → psp: this request will not be confirmed. */
export const PayCancel = wireMap('pay-cancel', { requestId: [1, id16], reason: [2, cancelReason] });

/** merchant → psp: an order that may be paid, with what it must cost. */
export const OrderNotice = wireMap('order-notice', {
  orderNo: [1, orderNo],
  device: [2, partyId],
  amountMinor: [3, paidMinor],
  currency: [4, currency],
  cartDigest: [5, digest],
  lockedUntil: [6, epochSeconds],
  /** Of what is in the cart; a delegation that is bounded by categories is paid only where they are told (PSD-PAY-DEL). */
  categories: [7, list(category, 8, 1), 'optional'],
  /** What the order was made for: with it the PSP's record of the payment is linked to the intent (TSD-ATT-OFF). */
  intentId: [8, id16, 'optional'],
});
export type OrderNotice = WireValue<typeof OrderNotice>;
/** psp → merchant: the order is paid. */
export const PaidNotice = wireMap('paid-notice', { orderNo: [1, orderNo], receipt: [2, bytes(OBJECT_BYTES)] });
