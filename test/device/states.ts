/** A purchase in each of its states, made of the things in `builders.ts`. */
import type { Payment, Purchase, PurchaseIn } from '../../device/purchase/state.ts';
import { digestOf } from '../../protocol/index.ts';
import {
  at,
  CART_ID,
  cart,
  checkedCart,
  checkedChallenge,
  confirmationBytes,
  draft,
  heard,
  INTENT_ID,
  intent,
  MERCHANT,
  offer,
  PAY_ID,
  receiptBytes,
  SEEK_ID,
  secondOffer,
  seconds,
} from './builders.ts';

export function payment(over: Partial<Payment> = {}): Payment {
  return {
    intent: intent(),
    cart: checkedCart(),
    challenge: checkedChallenge(),
    requestId: PAY_ID,
    confirmation: confirmationBytes(),
    attempts: 0,
    ...over,
  };
}

/** A purchase in each state, ten seconds into it at most; nothing is due before `at(1_000)`. */
export const states: { readonly [At in Purchase['at']]: PurchaseIn<At> } = {
  idle: { at: 'idle' },
  asking: { at: 'asking', question: { kind: 'what-item' }, tries: 1, locale: 'en-US', until: at(20_000) },
  summarising: { at: 'summarising', intentId: INTENT_ID, draft: draft(), heard: heard(), tries: 1, until: at(20_000) },
  seeking: { at: 'seeking', intent: intent(), requestId: SEEK_ID, until: at(20_000), nextAt: at(5_000) },
  choosing: {
    at: 'choosing',
    intent: intent(),
    requestId: SEEK_ID,
    offers: [offer(), secondOffer()],
    tries: 1,
    until: at(60_000),
  },
  carting: {
    at: 'carting',
    intent: intent(),
    requestId: CART_ID,
    offer: offer(),
    until: at(20_000),
    nextAt: at(5_000),
  },
  requesting: {
    at: 'requesting',
    intent: intent(),
    cart: checkedCart(),
    requestId: PAY_ID,
    until: at(20_000),
    nextAt: at(4_000),
  },
  confirming: {
    at: 'confirming',
    intent: intent(),
    cart: checkedCart(),
    challenge: checkedChallenge(),
    requestId: PAY_ID,
    until: at(60_000),
  },
  settling: { at: 'settling', payment: payment(), until: at(20_000), nextAt: at(3_000) },
  unknown: { at: 'unknown', payment: payment({ attempts: 3 }), nextAt: at(24_000) },
  following: {
    at: 'following',
    paid: {
      intent: intent(),
      cart: checkedCart(),
      challenge: checkedChallenge(),
      confirmation: confirmationBytes(),
      receipt: {
        tradeNo: 'T-1',
        confirmationDigest: digestOf(confirmationBytes()),
        orderNo: cart().orderNo,
        amountMinor: 2_480,
        currency: 'CNY',
        payee: MERCHANT,
        paidAt: seconds(4),
      },
      receiptBytes: receiptBytes(),
    },
    trade: { state: 'WAIT_BUYER_PAY', version: 0 },
    until: at(4 * 3_600_000),
    nextAt: at(60_000),
  },
  ended: { at: 'ended', outcome: 'cancelled', reason: 'said-cancel' },
};
