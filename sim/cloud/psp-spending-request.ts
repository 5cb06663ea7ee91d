/** The two kinds of request that spend under a delegation (PSD-PAY-DEL, PSD-PAY-AUP), as one. */
import {
  type AutonomousPayRequest,
  type DelegatedRequestType,
  type Digest,
  digestOf,
  type Id16,
  isSubAccountAuthorised,
  type TrustedKey,
} from '../../protocol/index.ts';
import { derivedHex } from './derive.ts';
import { genuine } from './genuine.ts';
import type { DelegationParts } from './psp-delegation-parts.ts';

/** What both may say; an order is not named where a resource is. */
export type SpendingRequest = AutonomousPayRequest;

/** A request whose signature is an agent's. */
export interface OpenedRequest {
  readonly type: DelegatedRequestType;
  readonly value: SpendingRequest;
  readonly digest: Digest;
  /** Of the authorization that it carries. */
  readonly iacDigest: Digest;
  readonly signer: TrustedKey;
  /** Whether the signer's key has also authorised it for a sub-account. */
  readonly isSubAccountSigned: boolean;
}

const TYPES: readonly DelegatedRequestType[] = ['delegated-pay-request', 'autonomous-pay-request'];

/** @returns `undefined` for whatever is wrong with it. */
export function openRequest(parts: DelegationParts, bytes: Uint8Array): OpenedRequest | undefined {
  for (const type of TYPES) {
    const opened = genuine(type, bytes, parts);
    if (!opened) continue;
    const { value, digest, signer } = opened;
    const isSubAccountSigned = isSubAccountAuthorised(type, value, signer.publicKey);
    return { type, value, digest, iacDigest: digestOf(value.iac), signer, isSubAccountSigned };
  }
  return undefined;
}

/** Under which id the ledger knows a request: agents that use the same number do not meet. */
export function spendIdOf(agent: string, requestId: Id16): string {
  return derivedHex(new Uint8Array(), 'spend', agent, requestId).slice(0, 32);
}
