/** Values that break one rule each: payment tools, payments, HTTP 402 and attestation. */
import { PaymentNeeded, PaymentProof, PaymentValidation } from '../../../protocol/act/a402.ts';
import { AttestationRecord, RecordSignature } from '../../../protocol/act/attestation.ts';
import {
  BindingResult,
  PaymentLimits,
  SubAccountRequest,
  SubAccountResult,
  SubAccountStatus,
} from '../../../protocol/act/binding.ts';
import { actError } from '../../../protocol/act/error-catalogue.ts';
import { AutonomousPayRequest, DelegatedPayRequest, PaymentResult } from '../../../protocol/act/payment.ts';
import { RefundResult } from '../../../protocol/act/refund.ts';
import type { WireType } from '../../../protocol/wire.ts';
import { idOf, NOW } from '../builders.ts';
import { any, type RuleCase } from './rule-cases.ts';
import { AGENT, DELEGATED, PAID, PRINCIPAL } from './samples.ts';

const record = {
  ...PAID,
  payloadHash: new Uint8Array(32),
  signatures: [
    {
      signerId: AGENT,
      algorithm: 'Ed25519',
      signatureValue: new Uint8Array(64),
      coverage: ['event_body', 'participants', 'salt', 'record_id', 'event_time'],
    },
  ],
};
const validation = {
  ...{ outTradeNo: 'o-1', resourceId: 'r-1', tradeNo: 't-1', validationStatus: 'VALID' },
  ...{ deliveryStatus: 'DELIVERED', fulfillmentStatus: 'CONFIRMED', transactionState: 'TRADE_FINISHED' },
  validatedAt: NOW,
};
const inner = (type: unknown, field: string) => {
  const { kind } = type as WireType<unknown>;
  const map = kind?.is === 'map' ? kind.fields.find(({ name }) => name === field) : undefined;
  return map?.type as WireType<never>;
};

export const PAYMENT_CASES: readonly RuleCase[] = [
  {
    name: 'payment limits',
    type: any(PaymentLimits),
    good: { currency: 'CNY', maxSingleMinor: 5, maxTotalMinor: 5 },
    bad: [[{ maxSingleMinor: 6 }, 'act-amount-order']],
  },
  {
    name: 'binding result',
    type: any(BindingResult),
    good: {
      requestId: idOf('b'),
      agentId: AGENT,
      paymentToken: 'tok',
      limits: { currency: 'CNY' },
      decidedAt: NOW,
    },
    bad: [
      [{ failure: 'AUTH_FAILED' }, 'act-result-or-error'],
      [{ paymentToken: undefined }, 'act-result-or-error'],
      [{ limits: undefined }, 'act-result-or-error'],
      [{ paymentToken: undefined, failure: 'SYSTEM_ERROR' }, 'act-result-or-error'],
    ],
  },
  {
    name: 'sub-account request',
    type: any(SubAccountRequest),
    good: {
      ...{ requestId: idOf('s'), operation: 'OPEN', delegatorIdentity: PRINCIPAL, agentId: AGENT },
      ...{ publicKey: new Uint8Array(32), currency: 'CNY', createdAt: NOW },
    },
    bad: [
      [{ publicKey: undefined }, 'act-instrument'],
      [{ subAccountId: 'sub' }, 'act-instrument'],
      [{ topUpMinor: 1 }, 'act-instrument'],
      [{ operation: 'FREEZE' }, 'act-instrument'],
    ],
  },
  {
    name: 'sub-account status',
    type: any(SubAccountStatus),
    good: {
      ...{ subAccountId: 'sub', agentId: AGENT, state: 'AVAILABLE', keyState: 'ENABLED' },
      ...{ currency: 'CNY', balanceMinor: 0, asOf: NOW, version: 0 },
    },
    bad: [
      [{ state: 'FROZEN' }, 'act-sub-account-key'],
      [{ state: 'CANCELLED' }, 'act-sub-account-key'],
    ],
  },
  {
    name: 'sub-account result',
    type: any(SubAccountResult),
    good: { requestId: idOf('s'), failure: 'FROZEN' },
    bad: [[{ failure: undefined }, 'act-result-or-error']],
  },
  ...[
    { name: 'delegated payment', type: any(DelegatedPayRequest), good: DELEGATED },
    { name: 'autonomous payment', type: any(AutonomousPayRequest), good: { ...DELEGATED, taskId: idOf('task') } },
  ].map((one) => ({
    ...one,
    bad: [
      [{ paymentToken: undefined }, 'act-instrument'],
      [{ subAccountId: 'sub', subAccountAuthorization: new Uint8Array(64) }, 'act-instrument'],
      [{ paymentToken: undefined, subAccountId: 'sub' }, 'act-instrument'],
      [{ subAccountAuthorization: new Uint8Array(64) }, 'act-instrument'],
    ] as const,
  })),
  {
    name: 'autonomous payment for nothing',
    type: any(AutonomousPayRequest),
    good: DELEGATED,
    bad: [[{ orderNo: undefined }, 'act-request-link']],
  },
  {
    name: 'payment result',
    type: any(PaymentResult),
    good: {
      ...{ requestId: idOf('p'), tradeNo: 't-1', amountMinor: 5, tradeState: 'WAIT_SELLER_FULFILLMENT' },
      ...{ currency: 'CNY', decidedAt: NOW },
    },
    bad: [
      [{ error: 'IAC_REVOKED' }, 'act-result-or-error'],
      [{ amountMinor: undefined }, 'act-result-or-error'],
      [{ tradeNo: undefined, error: 'IAC_REVOKED' }, 'act-result-or-error'],
    ],
  },
  {
    name: 'T29: refund result',
    type: any(RefundResult),
    good: {
      ...{ requestId: idOf('f'), tradeNo: 't-1', state: 'SUCCEEDED', amountMinor: 5, refundedTotalMinor: 5 },
      ...{ currency: 'CNY', decidedAt: NOW },
    },
    bad: [[{ refundedTotalMinor: 4 }, 'act-refund']],
  },
  {
    name: 'attestation record',
    type: any(AttestationRecord),
    good: record,
    bad: [
      [{ createdAt: NOW }, 'act-record-time'],
      [{ participants: [PAID.participants[0], PAID.participants[0]] }, 'act-participants'],
    ],
  },
  {
    name: 'record of a change of state',
    type: any(AttestationRecord),
    good: {
      ...record,
      eventType: 'act:delegation:delegation-resumed',
      eventBody: { from: 'Suspended', to: 'Active', by: 'PRINCIPAL', version: 2 },
    },
    bad: [
      [{ eventType: 'act:delegation:delegation-suspended' }, 'act-transition'],
      [{ eventBody: { from: 'Revoked', to: 'Active', by: 'PRINCIPAL', version: 2 } }, 'act-transition'],
    ],
  },
  {
    name: 'T27: record signature',
    type: any(RecordSignature),
    good: record.signatures[0] as object,
    bad: [
      [{ coverage: ['event_body', 'participants', 'salt', 'record_id', 'trade_no'] }, 'act-signature-coverage'],
      [
        { coverage: ['event_body', 'participants', 'salt', 'record_id', 'event_time', 'salt'] },
        'act-signature-coverage',
      ],
    ],
  },
  {
    name: 'Payment-Needed',
    type: inner(PaymentNeeded, 'protocol'),
    good: {
      ...{ outTradeNo: 'o-1', amountMinor: 1, currency: 'CNY', resourceId: 'r-1', payBefore: NOW },
      ...{ sellerUniqueId: 's-1', requestMethod: 'POST', idempotencyKey: 'i-1' },
      ...{ signerId: 'k', signatureContent: 'c', signatureType: 'ED25519' },
      ...{ sellerSignature: 'c', sellerSignType: 'RSA2' },
    },
    bad: [
      [{ idempotencyKey: undefined }, 'a402-idempotency'],
      [{ signerId: undefined }, 'a402-signature'],
      [{ signatureType: undefined }, 'a402-signature'],
      [{ sellerSignType: undefined }, 'a402-signature'],
    ],
  },
  {
    name: 'Payment-Proof',
    type: inner(PaymentProof, 'protocol'),
    good: { paymentProof: 'p', tradeNo: 't', requestMethod: 'DELETE', idempotencyKey: 'i' },
    bad: [[{ idempotencyKey: undefined }, 'a402-idempotency']],
  },
  {
    name: 'Payment-Validation',
    type: inner(PaymentValidation, 'protocol'),
    good: validation,
    bad: [
      [{ validationStatus: 'UNKNOWN' }, 'a402-error'],
      [{ validationStatus: 'INVALID' }, 'a402-error'],
      [{ error: actError('PROOF_INVALID', 'no') }, 'a402-error'],
    ],
  },
];
