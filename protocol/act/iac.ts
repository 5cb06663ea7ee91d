/** ACT 2.1 ADD-IAC-ISS: the Intent Authorization Credential, selected from the ISR and signed by the principal. */
import { agentId, id16 } from '../ids.ts';
import { list, oneOf, text, type WireValue, wireMap } from '../wire.ts';
import {
  amountNumber,
  currency,
  delegationMode,
  digest,
  identifier,
  methodUrn,
  principalId,
  signature,
  time,
  url,
  userConfirmationMethod,
} from './fields.ts';
import { ActConversationHistory, BOUNDS_RULES, Ext } from './intent.ts';
import { ruled } from './rules.ts';

/**
 * What is signed. ACT lets `currency` be left out for CNY; here it is always there, because an amount without its currency
 * has no meaning (T7).
 */
export const IacPayload = ruled(
  wireMap(
    'iac',
    {
      delegationId: [1, id16],
      intentId: [2, id16, 'optional'],
      delegatorIdentity: [3, principalId],
      agentId: [4, agentId],
      delegationMode: [5, delegationMode, 'optional'],
      validityStartTime: [6, time],
      validityEndTime: [7, time],
      maxTotalMinor: [8, amountNumber],
      currency: [9, currency],
      allowedPaymentMethods: [10, list(methodUrn, 4, 1), 'optional'],
      userConfirmationMethod: [11, userConfirmationMethod, 'optional'],
      userConfirmationTimestamp: [12, time, 'optional'],
      sourceIsrDigest: [13, digest, 'optional'],
      ext: [14, Ext, 'optional'],
      conversationHistory: [15, ActConversationHistory, 'optional'],
    },
    { maxTotalMinor: 'max_total_amount' },
  ),
  [
    ...BOUNDS_RULES,
    {
      code: 'act-intent-or-history',
      says: 'the words are carried only where no intent id was made',
      holds: (iac) => iac.intentId === undefined || iac.conversationHistory === undefined,
    },
  ],
);
export type IacPayload = WireValue<typeof IacPayload>;

/** The mode a credential has: `SPECIFIED`, the narrower one, where it does not say (ADD-IAC-ISS). */
export function delegationModeOf(iac: IacPayload): 'SPECIFIED' | 'BOUNDED' {
  return iac.delegationMode ?? 'SPECIFIED';
}

/** How the proof was made: Ed25519 over the RFC 8785 form of the subject. */
export const IacHeader = wireMap('iac-header', {
  alg: [1, oneOf({ Ed25519: -19 })],
  typ: [2, oneOf({ 'act-iac+json': 1 })],
  kid: [3, identifier],
});

export const IacMetadata = wireMap('iac-metadata', {
  credentialId: [1, id16],
  issuer: [2, principalId],
  trustee: [3, agentId],
  issuedAt: [4, time],
  effectiveAt: [5, time],
  expiresAt: [6, time],
});

/** The final IAC in its six parts; ACT leaves the envelope open, this is the one for parties that have JSON only. */
export const FinalIac = ruled(
  wireMap('final-iac', {
    protectedHeader: [1, IacHeader],
    credentialMetadata: [2, IacMetadata],
    credentialSubject: [3, IacPayload],
    proof: [4, wireMap('iac-proof', { signatureValue: [1, signature], created: [2, time, 'optional'] })],
    statusReference: [5, url, 'optional'],
    controlProofRef: [6, text(128, /^[!-~]+$/), 'optional'],
  }),
  [
    {
      code: 'act-iac-metadata',
      says: 'the metadata repeat what the subject says',
      holds: ({ credentialMetadata: told, credentialSubject: signed }) =>
        told.credentialId === signed.delegationId &&
        told.issuer === signed.delegatorIdentity &&
        told.trustee === signed.agentId &&
        told.effectiveAt === signed.validityStartTime &&
        told.expiresAt === signed.validityEndTime,
    },
  ],
);
export type FinalIac = WireValue<typeof FinalIac>;
