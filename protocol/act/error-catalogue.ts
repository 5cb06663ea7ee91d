/** The eleven error categories of ACT 2.1 PSD-PAY-A402 with what a party may do next, and an error as it is sent. */
import type { Category } from '../messages/refusal.ts';
import { list, oneOf, text, uint, type WireValue, wireMap } from '../wire.ts';
import { opaque } from './fields.ts';

export const errorPhase = oneOf({
  REQUIREMENT: 1,
  AUTHORIZATION: 2,
  PAYMENT: 3,
  PROOF_VALIDATION: 4,
  DELIVERY: 5,
  FULFILLMENT: 6,
  EVIDENCE: 7,
});
export type ErrorPhase = WireValue<typeof errorPhase>;

export const retryability = oneOf({
  NEVER: 1,
  AFTER_CORRECTION: 2,
  AFTER_AUTHORIZATION: 3,
  RETRYABLE: 4,
  QUERY_FIRST: 5,
  TERMINAL: 6,
});

export const nextAction = oneOf({
  CORRECT_REQUEST: 1,
  RENEGOTIATE_METHOD: 2,
  REAUTHORIZE: 3,
  CHANGE_PAYMENT_TOOL: 4,
  QUERY_PAYMENT_STATUS: 5,
  OBTAIN_NEW_PROOF: 6,
  RETRY_VALIDATION: 7,
  RETRY_DELIVERY: 8,
  RETRY_FULFILLMENT: 9,
  RETURN_PRIOR_RESULT: 10,
  CREATE_NEW_REQUIREMENT: 11,
  SWITCH_COUNTERPARTY: 12,
  ESCALATE: 13,
  ABORT: 14,
});
export type NextAction = WireValue<typeof nextAction>;

/** The names the categories have inside an error; ids and categories are spelt differently in ACT's artifacts. */
export const errorCategory = oneOf({
  SIGNATURE_VALIDATION: 1,
  REQUEST_PARAMETER: 2,
  PROTOCOL_METHOD: 3,
  PARTICIPANT_IDENTITY: 4,
  LIMIT_ASSET: 5,
  AUTHORIZATION_RISK: 6,
  TRANSACTION_STATE: 7,
  REFUND: 8,
  FULFILLMENT_RECEIPT: 9,
  PAYMENT_PROOF_VALIDATION: 10,
  SYSTEM: 11,
});

interface CatalogueEntry {
  readonly category: WireValue<typeof errorCategory>;
  readonly phase: ErrorPhase;
  readonly retryability: WireValue<typeof retryability>;
  readonly next: readonly NextAction[];
}

/** By the category of a refusal. A refusal is never answered by sending the same thing again. */
export const ERROR_CATALOGUE: { readonly [C in Category]: CatalogueEntry } = {
  SIGNATURE_INVALID: {
    category: 'SIGNATURE_VALIDATION',
    phase: 'REQUIREMENT',
    retryability: 'AFTER_CORRECTION',
    next: ['CORRECT_REQUEST', 'ESCALATE', 'ABORT'],
  },
  REQUEST_INVALID: {
    category: 'REQUEST_PARAMETER',
    phase: 'REQUIREMENT',
    retryability: 'AFTER_CORRECTION',
    next: ['CORRECT_REQUEST', 'CREATE_NEW_REQUIREMENT', 'ABORT'],
  },
  METHOD_UNSUPPORTED: {
    category: 'PROTOCOL_METHOD',
    phase: 'REQUIREMENT',
    retryability: 'AFTER_CORRECTION',
    next: ['RENEGOTIATE_METHOD', 'SWITCH_COUNTERPARTY', 'ABORT'],
  },
  PARTICIPANT_INVALID: {
    category: 'PARTICIPANT_IDENTITY',
    phase: 'AUTHORIZATION',
    retryability: 'AFTER_AUTHORIZATION',
    next: ['REAUTHORIZE', 'CORRECT_REQUEST', 'ESCALATE', 'ABORT'],
  },
  LIMIT_OR_ASSET_REJECTED: {
    category: 'LIMIT_ASSET',
    phase: 'AUTHORIZATION',
    retryability: 'AFTER_AUTHORIZATION',
    next: ['CHANGE_PAYMENT_TOOL', 'REAUTHORIZE', 'ABORT'],
  },
  AUTHORIZATION_REJECTED: {
    category: 'AUTHORIZATION_RISK',
    phase: 'AUTHORIZATION',
    retryability: 'AFTER_AUTHORIZATION',
    next: ['REAUTHORIZE', 'ESCALATE', 'ABORT'],
  },
  STATE_CONFLICT: {
    category: 'TRANSACTION_STATE',
    phase: 'PAYMENT',
    retryability: 'QUERY_FIRST',
    next: ['QUERY_PAYMENT_STATUS', 'RETURN_PRIOR_RESULT', 'ESCALATE', 'ABORT'],
  },
  REFUND_FAILED: {
    category: 'REFUND',
    phase: 'FULFILLMENT',
    retryability: 'QUERY_FIRST',
    next: ['QUERY_PAYMENT_STATUS', 'ESCALATE', 'ABORT'],
  },
  FULFILLMENT_FAILED: {
    category: 'FULFILLMENT_RECEIPT',
    phase: 'FULFILLMENT',
    retryability: 'RETRYABLE',
    next: ['RETRY_DELIVERY', 'RETRY_FULFILLMENT', 'RETURN_PRIOR_RESULT', 'ESCALATE'],
  },
  PROOF_INVALID: {
    category: 'PAYMENT_PROOF_VALIDATION',
    phase: 'PROOF_VALIDATION',
    retryability: 'AFTER_CORRECTION',
    next: ['OBTAIN_NEW_PROOF', 'RETRY_VALIDATION', 'CREATE_NEW_REQUIREMENT', 'ABORT'],
  },
  SYSTEM_UNAVAILABLE: {
    category: 'SYSTEM',
    phase: 'PAYMENT',
    retryability: 'QUERY_FIRST',
    next: ['QUERY_PAYMENT_STATUS', 'RETRY_VALIDATION', 'ESCALATE', 'ABORT'],
  },
};

/** An error between parties. Others may have ids of their own; `message` is for people, nothing is decided by it (T13). */
export const ActError = wireMap('act-error', {
  errorId: [1, text(96, /^ACT-A402-[A-Z0-9_]+$/)],
  category: [2, errorCategory],
  phase: [3, errorPhase],
  retryability: [4, retryability],
  validNextActions: [5, list(nextAction, 14, 1)],
  message: [6, text(256)],
  retryAfterSeconds: [7, uint(86_400), 'optional'],
  details: [8, opaque(512), 'optional'],
});
export type ActError = WireValue<typeof ActError>;

/** The error of a category, as the catalogue has it. */
export function actError(category: Category, message: string): ActError {
  const { next, ...entry } = ERROR_CATALOGUE[category];
  return { errorId: `ACT-A402-${category}`, ...entry, validNextActions: next, message };
}
