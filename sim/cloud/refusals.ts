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
} as const satisfies Record<string, Category>;

export type RefusalCode = keyof typeof REFUSALS;

/** The message that refuses one request of one party. */
export function refusal(to: Party, requestId: Id16, code: RefusalCode): Outgoing {
  return { to, message: { type: 'refusal', body: { requestId, category: REFUSALS[code], code } } };
}
