/** Which documents each kind of request brings, in the order of their digests, and who reads them. */
import type { Documents } from '../confirm/prompt.ts';
import type { SignRequest } from './port.ts';
import { readAccount } from './read-account.ts';
import { readBinding } from './read-binding.ts';
import { readDelegation } from './read-delegation.ts';
import { readLifecycle } from './read-lifecycle.ts';
import { readPayment } from './read-payment.ts';
import type { Reader } from './reading.ts';

export const READERS: Readonly<Record<SignRequest['kind'], Reader>> = {
  payment: readPayment,
  delegation: readDelegation,
  lifecycle: readLifecycle,
  account: readAccount,
  binding: readBinding,
};

export function documentsOf(request: SignRequest): Documents {
  switch (request.kind) {
    case 'payment':
      return [request.challenge, request.cart];
    case 'delegation':
      return [request.challenge, request.iac];
    case 'lifecycle':
    case 'account':
      return [request.change, request.authorization];
    case 'binding':
      return [request.offer];
  }
}
