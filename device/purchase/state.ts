/** One purchase from the first word to the last news of it. Each state holds exactly what the later ones need. */
import type { Cart, Challenge, Digest, EpochMs, Id16, Offer, Receipt, TradeState } from '../../protocol/index.ts';
import type { PendingOrder, Question } from '../voice/parse-order.ts';
import type { IntentDraft, Locale } from '../voice/vocabulary.ts';

/** What is known of the words outside the device's transcript store: never the words. */
export interface Heard {
  readonly digest: Digest;
  readonly contextRef: string;
  readonly mode: 'VOICE' | 'TEXT';
  readonly locale: Locale;
}

/** What the wearer confirmed. It becomes the ISR (ACT 2.1 ADD-INT-ICS). */
export interface Intent {
  readonly intentId: Id16;
  readonly draft: IntentDraft;
  readonly heard: Heard;
  /** The wearer's budget, or the device's cap where none was named. */
  readonly maxTotalMinor: number;
  readonly confirmedAt: EpochMs;
}

/** A cart whose signature, sum, payee and fit with the intent were checked. */
export interface CheckedCart {
  readonly cart: Cart;
  readonly bytes: Uint8Array;
  readonly digest: Digest;
}

export interface CheckedChallenge {
  readonly challenge: Challenge;
  readonly bytes: Uint8Array;
  readonly digest: Digest;
}

/** What a payment needs to be followed to its end, whatever happens in between. */
export interface Payment {
  readonly intent: Intent;
  readonly cart: CheckedCart;
  readonly challenge: CheckedChallenge;
  readonly requestId: Id16;
  readonly confirmation: Uint8Array;
  readonly attempts: number;
}

export interface Paid {
  readonly intent: Intent;
  readonly cart: CheckedCart;
  readonly challenge: CheckedChallenge;
  readonly confirmation: Uint8Array;
  readonly receipt: Receipt;
  readonly receiptBytes: Uint8Array;
}

/** The six ways a purchase ends. */
export type Outcome = 'finished' | 'declined' | 'cancelled' | 'timed-out' | 'refused' | 'unknown';

/** `until`: when the state gives up. `nextAt`: when it does something again, for example asks once more. */
interface Waiting {
  readonly until: EpochMs;
}

export type Purchase =
  | { readonly at: 'idle' }
  | (Waiting & {
      readonly at: 'asking';
      readonly question?: Question;
      readonly pending?: PendingOrder;
      readonly tries: number;
      readonly locale: Locale;
    })
  | (Waiting & {
      readonly at: 'summarising';
      readonly intentId: Id16;
      readonly draft: IntentDraft;
      readonly heard: Heard;
      readonly tries: number;
    })
  | (Waiting & { readonly at: 'seeking'; readonly intent: Intent; readonly requestId: Id16; readonly nextAt: EpochMs })
  | (Waiting & {
      readonly at: 'choosing';
      readonly intent: Intent;
      readonly requestId: Id16;
      readonly offers: readonly Offer[];
      readonly tries: number;
    })
  | (Waiting & {
      readonly at: 'carting';
      readonly intent: Intent;
      readonly requestId: Id16;
      readonly offer: Offer;
      readonly nextAt: EpochMs;
    })
  | (Waiting & {
      readonly at: 'requesting';
      readonly intent: Intent;
      readonly cart: CheckedCart;
      readonly requestId: Id16;
      readonly nextAt: EpochMs;
    })
  | (Waiting & {
      readonly at: 'confirming';
      readonly intent: Intent;
      readonly cart: CheckedCart;
      readonly challenge: CheckedChallenge;
      readonly requestId: Id16;
    })
  | (Waiting & { readonly at: 'settling'; readonly payment: Payment; readonly nextAt: EpochMs })
  | { readonly at: 'unknown'; readonly payment: Payment; readonly nextAt: EpochMs }
  | (Waiting & {
      readonly at: 'following';
      readonly paid: Paid;
      readonly trade: { readonly state: TradeState; readonly version: number };
      readonly nextAt: EpochMs;
    })
  | { readonly at: 'ended'; readonly outcome: Outcome; readonly reason: string; readonly paid?: Paid };

type ByState = { readonly [P in Purchase as P['at']]: P };
export type PurchaseIn<At extends Purchase['at']> = ByState[At];

export type CartFault =
  | 'cart-signature'
  | 'cart-payee'
  | 'cart-intent'
  | 'cart-lines'
  | 'cart-total'
  | 'cart-currency'
  | 'cart-over-budget'
  | 'cart-too-slow'
  | 'cart-expired';

export type ChallengeFault = 'challenge-signature' | 'challenge-terms' | 'challenge-expired';

/** When a tick matters next; `undefined` when only an event from outside does. */
export function wakeAt(state: Purchase): EpochMs | undefined {
  const times = [...('until' in state ? [state.until] : []), ...('nextAt' in state ? [state.nextAt] : [])];
  return times.length > 0 ? (Math.min(...times) as EpochMs) : undefined;
}
