/** The binding of the wearer's account to this device's agent, from the wish to the token (ACT 2.1 PSD-PMT-BND). */
import type { BindingFailure, BindingRequest, Digest, EpochMs, EpochSeconds, Id16 } from '../../protocol/index.ts';
import type { Locale } from '../voice/vocabulary.ts';

/** What the wearer asked to be bound, and in which language. */
interface Wish {
  readonly request: BindingRequest;
  readonly locale: Locale;
}

/** `until`: when the state gives up. `nextAt`: when it asks once more. */
export type Binding =
  | { readonly at: 'idle' }
  | (Wish & { readonly at: 'requesting'; readonly until: EpochMs; readonly nextAt: EpochMs })
  | (Wish & { readonly at: 'confirming'; readonly offer: Uint8Array; readonly digest: Digest; readonly until: EpochMs })
  /** The consent has left: asked for by its request id until the PSP has said what became of it. */
  | (Wish & {
      readonly at: 'consenting';
      readonly digest: Digest;
      readonly consent: Uint8Array;
      readonly attempts: number;
      readonly nextAt: EpochMs;
    })
  /** The token itself is in the token store and nowhere else. */
  | {
      readonly at: 'bound';
      readonly requestId: Id16;
      readonly limits: BindingRequest['limits'];
      readonly decidedAt: EpochSeconds;
    }
  | { readonly at: 'refused'; readonly requestId: Id16; readonly code: BindingFailure | string }
  /** The wearer did not answer in time. */
  | { readonly at: 'expired'; readonly requestId: Id16 };

export type BindingIn<At extends Binding['at']> = Extract<Binding, { at: At }>;

/** Whether nothing is under way any more. */
export function isOver({ at }: Binding): boolean {
  return at === 'idle' || at === 'bound' || at === 'refused' || at === 'expired';
}

/** When a tick matters next; `undefined` when only an event from outside does. */
export function wakeAt(state: Binding): EpochMs | undefined {
  const times = [...('until' in state ? [state.until] : []), ...('nextAt' in state ? [state.nextAt] : [])];
  return times.length > 0 ? (Math.min(...times) as EpochMs) : undefined;
}
