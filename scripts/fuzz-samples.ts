/**
 * One valid value of every frame and every signed object, of one small purchase that hangs together: a latte for 23.80.
 * The bytes are the same in every run.
 */
import {
  digestOf,
  encodeEvidence,
  FRAMES,
  type FrameAddress,
  type FrameBody,
  type FrameReader,
  type FrameType,
  type Message,
  OBJECTS,
  type ObjectType,
  type ObjectValue,
  SERVICE_SESSION,
  sealFrame,
  signObject,
  utf8,
} from '../protocol/index.ts';
import { AUDIT_BODIES } from './fuzz-audit-frames.ts';
import { delegatedValues } from './fuzz-delegation.ts';
import { delegationBodies } from './fuzz-delegation-frames.ts';
import { at, FRAME_KEYS, idOf, NOW, OBJECT_KEYS, PARTIES, SESSION, TENANT, TRUST } from './fuzz-parties.ts';

export * from './fuzz-parties.ts';

const cart: ObjectValue<'cart'> = {
  orderNo: 'LC-20260921-0042',
  intentId: idOf('intent'),
  merchant: PARTIES.merchant.party,
  lines: [
    {
      sku: 'latte-l-oat',
      title: '燕麦拿铁 大杯',
      quantity: 1,
      amountMinor: 2600,
      itemId: 'latte',
      options: [
        { optionId: 'size', choiceId: 'large' },
        { optionId: 'milk', choiceId: 'oat' },
      ],
    },
  ],
  discounts: [{ couponId: 'autumn-5', amountMinor: 520 }],
  deliveryMinor: 300,
  totalMinor: 2380,
  currency: 'CNY',
  issuedAt: NOW,
  lockedUntil: at(300),
  etaMin: 25,
};
const signedCart = signObject('cart', cart, OBJECT_KEYS.merchant);

const challenge: ObjectValue<'challenge'> = {
  nonce: idOf('nonce'),
  amountMinor: cart.totalMinor,
  currency: cart.currency,
  payee: cart.merchant,
  orderNo: cart.orderNo,
  cartDigest: digestOf(signedCart),
  payer: PARTIES.device.party,
  issuedAt: at(2),
  expiresAt: at(92),
};
const signedChallenge = signObject('challenge', challenge, OBJECT_KEYS.psp);

const confirmation: ObjectValue<'confirmation'> = {
  challengeDigest: digestOf(signedChallenge),
  viewDigest: digestOf(utf8('what was on the display')),
  method: 'hold-hardware-line',
  counter: 417,
  confirmedAt: at(9),
};
const signedConfirmation = signObject('confirmation', confirmation, OBJECT_KEYS.signer);

const receipt: ObjectValue<'receipt'> = {
  tradeNo: '2026092122001413',
  confirmationDigest: digestOf(signedConfirmation),
  orderNo: cart.orderNo,
  amountMinor: cart.totalMinor,
  currency: cart.currency,
  payee: cart.merchant,
  paidAt: at(10),
};
const fulfilment: ObjectValue<'fulfilment'> = {
  orderNo: cart.orderNo,
  version: 2,
  state: 'WAIT_BUYER_RECEIPT',
  at: at(20),
  etaMin: 22,
};

const refund: ObjectValue<'refund'> = {
  requestId: idOf('refund request'),
  tradeNo: receipt.tradeNo,
  orderNo: cart.orderNo,
  payee: cart.merchant,
  amountMinor: cart.totalMinor,
  refundedTotalMinor: cart.totalMinor,
  currency: cart.currency,
  refundedAt: at(45),
};

/** The value of every signed object. */
export const VALUES: { readonly [T in ObjectType]: ObjectValue<T> } = {
  ...delegatedValues(cart, digestOf(signedCart)),
  cart,
  challenge,
  confirmation,
  receipt,
  fulfilment,
  refund,
};
/** Every object as its rightful signer signed it. */
export const SIGNED = Object.fromEntries(
  (Object.keys(VALUES) as ObjectType[]).map((type) => [
    type,
    signObject(type, VALUES[type], OBJECT_KEYS[OBJECTS[type].signer]),
  ]),
) as Readonly<Record<ObjectType, Uint8Array>>;
/** The evidence of this purchase. */
export const EVIDENCE = {
  cart: SIGNED.cart,
  challenge: SIGNED.challenge,
  confirmation: SIGNED.confirmation,
  receipt: SIGNED.receipt,
};
export const EVIDENCE_BYTES = encodeEvidence(EVIDENCE);

const requestId = idOf('request');
const { intentId, orderNo } = cart;
const place = { latitudeE3: 31_230, longitudeE3: 121_474 };
const needs = [{ itemId: 'latte', quantity: 1, options: [{ optionId: 'size', choiceId: 'large' }] }];

const BINDING_LIMITS = {
  currency: 'CNY',
  maxSingleMinor: 20_000,
  maxTotalMinor: 100_000,
  validUntil: at(90 * 86_400),
} as const;

/** What every frame carries. */
export const BODIES: { readonly [T in FrameType]: FrameBody<T> } = {
  ...delegationBodies(VALUES, SIGNED),
  ...AUDIT_BODIES,
  intent: {
    requestId,
    isr: {
      conversationHistory: {
        userIntentRawDigest: digestOf(utf8('the words')),
        contextRef: 'local:7f3a',
        inputMode: ['VOICE', 'INTERACTIVE_CARD'],
      },
      intentId,
      delegationMode: 'SPECIFIED',
      validityStartTime: NOW,
      validityEndTime: at(900),
      maxTotalMinor: 3000,
      currency: 'CNY',
      allowedPaymentMethods: ['urn:act:payment:alipay'],
      agentId: 'did:act:example.com/glasses-7',
      userConfirmationMethod: 'BUTTON',
      userConfirmationTimestamp: NOW,
    },
    locale: 'zh-CN',
    lines: needs,
    merchantId: cart.merchant,
    deliverWithinMin: 30,
    place,
  },
  offers: {
    requestId,
    offers: [
      {
        offerId: 'offer-1',
        merchant: cart.merchant,
        lines: [{ itemId: 'latte', title: '燕麦拿铁 大杯', quantity: 1, amountMinor: 2600 }],
        discounts: cart.discounts,
        deliveryMinor: 300,
        totalMinor: 2380,
        currency: 'CNY',
        distanceM: 740,
        etaMin: 25,
        reasons: ['cheapest', 'nearest'],
      },
    ],
    validUntil: at(300),
    none: 'over-budget',
    cheapestMinor: 2380,
    opensAt: at(3600),
  },
  select: { requestId, intentId, offerId: 'offer-1', locale: 'zh-CN' },
  cart: { requestId, intentId, cart: SIGNED.cart },
  'pay-request': {
    requestId,
    orderNo,
    paymentToken: 'tok_5f0c1f7e9a',
    amountMinor: cart.totalMinor,
    currency: 'CNY',
    createdAt: at(1),
    agentId: 'did:act:example.com/glasses-7',
    payee: cart.merchant,
    cartDigest: digestOf(SIGNED.cart),
    method: 'urn:act:payment:alipay',
  },
  challenge: { requestId, challenge: SIGNED.challenge },
  confirm: { requestId, confirmation: SIGNED.confirmation },
  receipt: { requestId, receipt: SIGNED.receipt },
  'pay-cancel': { requestId, reason: 'timed-out' },
  'pay-query': { requestId },
  'pay-status': { requestId, state: 'paid', receipt: SIGNED.receipt },
  fulfilment: { update: SIGNED.fulfilment },
  'order-query': { requestId, orderNo },
  refusal: { requestId, category: 'AUTHORIZATION_REJECTED', code: 'bad-token' },
  'cart-request': {
    requestId,
    intentId,
    device: PARTIES.device.party,
    locale: 'zh-CN',
    lines: needs,
    place,
    wanted: { from: at(600), until: at(7_200) },
  },
  'cart-reply': { requestId, cart: SIGNED.cart },
  'order-notice': {
    orderNo,
    device: PARTIES.device.party,
    amountMinor: cart.totalMinor,
    currency: 'CNY',
    cartDigest: digestOf(SIGNED.cart),
    lockedUntil: cart.lockedUntil,
    categories: ['coffee'],
  },
  'paid-notice': { orderNo, receipt: SIGNED.receipt },
  'bind-request': {
    requestId,
    delegatorIdentity: 'did:act:example.com/person-1',
    agentId: 'did:act:example.com/glasses-7',
    methods: ['urn:act:payment:alipay'],
    limits: BINDING_LIMITS,
    createdAt: NOW,
  },
  'bind-offer': { requestId, offer: SIGNED['binding-offer'] },
  'bind-consent': { requestId, consent: SIGNED['binding-consent'] },
  'bind-result': {
    requestId,
    agentId: 'did:act:example.com/glasses-7',
    paymentToken: 'tok_5f0c1f7e9a',
    limits: BINDING_LIMITS,
    decidedAt: at(20),
  },
  'device-lock': { order: SIGNED['lock-order'] },
  'lock-ack': { version: 1, state: 'locked' },
};

/** Who sends a frame of this type to whom, and in which session. */
export function addressOf(type: FrameType): FrameAddress {
  const [from, to] = [PARTIES[FRAMES[type].from[0]], PARTIES[FRAMES[type].to[0]]];
  const withDevice = [from.role, to.role].includes('device');
  return { tenant: TENANT, from, to, session: withDevice ? SESSION : SERVICE_SESSION };
}

/** The sample frame of a type, issued at {@link NOW} for a minute. */
export function sampleFrame(type: FrameType): Uint8Array {
  const address = addressOf(type);
  const message = { type, body: BODIES[type] } as Message;
  const life = { iat: NOW, lifetimeS: 60, cti: idOf(`frame ${type}`) };
  return sealFrame(message, address, life, FRAME_KEYS[address.from.role as keyof typeof FRAME_KEYS]);
}

/** The receiver of a frame of this type. */
export function readerOf(type: FrameType): FrameReader {
  const { to, session } = addressOf(type);
  return { tenant: TENANT, self: to, trust: TRUST, sessionOf: () => session };
}
