/** After payment: the merchant's signed updates until the trade is finished or closed (design 3 step 11). */
import {
  type Fulfilment,
  openObject,
  ProtocolError,
  TRADE_TRANSITIONS,
  type TradeState,
} from '../../protocol/index.ts';
import { later, requestIdFor, say, send } from './ending.ts';
import type { Effect } from './events.ts';
import { phrases } from './phrases.ts';
import type { PurchaseIn } from './state.ts';
import type { Situation, Transition } from './transition.ts';

/** How long an order is followed before the device stops asking. */
export const FOLLOW_MS = 4 * 3_600_000;
/** The shop may have told of the order before the receipt was here; that news was nobody's then, so it is asked for. */
export const QUERY_ORDER_FIRST_MS = 10_000;
export const QUERY_ORDER_MS = 5 * 60_000;

/** Whether ACT's transitions lead from one state to the other, in one step or several: updates in between may be lost (T4). */
export function leadsTo(from: TradeState, to: TradeState): boolean {
  return TRADE_TRANSITIONS.some(([state, , next]) => state === from && (next === to || leadsTo(next, to)));
}

function opens(bytes: Uint8Array, state: PurchaseIn<'following'>, { settings }: Situation): Fulfilment | undefined {
  try {
    const { trust, tenant } = settings.directory;
    const { value, signer } = openObject('fulfilment', bytes, { trust, tenant });
    const { cart } = state.paid.cart;
    return signer.party === cart.merchant && value.orderNo === cart.orderNo ? value : undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

export const followUp: Transition<'following', 'fulfilment'> = (state, moment) => {
  const update = opens(moment.event.body.update, state, moment);
  if (!update || update.version <= state.trade.version || !leadsTo(state.trade.state, update.state)) return undefined;
  const { locale } = state.paid.intent.heard;
  const effects: Effect[] = [say('progress', phrases(locale).progress(update.state), locale)];
  if (update.state === 'TRADE_FINISHED')
    return { state: { at: 'ended', outcome: 'finished', reason: 'trade-finished', paid: state.paid }, effects };
  if (update.state === 'TRADE_CLOSED')
    return { state: { at: 'ended', outcome: 'refused', reason: 'trade-closed', paid: state.paid }, effects };
  const trade = { state: update.state, version: update.version };
  return { state: { ...state, trade, nextAt: later(moment.now, QUERY_ORDER_MS) }, effects };
};

function askMerchant(state: PurchaseIn<'following'>): Effect {
  const { cart } = state.paid.cart;
  const requestId = requestIdFor(state.paid.intent.intentId, `order:${state.trade.version}`);
  return send(cart.merchant, { type: 'order-query', body: { requestId, orderNo: cart.orderNo } });
}

/** No news for a while: ask for the newest state. */
export const queryOrder: Transition<'following', 'tick'> = (state, { now }) => {
  if (now >= state.until) {
    return { state: { at: 'ended', outcome: 'unknown', reason: 'no-news-of-order', paid: state.paid }, effects: [] };
  }
  if (now < state.nextAt) return undefined;
  return { state: { ...state, nextAt: later(now, QUERY_ORDER_MS) }, effects: [askMerchant(state)] };
};

export const followOn: Transition<'following', 'restarted'> = (state, { now }) => ({
  state: { ...state, nextAt: later(now, QUERY_ORDER_MS) },
  effects: [askMerchant(state)],
});
