/** Every code with which a service refuses, and ACT's category for it. */
import type { Category, Id16, Party } from '../../protocol/index.ts';
import type { Outgoing } from './handler.ts';

export const REFUSALS = {
  // Any service: a request id that was used for something else.
  'repeated-request': 'STATE_CONFLICT',
  // Agent.
  'intent-expired': 'REQUEST_INVALID',
  'currency-unsupported': 'REQUEST_INVALID',
  'offer-unknown': 'REQUEST_INVALID',
  'offers-expired': 'STATE_CONFLICT',
  'bad-authorization': 'SIGNATURE_INVALID',
  // Merchant.
  closed: 'STATE_CONFLICT',
  'out-of-stock': 'STATE_CONFLICT',
  'out-of-range': 'REQUEST_INVALID',
  'not-sold': 'REQUEST_INVALID',
  'option-not-offered': 'REQUEST_INVALID',
  'below-minimum': 'REQUEST_INVALID',
  'nothing-to-pay': 'REQUEST_INVALID',
  'cart-too-large': 'REQUEST_INVALID',
  'order-unknown': 'REQUEST_INVALID',
  // Merchant of seats. Those with a STATE_CONFLICT may be answered otherwise later.
  'not-then': 'REQUEST_INVALID',
  'too-many-seats': 'REQUEST_INVALID',
  'not-on-sale': 'STATE_CONFLICT',
  queueing: 'STATE_CONFLICT',
  'sold-out': 'STATE_CONFLICT',
  'no-seat': 'STATE_CONFLICT',
  // Merchant, order cancelled: the PSP did not give the money back, so the order goes on.
  'refund-failed': 'REFUND_FAILED',
  // Merchant, watches.
  'too-many-watches': 'LIMIT_OR_ASSET_REJECTED',
  // PSP, payment request (PSD-PAY-INS errors).
  'expired-request': 'REQUEST_INVALID',
  'agent-mismatch': 'PARTICIPANT_INVALID',
  'bad-token': 'AUTHORIZATION_REJECTED',
  'token-agent-mismatch': 'AUTHORIZATION_REJECTED',
  'token-revoked': 'AUTHORIZATION_REJECTED',
  'token-expired': 'AUTHORIZATION_REJECTED',
  'token-currency': 'LIMIT_OR_ASSET_REJECTED',
  'token-single-limit': 'LIMIT_OR_ASSET_REJECTED',
  'token-total-limit': 'LIMIT_OR_ASSET_REJECTED',
  // The device was reported lost, or its key was found in two signers.
  'device-locked': 'AUTHORIZATION_REJECTED',
  'method-unsupported': 'METHOD_UNSUPPORTED',
  'order-mismatch': 'REQUEST_INVALID',
  'order-state': 'STATE_CONFLICT',
  'insufficient-balance': 'LIMIT_OR_ASSET_REJECTED',
  // PSP, confirmation.
  'unknown-request': 'REQUEST_INVALID',
  'bad-confirmation': 'SIGNATURE_INVALID',
  'wrong-signer': 'PARTICIPANT_INVALID',
  'counter-replayed': 'PROOF_INVALID',
  // Two signers have this key.
  'counter-forked': 'PROOF_INVALID',
  'challenge-mismatch': 'PROOF_INVALID',
  'expired-challenge': 'STATE_CONFLICT',
  cancelled: 'STATE_CONFLICT',
  // PSP, a drafted credential (ADD-IAC-ISS).
  'too-many-requests': 'STATE_CONFLICT',
  'draft-malformed': 'REQUEST_INVALID',
  'wearer-mismatch': 'PARTICIPANT_INVALID',
  'account-closed': 'PARTICIPANT_INVALID',
  'agent-unknown': 'PARTICIPANT_INVALID',
  'agent-key-unknown': 'PARTICIPANT_INVALID',
  'window-invalid': 'REQUEST_INVALID',
  'terms-unreadable': 'REQUEST_INVALID',
  'payee-unknown': 'PARTICIPANT_INVALID',
  'delegation-exists': 'STATE_CONFLICT',
  // PSP, changes of a credential (ADD-IAC-LCM).
  'delegation-unknown': 'REQUEST_INVALID',
  'delegation-state': 'STATE_CONFLICT',
  'stale-version': 'STATE_CONFLICT',
  'risk-hold': 'AUTHORIZATION_REJECTED',
} as const satisfies Record<string, Category>;

export type RefusalCode = keyof typeof REFUSALS;

/** The message that refuses one request of one party. */
export function refusal(to: Party, requestId: Id16, code: RefusalCode): Outgoing {
  return { to, message: { type: 'refusal', body: { requestId, category: REFUSALS[code], code } } };
}
