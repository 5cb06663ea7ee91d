/** What a payment under a delegation leaves behind: the agent's request with the authorization in it, receipt, records. */
import type { Bundle, BundlePayment } from '../../../device/audit/bundle.ts';
import {
  type Authorization,
  type DelegatedPayRequest,
  type DelegationStatus,
  type Digest,
  digestOf,
  hex,
  IacPayload,
  jsonDigest,
  type LifecycleOrder,
  newId,
  publicKeyOf,
  type Receipt,
  type RecordDraft,
  type SigningKey,
  signObject,
  signRecord,
  softSigningKey,
  thumbprintOf,
  utf8,
} from '../../../protocol/index.ts';
import {
  AGENT,
  cart,
  cartBytes,
  DEVICE,
  deviceKey,
  directory,
  INTENT_ID,
  id,
  MERCHANT,
  objectKey,
  PSP,
  receiptBytes,
  seconds,
  settings,
  TENANT,
} from '../builders.ts';
import { objectOf, withRecord } from './bundle-edits.ts';
import { EXPORTED } from './bundle-stage.ts';
import { nodeSigner } from './reporting-rig.ts';

const AGENT_SEED = new Uint8Array(32).fill(91);
export const agentKey = softSigningKey(AGENT_SEED);
export const DELEGATION = id('delegation');
const AGENT_ID = 'did:act:example.com/agent-1';

export function iac(over: Partial<IacPayload> = {}): IacPayload {
  return {
    ...{ delegationId: DELEGATION, intentId: INTENT_ID, delegatorIdentity: 'did:act:example.com/person-1' },
    ...{
      agentId: AGENT_ID,
      delegationMode: 'SPECIFIED',
      validityStartTime: seconds(-60),
      validityEndTime: seconds(900),
    },
    ...{ maxTotalMinor: 10_000, currency: 'CNY', allowedPaymentMethods: ['urn:act:payment:alipay'] },
    ext: { commerce: { maxSingleMinor: 3_000, allowedMerchants: [MERCHANT] } },
    ...over,
  };
}

function authorization(bounds: Partial<IacPayload>, over: Partial<Authorization>): Uint8Array {
  const value: Authorization = {
    ...{ iac: iac(bounds), agentKey: thumbprintOf(publicKeyOf(AGENT_SEED)), challengeDigest: digestOf(utf8('asked')) },
    ...{ viewDigest: digestOf(utf8('seen')), method: 'hold-simulated', counter: 7, confirmedAt: seconds(-50) },
    ...over,
  };
  return signObject('authorization', value, objectKey(DEVICE));
}

export interface Twist {
  /** A request of a task, for the order or for a resource behind HTTP 402. */
  readonly autonomous?: 'order' | 'resource';
  readonly bounds?: Partial<IacPayload>;
  readonly authorization?: Partial<Authorization>;
  readonly request?: Partial<DelegatedPayRequest>;
  /** What else happened under the delegation; without it, that the PSP counts this one payment afterwards. */
  readonly orders?: readonly Uint8Array[];
  readonly statuses?: readonly Uint8Array[];
  readonly payments?: readonly Other[];
}

/** Another payment, of so much, so many seconds after the start. */
export interface Other {
  readonly amountMinor: number;
  readonly at: number;
  readonly tradeNo?: string;
  readonly autonomous?: boolean;
  readonly bounds?: Partial<IacPayload>;
  readonly receipt?: Partial<Receipt>;
  readonly by?: SigningKey;
}

/** The wearer's signed change of the delegation. */
export function orderBytes(over: Partial<LifecycleOrder['change']> = {}, by = DEVICE): Uint8Array {
  const change = {
    ...{ changeId: id('change'), delegationId: DELEGATION, from: 'Active', to: 'Revoked', by: 'PRINCIPAL' },
    ...{ changedAt: seconds(3), version: 1, ...over },
  } as LifecycleOrder['change'];
  const gesture = { viewDigest: digestOf(utf8('seen')), method: 'hold-simulated', counter: 8 } as const;
  return signObject('lifecycle-order', { change, ...gesture }, objectKey(by));
}

/** The PSP's word on the delegation, so many seconds after the start; without more, that the one payment was made, at 4 s. */
export function wordBytes(asOf: number, over: Partial<DelegationStatus> = {}, by = PSP): Uint8Array {
  const value: DelegationStatus = {
    ...{ delegationId: DELEGATION, state: 'Active', version: 0, asOf: seconds(asOf), freshUntil: seconds(asOf + 60) },
    ...{ currency: 'CNY', spentMinor: asOf < 4 ? 0 : cart().totalMinor, reservedMinor: 0, refundedMinor: 0 },
    ...{ spends: asOf < 4 ? 0 : 1, ...over },
  };
  return signObject('delegation-status', value, objectKey(by));
}

function otherPayment({ amountMinor, at, ...more }: Other, n: number, bounds: Partial<IacPayload>): BundlePayment {
  const orderNo = `LC-${100 + n}`;
  const value: DelegatedPayRequest = {
    ...{ requestId: id(`other ${n}`), orderNo, paymentToken: 'token-0002', amountMinor, currency: 'CNY' },
    ...{ createdAt: seconds(at - 2), agentId: AGENT_ID, payee: MERCHANT, cartDigest: digestOf(utf8(orderNo)) },
    ...{ method: 'urn:act:payment:alipay', delegationId: DELEGATION, iac: authorization(more.bounds ?? bounds, {}) },
  };
  const type = more.autonomous ? 'autonomous-pay-request' : 'delegated-pay-request';
  const request = signObject(type, value, more.by ?? agentKey);
  const tradeNo = more.tradeNo ?? `T-${100 + n}`;
  const paid = { tradeNo, confirmationDigest: digestOf(request), orderNo, amountMinor, paidAt: seconds(at) };
  return { request, receipt: receiptBytes({ ...paid, ...more.receipt }) };
}

/** A payment inside its bounds, unless something is twisted. */
export function delegatedBundle(twist: Twist = {}): Bundle {
  const [signedCart, signedIac] = [cartBytes(), authorization(twist.bounds ?? {}, twist.authorization ?? {})];
  const { orderNo, totalMinor, currency, merchant } = cart();
  const value: DelegatedPayRequest = {
    ...{ requestId: newId(new Uint8Array(16).fill(4)), orderNo, paymentToken: 'token-0002', amountMinor: totalMinor },
    ...{ currency, createdAt: seconds(2), agentId: AGENT_ID, payee: merchant, cartDigest: digestOf(signedCart) },
    ...{ method: 'urn:act:payment:alipay', delegationId: DELEGATION, iac: signedIac },
    ...twist.request,
  };
  const { orderNo: _order, cartDigest: _digest, ...bare } = value;
  const isForResource = twist.autonomous === 'resource';
  const type = twist.autonomous ? 'autonomous-pay-request' : 'delegated-pay-request';
  const request = signObject(type, isForResource ? { ...bare, resourceId: 'report:42' } : value, agentKey);
  const receipt = receiptBytes({ confirmationDigest: digestOf(request) });
  const object = (party: string, role: 'signer' | 'psp' | 'merchant') => {
    const key = directory.keys.find((one) => one.party === party && one.role === role && one.use === 'object');
    return { id: party, purpose: 'object', role, publicKey: key?.publicKey ?? new Uint8Array(32) } as const;
  };
  const device = directory.keys.find(({ party, role }) => party === DEVICE && role === 'device');
  const unrecorded: Bundle = {
    header: {
      ...{ version: 1, tenant: TENANT, device: DEVICE, exportedAt: EXPORTED, intentId: INTENT_ID, orderNo },
      delegationId: DELEGATION,
    },
    keys: [
      ...[object(DEVICE, 'signer'), object(PSP, 'psp'), object(MERCHANT, 'merchant')],
      { id: AGENT, purpose: 'object', role: 'agent', publicKey: publicKeyOf(AGENT_SEED) },
      { id: settings.agentId, purpose: 'record', publicKey: device?.publicKey ?? new Uint8Array(32) },
      { id: nodeSigner.name, purpose: 'chain', publicKey: nodeSigner.publicKey },
    ],
    objects: [
      ...(isForResource ? [] : [objectOf('cart', signedCart)]),
      ...[objectOf('receipt', receipt), objectOf(type, request)],
      ...(twist.orders ?? []).map((bytes) => objectOf('lifecycle-order', bytes)),
      ...(twist.statuses ?? [wordBytes(30)]).map((bytes) => objectOf('delegation-status', bytes)),
    ],
    notes: [],
    records: [],
    payments: (twist.payments ?? []).map((other, n) => otherPayment(other, n, twist.bounds ?? {})),
  };
  return withRecord(withRecord(unrecorded, 0, issued(signedIac)), 1, paid(receipt, digestOf(request)));
}

const COMMON = {
  ...{ createdAt: seconds(20), structureVersion: '2.1', intentId: INTENT_ID, delegationId: DELEGATION },
  hashAlgorithm: 'SHA-256',
  salt: new Uint8Array(16).fill(5),
} as const;
const payer = { participantId: settings.agentId, role: 'PAYER_AGENT' } as const;

function issued(signedIac: Uint8Array) {
  const { agentId, validityStartTime, validityEndTime, maxTotalMinor, currency } = iac();
  const draft: RecordDraft = {
    ...{ ...COMMON, recordId: id('issued'), eventTime: seconds(-40) },
    eventType: 'act:delegation:delegation-issued',
    participants: [payer],
    eventBody: {
      ...{ iacDigest: hex(jsonDigest(IacPayload, iac(), 'iac')) as Digest, agentId, delegationMode: 'SPECIFIED' },
      ...{ validityStartTime, validityEndTime, maxTotalMinor, currency, confirmationDigest: digestOf(signedIac) },
    },
  };
  return signRecord(draft, settings.agentId, deviceKey);
}

function paid(receipt: Uint8Array, confirmationDigest: Digest) {
  const { orderNo, totalMinor, currency, merchant } = cart();
  const draft: RecordDraft = {
    ...{ ...COMMON, recordId: id('paid'), eventTime: seconds(4) },
    eventType: 'act:payment:transaction-completed',
    ...{ orderNo, tradeNo: 'T-1', upstreamRecordId: id('issued') },
    participants: [payer, { participantId: PSP, role: 'PSP' }],
    eventBody: {
      ...{ payeeId: merchant, amountMinor: totalMinor, currency, methodId: 'urn:act:payment:alipay' },
      ...{ tradeState: 'WAIT_SELLER_FULFILLMENT', paidAt: seconds(4), receiptDigest: digestOf(receipt) },
      confirmationDigest,
    },
  };
  return signRecord(draft, settings.agentId, deviceKey);
}
