/** Trade states and their transitions (ACT 2.1 PSD-PAY-A402 state table), and the merchant's updates that report them. */

import { epochSeconds, minutes } from '../fields.ts';
import { id16, orderNo } from '../ids.ts';
import { bytes, oneOf, uint, type WireValue, wireMap } from '../wire.ts';

export const tradeState = oneOf({
  CREATE: 1,
  WAIT_BUYER_PAY: 2,
  WAIT_SELLER_FULFILLMENT: 3,
  WAIT_BUYER_RECEIPT: 4,
  TRADE_FINISHED: 5,
  TRADE_CLOSED: 6,
});
export type TradeState = WireValue<typeof tradeState>;

export const TRADE_EVENTS = [
  'PAYMENT_NEEDED_ISSUED',
  'PAYMENT_VALIDATED',
  'PAYMENT_TERMINATED',
  'DELIVERY_COMMITTED',
  'COMPENSATION_COMPLETED',
  'FULFILLMENT_CONFIRMED',
  'TRADE_TERMINATED',
] as const;
export type TradeEvent = (typeof TRADE_EVENTS)[number];

/** The seven transitions there are; every other pair of state and event is an error (T4). */
export const TRADE_TRANSITIONS: readonly (readonly [TradeState, TradeEvent, TradeState])[] = [
  ['CREATE', 'PAYMENT_NEEDED_ISSUED', 'WAIT_BUYER_PAY'],
  ['WAIT_BUYER_PAY', 'PAYMENT_VALIDATED', 'WAIT_SELLER_FULFILLMENT'],
  ['WAIT_BUYER_PAY', 'PAYMENT_TERMINATED', 'TRADE_CLOSED'],
  ['WAIT_SELLER_FULFILLMENT', 'DELIVERY_COMMITTED', 'WAIT_BUYER_RECEIPT'],
  ['WAIT_SELLER_FULFILLMENT', 'COMPENSATION_COMPLETED', 'TRADE_CLOSED'],
  ['WAIT_BUYER_RECEIPT', 'FULFILLMENT_CONFIRMED', 'TRADE_FINISHED'],
  ['WAIT_BUYER_RECEIPT', 'TRADE_TERMINATED', 'TRADE_CLOSED'],
];

/** The state after an event, or `undefined` where ACT's table has no such transition. */
export function nextTradeState(from: TradeState, event: TradeEvent): TradeState | undefined {
  return TRADE_TRANSITIONS.find(([state, on]) => state === from && on === event)?.[2];
}

/** Signed by the merchant. `version` counts up from 1 with each change of one order, so that late news is never taken for new (T4). */
export const Fulfilment = wireMap('fulfilment', {
  orderNo: [1, orderNo],
  version: [2, uint(64, 1)],
  state: [3, tradeState],
  at: [4, epochSeconds],
  etaMin: [5, minutes, 'optional'],
});
export type Fulfilment = WireValue<typeof Fulfilment>;

/** merchant → device. */
export const FulfilmentMessage = wireMap('fulfilment-message', { update: [1, bytes(256)] });
/** device → merchant: send the newest state of this order again. */
export const OrderQuery = wireMap('order-query', { requestId: [1, id16], orderNo: [2, orderNo] });
