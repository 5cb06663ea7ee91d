/** What can happen to a binding, and what it may ask for. Nothing else goes in or out. */

import type { BindingRequest, Message, OpenFrame } from '../../protocol/index.ts';
import type { OrderTaken, SignerAnswer } from '../signer/port.ts';
import type { Locale } from '../voice/vocabulary.ts';
import type { Binding } from './state.ts';

export type BindingEvent =
  /** The wearer wants this; the request id is new. */
  | { readonly kind: 'wish'; readonly request: BindingRequest; readonly locale: Locale }
  | { readonly kind: 'frame'; readonly frame: OpenFrame }
  | { readonly kind: 'signer'; readonly answer: SignerAnswer }
  /** The signer was handed an order to lock or unlock the device. */
  | { readonly kind: 'lock-order'; readonly taken: OrderTaken }
  | { readonly kind: 'link'; readonly online: boolean }
  | { readonly kind: 'tick' }
  /** The process has started again with this state from its journal. */
  | { readonly kind: 'restarted' };

/** Frames, ticks and lock orders come again, and the wearer can wish again; these do not. */
export function comesOnce(event: BindingEvent): boolean {
  return event.kind === 'signer' || event.kind === 'restarted' || (event.kind === 'link' && !event.online);
}

export type BindingEffect =
  | { readonly do: 'send'; readonly message: Message }
  | { readonly do: 'confirm'; readonly offer: Uint8Array; readonly locale: Locale }
  | { readonly do: 'withdraw' }
  /** Keeps the token, sealed. It goes nowhere else: not into the journal, not into a log (T19). */
  | { readonly do: 'keep'; readonly token: string };

export interface BindingStep {
  readonly state: Binding;
  readonly effects: readonly BindingEffect[];
}

/** Whether a frame belongs to a binding: the purchase neither acts on it nor keeps it, as one carries a token. */
export function isOfBinding({ type }: Pick<OpenFrame, 'type'>): boolean {
  return type === 'bind-offer' || type === 'bind-result';
}
