/** ACT 2.1 CID-CART-CFM: the rule pre-check, and the confirmed order. */
import { minutes, quantity, title } from '../fields.ts';
import { flag, id16, orderNo } from '../ids.ts';
import { sumMinor } from '../money.ts';
import { list, oneOf, type WireValue, wireMap } from '../wire.ts';
import { amountNumber, currency, deviationAction, identifier, paidNumber, partyId, time } from './fields.ts';
import { ruled } from './rules.ts';

export const preCheckDimension = oneOf({
  SINGLE_AMOUNT: 1,
  TOTAL_AMOUNT: 2,
  CATEGORY: 3,
  MERCHANT: 4,
  FULFILLMENT_TIME: 5,
  PRICE_TOLERANCE: 6,
});
export type PreCheckDimension = WireValue<typeof preCheckDimension>;

/** The result of the pre-check; one that failed says what happens now and never leads to a payment. */
export const PreCheckResult = ruled(
  wireMap('pre-check-result', {
    intentId: [1, id16],
    checks: [2, list(wireMap('pre-check', { dimension: [1, preCheckDimension], passed: [2, flag] }), 6, 1)],
    passed: [3, flag],
    action: [4, deviationAction, 'optional'],
    checkedAt: [5, time],
  }),
  [
    {
      code: 'act-pre-check',
      says: 'each dimension is checked once, all have to pass, and a failure has its action',
      holds: ({ checks, passed, action }) =>
        new Set(checks.map(({ dimension }) => dimension)).size === checks.length &&
        passed === checks.every((check) => check.passed) &&
        passed === (action === undefined),
    },
  ],
);
export type PreCheckResult = WireValue<typeof PreCheckResult>;

/** What happens after a failed pre-check where nothing was agreed (CID-CART-CFM): stop and ask. */
export const DEFAULT_DEVIATION_ACTION = 'PAUSE_AND_NOTIFY' satisfies WireValue<typeof deviationAction>;

export const ConfirmedItem = wireMap(
  'confirmed-item',
  { itemId: [1, identifier], name: [2, title], quantity: [3, quantity], amountMinor: [4, paidNumber] },
  { amountMinor: 'amount' },
);

const PRICED = {
  items: [1, list(ConfirmedItem, 8, 1)],
  deliveryMinor: [2, amountNumber, 'optional'],
  discountMinor: [3, amountNumber, 'optional'],
  finalMinor: [4, paidNumber],
  currency: [5, currency],
  counterparty: [6, partyId],
  intentId: [7, id16, 'optional'],
  delegationId: [8, id16, 'optional'],
} as const;
const PRICED_NAMES = {
  deliveryMinor: 'delivery_amount',
  discountMinor: 'discount_amount',
  finalMinor: 'final_amount',
} as const;

/** Refuses a total the items do not add up to, whoever says it (T7). */
const TOTAL_RULE = {
  code: 'act-total',
  says: 'items and delivery less discounts make the final amount',
  holds(priced: {
    readonly items: readonly { readonly amountMinor: number }[];
    readonly deliveryMinor?: number;
    readonly discountMinor?: number;
    readonly finalMinor: number;
  }): boolean {
    const gross = sumMinor([...priced.items.map((item) => item.amountMinor), priced.deliveryMinor ?? 0]);
    return gross - (priced.discountMinor ?? 0) === priced.finalMinor;
  },
} as const;

/** buyer → counterparty: lock price, stock or capacity for exactly this. */
export const CartConfirmationRequest = ruled(
  wireMap(
    'cart-confirmation-request',
    { ...PRICED, requestId: [9, id16], deliverWithinMin: [10, minutes, 'optional'] },
    { ...PRICED_NAMES, deliverWithinMin: 'deliver_within_minutes' },
  ),
  [TOTAL_RULE],
);
export type CartConfirmationRequest = WireValue<typeof CartConfirmationRequest>;

/** The transaction confirmation result: the order number that payment refers to from here on. */
export const CartConfirmation = ruled(
  wireMap(
    'cart-confirmation',
    { ...PRICED, orderNo: [9, orderNo], confirmedAt: [10, time], lockedUntil: [11, time, 'optional'] },
    { ...PRICED_NAMES, orderNo: 'out_trade_no' },
  ),
  [
    TOTAL_RULE,
    {
      code: 'act-window',
      says: 'a lock ends after the confirmation',
      holds: ({ confirmedAt, lockedUntil }) => lockedUntil === undefined || lockedUntil > confirmedAt,
    },
  ],
);
export type CartConfirmation = WireValue<typeof CartConfirmation>;
