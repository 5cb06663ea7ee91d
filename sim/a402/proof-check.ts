/** Whether a payment proof is one: the PSP's signed receipt, base64url (the payment method's own rule, ACT 2.1 PSD-PAY-A402). */
import {
  type EpochMs,
  fromBase64url,
  openObject,
  ProtocolError,
  type Receipt,
  secondsOf,
  type TrustSet,
} from '../../protocol/index.ts';

/** `unknown`: who could say is not there now. */
export type ProofVerdict = { readonly receipt: Receipt } | 'invalid' | 'unknown';

export interface ProofCheck {
  check(credential: string, now: EpochMs): ProofVerdict;
}

/** Checks with the pinned keys of the tenant's PSP, without asking anybody. */
export function receiptCheck(by: { readonly tenant: string; readonly trust: TrustSet }): ProofCheck {
  return {
    check(credential, now) {
      try {
        return { receipt: openObject('receipt', fromBase64url(credential), { ...by, at: secondsOf(now) }).value };
      } catch (error) {
        if (error instanceof ProtocolError) return 'invalid';
        throw error;
      }
    },
  };
}
