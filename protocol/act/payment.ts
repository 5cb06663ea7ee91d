/** ACT 2.1 PSD-PAY-INS, PSD-PAY-DEL and PSD-PAY-AUP: requests, results, and every way they can fail. */
import { agentId, id16, orderNo, paymentToken, tradeNo } from '../ids.ts';
import type { Category } from '../messages/refusal.ts';
import { tradeState } from '../messages/trade.ts';
import { oneOf, type WireValue, wireMap } from '../wire.ts';
import { currency, digest, identifier, methodUrn, paidText, partyId, signature, signedObject, time } from './fields.ts';
import { oneAlone, ruled, together } from './rules.ts';

/** The key elements, with the keys the L1 message has. In a frame its signature is the agent's; in JSON it stands beside them. */
const KEY_ELEMENTS = {
  requestId: [1, id16],
  paymentToken: [3, paymentToken],
  amountMinor: [4, paidText],
  currency: [5, currency],
  createdAt: [6, time],
  agentId: [7, agentId],
  payee: [8, partyId],
  method: [10, methodUrn],
  agentSignature: [11, signature, 'optional'],
} as const;
const NAMES = { amountMinor: 'amount', createdAt: 'timestamp', payee: 'payee_id', method: 'method_id' } as const;
const ORDER_NAMES = { ...NAMES, orderNo: 'out_trade_no' } as const;

/** PSD-PAY-INS step 2. A request of L1 is this one byte for byte. */
export const InstantPayRequest = wireMap(
  'instant-pay-request',
  { ...KEY_ELEMENTS, orderNo: [2, orderNo], cartDigest: [9, digest] },
  ORDER_NAMES,
);
export type InstantPayRequest = WireValue<typeof InstantPayRequest>;

/** Money comes from the bound token, or from a sub-account with an authorisation by its own key; never from both. */
const DELEGATED = {
  ...KEY_ELEMENTS,
  paymentToken: [3, paymentToken, 'optional'],
  delegationId: [12, id16],
  iac: [13, signedObject],
  subAccountId: [14, paymentToken, 'optional'],
  subAccountAuthorization: [15, signature, 'optional'],
} as const;

const INSTRUMENT_RULE = {
  code: 'act-instrument',
  says: 'a token pays, or a sub-account with its authorisation',
  holds: (request: { paymentToken?: string; subAccountId?: string; subAccountAuthorization?: Uint8Array }): boolean =>
    oneAlone(request.paymentToken, request.subAccountId) &&
    together(request.subAccountId, request.subAccountAuthorization),
} as const;

/** PSD-PAY-DEL step 2: with the whole credential; the PSP alone judges it. */
export const DelegatedPayRequest = ruled(
  wireMap('delegated-pay-request', { ...DELEGATED, orderNo: [2, orderNo], cartDigest: [9, digest] }, ORDER_NAMES),
  [INSTRUMENT_RULE],
);
export type DelegatedPayRequest = WireValue<typeof DelegatedPayRequest>;

/** PSD-PAY-AUP step 3: one of many payments of a task, for an order or for a resource behind HTTP 402. */
export const AutonomousPayRequest = ruled(
  wireMap(
    'autonomous-pay-request',
    {
      ...DELEGATED,
      orderNo: [2, orderNo, 'optional'],
      cartDigest: [9, digest, 'optional'],
      resourceId: [16, identifier, 'optional'],
      taskId: [17, id16, 'optional'],
    },
    ORDER_NAMES,
  ),
  [
    INSTRUMENT_RULE,
    {
      code: 'act-request-link',
      says: 'an order or a resource is named',
      holds: (request) => (request.orderNo ?? request.resourceId) !== undefined,
    },
  ],
);
export type AutonomousPayRequest = WireValue<typeof AutonomousPayRequest>;

interface PaymentErrorKind {
  readonly number: number;
  /** The component that defines it; later components take over those of the earlier ones. */
  readonly component: 'PSD-PAY-INS' | 'PSD-PAY-DEL' | 'PSD-PAY-AUP';
  readonly category: Category;
  /** What may be done: nothing is ever sent again as it was, and an unknown outcome is asked for first. */
  readonly next: 'new-request' | 'correct' | 'rebind' | 'reconfirm' | 'query-first' | 'reauthorize' | 'wait' | 'top-up';
}

/** Every error of the three components, with its category in the shared catalogue. */
export const PAYMENT_ERRORS = {
  REQUEST_REPEATED: { number: 1, component: 'PSD-PAY-INS', category: 'STATE_CONFLICT', next: 'query-first' },
  REQUEST_EXPIRED: { number: 2, component: 'PSD-PAY-INS', category: 'REQUEST_INVALID', next: 'new-request' },
  AGENT_SIGNATURE_INVALID: { number: 3, component: 'PSD-PAY-INS', category: 'SIGNATURE_INVALID', next: 'correct' },
  TOKEN_INVALID: { number: 4, component: 'PSD-PAY-INS', category: 'PARTICIPANT_INVALID', next: 'rebind' },
  TOKEN_AGENT_MISMATCH: { number: 5, component: 'PSD-PAY-INS', category: 'PARTICIPANT_INVALID', next: 'rebind' },
  ORDER_MISMATCH: { number: 6, component: 'PSD-PAY-INS', category: 'REQUEST_INVALID', next: 'reconfirm' },
  USER_CONFIRMATION_FAILED: {
    number: 7,
    component: 'PSD-PAY-INS',
    category: 'AUTHORIZATION_REJECTED',
    next: 'reconfirm',
  },
  EXECUTION_FAILED: { number: 8, component: 'PSD-PAY-INS', category: 'SYSTEM_UNAVAILABLE', next: 'query-first' },
  IAC_INVALID: { number: 9, component: 'PSD-PAY-DEL', category: 'AUTHORIZATION_REJECTED', next: 'reauthorize' },
  IAC_EXPIRED: { number: 10, component: 'PSD-PAY-DEL', category: 'AUTHORIZATION_REJECTED', next: 'reauthorize' },
  IAC_REVOKED: { number: 11, component: 'PSD-PAY-DEL', category: 'AUTHORIZATION_REJECTED', next: 'reauthorize' },
  IAC_SUSPENDED: { number: 12, component: 'PSD-PAY-DEL', category: 'AUTHORIZATION_REJECTED', next: 'wait' },
  AGENT_MISMATCH: { number: 13, component: 'PSD-PAY-DEL', category: 'PARTICIPANT_INVALID', next: 'rebind' },
  SINGLE_LIMIT_EXCEEDED: {
    number: 14,
    component: 'PSD-PAY-DEL',
    category: 'LIMIT_OR_ASSET_REJECTED',
    next: 'reauthorize',
  },
  TOTAL_LIMIT_EXCEEDED: {
    number: 15,
    component: 'PSD-PAY-DEL',
    category: 'LIMIT_OR_ASSET_REJECTED',
    next: 'reauthorize',
  },
  INSUFFICIENT_BALANCE: { number: 16, component: 'PSD-PAY-DEL', category: 'LIMIT_OR_ASSET_REJECTED', next: 'top-up' },
  MERCHANT_NOT_ALLOWED: {
    number: 17,
    component: 'PSD-PAY-DEL',
    category: 'AUTHORIZATION_REJECTED',
    next: 'reauthorize',
  },
  METHOD_NOT_ALLOWED: { number: 18, component: 'PSD-PAY-DEL', category: 'METHOD_UNSUPPORTED', next: 'reauthorize' },
  SUB_ACCOUNT_INVALID: { number: 19, component: 'PSD-PAY-DEL', category: 'PARTICIPANT_INVALID', next: 'rebind' },
  MODE_NOT_BOUNDED: { number: 20, component: 'PSD-PAY-AUP', category: 'AUTHORIZATION_REJECTED', next: 'reauthorize' },
} as const satisfies Readonly<Record<string, PaymentErrorKind>>;
export type PaymentError = keyof typeof PAYMENT_ERRORS;

export const paymentError = oneOf(
  Object.fromEntries(Object.entries(PAYMENT_ERRORS).map(([name, kind]) => [name, kind.number])) as Readonly<
    Record<PaymentError, number>
  >,
);

/** What the PSP answers to any of the three. A result without trade number is a refusal; an unknown outcome is neither, but no answer. */
export const PaymentResult = ruled(
  wireMap(
    'payment-result',
    {
      requestId: [1, id16],
      tradeNo: [2, tradeNo, 'optional'],
      orderNo: [3, orderNo, 'optional'],
      delegationId: [4, id16, 'optional'],
      tradeState: [5, tradeState],
      amountMinor: [6, paidText, 'optional'],
      currency: [7, currency],
      decidedAt: [8, time],
      error: [9, paymentError, 'optional'],
    },
    { amountMinor: 'amount', orderNo: 'out_trade_no', decidedAt: 'timestamp' },
  ),
  [
    {
      code: 'act-result-or-error',
      says: 'there is a trade with its amount, or an error',
      holds: (result) => oneAlone(result.tradeNo, result.error) && together(result.tradeNo, result.amountMinor),
    },
  ],
);
export type PaymentResult = WireValue<typeof PaymentResult>;
