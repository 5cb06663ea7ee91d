/** What can happen to a purchase, and what it may ask for. Nothing else goes in or out. */
import type { Id16, LockAck, Message, OpenFrame } from '../../protocol/index.ts';
import type { OrderTaken, SignerAnswer } from '../signer/port.ts';
import type { OrderParse } from '../voice/parse-order.ts';
import type { Reply } from '../voice/parse-reply.ts';
import type { Locale } from '../voice/vocabulary.ts';
import type { PhraseKey } from './phrases.ts';
import type { Heard, Purchase } from './state.ts';

/** A frame of one type that was verified, was meant for this device and had not been seen before. */
export type Received<T extends OpenFrame['type']> = Extract<OpenFrame, { type: T }>;

export type PurchaseEvent =
  /** Words that were understood as an order or as part of one. `fresh` is a new random id. */
  | { readonly kind: 'order'; readonly parse: OrderParse; readonly heard: Heard; readonly fresh: Id16 }
  | { readonly kind: 'reply'; readonly reply: Reply; readonly heard: Heard }
  /** The microphone was open and no words came out of it. */
  | { readonly kind: 'unheard'; readonly why: Unheard }
  | { readonly kind: 'frame'; readonly frame: OpenFrame }
  | { readonly kind: 'signer'; readonly answer: SignerAnswer }
  | { readonly kind: 'link'; readonly online: boolean }
  /** The signer was handed an order to lock or unlock the device, and whether it is locked now (T18). */
  | { readonly kind: 'lock-order'; readonly order: LockAck; readonly taken: OrderTaken }
  | { readonly kind: 'tick' }
  /** The process has started again with this state from its journal. */
  | { readonly kind: 'restarted' };

/** Frames, ticks, words and lock orders come again; these do not. */
export function comesOnce(event: PurchaseEvent): boolean {
  return event.kind === 'signer' || event.kind === 'restarted' || (event.kind === 'link' && !event.online);
}

export type Unheard = 'silence' | 'too-long' | 'not-understood' | 'recogniser-failed';

export type Effect =
  | { readonly do: 'send'; readonly to: string; readonly message: Message }
  /** Speaks, and shows where there is a display. */
  | { readonly do: 'say'; readonly key: PhraseKey; readonly text: string; readonly locale: Locale }
  | { readonly do: 'listen'; readonly expect: 'order' | 'reply'; readonly locale: Locale }
  | { readonly do: 'confirm'; readonly challenge: Uint8Array; readonly cart: Uint8Array; readonly locale: Locale }
  | { readonly do: 'withdraw' };

export interface Step {
  readonly state: Purchase;
  readonly effects: readonly Effect[];
}
