/**
 * Delegated payment on the wire (ACT 2.1 ADD-IAC-ISS, ADD-IAC-LCM, PSD-PAY-DEL, PSD-PAY-AUP): issuing a credential, giving
 * the task to an agent, spending inside it, and what the device hears of it.
 */

import { signature } from '../act/fields.ts';
import { iacState } from '../act/lifecycle.ts';
import { PaymentResult } from '../act/payment.ts';
import { ascending, oneAlone, ruled, together } from '../act/rules.ts';
import { currency, epochSeconds, locale, minor, paidMinor, place } from '../fields.ts';
import { digest, flag, id16, orderNo, partyId, paymentToken, slug, tradeNo } from '../ids.ts';
import { bytes, list, oneOf, text, uint, type WireValue, wireMap } from '../wire.ts';
import { WantedWindow } from './cart.ts';

const IAC_BYTES = 1_280;
const AUTHORIZATION_BYTES = 1_536;
/** A request carries its authorization whole. */
const REQUEST_BYTES = 2_304;
const CART_BYTES = 2_048;
const OBJECT_BYTES = 512;

/**
 * Signed by the PSP: where a credential stands and what was spent under it. Until `freshUntil` it may be relied on; after
 * that nothing is to be concluded from it (T17).
 */
const StatusFields = wireMap('delegation-status', {
  delegationId: [1, id16],
  state: [2, iacState],
  /** Of the newest lifecycle change; 0 before the first. */
  version: [3, uint(0xffff)],
  asOf: [4, epochSeconds],
  freshUntil: [5, epochSeconds],
  currency: [6, currency],
  /** What was paid, refunds not taken off. */
  spentMinor: [7, minor],
  /** What is promised to payments whose outcome is open. */
  reservedMinor: [8, minor],
  refundedMinor: [9, minor],
  /** How many payments were made: a device that has fewer receipts has missed some. */
  spends: [10, uint(0xffff_ffff)],
  /** What pays under it, where that is a sub-account of the agent (PSD-AGT-SUB): by this name the wearer asks after it. */
  subAccountId: [11, paymentToken, 'optional'],
});
export const DelegationStatus = ruled(StatusFields, [
  {
    code: 'act-window',
    says: 'an answer is fresh for some time',
    holds: ({ asOf, freshUntil }) => freshUntil > asOf,
  },
  {
    code: 'act-refund',
    says: 'no more goes back than was paid',
    holds: ({ spentMinor, refundedMinor }) => refundedMinor <= spentMinor,
  },
]);
export type DelegationStatus = WireValue<typeof DelegationStatus>;

/** Signed by the PSP: so much went back to where the payment came from (T29). */
export const Refund = ruled(
  wireMap('refund', {
    requestId: [1, id16],
    tradeNo: [2, tradeNo],
    orderNo: [3, orderNo],
    payee: [4, partyId],
    amountMinor: [5, paidMinor],
    /** Of this trade altogether, this refund included. */
    refundedTotalMinor: [6, paidMinor],
    currency: [7, currency],
    refundedAt: [8, epochSeconds],
  }),
  [
    {
      code: 'act-refund',
      says: 'this refund is part of the total',
      holds: ({ amountMinor, refundedTotalMinor }) => ascending(amountMinor, refundedTotalMinor),
    },
  ],
);
export type Refund = WireValue<typeof Refund>;

/** device → psp: a drafted credential in deterministic CBOR, to be checked before the wearer is asked. */
export const DelegationRequest = wireMap('delegation-request', {
  requestId: [1, id16],
  iac: [2, bytes(IAC_BYTES)],
  /** RFC 9679 thumbprint of the one agent key that is to pay under it. */
  agentKey: [3, digest],
});
/** psp → device. */
export const DelegationChallengeMessage = wireMap('delegation-challenge-message', {
  requestId: [1, id16],
  challenge: [2, bytes(OBJECT_BYTES)],
});
/** device → psp: what the wearer has signed, in both forms. */
export const DelegationConfirm = wireMap('delegation-confirm', {
  requestId: [1, id16],
  authorization: [2, bytes(AUTHORIZATION_BYTES)],
  /** Over the RFC 8785 form of the payload. */
  jsonSignature: [3, signature],
});
/** psp → device or agent: the answer to what made or changed a credential, and to a query. */
export const DelegationStatusMessage = wireMap('delegation-status-message', {
  status: [1, bytes(OBJECT_BYTES)],
  requestId: [2, id16, 'optional'],
});
/** device or agent → psp. */
export const DelegationQuery = wireMap('delegation-query', { requestId: [1, id16], delegationId: [2, id16] });
/** device → psp: the wearer's signed `lifecycle-order`. */
export const LifecycleMessage = wireMap('lifecycle', { requestId: [1, id16], order: [2, bytes(1_024)] });
/** device → psp: the wearer's signed `sub-account-order`; the answer is a `sub-account-result`, or a refusal. */
export const SubAccountOrderMessage = wireMap('sub-account-order-message', {
  requestId: [1, id16],
  order: [2, bytes(OBJECT_BYTES)],
});
/** agent → psp: the agent gives the credential back (ADD-IAC-LCM: revoked by AGENT). */
export const DelegationEnd = wireMap('delegation-end', { requestId: [1, id16], delegationId: [2, id16] });

/** psp → agent: what pays under a credential, a token or a sub-account (PSD-PMT-BND, PSD-AGT-SUB). */
export const Instrument = ruled(
  wireMap('instrument', {
    delegationId: [1, id16],
    paymentToken: [2, paymentToken, 'optional'],
    subAccountId: [3, paymentToken, 'optional'],
  }),
  [
    {
      code: 'act-instrument',
      says: 'a token pays, or a sub-account',
      holds: (instrument) => oneAlone(instrument.paymentToken, instrument.subAccountId),
    },
  ],
);
export type Instrument = WireValue<typeof Instrument>;

/** device → agent: act under this credential; what to buy stands in its terms. */
export const DelegationTask = wireMap('delegation-task', {
  requestId: [1, id16],
  authorization: [2, bytes(AUTHORIZATION_BYTES)],
  locale: [3, locale],
  place: [4, place],
});
export type DelegationTask = WireValue<typeof DelegationTask>;

/** How an agent says that its task stands. Its word only: what was paid is known from receipts (T13). */
export const taskState = oneOf({ accepted: 1, refused: 2, watching: 3, asking: 4, buying: 5, done: 6, ended: 7 });
export type TaskState = WireValue<typeof taskState>;

/** agent → device. `version` counts up from 1 for one credential. */
export const DelegationNews = wireMap('delegation-news', {
  delegationId: [1, id16],
  version: [2, uint(0xffff_ffff, 1)],
  state: [3, taskState],
  /** A stable code of why, for example `not-on-sale`, `sold-out`, `no-seat`, `over-limit`. */
  reason: [4, text(32, /^[a-z][a-z-]*$/), 'optional'],
});
export type DelegationNews = WireValue<typeof DelegationNews>;

/** agent → device: the price has left the tolerance; buy nevertheless (`PAUSE_AND_NOTIFY`, CID-CART-CFM)? */
export const PriceQuestion = wireMap('price-question', {
  requestId: [1, id16],
  delegationId: [2, id16],
  merchant: [3, partyId],
  itemId: [4, slug],
  amountMinor: [5, paidMinor],
  /** What was expected. */
  referenceMinor: [6, paidMinor],
  currency: [7, currency],
  until: [8, epochSeconds],
});
export type PriceQuestion = WireValue<typeof PriceQuestion>;
/** device → agent. It allows nothing that the credential does not allow. */
export const PriceAnswer = wireMap('price-answer', {
  requestId: [1, id16],
  delegationId: [2, id16],
  accept: [3, flag],
});
export type PriceAnswer = WireValue<typeof PriceAnswer>;

/** agent → psp: a signed `delegated-pay-request` or `autonomous-pay-request`, with the merchant's signed cart where there is one. */
export const DelegatedPay = wireMap('delegated-pay', {
  requestId: [1, id16],
  request: [2, bytes(REQUEST_BYTES)],
  cart: [3, bytes(CART_BYTES), 'optional'],
});
/** agent → psp: what became of this request? */
export const DelegatedQuery = wireMap('delegated-query', { requestId: [1, id16] });
/** psp → agent: paid with its receipt, or refused with ACT's error. While the outcome is open there is none (PSD-PAY-DEL). */
export const DelegatedResult = ruled(
  wireMap('delegated-result', { result: [1, PaymentResult], receipt: [2, bytes(OBJECT_BYTES), 'optional'] }),
  [
    {
      code: 'act-result-or-error',
      says: 'what was paid comes with its receipt, and nothing else does',
      holds: ({ result, receipt }) => together(result.tradeNo, receipt),
    },
  ],
);

/** psp → device: a payment was made under a credential, with all that shows it. Sent again until it is acknowledged. */
export const SpendNotice = wireMap('spend-notice', {
  request: [1, bytes(REQUEST_BYTES)],
  receipt: [2, bytes(OBJECT_BYTES)],
  cart: [3, bytes(CART_BYTES), 'optional'],
});
export type SpendNotice = WireValue<typeof SpendNotice>;
/** psp → device: money went back. Sent again until it is acknowledged. */
export const RefundNotice = wireMap('refund-notice', { refund: [1, bytes(OBJECT_BYTES)] });
/** device → psp: the receipt or refund with this digest is kept. */
export const NoticeAck = wireMap('notice-ack', { digest: [1, digest] });

/** psp → merchant: the answer to a refund request; the signed refund once it is done. */
export const RefundAnswer = ruled(
  wireMap('refund-answer', {
    requestId: [1, id16],
    state: [2, oneOf({ SUCCEEDED: 1, FAILED: 2, UNKNOWN: 3 })],
    refund: [3, bytes(OBJECT_BYTES), 'optional'],
    reason: [4, text(32, /^[a-z][a-z-]*$/), 'optional'],
  }),
  [
    {
      code: 'act-refund',
      says: 'a refund that succeeded is shown, and no other',
      holds: ({ state, refund }) => (state === 'SUCCEEDED') === (refund !== undefined),
    },
  ],
);
/** device or agent → merchant: call this order off. The answer is a fulfilment update or a refusal. */
export const OrderCancel = wireMap('order-cancel', { requestId: [1, id16], orderNo: [2, orderNo] });

/** agent → merchant: tell me of prices and stock of these until then. */
export const Watch = wireMap('watch', {
  requestId: [1, id16],
  itemIds: [2, list(slug, 16, 1)],
  until: [3, epochSeconds],
  /** Tell of what happens in this window only; without it, of what comes next. */
  wanted: [4, WantedWindow, 'optional'],
});
export type Watch = WireValue<typeof Watch>;

/** What a merchant asks for one thing now. `available` is 0 where it is not on sale yet or sold out. */
export const Price = wireMap('price', {
  itemId: [1, slug],
  /** Which of the item's choices this price is for; the others as they come. */
  choices: [2, list(slug, 8)],
  amountMinor: [3, paidMinor],
  currency: [4, currency],
  available: [5, uint(1_000_000)],
  onSaleAt: [6, epochSeconds, 'optional'],
  /** When the thing itself is: the concert begins, the train leaves. */
  happensAt: [7, epochSeconds, 'optional'],
});
export type Price = WireValue<typeof Price>;
/** merchant → agent: the answer to a watch and each change after it. `version` counts up from 1 for one watch (T4). */
export const PriceNews = wireMap('price-news', {
  requestId: [1, id16],
  version: [2, uint(0xffff_ffff, 1)],
  prices: [3, list(Price, 32)],
});
export type PriceNews = WireValue<typeof PriceNews>;
