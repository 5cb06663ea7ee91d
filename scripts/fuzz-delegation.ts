/**
 * The signed objects of delegations, of a binding and of a lock: the wearer lets the agent buy a coffee every weekday before
 * nine, and a report for which it chooses the sources.
 */
import { IacPayload } from '../protocol/act/iac.ts';
import {
  authoriseSubAccount,
  type Digest,
  digestOf,
  encodeCbor,
  type ObjectType,
  type ObjectValue,
  signObject,
  thumbprintOf,
  utf8,
  writeTerms,
} from '../protocol/index.ts';
import { at, idOf, NOW, OBJECT_KEYS, PARTIES } from './fuzz-parties.ts';

const AGENT = 'did:act:example.com/agent-1';
const METHOD = 'urn:act:payment:alipay';
const viewDigest = digestOf(utf8('what was on the display'));
const method = 'hold-hardware-line';
const payer = PARTIES.device.party;

const iac: IacPayload = {
  delegationId: idOf('delegation'),
  intentId: idOf('intent'),
  delegatorIdentity: 'did:act:example.com/person-1',
  agentId: AGENT,
  delegationMode: 'SPECIFIED',
  validityStartTime: NOW,
  validityEndTime: at(28 * 86_400),
  maxTotalMinor: 60_000,
  currency: 'CNY',
  allowedPaymentMethods: [METHOD],
  userConfirmationMethod: 'BUTTON',
  userConfirmationTimestamp: NOW,
  sourceIsrDigest: digestOf(utf8('the intent')),
  ext: {
    commerce: { maxSingleMinor: 3_000, allowedCategories: ['coffee'], allowedMerchants: [PARTIES.merchant.party] },
    agentBehavior: { priceDeviationToleranceE2: 250, priceDeviationAction: 'PAUSE_AND_NOTIFY' },
    vendorPrivate: writeTerms({
      currency: 'CNY',
      items: [{ itemId: 'latte', quantity: 1, choices: ['large', 'oat'] }],
      ...{ maxDailyMinor: 3_000, maxOrders: 20, weekdays: [1, 2, 3, 4, 5], fromMin: 420, untilMin: 540 },
      utcOffsetMin: 480,
    }),
  },
};

const report: IacPayload = {
  delegationId: idOf('report delegation'),
  delegatorIdentity: iac.delegatorIdentity,
  agentId: AGENT,
  delegationMode: 'BOUNDED',
  validityStartTime: NOW,
  validityEndTime: at(86_400),
  maxTotalMinor: 5_000,
  currency: 'CNY',
  ext: {
    commerce: { allowedMerchants: ['data-desk'] },
    vendorPrivate: writeTerms({ currency: 'CNY', purpose: 'market-report', utcOffsetMin: 480 }),
  },
};

const delegationChallenge: ObjectValue<'delegation-challenge'> = {
  nonce: idOf('delegation nonce'),
  iacDigest: digestOf(encodeCbor(IacPayload.encode(iac, 'iac'))),
  payer,
  agentKey: thumbprintOf(OBJECT_KEYS.agent.publicKey),
  issuedAt: at(1),
  expiresAt: at(91),
};

const authorization: ObjectValue<'authorization'> = {
  iac,
  agentKey: delegationChallenge.agentKey,
  challengeDigest: digestOf(signObject('delegation-challenge', delegationChallenge, OBJECT_KEYS.psp)),
  viewDigest,
  method,
  counter: 418,
  confirmedAt: at(10),
};

/** One source for the report, paid out of the agent's sub-account (PSD-PAY-AUP, PSD-AGT-SUB). */
const source = authoriseSubAccount(
  'autonomous-pay-request',
  {
    requestId: idOf('autonomous request'),
    orderNo: 'DD-20260921-0007',
    amountMinor: 200,
    currency: 'CNY',
    createdAt: at(60),
    agentId: AGENT,
    payee: 'data-desk',
    method: METHOD,
    delegationId: report.delegationId,
    iac: signObject('authorization', { ...authorization, iac: report, counter: 421 }, OBJECT_KEYS.signer),
    subAccountId: 'sub_7d1e',
    resourceId: 'market-prices',
  },
  OBJECT_KEYS.agent,
);

const bindingOffer: ObjectValue<'binding-offer'> = {
  nonce: idOf('binding nonce'),
  requestId: idOf('binding request'),
  payer,
  agentId: AGENT,
  methods: [METHOD],
  limits: { currency: 'CNY', maxSingleMinor: 5_000, maxTotalMinor: 20_000, validUntil: at(30 * 86_400) },
  issuedAt: NOW,
  expiresAt: at(90),
};

type Delegated = Exclude<ObjectType, 'cart' | 'challenge' | 'confirmation' | 'receipt' | 'fulfilment' | 'refund'>;
type Values = { readonly [T in ObjectType]: ObjectValue<T> };

/** The values of a delegation under which the agent pays for this cart. */
export function delegatedValues(cart: ObjectValue<'cart'>, cartDigest: Digest): Pick<Values, Delegated> {
  const request: ObjectValue<'delegated-pay-request'> = {
    requestId: idOf('delegated request'),
    orderNo: cart.orderNo,
    paymentToken: 'tok_5f0c1f7e9a',
    amountMinor: cart.totalMinor,
    currency: cart.currency,
    createdAt: at(20),
    agentId: AGENT,
    payee: cart.merchant,
    cartDigest,
    method: METHOD,
    delegationId: iac.delegationId,
    iac: signObject('authorization', authorization, OBJECT_KEYS.signer),
  };
  return { ...STANDING, 'delegated-pay-request': request };
}

/** What does not depend on any cart. */
const STANDING: Pick<Values, Exclude<Delegated, 'delegated-pay-request'>> = {
  authorization,
  'lifecycle-order': {
    change: {
      changeId: idOf('change'),
      delegationId: iac.delegationId,
      from: 'Active',
      to: 'Suspended',
      by: 'PRINCIPAL',
      changedAt: at(30),
      version: 1,
      reason: 'asked-for',
    },
    viewDigest,
    method,
    counter: 419,
  },
  'delegation-challenge': delegationChallenge,
  'binding-offer': bindingOffer,
  'binding-consent': {
    offerDigest: digestOf(signObject('binding-offer', bindingOffer, OBJECT_KEYS.psp)),
    viewDigest,
    method,
    counter: 420,
    confirmedAt: at(15),
  },
  'lock-order': { device: payer, state: 'locked', version: 3, issuedAt: at(40) },
  'delegation-status': {
    ...{ delegationId: iac.delegationId, state: 'Active', version: 2, asOf: at(50), freshUntil: at(110) },
    ...{ currency: 'CNY', spentMinor: 2_380, reservedMinor: 0, refundedMinor: 2_380, spends: 1 },
    subAccountId: 'sub_7d1e',
  },
  'autonomous-pay-request': source,
  'sub-account-order': {
    change: {
      ...{ changeId: idOf('account change'), delegationId: report.delegationId, subAccountId: 'sub_7d1e' },
      ...{ operation: 'TOP_UP', amountMinor: 2_000, currency: 'CNY', changedAt: at(80), version: 3 },
    },
    ...{ viewDigest, method, counter: 422 },
  },
};
