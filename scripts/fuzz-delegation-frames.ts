/** What the frames of a delegation carry: the objects of fuzz-delegation.ts, of one coffee that was bought and paid back. */
import { IacPayload } from '../protocol/act/iac.ts';
import {
  digestOf,
  encodeCbor,
  type FrameBody,
  type FrameType,
  type ObjectType,
  type ObjectValue,
  signJson,
  signObject,
  toJsonObject,
} from '../protocol/index.ts';
import { at, idOf, OBJECT_KEYS } from './fuzz-parties.ts';

/** Everything that is sent because of a delegation. */
type DelegationFrame =
  | Extract<FrameType, `delegation-${string}` | `delegated-${string}` | `price-${string}` | `refund-${string}`>
  | Extract<FrameType, `sub-account-${string}` | 'lifecycle' | 'instrument' | 'spend-notice' | 'notice-ack'>
  | Extract<FrameType, 'order-cancel' | 'watch'>;
type Bodies = { readonly [T in DelegationFrame]: FrameBody<T> };
type Values = { readonly [T in ObjectType]: ObjectValue<T> };

/** The bodies, out of the values of all objects and the objects as they were signed. */
export function delegationBodies(values: Values, signed: Readonly<Record<ObjectType, Uint8Array>>): Bodies {
  return {
    ...issuing(values, signed),
    ...spending(values, signed),
    ...watching(values),
    ...subAccount(values, signed),
  };
}

const requestId = idOf('delegation request');
const newsOf = idOf('watch');

function issuing(
  { authorization, 'delegation-status': { delegationId } }: Values,
  signed: Record<ObjectType, Uint8Array>,
) {
  const { iac, agentKey } = authorization;
  return {
    'delegation-request': { requestId, iac: encodeCbor(IacPayload.encode(iac, 'iac')), agentKey },
    'delegation-challenge': { requestId, challenge: signed['delegation-challenge'] },
    'delegation-confirm': {
      ...{ requestId, authorization: signed.authorization },
      jsonSignature: signJson(toJsonObject(IacPayload, iac, 'iac'), OBJECT_KEYS.signer),
    },
    'delegation-status': { status: signed['delegation-status'], requestId },
    'delegation-query': { requestId, delegationId },
    lifecycle: { requestId, order: signed['lifecycle-order'] },
    'delegation-end': { requestId, delegationId },
    instrument: { delegationId, paymentToken: 'tok_5f0c1f7e9a' },
    'delegation-task': {
      ...{ requestId, authorization: signed.authorization, locale: 'zh-CN' },
      place: { latitudeE3: 31_230, longitudeE3: 121_474 },
    },
    'delegation-news': { delegationId, version: 3, state: 'asking', reason: 'over-tolerance' },
  } as const satisfies Partial<Bodies>;
}

function spending(values: Values, signed: Record<ObjectType, Uint8Array>) {
  const request = signed['delegated-pay-request'];
  const { requestId: payId, delegationId } = values['delegated-pay-request'];
  const { tradeNo, orderNo, amountMinor, currency } = values.receipt;
  const receipt = signObject('receipt', { ...values.receipt, confirmationDigest: digestOf(request) }, OBJECT_KEYS.psp);
  const { requestId: refundId } = values.refund;
  return {
    'delegated-pay': { requestId: payId, request, cart: signed.cart },
    'delegated-query': { requestId: payId },
    'delegated-result': {
      result: {
        ...{ requestId: payId, tradeNo, orderNo, delegationId, tradeState: 'WAIT_SELLER_FULFILLMENT' },
        ...{ amountMinor, currency, decidedAt: at(21) },
      },
      receipt,
    },
    'spend-notice': { request, receipt, cart: signed.cart },
    'notice-ack': { digest: digestOf(receipt) },
    'order-cancel': { requestId: idOf('cancel'), orderNo },
    'refund-request': {
      ...{ requestId: refundId, tradeNo, orderNo, amountMinor, currency, createdAt: at(35), reason: 'cancelled' },
    },
    'refund-answer': { requestId: refundId, state: 'SUCCEEDED', refund: signed.refund },
    'refund-notice': { refund: signed.refund },
  } as const satisfies Partial<Bodies>;
}

function watching({ cart, 'delegation-status': { delegationId, currency } }: Values) {
  const itemId = 'latte';
  return {
    watch: { requestId: newsOf, itemIds: [itemId], until: at(3_600), wanted: { from: at(600), until: at(7_200) } },
    'price-news': {
      ...{ requestId: newsOf, version: 1 },
      prices: [
        {
          ...{ itemId, choices: ['large', 'oat'], amountMinor: cart.totalMinor, currency, available: 12 },
          ...{ onSaleAt: at(60), happensAt: at(900) },
        },
      ],
    },
    'price-question': {
      ...{ requestId, delegationId, merchant: cart.merchant, itemId, amountMinor: 2_480, referenceMinor: 2_380 },
      ...{ currency, until: at(120) },
    },
    'price-answer': { requestId, delegationId, accept: true },
  } as const satisfies Partial<Bodies>;
}

function subAccount(
  { 'autonomous-pay-request': { subAccountId = '', agentId, currency }, authorization }: Values,
  signed: Readonly<Record<ObjectType, Uint8Array>>,
) {
  const subAccountRequest = idOf('sub-account request');
  return {
    'sub-account-request': {
      ...{ requestId: subAccountRequest, operation: 'FREEZE', delegatorIdentity: authorization.iac.delegatorIdentity },
      ...{ agentId, subAccountId, currency, createdAt: at(70) },
    },
    'sub-account-order': { requestId: idOf('sub-account order'), order: signed['sub-account-order'] },
    'sub-account-result': {
      requestId: subAccountRequest,
      status: {
        ...{ subAccountId, agentId, state: 'FROZEN', keyState: 'DISABLED', currency },
        ...{ balanceMinor: 4_800, asOf: at(71), version: 1 },
      },
    },
  } as const satisfies Partial<Bodies>;
}
