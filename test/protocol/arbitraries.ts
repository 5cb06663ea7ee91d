/**
 * Every legal value of every declaration, written by hand from the bounds in the specification, not from the code under test.
 * ACT's own objects keep rules between their fields; those are derived, and `act/` tests them.
 */
import fc from 'fast-check';
import { BindingRequest, BindingResult, PaymentLimits } from '../../protocol/act/binding.ts';
import { IacPayload } from '../../protocol/act/iac.ts';
import { LifecycleChange } from '../../protocol/act/lifecycle.ts';
import { DelegatedPayRequest } from '../../protocol/act/payment.ts';
import type { FrameBody, FrameType } from '../../protocol/frames.ts';
import type { Digest, Id16 } from '../../protocol/ids.ts';
import type { ObjectType, ObjectValue } from '../../protocol/objects.ts';
import type { EpochSeconds } from '../../protocol/time.ts';
import type { WireType } from '../../protocol/wire.ts';
import { valuesOf } from './act/derive.ts';

const hexOf = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((random) => Buffer.from(random).toString('hex'));
const id = hexOf(16) as fc.Arbitrary<Id16>;
const digest = hexOf(32) as fc.Arbitrary<Digest>;
const from = (min: number, max: number) => fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max));
const MAX_MINOR = 999_999_999_999;
const minor = fc.oneof(
  fc.maxSafeNat().map((n) => n % (MAX_MINOR + 1)),
  fc.constantFrom(0, 1, MAX_MINOR),
);
const paid = minor.map((amount) => Math.max(amount, 1));
const second = from(946_684_800, 4_133_980_799) as fc.Arbitrary<EpochSeconds>;
const minutes = from(0, 1440);
const quantity = from(1, 20);
const currency = fc.constantFrom(
  'CNY',
  'EUR',
  'HKD',
  'JPY',
  'KRW',
  'KWD',
  'MOP',
  'MYR',
  'SGD',
  'THB',
  'TWD',
  'USD',
  'VND',
);
const locale = fc.constantFrom('zh-CN', 'en-US');
const matching = (pattern: RegExp, max: number) => fc.stringMatching(pattern).filter((text) => text.length <= max);
const slug = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,23}$/);
const party = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,31}$/);
const orderNo = fc.stringMatching(/^[A-Za-z0-9-]{1,24}$/);
const agentId = matching(/^did:act:[a-z0-9.-]{1,30}\/[A-Za-z0-9._-]{1,30}$/, 96);
const method = fc.stringMatching(/^urn:act:payment:[a-z0-9-]{1,48}$/);
const actMethod = matching(/^urn:act:payment:[a-z0-9_-]{1,40}$/, 64);
const title = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 96 })
  .filter((text) => !text.startsWith('\ufeff') && [...text].length <= 96);
const actObject = <T>(type: WireType<T>) => valuesOf(type as WireType<unknown>) as fc.Arbitrary<T>;
const lockState = fc.constantFrom('locked', 'unlocked');
const gesture = fc.constantFrom('hold-hardware-line', 'hold-keyboard', 'hold-relayed', 'hold-simulated');
const counter = fc.oneof(
  fc.maxSafeNat().map((n) => Math.max(n, 1)),
  from(1, 100),
);
const object = (max: number) => fc.uint8Array({ minLength: 1, maxLength: max });
const list = <T>(of: fc.Arbitrary<T>, max: number, min = 0) => fc.array(of, { minLength: min, maxLength: max });
const place = fc.record({ latitudeE3: from(-90_000, 90_000), longitudeE3: from(-180_000, 180_000) });
const options = list(fc.record({ optionId: slug, choiceId: slug }), 8);
const needs = list(fc.record({ itemId: slug, quantity, options }), 8, 1);
const discounts = list(fc.record({ couponId: slug, amountMinor: paid }), 6);

export const VALUE_OF: { readonly [T in ObjectType]: fc.Arbitrary<ObjectValue<T>> } = {
  cart: fc.record({
    ...{ orderNo, intentId: id, merchant: party },
    lines: list(fc.record({ sku: slug, title, quantity, amountMinor: paid, itemId: slug, options }), 8, 1),
    ...{ discounts, deliveryMinor: minor, totalMinor: paid, currency },
    ...{ issuedAt: second, lockedUntil: second, etaMin: minutes },
  }),
  challenge: fc.record({
    ...{ nonce: id, amountMinor: paid, currency, payee: party, orderNo, cartDigest: digest, payer: party },
    ...{ issuedAt: second, expiresAt: second },
  }),
  confirmation: fc.record({
    ...{ challengeDigest: digest, viewDigest: digest },
    ...{ method: gesture, counter, confirmedAt: second },
  }),
  receipt: fc.record({
    ...{ tradeNo: fc.stringMatching(/^[A-Za-z0-9-]{1,32}$/), confirmationDigest: digest, orderNo },
    ...{ amountMinor: paid, currency, payee: party, paidAt: second },
  }),
  fulfilment: fc.record(
    {
      ...{ orderNo, version: from(1, 64) },
      state: fc.constantFrom(
        ...(['CREATE', 'WAIT_BUYER_PAY', 'WAIT_SELLER_FULFILLMENT', 'WAIT_BUYER_RECEIPT'] as const),
        ...(['TRADE_FINISHED', 'TRADE_CLOSED'] as const),
      ),
      ...{ at: second, etaMin: minutes },
    },
    { requiredKeys: ['orderNo', 'version', 'state', 'at'] },
  ),
  authorization: fc.record({
    ...{ iac: actObject(IacPayload), agentKey: digest, challengeDigest: digest, viewDigest: digest },
    ...{ method: gesture, counter, confirmedAt: second },
  }),
  'delegated-pay-request': actObject(DelegatedPayRequest),
  'lifecycle-order': fc.record({ change: actObject(LifecycleChange), viewDigest: digest, method: gesture, counter }),
  'delegation-challenge': fc.record({
    ...{ nonce: id, iacDigest: digest, payer: party, agentKey: digest, issuedAt: second, expiresAt: second },
  }),
  'binding-offer': fc.record({
    ...{ nonce: id, requestId: id, payer: party, agentId, methods: list(actMethod, 4, 1) },
    ...{ limits: actObject(PaymentLimits), issuedAt: second, expiresAt: second },
  }),
  'binding-consent': fc.record({
    ...{ offerDigest: digest, viewDigest: digest, method: gesture, counter, confirmedAt: second },
  }),
  'lock-order': fc.record({
    ...{ device: party, state: lockState, version: from(1, 0xffff_ffff), issuedAt: second },
  }),
};

const isr = fc.record({
  conversationHistory: fc.record({
    ...{ userIntentRawDigest: digest, contextRef: fc.stringMatching(/^[a-z0-9:.-]{1,64}$/) },
    inputMode: list(fc.constantFrom('TEXT', 'VOICE', 'IMAGE', 'INTERACTIVE_CARD', 'OTHER'), 5, 1),
  }),
  ...{ intentId: id, delegationMode: fc.constantFrom('SPECIFIED', 'BOUNDED') },
  ...{ validityStartTime: second, validityEndTime: second, maxTotalMinor: minor, currency },
  ...{ allowedPaymentMethods: list(method, 4, 1), agentId },
  ...{ userConfirmationMethod: fc.constantFrom('VOICE', 'BUTTON'), userConfirmationTimestamp: second },
});
const offer = fc.record({
  ...{ offerId: slug, merchant: party },
  lines: list(fc.record({ itemId: slug, title, quantity, amountMinor: paid }), 8, 1),
  ...{ discounts, deliveryMinor: minor, totalMinor: paid, currency, distanceM: from(0, 100_000), etaMin: minutes },
  reasons: list(fc.constantFrom('cheapest', 'fastest', 'nearest', 'best-promotion', 'only'), 4),
});

export const BODY_OF: { readonly [T in FrameType]: fc.Arbitrary<FrameBody<T>> } = {
  intent: fc.record(
    { requestId: id, isr, locale, lines: needs, merchantId: party, deliverWithinMin: minutes, place },
    { requiredKeys: ['requestId', 'isr', 'locale', 'lines', 'place'] },
  ),
  offers: fc.record(
    {
      ...{ requestId: id, offers: list(offer, 5), validUntil: second, cheapestMinor: paid, opensAt: second },
      none: fc.constantFrom('over-budget', 'all-closed', 'nobody-sells', 'out-of-stock', 'too-slow', 'out-of-range'),
    },
    { requiredKeys: ['requestId', 'offers', 'validUntil'] },
  ),
  select: fc.record({ requestId: id, intentId: id, offerId: slug, locale }),
  cart: fc.record({ requestId: id, intentId: id, cart: object(2048) }),
  'pay-request': fc.record({
    ...{
      requestId: id,
      orderNo,
      paymentToken: fc.stringMatching(/^[A-Za-z0-9_-]{1,48}$/),
      amountMinor: paid,
      currency,
    },
    ...{ createdAt: second, agentId, payee: party, cartDigest: digest, method },
  }),
  challenge: fc.record({ requestId: id, challenge: object(512) }),
  confirm: fc.record({ requestId: id, confirmation: object(512) }),
  receipt: fc.record({ requestId: id, receipt: object(512) }),
  'pay-cancel': fc.record({ requestId: id, reason: fc.constantFrom('declined', 'cancelled', 'timed-out', 'void') }),
  'pay-query': fc.record({ requestId: id }),
  'pay-status': fc.record(
    {
      requestId: id,
      state: fc.constantFrom('unknown-request', 'awaiting-confirmation', 'paid', 'declined', 'expired', 'refused'),
      receipt: object(512),
    },
    { requiredKeys: ['requestId', 'state'] },
  ),
  fulfilment: fc.record({ update: object(256) }),
  'order-query': fc.record({ requestId: id, orderNo }),
  refusal: fc.record({
    requestId: id,
    category: fc.constantFrom(
      ...(['SIGNATURE_INVALID', 'REQUEST_INVALID', 'METHOD_UNSUPPORTED', 'PARTICIPANT_INVALID'] as const),
      ...(['LIMIT_OR_ASSET_REJECTED', 'AUTHORIZATION_REJECTED', 'STATE_CONFLICT', 'REFUND_FAILED'] as const),
      ...(['FULFILLMENT_FAILED', 'PROOF_INVALID', 'SYSTEM_UNAVAILABLE'] as const),
    ),
    code: fc.stringMatching(/^[a-z][a-z-]{0,31}$/),
  }),
  'cart-request': fc.record({ requestId: id, intentId: id, device: party, locale, lines: needs, place }),
  'cart-reply': fc.record({ requestId: id, cart: object(2048) }),
  'order-notice': fc.record({
    orderNo,
    device: party,
    amountMinor: paid,
    currency,
    cartDigest: digest,
    lockedUntil: second,
  }),
  'paid-notice': fc.record({ orderNo, receipt: object(512) }),
  'bind-request': actObject(BindingRequest),
  'bind-offer': fc.record({ requestId: id, offer: object(768) }),
  'bind-consent': fc.record({ requestId: id, consent: object(512) }),
  'bind-result': actObject(BindingResult),
  'device-lock': fc.record({ order: object(512) }),
  'lock-ack': fc.record({ version: from(1, 0xffff_ffff), state: lockState }),
};
