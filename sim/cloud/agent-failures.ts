/** What an agent does after a payment failed: ACT's error says what may be done at all, the credential what the wearer wants. */
import { type IacPayload, PAYMENT_ERRORS, type PaymentError } from '../../protocol/index.ts';

/**
 * `retry`: a new order and a new request, if the wearer wants retries. `wait`: until the PSP says Active. `later`: money may
 * be there another time. `too-much`: not at this price. `other-merchant`: not there. `end`: nothing can be done.
 */
export type AfterFailure = 'retry' | 'wait' | 'later' | 'too-much' | 'other-merchant' | 'another-day' | 'end';

type Next = (typeof PAYMENT_ERRORS)[PaymentError]['next'];

const BY_NEXT: { readonly [N in Next]: AfterFailure } = {
  'new-request': 'retry',
  // A request that was wrong will be wrong again.
  correct: 'end',
  rebind: 'end',
  reconfirm: 'retry',
  // The PSP has been asked and stays with it.
  'query-first': 'retry',
  reauthorize: 'end',
  wait: 'wait',
  'top-up': 'later',
};

/** Where what follows depends on more than the kind. */
const BY_ERROR: { readonly [E in PaymentError]?: AfterFailure } = {
  SINGLE_LIMIT_EXCEEDED: 'too-much',
  // Of the day or of all: with the next day the agent knows.
  TOTAL_LIMIT_EXCEEDED: 'another-day',
  MERCHANT_NOT_ALLOWED: 'other-merchant',
};

export function afterFailure(error: PaymentError): AfterFailure {
  return BY_ERROR[error] ?? BY_NEXT[PAYMENT_ERRORS[error].next];
}

/** How often a failed payment is tried again where `AUTO_RETRY` names no number. */
const RETRIES = 3;

/** Whether the wearer wants another try (ADD `on_payment_failure`, `max_retry_count`); without a word, none. */
export function mayRetry({ ext }: IacPayload, retries: number): boolean {
  const { onPaymentFailure, maxRetryCount = RETRIES } = ext?.agentBehavior ?? {};
  return onPaymentFailure === 'AUTO_RETRY' && retries < maxRetryCount;
}

/** An error as a reason in news, `total-limit-exceeded`. */
export function reasonOf(error: PaymentError): string {
  return error.toLowerCase().replaceAll('_', '-');
}
