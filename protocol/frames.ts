/** Every frame: number, who may send it, who may receive it, what it carries. Numbers are 32 and up, never reused. */

import { BindingRequest, BindingResult, SubAccountRequest, SubAccountResult } from './act/binding.ts';
import { RefundRequest } from './act/refund.ts';
import type { Role } from './fields.ts';
import { JournalCheckpoint, JournalCosignature } from './messages/audit.ts';
import { BindConsentMessage, BindOfferMessage, DeviceLockMessage, LockAck } from './messages/binding.ts';
import { CartMessage, CartReply, CartRequest } from './messages/cart.ts';
import {
  DelegatedPay,
  DelegatedQuery,
  DelegatedResult,
  DelegationChallengeMessage,
  DelegationConfirm,
  DelegationEnd,
  DelegationNews,
  DelegationQuery,
  DelegationRequest,
  DelegationStatusMessage,
  DelegationTask,
  Instrument,
  LifecycleMessage,
  NoticeAck,
  OrderCancel,
  PriceAnswer,
  PriceNews,
  PriceQuestion,
  RefundAnswer,
  RefundNotice,
  SpendNotice,
  SubAccountOrderMessage,
  Watch,
} from './messages/delegation.ts';
import { IntentRequest } from './messages/intent.ts';
import { Offers, Select } from './messages/offers.ts';
import {
  ChallengeMessage,
  ConfirmMessage,
  OrderNotice,
  PaidNotice,
  PayCancel,
  PayQuery,
  PayRequest,
  PayStatus,
  ReceiptMessage,
} from './messages/payment.ts';
import { RefusalMessage } from './messages/refusal.ts';
import { FulfilmentMessage, OrderQuery } from './messages/trade.ts';
import type { WireValue } from './wire.ts';

export const FRAMES = {
  intent: { typ: 32, from: ['device'], to: ['agent'], body: IntentRequest },
  offers: { typ: 33, from: ['agent'], to: ['device'], body: Offers },
  select: { typ: 34, from: ['device'], to: ['agent'], body: Select },
  cart: { typ: 35, from: ['agent'], to: ['device'], body: CartMessage },
  'pay-request': { typ: 36, from: ['device'], to: ['psp'], body: PayRequest },
  challenge: { typ: 37, from: ['psp'], to: ['device'], body: ChallengeMessage },
  confirm: { typ: 38, from: ['device'], to: ['psp'], body: ConfirmMessage },
  receipt: { typ: 39, from: ['psp'], to: ['device'], body: ReceiptMessage },
  'pay-cancel': { typ: 40, from: ['device'], to: ['psp'], body: PayCancel },
  'pay-query': { typ: 41, from: ['device'], to: ['psp'], body: PayQuery },
  'pay-status': { typ: 42, from: ['psp'], to: ['device'], body: PayStatus },
  fulfilment: { typ: 43, from: ['merchant'], to: ['device', 'agent'], body: FulfilmentMessage },
  'order-query': { typ: 44, from: ['device'], to: ['merchant'], body: OrderQuery },
  refusal: { typ: 45, from: ['agent', 'psp', 'merchant'], to: ['device', 'agent'], body: RefusalMessage },
  'cart-request': { typ: 48, from: ['agent'], to: ['merchant'], body: CartRequest },
  'cart-reply': { typ: 49, from: ['merchant'], to: ['agent'], body: CartReply },
  'order-notice': { typ: 50, from: ['merchant'], to: ['psp'], body: OrderNotice },
  'paid-notice': { typ: 51, from: ['psp'], to: ['merchant'], body: PaidNotice },
  'bind-request': { typ: 52, from: ['device'], to: ['psp'], body: BindingRequest },
  'bind-offer': { typ: 53, from: ['psp'], to: ['device'], body: BindOfferMessage },
  'bind-consent': { typ: 54, from: ['device'], to: ['psp'], body: BindConsentMessage },
  'bind-result': { typ: 55, from: ['psp'], to: ['device'], body: BindingResult },
  'device-lock': { typ: 56, from: ['psp'], to: ['device'], body: DeviceLockMessage },
  'lock-ack': { typ: 57, from: ['device'], to: ['psp'], body: LockAck },
  'delegation-request': { typ: 58, from: ['device'], to: ['psp'], body: DelegationRequest },
  'delegation-challenge': { typ: 59, from: ['psp'], to: ['device'], body: DelegationChallengeMessage },
  'delegation-confirm': { typ: 60, from: ['device'], to: ['psp'], body: DelegationConfirm },
  'delegation-status': { typ: 61, from: ['psp'], to: ['device', 'agent'], body: DelegationStatusMessage },
  'delegation-query': { typ: 62, from: ['device', 'agent'], to: ['psp'], body: DelegationQuery },
  lifecycle: { typ: 63, from: ['device'], to: ['psp'], body: LifecycleMessage },
  'delegation-end': { typ: 64, from: ['agent'], to: ['psp'], body: DelegationEnd },
  instrument: { typ: 65, from: ['psp'], to: ['agent'], body: Instrument },
  'delegation-task': { typ: 66, from: ['device'], to: ['agent'], body: DelegationTask },
  'delegation-news': { typ: 67, from: ['agent'], to: ['device'], body: DelegationNews },
  'price-question': { typ: 68, from: ['agent'], to: ['device'], body: PriceQuestion },
  'price-answer': { typ: 69, from: ['device'], to: ['agent'], body: PriceAnswer },
  'delegated-pay': { typ: 70, from: ['agent'], to: ['psp'], body: DelegatedPay },
  'delegated-query': { typ: 71, from: ['agent'], to: ['psp'], body: DelegatedQuery },
  'delegated-result': { typ: 72, from: ['psp'], to: ['agent'], body: DelegatedResult },
  'spend-notice': { typ: 73, from: ['psp'], to: ['device'], body: SpendNotice },
  'refund-request': { typ: 74, from: ['merchant'], to: ['psp'], body: RefundRequest },
  'refund-answer': { typ: 75, from: ['psp'], to: ['merchant'], body: RefundAnswer },
  'refund-notice': { typ: 76, from: ['psp'], to: ['device'], body: RefundNotice },
  'notice-ack': { typ: 77, from: ['device'], to: ['psp'], body: NoticeAck },
  'order-cancel': { typ: 78, from: ['device', 'agent'], to: ['merchant'], body: OrderCancel },
  watch: { typ: 79, from: ['agent'], to: ['merchant'], body: Watch },
  'price-news': { typ: 80, from: ['merchant'], to: ['agent'], body: PriceNews },
  'sub-account-request': { typ: 81, from: ['device'], to: ['psp'], body: SubAccountRequest },
  'sub-account-result': { typ: 82, from: ['psp'], to: ['device'], body: SubAccountResult },
  'journal-checkpoint': { typ: 83, from: ['device'], to: ['psp'], body: JournalCheckpoint },
  'journal-cosignature': { typ: 84, from: ['psp'], to: ['device'], body: JournalCosignature },
  'sub-account-order': { typ: 85, from: ['device'], to: ['psp'], body: SubAccountOrderMessage },
} as const satisfies Record<string, { typ: number; from: readonly Role[]; to: readonly Role[]; body: unknown }>;

export type FrameType = keyof typeof FRAMES;
export type FrameBody<T extends FrameType> = WireValue<(typeof FRAMES)[T]['body']>;
/** A frame's type with its body: the union over all types, so that a `switch` on `type` narrows the body. */
export type Message = { [T in FrameType]: { readonly type: T; readonly body: FrameBody<T> } }[FrameType];

const BY_NUMBER: ReadonlyMap<number, FrameType> = new Map(
  (Object.keys(FRAMES) as FrameType[]).map((type) => [FRAMES[type].typ, type]),
);

/** The frame type of a number, if there is one. */
export function frameTypeOf(typ: number): FrameType | undefined {
  return BY_NUMBER.get(typ);
}
