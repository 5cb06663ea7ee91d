/** ACT 2.1 PSD-PMT-BND and PSD-AGT-SUB: a payment token or a sub-account for one agent; never the account itself. */
import { agentId, id16, paymentToken } from '../ids.ts';
import { list, oneOf, uint, type WireValue, wireMap } from '../wire.ts';
import { amountText, currency, hash32, methodUrn, principalId, time } from './fields.ts';
import { ascending, oneAlone, ruled } from './rules.ts';

/** How far a token or a sub-account reaches. */
export const PaymentLimits = ruled(
  wireMap(
    'payment-limits',
    {
      currency: [1, currency],
      maxSingleMinor: [2, amountText, 'optional'],
      maxTotalMinor: [3, amountText, 'optional'],
      validUntil: [4, time, 'optional'],
    },
    { maxSingleMinor: 'max_single_amount', maxTotalMinor: 'max_total_amount' },
  ),
  [
    {
      code: 'act-amount-order',
      says: 'no single amount is above the total',
      holds: (limits) => ascending(limits.maxSingleMinor, limits.maxTotalMinor),
    },
  ],
);

/** Started by the principal; the PSP shows agent and limits before it binds. */
export const BindingRequest = wireMap('binding-request', {
  requestId: [1, id16],
  delegatorIdentity: [2, principalId],
  agentId: [3, agentId],
  methods: [4, list(methodUrn, 4, 1)],
  limits: [5, PaymentLimits],
  createdAt: [6, time],
});
export type BindingRequest = WireValue<typeof BindingRequest>;

export const bindingFailure = oneOf({
  AUTH_FAILED: 1,
  AGENT_NOT_REGISTERED: 2,
  ACCOUNT_LIMIT_EXCEEDED: 3,
  ACCOUNT_INVALID: 4,
  SYSTEM_ERROR: 5,
});
export type BindingFailure = WireValue<typeof bindingFailure>;

/** A failure never comes with a token that could pay. */
export const BindingResult = ruled(
  wireMap('binding-result', {
    requestId: [1, id16],
    agentId: [2, agentId],
    paymentToken: [3, paymentToken, 'optional'],
    limits: [4, PaymentLimits, 'optional'],
    failure: [5, bindingFailure, 'optional'],
    decidedAt: [6, time],
  }),
  [
    {
      code: 'act-result-or-error',
      says: 'there is a token with its limits, or a failure',
      holds: ({ paymentToken: token, limits, failure }) =>
        oneAlone(token, failure) && (token === undefined) === (limits === undefined),
    },
  ],
);
export type BindingResult = WireValue<typeof BindingResult>;

export const subAccountState = oneOf({ AVAILABLE: 1, FROZEN: 2, CANCELLED: 3 });
export type SubAccountState = WireValue<typeof subAccountState>;

export const subAccountOperation = oneOf({ OPEN: 1, TOP_UP: 2, FREEZE: 3, UNFREEZE: 4, CANCEL: 5, QUERY: 6 });
export type SubAccountOperation = WireValue<typeof subAccountOperation>;

/** From which state an operation leads where; `undefined` is before opening. A cancelled sub-account stays cancelled. */
export const SUB_ACCOUNT_TRANSITIONS: readonly (readonly [
  SubAccountState | undefined,
  SubAccountOperation,
  SubAccountState,
])[] = [
  [undefined, 'OPEN', 'AVAILABLE'],
  ['AVAILABLE', 'TOP_UP', 'AVAILABLE'],
  ['AVAILABLE', 'FREEZE', 'FROZEN'],
  ['FROZEN', 'UNFREEZE', 'AVAILABLE'],
  ['AVAILABLE', 'CANCEL', 'CANCELLED'],
  ['FROZEN', 'CANCEL', 'CANCELLED'],
  ['AVAILABLE', 'QUERY', 'AVAILABLE'],
  ['FROZEN', 'QUERY', 'FROZEN'],
  ['CANCELLED', 'QUERY', 'CANCELLED'],
];

/** The state after an operation, or `undefined` where the operation is refused. */
export function nextSubAccountState(
  from: SubAccountState | undefined,
  operation: SubAccountOperation,
): SubAccountState | undefined {
  return SUB_ACCOUNT_TRANSITIONS.find(([state, on]) => state === from && on === operation)?.[2];
}

/** Opening registers the key that authorises payments out of the sub-account. */
export const SubAccountRequest = ruled(
  wireMap(
    'sub-account-request',
    {
      requestId: [1, id16],
      operation: [2, subAccountOperation],
      delegatorIdentity: [3, principalId],
      agentId: [4, agentId],
      subAccountId: [5, paymentToken, 'optional'],
      publicKey: [6, hash32, 'optional'],
      limits: [7, PaymentLimits, 'optional'],
      currency: [8, currency],
      topUpMinor: [9, amountText, 'optional'],
      createdAt: [10, time],
    },
    { topUpMinor: 'top_up_amount' },
  ),
  [
    {
      code: 'act-instrument',
      says: 'opening brings a key, and everything else names its sub-account',
      holds: ({ operation, publicKey, subAccountId, topUpMinor }) =>
        (operation === 'OPEN') === (publicKey !== undefined) &&
        (operation === 'OPEN') === (subAccountId === undefined) &&
        (operation === 'TOP_UP') === (topUpMinor !== undefined),
    },
  ],
);
export type SubAccountRequest = WireValue<typeof SubAccountRequest>;

/** Where a sub-account stands. Freezing and cancelling disable its key in the same step. */
export const SubAccountStatus = ruled(
  wireMap(
    'sub-account-status',
    {
      subAccountId: [1, paymentToken],
      agentId: [2, agentId],
      state: [3, subAccountState],
      keyState: [4, oneOf({ ENABLED: 1, DISABLED: 2 })],
      currency: [5, currency],
      balanceMinor: [6, amountText],
      limits: [7, PaymentLimits, 'optional'],
      asOf: [8, time],
      /** Counts up from 0 with each operation on it, so that late news is never taken for new (T4, T17). Payments do not count. */
      version: [9, uint(0xffff_ffff)],
    },
    { balanceMinor: 'balance' },
  ),
  [
    {
      code: 'act-sub-account-key',
      says: 'only an available sub-account has an enabled key',
      holds: ({ state, keyState }) => state === 'AVAILABLE' || keyState === 'DISABLED',
    },
  ],
);
export type SubAccountStatus = WireValue<typeof SubAccountStatus>;

export const subAccountFailure = oneOf({
  AUTH_FAILED: 1,
  NOT_OPENED: 2,
  FROZEN: 3,
  CANCELLED: 4,
  INSUFFICIENT_BALANCE: 5,
  BINDING_MISMATCH: 6,
  KEY_INVALID: 7,
  /** More than the bounds of the credential still let it pay. */
  LIMIT_EXCEEDED: 8,
});
export type SubAccountFailure = WireValue<typeof subAccountFailure>;

/** The answer to an operation. */
export const SubAccountResult = ruled(
  wireMap('sub-account-result', {
    requestId: [1, id16],
    status: [2, SubAccountStatus, 'optional'],
    failure: [3, subAccountFailure, 'optional'],
  }),
  [
    {
      code: 'act-result-or-error',
      says: 'there is a status or a failure',
      holds: ({ status, failure }) => oneAlone(status, failure),
    },
  ],
);
export type SubAccountResult = WireValue<typeof SubAccountResult>;
