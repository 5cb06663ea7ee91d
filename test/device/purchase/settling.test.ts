import { describe, expect, it } from 'vitest';
import type { PurchaseEvent } from '../../../device/purchase/events.ts';
import { QUERY_ORDER_FIRST_MS } from '../../../device/purchase/following.ts';
import type { Purchase } from '../../../device/purchase/state.ts';
import { wakeAt } from '../../../device/purchase/state.ts';
import { step } from '../../../device/purchase/step.ts';
import { CLOCK_SKEW_S, digestOf, type EpochMs, type Message, type Receipt, utf8 } from '../../../protocol/index.ts';
import {
  at,
  confirmationBytes,
  messages,
  opened,
  PAY_ID,
  PSP,
  receiptBytes,
  START,
  seconds,
  settings,
} from '../builders.ts';
import { states } from '../states.ts';
import { frame, told } from './happenings.ts';

const waiting = [states.settling, states.unknown] as const;

function saidAt(message: Message, fromStart: number): PurchaseEvent {
  return { kind: 'frame', frame: opened(message, PSP, seconds(fromStart)) };
}

describe('T29: only the PSP’s receipt for exactly this payment counts', () => {
  it('as an answer or as an answer to a query', () => {
    for (const state of waiting)
      for (const message of [messages.receipt(), messages.paidStatus()])
        expect(step(settings, state, frame(message, PSP), at(0)).state).toMatchObject({
          at: 'following',
          paid: { receipt: { tradeNo: 'T-1' }, receiptBytes: receiptBytes(), confirmation: confirmationBytes() },
          trade: { state: 'WAIT_BUYER_PAY', version: 0 },
        });
  });

  it('T4: news of the order that came before the receipt was nobody’s, so it is asked for soon', () => {
    const { state } = step(settings, states.settling, frame(messages.receipt(), PSP), at(0));
    expect(step(settings, state, { kind: 'tick' }, at(QUERY_ORDER_FIRST_MS - 1)).effects).toEqual([]);
    expect(told(step(settings, state, { kind: 'tick' }, at(QUERY_ORDER_FIRST_MS)))).toBe(
      'following: order-query to luna-coffee',
    );
  });

  it.each<readonly [string, Partial<Receipt>, string]>([
    ['signed by the merchant', {}, 'luna-coffee'],
    ['signed by another PSP', {}, 'other-psp'],
    ['for another order', { orderNo: 'LC-0043' }, PSP],
    ['over another amount', { amountMinor: 2_479 }, PSP],
    ['in another currency', { currency: 'USD' }, PSP],
    ['to another payee', { payee: 'paper-crane' }, PSP],
    ['for another confirmation', { confirmationDigest: digestOf(utf8('other')) }, PSP],
  ])('ignores a receipt %s', (_name, over, by) => {
    const forged = receiptBytes(over, by);
    for (const state of waiting)
      for (const message of [messages.receipt(forged), messages.paidStatus(forged)])
        expect(step(settings, state, frame(message, PSP), at(0))).toEqual({ state, effects: [] });
  });

  it('ignores "paid" without a receipt, and a receipt with any byte changed', () => {
    const bare = { type: 'pay-status', body: { requestId: PAY_ID, state: 'paid' } } as const;
    const altered = receiptBytes();
    altered[40] = (altered[40] ?? 0) ^ 1;
    for (const state of waiting)
      for (const message of [bare, messages.receipt(altered), messages.receipt(new Uint8Array(5))])
        expect(step(settings, state, frame(message, PSP), at(0))).toEqual({ state, effects: [] });
  });
});

describe('an outcome that is not known', () => {
  it('is asked for by request id with growing distance, told to the wearer once, and asked for until there is an answer', () => {
    let state: Purchase = states.settling;
    let now: EpochMs = START;
    const asked: number[] = [];
    let told = 0;
    for (let i = 0; i < 12; i += 1) {
      now = wakeAt(state) ?? now;
      const result = step(settings, state, { kind: 'tick' }, now);
      state = result.state;
      for (const effect of result.effects) {
        if (effect.do === 'say') told += 1;
        if (effect.do !== 'send') continue;
        expect(effect).toEqual({ do: 'send', to: PSP, message: { type: 'pay-query', body: { requestId: PAY_ID } } });
        asked.push((now - START) / 1000);
      }
    }
    expect(asked).toEqual([3, 9, 20, 44, 74, 104, 134, 164, 194, 224, 254, 284]);
    expect(state.at).toBe('unknown');
    expect(told).toBe(1);
  });

  it('never leads to a second payment request or a second confirmation: "awaiting" gets the same bytes again', () => {
    for (const state of waiting) {
      const { state: after, effects } = step(
        settings,
        state,
        frame(messages.payStatus('awaiting-confirmation'), PSP),
        at(0),
      );
      expect(after).toBe(state);
      expect(effects).toEqual([
        {
          do: 'send',
          to: PSP,
          message: { type: 'confirm', body: { requestId: PAY_ID, confirmation: confirmationBytes() } },
        },
      ]);
    }
  });

  it('T4: "awaiting", however late it comes, never means that nothing was paid: the PSP itself says when it expired', () => {
    const late = saidAt(messages.payStatus('awaiting-confirmation'), 0);
    for (const state of waiting) expect(step(settings, state, late, at(149_000)).state).toBe(state);
    const muchLater = saidAt(messages.payStatus('awaiting-confirmation'), 500);
    for (const state of waiting) expect(step(settings, state, muchLater, at(500_000)).state).toBe(state);
  });

  it('T4, T16: "never heard of it" is final only when the PSP said so after challenge and copies were out of time, whatever our clock says', () => {
    const expiry = 60 + 2 * CLOCK_SKEW_S;
    for (const state of waiting) {
      const said = (fromStart: number, nowMs: number) =>
        told(step(settings, state, saidAt(messages.payStatus('unknown-request'), fromStart), at(nowMs)));
      expect(said(0, 0)).toBe(state.at);
      expect(said(expiry, expiry * 1000)).toBe(state.at);
      // The same old word, delivered late or to a clock that runs ahead.
      expect(said(10, (expiry + 20) * 1000)).toBe(state.at);
      expect(said(expiry + 1, (expiry + 1) * 1000)).toBe('ended refused (psp-not-paid): say not-paid');
    }
  });

  it('is resolved in both directions, also after it was declared unknown', () => {
    expect(told(step(settings, states.unknown, frame(messages.paidStatus(), PSP), at(0)))).toBe('following: say paid');
    for (const state of ['declined', 'expired', 'refused'] as const)
      expect(told(step(settings, states.unknown, frame(messages.payStatus(state), PSP), at(0)))).toBe(
        `ended refused (psp-${state}): say not-paid`,
      );
  });

  it('T4: a refusal from before the challenge, delivered late, does not turn a payment into none', () => {
    const late = frame(messages.refusal(PAY_ID, 'order-unknown'), PSP);
    for (const state of waiting) expect(step(settings, state, late, at(0))).toEqual({ state, effects: [] });
  });

  it('is not resolved by anybody but the PSP', () => {
    for (const state of waiting)
      for (const from of ['agent', 'luna-coffee'])
        expect(step(settings, state, frame(messages.refusal(PAY_ID, 'bad-token'), from), at(0)).state).toBe(state);
  });
});
