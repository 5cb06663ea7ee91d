/** Refunds, of which ACT 2.1 PSD-PAY-A402 names the errors and the final state. To the source of the payment only (T29). */
import { id16, orderNo, tradeNo } from '../ids.ts';
import { oneOf, text, type WireValue, wireMap } from '../wire.ts';
import { amountText, currency, paidText, time } from './fields.ts';
import { ruled } from './rules.ts';

/** merchant → PSP. The request id makes it idempotent. */
export const RefundRequest = wireMap(
  'refund-request',
  {
    requestId: [1, id16],
    tradeNo: [2, tradeNo],
    orderNo: [3, orderNo],
    amountMinor: [4, paidText],
    currency: [5, currency],
    createdAt: [6, time],
    reason: [7, text(32, /^[a-z][a-z-]*$/), 'optional'],
  },
  { requestId: 'out_request_no', amountMinor: 'refund_amount', orderNo: 'out_trade_no', createdAt: 'timestamp' },
);
export type RefundRequest = WireValue<typeof RefundRequest>;

/** PSP → merchant and buyer. An unknown outcome is asked for, never refunded a second time. */
export const RefundResult = ruled(
  wireMap(
    'refund-result',
    {
      requestId: [1, id16],
      tradeNo: [2, tradeNo],
      state: [3, oneOf({ SUCCEEDED: 1, FAILED: 2, UNKNOWN: 3 })],
      amountMinor: [4, paidText],
      /** What was refunded of this trade altogether. */
      refundedTotalMinor: [5, amountText],
      currency: [6, currency],
      decidedAt: [7, time],
    },
    {
      requestId: 'out_request_no',
      amountMinor: 'refund_amount',
      refundedTotalMinor: 'refunded_total_amount',
      decidedAt: 'timestamp',
    },
  ),
  [
    {
      code: 'act-refund',
      says: 'a refund that succeeded is part of the total',
      holds: ({ state, amountMinor, refundedTotalMinor }) => state !== 'SUCCEEDED' || refundedTotalMinor >= amountMinor,
    },
  ],
);
export type RefundResult = WireValue<typeof RefundResult>;
