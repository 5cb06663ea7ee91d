/** The signer as the purchase sees it: it is asked to confirm exact bytes and answers in its own time. It may live in this process, behind HID, or in a secure element. */
import type { ConfirmationMethod } from '../../protocol/index.ts';
import type { VoidReason } from '../confirm/gate.ts';
import type { Locale } from '../voice/vocabulary.ts';
import type { OrderAnswer } from './core.ts';

/** What a wearer can be asked to confirm, byte for byte. The signer verifies and reads the bytes itself. */
export type SignRequest = PaymentToSign | DelegationToSign | LifecycleToSign | AccountToSign | BindingToSign;

/** The PSP's signed `challenge` and the merchant's signed `cart`; gives a `confirmation`. */
export interface PaymentToSign {
  readonly kind: 'payment';
  readonly challenge: Uint8Array;
  readonly cart: Uint8Array;
  readonly locale: Locale;
}

/** The PSP's signed `delegation-challenge` and the drafted IAC payload in deterministic CBOR; gives an `authorization`. */
export interface DelegationToSign {
  readonly kind: 'delegation';
  readonly challenge: Uint8Array;
  readonly iac: Uint8Array;
  readonly locale: Locale;
}

/** A lifecycle change in deterministic CBOR and the `authorization` it is about; gives a `lifecycle-order`. */
export interface LifecycleToSign {
  readonly kind: 'lifecycle';
  readonly change: Uint8Array;
  readonly authorization: Uint8Array;
  readonly locale: Locale;
}

/** A change of a sub-account in deterministic CBOR and the `authorization` it pays under; gives a `sub-account-order`. */
export interface AccountToSign {
  readonly kind: 'account';
  readonly change: Uint8Array;
  readonly authorization: Uint8Array;
  readonly locale: Locale;
}

/** The PSP's signed `binding-offer`; gives a `binding-consent`. */
export interface BindingToSign {
  readonly kind: 'binding';
  readonly offer: Uint8Array;
  readonly locale: Locale;
}

/** Declined, cancelled, timed out, void and failed are different answers (design 5.6). */
export type SignerAnswer = Signed | NotSigned;

export interface Signed {
  readonly kind: 'signed';
  /** The signed object that the request gives. */
  readonly signed: Uint8Array;
  readonly method: ConfirmationMethod;
  /** For a delegation: Ed25519 over the RFC 8785 form of the IAC payload, so that a party with JSON only can verify it. */
  readonly jsonSignature?: Uint8Array;
}

export type NotSigned =
  | { readonly kind: 'declined' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'void'; readonly reason: VoidReason }
  | { readonly kind: 'failed'; readonly code: string };

export interface Signer {
  /** Starts one prompt and answers exactly once, unless it is withdrawn first. A prompt that is open already is void. */
  confirm(request: SignRequest, answer: (answer: SignerAnswer) => void): void;
  /** Takes the prompt away; nothing is signed afterwards and no answer follows. */
  withdraw(): void;
  /**
   * Hands on a `lock-order` of the PSP, which the signer judges itself (T18). Answers once, or never where the order could
   * not be kept or the signer not be reached: it comes again. Absent on a signer that nobody locks from afar.
   */
  takeOrder?(order: Uint8Array, answer: (answer: OrderTaken) => void): void;
}

/** What became of a lock order, and whether anything is signed from now on. */
export interface OrderTaken {
  readonly answer: OrderAnswer;
  readonly isLocked: boolean;
}
