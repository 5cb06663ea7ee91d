/** What can happen to a delegation, and what it may ask for. Nothing else goes in or out. */
import type { DelegationStatus, Id16, Message, OpenFrame } from '../../protocol/index.ts';
import type { Unheard } from '../purchase/events.ts';
import type { Heard } from '../purchase/state.ts';
import type { OrderTaken, SignerAnswer, SignRequest } from '../signer/port.ts';
import type { AccountCommand } from '../voice/delegation/account-command.ts';
import type { DelegationDraft, DelegationQuestion, PendingDelegation } from '../voice/delegation/draft.ts';
import type { DelegationCommand } from '../voice/delegation/parse-command.ts';
import type { Reply } from '../voice/parse-reply.ts';
import type { Locale } from '../voice/vocabulary.ts';
import type { Kept, KeptRefund, KeptSpend } from './book.ts';
import type { DelegationPhrase } from './phrases.ts';
import type { Delegation, Wanted } from './state.ts';

/** What was understood of words that are about a delegation. */
export type DelegationRead =
  | { readonly kind: 'wish'; readonly parse: Wish }
  | { readonly kind: 'answer'; readonly reply: Reply }
  | { readonly kind: 'command'; readonly command: DelegationCommand };

export type Wish =
  | { readonly kind: 'draft'; readonly draft: DelegationDraft }
  | { readonly kind: 'question'; readonly question: DelegationQuestion; readonly pending: PendingDelegation };

/** Words about a delegation. `fresh` is a new random id. */
export interface DelegationWords {
  readonly kind: 'delegation';
  readonly read: DelegationRead;
  readonly heard: Heard;
  readonly fresh: Id16;
}

/** The ear was open for a delegation and no words came out of it. */
export interface DelegationUnheard {
  readonly kind: 'delegation-unheard';
  readonly why: Unheard;
}

/** The signer's answer to the prompt of a delegation. */
export interface DelegationSigned {
  readonly kind: 'delegation-signer';
  readonly id: Id16;
  readonly answer: SignerAnswer;
}

/** What one delegation hears of. Signed objects were opened under the pinned keys before they get here. */
export type DelegationEvent =
  | { readonly kind: 'wish'; readonly parse: Wish; readonly heard: Heard }
  | { readonly kind: 'answer'; readonly reply: Reply; readonly heard: Heard }
  | { readonly kind: 'unheard'; readonly why: Unheard }
  /** The wearer has turned to something else. */
  | { readonly kind: 'dropped' }
  | { readonly kind: 'command'; readonly to: Wanted; readonly locale: Locale }
  | { readonly kind: 'account'; readonly command: AccountCommand; readonly locale: Locale }
  /** It has its turn: nobody else shows a prompt, or talks. */
  | { readonly kind: 'turn'; readonly of: 'prompt' | 'talk'; readonly mayListen: boolean }
  | { readonly kind: 'signer'; readonly answer: SignerAnswer }
  | { readonly kind: 'status'; readonly status: DelegationStatus }
  /** A payment, checked against the bounds; it is not in the book yet. */
  | { readonly kind: 'spend'; readonly spend: KeptSpend }
  | { readonly kind: 'refund'; readonly refund: KeptRefund }
  | { readonly kind: 'frame'; readonly frame: OpenFrame }
  | { readonly kind: 'link'; readonly online: boolean }
  | { readonly kind: 'lock-order'; readonly taken: OrderTaken }
  | { readonly kind: 'tick' }
  | { readonly kind: 'restarted' };

export type DelegationEffect =
  | { readonly do: 'send'; readonly to: string; readonly message: Message }
  | { readonly do: 'say'; readonly key: DelegationPhrase; readonly text: string; readonly locale: Locale }
  | { readonly do: 'listen-for'; readonly expect: 'order' | 'reply'; readonly locale: Locale }
  | { readonly do: 'prompt'; readonly id: Id16; readonly request: SignRequest }
  | { readonly do: 'unprompt'; readonly id: Id16 }
  /** Evidence that becomes durable with this step. */
  | { readonly do: 'keep'; readonly kept: Kept };

export interface DelegationStep {
  readonly state: Delegation;
  readonly effects: readonly DelegationEffect[];
}
