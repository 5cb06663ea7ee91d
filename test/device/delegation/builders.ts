/** One sound thing of each kind for delegations, on top of the device's own builders; what is special is said in `over`. */

import type { DelegationVoice } from '../../../device/delegation/voice.ts';
import { openDirectory } from '../../../device/directory.ts';
import type { DeviceSettings } from '../../../device/settings.ts';
import type { SignerAnswer, SignRequest } from '../../../device/signer/port.ts';
import type { DelegationDraft, DelegationParse } from '../../../device/voice/delegation/draft.ts';
import type { DelegationCommand } from '../../../device/voice/delegation/parse-command.ts';
import {
  type Authorization,
  type AutonomousPayRequest,
  type Cart,
  type DelegatedPayRequest,
  type DelegationStatus,
  decodeCbor,
  digestOf,
  type EpochSeconds,
  type FrameBody,
  hex,
  IacPayload,
  type IacState,
  type Id16,
  LifecycleChange,
  type Message,
  openObject,
  publicKeyOf,
  type Receipt,
  type Refund,
  type SigningKey,
  SubAccountChange,
  type SubAccountStatus,
  sha256,
  signJson,
  signObject,
  softSigningKey,
  thumbprintOf,
  toJsonObject,
  utf8,
} from '../../../protocol/index.ts';
import {
  AGENT,
  at,
  DEVICE,
  id,
  MERCHANT,
  OTHER_MERCHANT,
  objectKey,
  directory as ordinary,
  settings as ordinarySettings,
  PSP,
  seconds,
  TENANT,
} from '../builders.ts';

const AGENT_SEED = sha256(utf8('test key of the agent that pays'));
export const agentKey: SigningKey = softSigningKey(AGENT_SEED);
const OTHER_AGENT_SEED = sha256(utf8('test key of another agent that pays'));
export const otherAgentKey: SigningKey = softSigningKey(OTHER_AGENT_SEED);
export const AGENT_KEY = thumbprintOf(publicKeyOf(AGENT_SEED));
export const AGENT_ID = 'did:act:example.com/agent';

const agentEntry = (party: string, seed: Uint8Array) =>
  ({ party, role: 'agent', use: 'object', publicKeyHex: hex(publicKeyOf(seed)) }) as const;

export const directory = openDirectory({
  tenant: TENANT,
  keys: [
    ...ordinary.keys.map(({ party, role, use, publicKey }) => ({ party, role, use, publicKeyHex: hex(publicKey) })),
    agentEntry(AGENT, AGENT_SEED),
    agentEntry('other-agent', OTHER_AGENT_SEED),
  ],
  merchants: [MERCHANT, OTHER_MERCHANT].map((party) => ({
    party,
    names: {
      'zh-CN': [ordinary.nameOf(party, 'zh-CN') ?? party],
      'en-US': [ordinary.nameOf(party, 'en-US') ?? party],
    },
  })),
  agents: [{ party: AGENT, agentId: AGENT_ID }],
});

export const DAY_MS = 86_400_000;
export const SUB_ACCOUNT = 'sub-7d1e';

/** Two tickets, in one order, for at most 2,560 yuan, only from one shop, for a week. */
export function draft(over: Partial<DelegationDraft> = {}): DelegationDraft {
  return {
    mode: 'SPECIFIED',
    lines: [{ itemId: 'concert-ticket', quantity: 2, options: [] }],
    currency: 'CNY',
    maxTotalMinor: 256_000,
    maxSingleMinor: 256_000,
    allowedMerchants: [MERCHANT],
    forbiddenMerchants: [],
    allowedCategories: [],
    forbiddenCategories: [],
    validFrom: at(0),
    validUntil: at(7 * DAY_MS),
    priceToleranceE2: 1_000,
    onPriceDeviation: 'PAUSE_AND_NOTIFY',
    ...over,
  };
}

/** A coffee each weekday before nine, at most 30 yuan a day, for four weeks. The stories begin on a Monday at ten past ten. */
export function coffee(over: Partial<DelegationDraft> = {}): DelegationDraft {
  const { maxSingleMinor: _none, ...rest } = draft();
  return {
    ...rest,
    lines: [{ itemId: 'iced-latte', quantity: 1, options: [] }],
    maxTotalMinor: 60_000,
    maxDailyMinor: 3_000,
    allowedMerchants: [MERCHANT, OTHER_MERCHANT],
    schedule: { weekdays: [1, 2, 3, 4, 5], fromMin: 0, untilMin: 540 },
    validUntil: at(28 * DAY_MS),
    ...over,
  };
}

/** Data for a report, the agent chooses which: at most 50 yuan in all, for a week. */
export function report(over: Partial<DelegationDraft> = {}): DelegationDraft {
  const { maxSingleMinor: _none, ...rest } = draft();
  return { ...rest, mode: 'BOUNDED', lines: [], purpose: 'market-report', maxTotalMinor: 5_000, ...over };
}

const ALL = { itemIds: [], merchantIds: [] };
const REPORT = { ...ALL, itemIds: ['market-report'] };
const COMMANDS: Readonly<Record<string, DelegationCommand>> = {
  'what have you bought today': { kind: 'report', day: 'today' },
  'how much is left': { kind: 'left', what: 'all' },
  'pause everything': { kind: 'suspend', what: 'all' },
  'resume everything': { kind: 'resume', what: 'all' },
  'cancel the concert tickets': { kind: 'revoke', what: { ...ALL, itemIds: ['concert-ticket'] } },
  'how much is in the account': { kind: 'account', operation: 'QUERY', what: 'all' },
  'freeze the account': { kind: 'account', operation: 'FREEZE', what: REPORT },
  'freeze all accounts': { kind: 'account', operation: 'FREEZE', what: 'all' },
  'unfreeze the account': { kind: 'account', operation: 'UNFREEZE', what: 'all' },
  'put 20 yuan into the account': { kind: 'account', operation: 'TOP_UP', what: 'all', amountMinor: 2_000 },
  'close the account': { kind: 'account', operation: 'CANCEL', what: 'all' },
  'close the account of the tickets': {
    kind: 'account',
    operation: 'CANCEL',
    what: { ...ALL, itemIds: ['concert-ticket'] },
  },
  'stop the coffee': { kind: 'revoke', what: { ...ALL, itemIds: ['iced-latte'] } },
};
const WISHES: Readonly<Record<string, DelegationParse>> = {
  'two concert tickets when they go on sale': { kind: 'draft', draft: draft() },
  'an iced latte every weekday': { kind: 'draft', draft: coffee() },
  'a market report': { kind: 'draft', draft: report() },
  'some concert tickets': {
    kind: 'question',
    question: { kind: 'until-when' },
    pending: { question: { kind: 'until-when' }, delegation: { said: 'some concert tickets' } as never },
  },
};

/** Understands a few sentences, and says what it is asked to say in few words. */
export const voice: DelegationVoice = {
  parse: (words, { pending }) =>
    pending && words === '1280 each'
      ? { kind: 'draft', draft: draft() }
      : (WISHES[words] ?? { kind: 'not-a-delegation' }),
  command: (words) => COMMANDS[words],
  question: ({ kind }) => `question ${kind}`,
  summarise: ({ maxTotalMinor }) => `summary up to ${maxTotalMinor}.`,
};

export const settings: DeviceSettings = {
  ...ordinarySettings,
  directory,
  delegation: { principal: 'did:act:example.com/person-1', voice },
};

export function challengeFor(requestId: Id16, iac: Uint8Array, over: object = {}, by = PSP): Message {
  const value = {
    ...{ nonce: id('delegation nonce'), iacDigest: digestOf(iac), payer: DEVICE, agentKey: AGENT_KEY },
    ...{ issuedAt: seconds(0), expiresAt: seconds(120), ...over },
  };
  const challenge = signObject('delegation-challenge', value, objectKey(by));
  return { type: 'delegation-challenge', body: { requestId, challenge } };
}

const GESTURE = { viewDigest: digestOf(utf8('view')), method: 'hold-simulated', counter: 1 } as const;

/** What the wearer's signer makes of a request; `over` is what a dishonest one would change. */
export function signed(request: SignRequest, over: Partial<Authorization> = {}, by = DEVICE): SignerAnswer {
  const key = objectKey(by);
  if (request.kind === 'delegation') {
    const iac = IacPayload.decode(decodeCbor(request.iac), 'iac');
    const value = {
      ...{ iac, agentKey: AGENT_KEY, challengeDigest: digestOf(request.challenge), confirmedAt: seconds(3) },
      ...GESTURE,
      ...over,
    };
    const jsonSignature = signJson(toJsonObject(IacPayload, value.iac, 'iac'), key);
    return { kind: 'signed', signed: signObject('authorization', value, key), jsonSignature, method: GESTURE.method };
  }
  if (request.kind === 'account') {
    const change = SubAccountChange.decode(decodeCbor(request.change), 'change');
    const order = signObject('sub-account-order', { change, ...GESTURE }, key);
    return { kind: 'signed', signed: order, method: GESTURE.method };
  }
  if (request.kind !== 'lifecycle') throw new Error(`not signed here: ${request.kind}`);
  const change = LifecycleChange.decode(decodeCbor(request.change), 'change');
  return { kind: 'signed', signed: signObject('lifecycle-order', { change, ...GESTURE }, key), method: GESTURE.method };
}

export function statusOf(delegationId: Id16, state: IacState, over: Partial<DelegationStatus> = {}, by = PSP): Message {
  const value: DelegationStatus = {
    ...{ delegationId, state, version: 0, asOf: seconds(10), currency: 'CNY' },
    freshUntil: ((over.asOf ?? seconds(10)) + 60) as EpochSeconds,
    ...{ spentMinor: 0, reservedMinor: 0, refundedMinor: 0, spends: 0 },
    ...over,
  };
  return { type: 'delegation-status', body: { status: signObject('delegation-status', value, objectKey(by)) } };
}

export interface SpendOver {
  readonly request?: Partial<DelegatedPayRequest>;
  readonly receipt?: Partial<Receipt>;
  readonly cart?: Partial<Cart>;
  readonly requestKey?: SigningKey;
  readonly receiptBy?: string;
  readonly cartBy?: string;
  readonly noCart?: boolean;
  readonly paidAt?: EpochSeconds;
}

/** The `n`th payment under an authorization, for what its terms name, of this amount. */
export function spend(authorization: Uint8Array, n: number, amountMinor: number, over: SpendOver = {}): Message {
  const { iac } = openObject('authorization', authorization, { trust: directory.trust, tenant: TENANT }).value;
  const isCoffee = iac.maxTotalMinor === 60_000;
  const orderNo = `LC-${n}`;
  const cart: Cart = {
    ...{ orderNo, intentId: iac.intentId ?? id('intent'), merchant: MERCHANT, discounts: [], deliveryMinor: 0 },
    lines: [
      {
        ...{ sku: 'a', title: 'A thing', quantity: isCoffee ? 1 : 2, amountMinor, options: [] },
        itemId: isCoffee ? 'iced-latte' : 'concert-ticket',
      },
    ],
    ...{ totalMinor: amountMinor, currency: 'CNY', etaMin: 5, issuedAt: seconds(0), lockedUntil: seconds(300) },
    ...over.cart,
  };
  const cartBytes = signObject('cart', cart, objectKey(over.cartBy ?? MERCHANT));
  const request: DelegatedPayRequest = {
    ...{ requestId: id(`pay ${n}`), orderNo, amountMinor, currency: 'CNY', createdAt: seconds(20) },
    ...{ agentId: AGENT_ID, payee: MERCHANT, method: 'urn:act:payment:alipay', cartDigest: digestOf(cartBytes) },
    ...{ paymentToken: 'token-d', delegationId: iac.delegationId, iac: authorization },
    ...over.request,
  };
  const requestBytes = signObject('delegated-pay-request', request, over.requestKey ?? agentKey);
  const { receipt } = { receipt: receiptFor(requestBytes, n, amountMinor, over) };
  return {
    type: 'spend-notice',
    body: { request: requestBytes, receipt, ...(over.noCart ? {} : { cart: cartBytes }) },
  };
}

function receiptFor(request: Uint8Array, n: number, amountMinor: number, over: SpendOver): Uint8Array {
  const value: Receipt = {
    ...{ tradeNo: `T-${n}`, confirmationDigest: digestOf(request), orderNo: `LC-${n}`, amountMinor },
    ...{ currency: 'CNY', payee: MERCHANT, paidAt: over.paidAt ?? seconds(30) },
    ...over.receipt,
  };
  return signObject('receipt', value, objectKey(over.receiptBy ?? PSP));
}

/** A payment for a resource behind HTTP 402, without a cart. */
export function resourceSpend(authorization: Uint8Array, n: number, amountMinor: number): Message {
  const { iac } = openObject('authorization', authorization, { trust: directory.trust, tenant: TENANT }).value;
  const request: AutonomousPayRequest = {
    ...{ requestId: id(`pay ${n}`), orderNo: `LC-${n}`, amountMinor, currency: 'CNY', createdAt: seconds(20) },
    ...{ agentId: AGENT_ID, payee: MERCHANT, method: 'urn:act:payment:alipay', resourceId: 'market-prices' },
    ...{ paymentToken: 'token-d', delegationId: iac.delegationId, iac: authorization },
  };
  const bytes = signObject('autonomous-pay-request', request, agentKey);
  return { type: 'spend-notice', body: { request: bytes, receipt: receiptFor(bytes, n, amountMinor, {}) } };
}

export function refund(n: number, amountMinor: number, over: Partial<Refund> = {}, by = PSP): Message {
  const value: Refund = {
    ...{ requestId: id(`refund ${n}`), tradeNo: `T-${n}`, orderNo: `LC-${n}`, payee: MERCHANT, amountMinor },
    ...{ refundedTotalMinor: amountMinor, currency: 'CNY', refundedAt: seconds(60) },
    ...over,
  };
  return { type: 'refund-notice', body: { refund: signObject('refund', value, objectKey(by)) } };
}

/** The PSP's answer to the newest operation on a sub-account, or to another one. */
export function accountAnswer(
  requestId: Id16,
  over: Partial<SubAccountStatus> = {},
  failure?: FrameBody<'sub-account-result'>['failure'],
): Message {
  const status: SubAccountStatus = {
    ...{ subAccountId: SUB_ACCOUNT, agentId: AGENT_ID, state: 'AVAILABLE', currency: 'CNY', balanceMinor: 5_000 },
    keyState: (over.state ?? 'AVAILABLE') === 'AVAILABLE' ? 'ENABLED' : 'DISABLED',
    ...{ asOf: seconds(20), version: 0 },
    ...over,
  };
  return { type: 'sub-account-result', body: { requestId, ...(failure ? { failure } : { status }) } };
}
