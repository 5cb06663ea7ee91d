/** The signer as the purchase sees it: it is asked to confirm exact bytes and answers in its own time. It may live in this process, behind HID, or in a secure element. */
import type { ConfirmationMethod } from '../../protocol/index.ts';
import type { VoidReason } from '../confirm/gate.ts';
import type { Locale } from '../voice/vocabulary.ts';

export interface ConfirmRequest {
  /** The PSP's signed challenge and the merchant's signed cart, byte for byte. The signer verifies and reads them itself. */
  readonly challenge: Uint8Array;
  readonly cart: Uint8Array;
  readonly locale: Locale;
}

/** Declined, cancelled, timed out, void and failed are different answers (design 5.6). */
export type SignerAnswer =
  | { readonly kind: 'signed'; readonly confirmation: Uint8Array; readonly method: ConfirmationMethod }
  | { readonly kind: 'declined' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'void'; readonly reason: VoidReason }
  | { readonly kind: 'failed'; readonly code: string };

export interface Signer {
  /** Starts one prompt and answers exactly once, unless it is withdrawn first. A prompt that is open already is void. */
  confirm(request: ConfirmRequest, answer: (answer: SignerAnswer) => void): void;
  /** Takes the prompt away; nothing is signed afterwards and no answer follows. */
  withdraw(): void;
}
