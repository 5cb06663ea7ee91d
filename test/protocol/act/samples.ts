/** One realistic value of the objects of a delegated purchase: a train ticket, at most CNY 600. */

import type { IacPayload } from '../../../protocol/act/iac.ts';
import type { ActIsr } from '../../../protocol/act/intent.ts';
import type { DelegatedPayRequest } from '../../../protocol/act/payment.ts';
import type { RecordDraft } from '../../../protocol/attestation.ts';
import { utf8 } from '../../../protocol/bytes.ts';
import { digestOf } from '../../../protocol/ids.ts';
import type { EpochSeconds } from '../../../protocol/time.ts';
import { at, idOf, NOW } from '../builders.ts';

export const digestFor = (label: string) => digestOf(utf8(label));
export const AGENT = 'did:act:example.com/glasses-7';
export const PRINCIPAL = 'did:act:example.com/person-1';
export const METHOD = 'urn:act:payment:alipay';

export const ISR: ActIsr = {
  conversationHistory: { userIntentRawDigest: digestFor('words'), contextRef: 'device:ctx-0042', inputMode: ['VOICE'] },
  intentId: idOf('intent'),
  delegationMode: 'SPECIFIED',
  validityStartTime: NOW,
  validityEndTime: at(86_400),
  maxTotalMinor: 60_000,
  currency: 'CNY',
  allowedPaymentMethods: [METHOD],
  agentId: AGENT,
  userConfirmationMethod: 'BUTTON',
  userConfirmationTimestamp: NOW,
  ext: {
    commerce: { maxSingleMinor: 60_000, allowedCategories: ['rail-ticket'], allowedMerchants: ['rail-1'] },
    agentBehavior: { priceDeviationToleranceE2: 250, priceDeviationAction: 'PAUSE_AND_NOTIFY' },
  },
};

export const IAC: IacPayload = {
  delegationId: idOf('delegation'),
  intentId: ISR.intentId,
  delegatorIdentity: PRINCIPAL,
  agentId: AGENT,
  delegationMode: 'SPECIFIED',
  validityStartTime: ISR.validityStartTime,
  validityEndTime: ISR.validityEndTime,
  maxTotalMinor: 60_000,
  currency: 'CNY',
  allowedPaymentMethods: [METHOD],
  userConfirmationMethod: 'BUTTON',
  userConfirmationTimestamp: NOW,
  sourceIsrDigest: digestFor('isr'),
  ext: {
    commerce: { maxSingleMinor: 60_000, allowedCategories: ['rail-ticket'], allowedMerchants: ['rail-1'] },
    agentBehavior: { priceDeviationToleranceE2: 250, priceDeviationAction: 'PAUSE_AND_NOTIFY' },
  },
};

export const DELEGATED: DelegatedPayRequest = {
  requestId: idOf('pay'),
  orderNo: 'RL-20260921-0007',
  paymentToken: 'tok_4f1c20aa97',
  amountMinor: 55_350,
  currency: 'CNY',
  createdAt: at(3_600),
  agentId: AGENT,
  payee: 'rail-1',
  cartDigest: digestFor('cart'),
  method: METHOD,
  delegationId: IAC.delegationId,
  iac: utf8('the signed credential'),
};

export const PAID: Extract<RecordDraft, { eventType: 'act:payment:transaction-completed' }> = {
  recordId: idOf('record'),
  eventType: 'act:payment:transaction-completed',
  eventTime: at(3_601),
  createdAt: at(3_605),
  structureVersion: '2.1',
  intentId: ISR.intentId,
  delegationId: IAC.delegationId,
  orderNo: DELEGATED.orderNo,
  tradeNo: '2026092122001',
  salt: Uint8Array.from({ length: 16 }, (_, i) => i),
  hashAlgorithm: 'SHA-256',
  participants: [
    { participantId: AGENT, role: 'PAYER_AGENT', onBehalfOf: PRINCIPAL },
    { participantId: 'psp-1', role: 'PSP' },
  ],
  eventBody: {
    payeeId: 'rail-1',
    amountMinor: 55_350,
    currency: 'CNY',
    methodId: METHOD,
    tradeState: 'WAIT_SELLER_FULFILLMENT',
    paidAt: at(3_601) as EpochSeconds,
    receiptDigest: digestFor('receipt'),
  },
};
