/** What a PSP remembers of one request of an agent, and what it tells of it: to the agent, the merchant and the device. */
import type {
  Currency,
  Digest,
  EpochMs,
  EpochSeconds,
  FrameBody,
  Id16,
  Message,
  Party,
  PaymentError,
  PaymentResult,
} from '../../protocol/index.ts';
import type { Outgoing } from './handler.ts';
import type { RegisteredOrder } from './order-book.ts';
import type { OpenedRequest } from './psp-spending-request.ts';

/** `refused` and `paid` are final; only `paid` has moved money. */
export type SpendStanding =
  | { readonly at: 'new' }
  /** Promised its money; whether it was executed is not known yet. */
  | { readonly at: 'reserved' }
  /** The outcome is there; `error` where it failed. */
  | { readonly at: 'executed'; readonly error?: PaymentError }
  | Refused
  | Paid;
export interface Refused {
  readonly at: 'refused';
  readonly error: PaymentError;
  readonly decidedAt: EpochSeconds;
}
export interface Paid {
  readonly at: 'paid';
  readonly tradeNo: string;
  readonly orderNo: string;
  readonly receipt: Uint8Array;
  readonly decidedAt: EpochSeconds;
}

export interface SpendRecord {
  readonly content: Digest;
  readonly from: Party;
  readonly requestId: Id16;
  /** Repeated in every answer. */
  readonly about: { readonly currency: Currency; readonly delegationId?: Id16; readonly amountMinor?: number };
  readonly since: EpochMs;
  standing: SpendStanding;
  /** What was sent, until it is decided for good. */
  asked?: Asked;
}

export interface Asked {
  readonly body: FrameBody<'delegated-pay'>;
  /** Absent where no agent has signed it. */
  readonly opened: OpenedRequest | undefined;
}

/**
 * Beyond this many bytes of signed objects a notice is longer than the largest sealed frame; then the device hears of the
 * payment without its cart.
 */
const NOTICE_OBJECT_BYTES = 3_500;

/** The answer to the agent. A refusal leaves the trade to be paid by whoever may. */
export function resultOf(
  { from, requestId, about }: Pick<SpendRecord, 'from' | 'requestId' | 'about'>,
  standing: Refused | Paid,
): Outgoing {
  const { amountMinor, ...always } = about;
  const told = { requestId, ...always, decidedAt: standing.decidedAt };
  if (standing.at === 'refused') {
    const result: PaymentResult = { ...told, tradeState: 'WAIT_BUYER_PAY', error: standing.error };
    return { to: from, message: { type: 'delegated-result', body: { result } } };
  }
  const { tradeNo, orderNo, receipt } = standing;
  const paid = { tradeNo, orderNo, ...(amountMinor !== undefined && { amountMinor }) };
  const result: PaymentResult = { ...told, ...paid, tradeState: 'WAIT_SELLER_FULFILLMENT' };
  return { to: from, message: { type: 'delegated-result', body: { result, receipt } } };
}

/** What the wearer's device is to keep of a payment. */
export function spendNotice({ request, cart }: FrameBody<'delegated-pay'>, receipt: Uint8Array): Message {
  const isShort = request.length + receipt.length + (cart?.length ?? 0) <= NOTICE_OBJECT_BYTES;
  return { type: 'spend-notice', body: { request, receipt, ...(isShort && cart !== undefined && { cart }) } };
}

/** A merchant hears that its order is paid, whichever way. */
export function paidNotice({ merchant, notice }: RegisteredOrder, receipt: Uint8Array): Outgoing {
  const to: Party = { party: merchant, role: 'merchant' };
  return { to, message: { type: 'paid-notice', body: { orderNo: notice.orderNo, receipt } } };
}
