/** A credential as the ledger and its agent need it: what it may spend, and what pays under it. */
import { decodeCbor, IacPayload, msOf, ProtocolError } from '../../protocol/index.ts';
import type { DelegationTerms } from '../ledger/orders.ts';
import { derivedHex } from './derive.ts';
import type { Delegation, DelegationInstrument } from './psp-delegation-book.ts';

/** Names that say nothing and that nobody can guess. An agent that chooses gets an account of its own (PSD-PAY-AUP). */
export function instrumentOf(
  secret: Uint8Array,
  { delegationId, delegationMode }: Pick<IacPayload, 'delegationId' | 'delegationMode'>,
): DelegationInstrument {
  const name = derivedHex(secret, 'instrument', delegationId).slice(0, 32);
  return delegationMode === 'BOUNDED' ? { subAccountId: `sub-${name}` } : { paymentToken: `delegated-${name}` };
}

export function ledgerTermsOf(delegation: Delegation): DelegationTerms {
  const { delegationId, account, device, iac, terms, agentKey, instrument } = delegation;
  const { currency, maxTotalMinor, validityStartTime, validityEndTime, agentId, ext } = iac;
  return {
    ...{ delegationId, account, device, currency, maxTotalMinor },
    maxSingleMinor: ext?.commerce?.maxSingleMinor,
    maxDailyMinor: terms.maxDailyMinor,
    maxOrders: terms.maxOrders,
    firstFundMinor: terms.firstFundMinor,
    utcOffsetMin: terms.utcOffsetMin,
    validFrom: msOf(validityStartTime),
    validUntil: msOf(validityEndTime),
    instrument:
      'paymentToken' in instrument ? 'wallet' : { subAccountId: instrument.subAccountId, agentId, keyKid: agentKey },
  };
}

/** A drafted credential in deterministic CBOR under its declaration and rules, or `undefined` for whatever is wrong with it. */
export function readIac(bytes: Uint8Array): IacPayload | undefined {
  try {
    return IacPayload.decode(decodeCbor(bytes), 'iac');
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
