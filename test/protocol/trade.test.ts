import { describe, expect, it } from 'vitest';
import { nextTradeState, TRADE_EVENTS, TRADE_TRANSITIONS, tradeState } from '../../protocol/messages/trade.ts';

describe('T4: trade states', () => {
  const states = [
    'CREATE',
    'WAIT_BUYER_PAY',
    'WAIT_SELLER_FULFILLMENT',
    'WAIT_BUYER_RECEIPT',
    'TRADE_FINISHED',
    'TRADE_CLOSED',
  ] as const;
  /** ACT 2.1 PSD-PAY-A402, written out once more. */
  const ALLOWED: Readonly<Record<string, string>> = {
    'CREATE PAYMENT_NEEDED_ISSUED': 'WAIT_BUYER_PAY',
    'WAIT_BUYER_PAY PAYMENT_VALIDATED': 'WAIT_SELLER_FULFILLMENT',
    'WAIT_BUYER_PAY PAYMENT_TERMINATED': 'TRADE_CLOSED',
    'WAIT_SELLER_FULFILLMENT DELIVERY_COMMITTED': 'WAIT_BUYER_RECEIPT',
    'WAIT_SELLER_FULFILLMENT COMPENSATION_COMPLETED': 'TRADE_CLOSED',
    'WAIT_BUYER_RECEIPT FULFILLMENT_CONFIRMED': 'TRADE_FINISHED',
    'WAIT_BUYER_RECEIPT TRADE_TERMINATED': 'TRADE_CLOSED',
  };

  it('allow seven transitions and refuse the other 35 pairs', () => {
    const pairs = states.flatMap((state) => TRADE_EVENTS.map((event) => [state, event] as const));
    expect(pairs).toHaveLength(42);
    for (const [state, event] of pairs)
      expect(nextTradeState(state, event), `${state} ${event}`).toBe(ALLOWED[`${state} ${event}`]);
    expect(pairs.filter(([state, event]) => nextTradeState(state, event) === undefined)).toHaveLength(35);
    expect(TRADE_TRANSITIONS).toHaveLength(7);
  });

  it('have a number each on the wire', () => {
    expect(new Set(states.map((state) => tradeState.encode(state, 'x'))).size).toBe(states.length);
    for (const state of states) expect(tradeState.decode(tradeState.encode(state, 'x'), 'x')).toBe(state);
  });
});
