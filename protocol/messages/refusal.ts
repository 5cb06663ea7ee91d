/** Errors between parties: ACT 2.1's eleven categories, each with its phase and what may be done next. */
import { id16 } from '../ids.ts';
import { oneOf, text, type WireValue, wireMap } from '../wire.ts';

export type Retryability = 'AFTER_CORRECTION' | 'AFTER_AUTHORIZATION' | 'QUERY_FIRST' | 'RETRYABLE';

/** ACT 2.1 error categories (artifact ids `ACT-A402-…`). */
export const category = oneOf({
  SIGNATURE_INVALID: 1,
  REQUEST_INVALID: 2,
  METHOD_UNSUPPORTED: 3,
  PARTICIPANT_INVALID: 4,
  LIMIT_OR_ASSET_REJECTED: 5,
  AUTHORIZATION_REJECTED: 6,
  STATE_CONFLICT: 7,
  REFUND_FAILED: 8,
  FULFILLMENT_FAILED: 9,
  PROOF_INVALID: 10,
  SYSTEM_UNAVAILABLE: 11,
});
export type Category = WireValue<typeof category>;

/**
 * Any party → device or agent: the request is refused. `code` is stable and names the exact reason, for example
 * `repeated-request`, `expired-request`, `bad-token`, `token-agent-mismatch` (PSD-PAY-INS errors).
 */
export const RefusalMessage = wireMap('refusal', {
  requestId: [1, id16],
  category: [2, category],
  code: [3, text(32, /^[a-z][a-z-]*$/)],
});
export type RefusalMessage = WireValue<typeof RefusalMessage>;
