import { describe, expect, it } from 'vitest';
import { FOLLOW_MS, leadsTo, QUERY_ORDER_MS } from '../../../device/purchase/following.ts';
import type { Purchase } from '../../../device/purchase/state.ts';
import { step } from '../../../device/purchase/step.ts';
import { TRADE_TRANSITIONS, type TradeState } from '../../../protocol/index.ts';
import { at, MERCHANT, messages, OTHER_MERCHANT, PSP, settings, updateBytes } from '../builders.ts';
import { states } from '../states.ts';
import { frame, told } from './happenings.ts';

const STATES: readonly TradeState[] = [
  'CREATE',
  'WAIT_BUYER_PAY',
  'WAIT_SELLER_FULFILLMENT',
  'WAIT_BUYER_RECEIPT',
  'TRADE_FINISHED',
  'TRADE_CLOSED',
];

function news(version: number, state: TradeState) {
  return frame(messages.fulfilment(version, state), MERCHANT);
}

function follow(...updates: readonly (readonly [number, TradeState])[]): Purchase {
  let state: Purchase = states.following;
  for (const [version, to] of updates) state = step(settings, state, news(version, to), at(0)).state;
  return state;
}

describe('T4: the merchant’s updates (ACT 2.1 PSD-PAY-A402 state table)', () => {
  it('are followed one after the other to the end', () => {
    expect(follow([1, 'WAIT_SELLER_FULFILLMENT'])).toMatchObject({
      trade: { version: 1, state: 'WAIT_SELLER_FULFILLMENT' },
    });
    expect(follow([1, 'WAIT_SELLER_FULFILLMENT'], [2, 'WAIT_BUYER_RECEIPT'])).toMatchObject({ trade: { version: 2 } });
    const end = follow([1, 'WAIT_SELLER_FULFILLMENT'], [2, 'WAIT_BUYER_RECEIPT'], [3, 'TRADE_FINISHED']);
    expect(end).toMatchObject({ at: 'ended', outcome: 'finished', paid: states.following.paid });
  });

  it('may leave some out, since updates get lost', () => {
    expect(follow([3, 'TRADE_FINISHED'])).toMatchObject({ outcome: 'finished' });
    expect(follow([2, 'WAIT_BUYER_RECEIPT'])).toMatchObject({ trade: { version: 2 } });
  });

  it('close the order and keep the evidence of the payment', () => {
    expect(follow([1, 'TRADE_CLOSED'])).toEqual({
      at: 'ended',
      outcome: 'refused',
      reason: 'trade-closed',
      paid: states.following.paid,
    });
  });

  it('never lead backwards or nowhere: exactly the reachable states are accepted from each', () => {
    const reachable = (from: TradeState): Set<TradeState> => {
      const found = new Set<TradeState>();
      const look = (state: TradeState) => {
        for (const [before, , after] of TRADE_TRANSITIONS)
          if (before === state && !found.has(after)) {
            found.add(after);
            look(after);
          }
      };
      look(from);
      return found;
    };
    for (const from of STATES)
      for (const to of STATES) expect([from, to, leadsTo(from, to)]).toEqual([from, to, reachable(from).has(to)]);
  });

  it.each<readonly [string, number, TradeState]>([
    ['an older version', 1, 'TRADE_FINISHED'],
    ['the same version again', 2, 'TRADE_FINISHED'],
    ['a state that lies behind', 3, 'WAIT_SELLER_FULFILLMENT'],
    ['the state it is in', 3, 'WAIT_BUYER_RECEIPT'],
    ['a state from before the payment', 3, 'CREATE'],
  ])('%s changes nothing', (_name, version, to) => {
    const state = follow([2, 'WAIT_BUYER_RECEIPT']);
    expect(step(settings, state, news(version, to), at(0))).toEqual({ state, effects: [] });
  });

  it.each([
    ['of another merchant', updateBytes(1, 'TRADE_FINISHED', {}, OTHER_MERCHANT)],
    ['signed by the PSP', updateBytes(1, 'TRADE_FINISHED', {}, PSP)],
    ['of another order', updateBytes(1, 'TRADE_FINISHED', { orderNo: 'LC-0043' })],
    ['that is none', new Uint8Array(9)],
  ])('an update %s changes nothing, whoever passes it on', (_name, update) => {
    for (const from of [MERCHANT, OTHER_MERCHANT]) {
      const event = frame({ type: 'fulfilment', body: { update } }, from);
      expect(step(settings, states.following, event, at(0))).toEqual({ state: states.following, effects: [] });
    }
  });

  it('that do not come are asked for again and again, until following ends undecided with the evidence kept', () => {
    const asked = step(settings, states.following, { kind: 'tick' }, at(60_000));
    expect(told(asked)).toBe('following: order-query to luna-coffee');
    expect(asked.state).toMatchObject({ nextAt: at(60_000 + QUERY_ORDER_MS) });
    const over = step(settings, states.following, { kind: 'tick' }, at(FOLLOW_MS)).state;
    expect(over).toMatchObject({
      at: 'ended',
      outcome: 'unknown',
      reason: 'no-news-of-order',
      paid: states.following.paid,
    });
  });
});
