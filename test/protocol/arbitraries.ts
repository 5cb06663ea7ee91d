/**
 * Every legal value of every declaration, written by hand from the bounds in the specification, not from the code under test.
 * ACT's own objects keep rules between their fields; those are derived, and `act/` tests them.
 */
import fc from 'fast-check';
import {
  BindingRequest,
  BindingResult,
  PaymentLimits,
  SubAccountRequest,
  SubAccountResult,
} from '../../protocol/act/binding.ts';
import { IacPayload } from '../../protocol/act/iac.ts';
import { LifecycleChange } from '../../protocol/act/lifecycle.ts';
import { AutonomousPayRequest, DelegatedPayRequest, PaymentResult } from '../../protocol/act/payment.ts';
import { RefundRequest } from '../../protocol/act/refund.ts';
import type { FrameBody, FrameType } from '../../protocol/frames.ts';
import type { Digest, Id16 } from '../../protocol/ids.ts';
import { SubAccountChange } from '../../protocol/messages/signer.ts';
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
const textUpTo = (max: number) =>
  fc
    .string({ unit: 'binary', minLength: 1, maxLength: max })
    .filter((text) => !text.startsWith('\ufeff') && [...text].length <= max);
const title = textUpTo(96);
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
const token = fc.stringMatching(/^[A-Za-z0-9_-]{1,48}$/);
const tradeNo = fc.stringMatching(/^[A-Za-z0-9-]{1,32}$/);
const reason = fc.stringMatching(/^[a-z][a-z-]{0,31}$/);
const version = from(1, 0xffff_ffff);
/** Two times of which the second is later. */
const ascendingTimes = fc
  .tuple(second, second)
  .filter(([one, other]) => one !== other)
  .map(([one, other]) => [Math.min(one, other), Math.max(one, other)] as [EpochSeconds, EpochSeconds]);
const wanted = ascendingTimes.map(([start, until]) => ({ from: start, until }));
/** With or without this field. */
const perhaps = <K extends string, T>(name: K, of: fc.Arbitrary<T>) =>
  fc.record({ [name]: of } as Record<K, fc.Arbitrary<T>>, { requiredKeys: [] }) as unknown as fc.Arbitrary<{
    readonly [N in K]?: T;
  }>;
/** One object with the fields of several. */
const joined = <A extends object, B extends object>(one: fc.Arbitrary<A>, other: fc.Arbitrary<B>) =>
  fc.tuple(one, other).map(([left, right]) => ({ ...left, ...right }));

export const VALUE_OF: { readonly [T in ObjectType]: fc.Arbitrary<ObjectValue<T>> } = {
  cart: joined(
    fc.record({
      ...{ orderNo, intentId: id, merchant: party },
      lines: list(fc.record({ sku: slug, title, quantity, amountMinor: paid, itemId: slug, options }), 8, 1),
      ...{ discounts, deliveryMinor: minor, totalMinor: paid, currency },
      ...{ issuedAt: second, lockedUntil: second, etaMin: minutes },
    }),
    perhaps('happensAt', second),
  ),
  challenge: fc.record({
    ...{ nonce: id, amountMinor: paid, currency, payee: party, orderNo, cartDigest: digest, payer: party },
    ...{ issuedAt: second, expiresAt: second },
  }),
  confirmation: fc.record({
    ...{ challengeDigest: digest, viewDigest: digest },
    ...{ method: gesture, counter, confirmedAt: second },
  }),
  receipt: fc.record({
    ...{ tradeNo, confirmationDigest: digest, orderNo },
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
    ...{ device: party, state: lockState, version, issuedAt: second },
  }),
  'delegation-status': fc
    .tuple(
      fc.record({
        ...{ delegationId: id, state: fc.constantFrom('Active', 'Suspended', 'Revoked', 'Expired') },
        ...{ version: from(0, 0xffff), currency, reservedMinor: minor, spends: from(0, 0xffff_ffff) },
      }),
      ascendingTimes,
      fc.tuple(minor, minor),
      perhaps('subAccountId', token),
    )
    .map(([status, [asOf, freshUntil], amounts, account]) => ({
      ...{ ...status, asOf, freshUntil, ...account },
      ...{ spentMinor: Math.max(...amounts), refundedMinor: Math.min(...amounts) },
    })),
  refund: fc
    .tuple(
      fc.record({ requestId: id, tradeNo, orderNo, payee: party, currency, refundedAt: second }),
      fc.tuple(paid, paid),
    )
    .map(([refund, amounts]) => ({
      ...{ ...refund, amountMinor: Math.min(...amounts), refundedTotalMinor: Math.max(...amounts) },
    })),
  'autonomous-pay-request': actObject(AutonomousPayRequest),
  'sub-account-order': fc.record({
    change: actObject(SubAccountChange),
    ...{ viewDigest: digest, method: gesture, counter },
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
      paymentToken: token,
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
    code: reason,
  }),
  'cart-request': joined(
    fc.record({ requestId: id, intentId: id, device: party, locale, lines: needs, place }),
    perhaps('wanted', wanted),
  ),
  'cart-reply': fc.record({ requestId: id, cart: object(2048) }),
  'order-notice': joined(
    fc.record({
      ...{ orderNo, device: party, amountMinor: paid, currency, cartDigest: digest, lockedUntil: second },
    }),
    perhaps('categories', list(fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,31}$/), 8, 1)),
  ),
  'paid-notice': fc.record({ orderNo, receipt: object(512) }),
  'bind-request': actObject(BindingRequest),
  'bind-offer': fc.record({ requestId: id, offer: object(768) }),
  'bind-consent': fc.record({ requestId: id, consent: object(512) }),
  'bind-result': actObject(BindingResult),
  'device-lock': fc.record({ order: object(512) }),
  'lock-ack': fc.record({ version, state: lockState }),
  'delegation-request': fc.record({ requestId: id, iac: object(1280), agentKey: digest }),
  'delegation-challenge': fc.record({ requestId: id, challenge: object(512) }),
  'delegation-confirm': fc.record({
    ...{ requestId: id, authorization: object(1536), jsonSignature: fc.uint8Array({ minLength: 64, maxLength: 64 }) },
  }),
  'delegation-status': joined(fc.record({ status: object(512) }), perhaps('requestId', id)),
  'delegation-query': fc.record({ requestId: id, delegationId: id }),
  lifecycle: fc.record({ requestId: id, order: object(1024) }),
  'sub-account-order': fc.record({ requestId: id, order: object(512) }),
  'delegation-end': fc.record({ requestId: id, delegationId: id }),
  instrument: joined(
    fc.record({ delegationId: id }),
    fc.oneof(fc.record({ paymentToken: token }), fc.record({ subAccountId: token })),
  ),
  'delegation-task': fc.record({ requestId: id, authorization: object(1536), locale, place }),
  'delegation-news': joined(
    fc.record({
      ...{ delegationId: id, version },
      state: fc.constantFrom('accepted', 'refused', 'watching', 'asking', 'buying', 'done', 'ended'),
    }),
    perhaps('reason', reason),
  ),
  'price-question': fc.record({
    ...{ requestId: id, delegationId: id, merchant: party, itemId: slug, amountMinor: paid, referenceMinor: paid },
    ...{ currency, until: second },
  }),
  'price-answer': fc.record({ requestId: id, delegationId: id, accept: fc.boolean() }),
  'delegated-pay': joined(fc.record({ requestId: id, request: object(2304) }), perhaps('cart', object(2048))),
  'delegated-query': fc.record({ requestId: id }),
  'delegated-result': fc
    .tuple(actObject(PaymentResult), object(512))
    .map(([result, receipt]) => (result.tradeNo === undefined ? { result } : { result, receipt })),
  'spend-notice': joined(fc.record({ request: object(2304), receipt: object(512) }), perhaps('cart', object(2048))),
  'refund-request': actObject(RefundRequest),
  'refund-answer': joined(
    fc.oneof(
      fc.record({ requestId: id, state: fc.constant('SUCCEEDED'), refund: object(512) }),
      fc.record({ requestId: id, state: fc.constantFrom('FAILED', 'UNKNOWN') }),
    ),
    perhaps('reason', reason),
  ),
  'refund-notice': fc.record({ refund: object(512) }),
  'notice-ack': fc.record({ digest }),
  'order-cancel': fc.record({ requestId: id, orderNo }),
  watch: joined(fc.record({ requestId: id, itemIds: list(slug, 16, 1), until: second }), perhaps('wanted', wanted)),
  'price-news': fc.record({
    ...{ requestId: id, version },
    prices: list(
      fc.record(
        {
          ...{ itemId: slug, choices: list(slug, 8), amountMinor: paid, currency, available: from(0, 1_000_000) },
          ...{ onSaleAt: second, happensAt: second },
        },
        { requiredKeys: ['itemId', 'choices', 'amountMinor', 'currency', 'available'] },
      ),
      32,
    ),
  }),
  'journal-checkpoint': fc.record({
    ...{ requestId: id, note: textUpTo(1024), from: from(0, Number.MAX_SAFE_INTEGER) },
    proof: list(fc.uint8Array({ minLength: 32, maxLength: 32 }), 64),
  }),
  'journal-cosignature': fc.record(
    { requestId: id, line: textUpTo(256), newest: textUpTo(1024) },
    { requiredKeys: ['requestId'] },
  ),
  'sub-account-request': actObject(SubAccountRequest),
  'sub-account-result': actObject(SubAccountResult),
};
