/** The buyer of resources behind HTTP 402 (ACT 2.1 PSD-PAY-A402): what a bill must be, the proof of a payment, what came of it. */
import {
  type A402Value,
  base64url,
  type Currency,
  type EpochMs,
  msOf,
  ProtocolError,
  type Receipt,
  readA402,
  writeA402,
} from '../../protocol/index.ts';
import { type Bill, fingerprintOf, readBill } from './bill.ts';

/** What the buyer asked for, from whom, and how it pays. */
export interface Wanted {
  readonly seller: string;
  readonly sellerKey: Uint8Array;
  readonly path: string;
  readonly resourceId: string;
  readonly idempotencyKey: string;
  readonly methodId: string;
  readonly currency: Currency;
}

export type BillFault = 'bill-unsound' | 'bill-differs' | 'bill-method' | 'bill-currency' | 'bill-expired';

/** There must be time to pay. */
const LEAST_TIME_MS = 10_000;

/** Step 3, before the bounds are asked: the bill is this seller's, for this request, and can be paid as it says. */
export function judgeBill(header: string | undefined, wanted: Wanted, now: EpochMs): Bill | BillFault {
  const bill = header === undefined ? undefined : readBill(header, wanted.seller, wanted.sellerKey);
  if (bill === undefined) return 'bill-unsound';
  const isThis =
    bill.resourceId === wanted.resourceId &&
    bill.requestFingerprint === fingerprintOf('GET', wanted.path) &&
    bill.idempotencyKey === wanted.idempotencyKey &&
    bill.buyerUniqueId === undefined;
  if (!isThis || !/^[A-Za-z0-9-]{1,24}$/.test(bill.outTradeNo)) return 'bill-differs';
  if (bill.methodId !== wanted.methodId) return 'bill-method';
  if (bill.currency !== wanted.currency) return 'bill-currency';
  return now + LEAST_TIME_MS >= msOf(bill.payBefore) ? 'bill-expired' : bill;
}

/** Step 4: the receipt, and what it was paid for. Nothing of the credential, the wearer or the agent is in it. */
export function proofOf(bill: Bill, receipt: Receipt, bytes: Uint8Array): string {
  const { methodId, requestMethod, requestFingerprint, idempotencyKey, outTradeNo, resourceId } = bill;
  const protocol = {
    ...(methodId !== undefined && { methodId }),
    ...(requestMethod !== undefined && { requestMethod }),
    ...(requestFingerprint !== undefined && { requestFingerprint }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
    ...{ paymentProof: base64url(bytes), tradeNo: receipt.tradeNo, outTradeNo, resourceId },
  };
  return writeA402('Payment-Proof', { protocol, method: '{}' });
}

/** Each by itself: a payment that was made says nothing about what was delivered. */
export type Received =
  | {
      readonly kind: 'delivered';
      readonly fulfillment: A402Value<'Payment-Validation'>['protocol']['fulfillmentStatus'];
    }
  /** Paid and not to be had now; asking again costs nothing. */
  | { readonly kind: 'delivery-failed' }
  | { readonly kind: 'proof-refused'; readonly reason: string }
  /** Nothing will ever be delivered for it; that the money is back, only the PSP can say. */
  | { readonly kind: 'trade-closed' }
  | { readonly kind: 'unknown' };

/** What a seller's answer to a proof means. */
export function judgeDelivery(
  status: number,
  header: string | undefined,
  bill: Pick<Bill, 'outTradeNo' | 'resourceId'>,
  receipt: Pick<Receipt, 'tradeNo'>,
): Received {
  const told = header === undefined ? undefined : readValidation(header);
  const isAbout = told?.outTradeNo === bill.outTradeNo && told.tradeNo === receipt.tradeNo;
  if (told === undefined || !isAbout || told.resourceId !== bill.resourceId) return { kind: 'unknown' };
  if (told.transactionState === 'TRADE_CLOSED') return { kind: 'trade-closed' };
  if (told.validationStatus === 'INVALID') return { kind: 'proof-refused', reason: told.error?.category ?? 'SYSTEM' };
  if (told.validationStatus === 'UNKNOWN') return { kind: 'unknown' };
  if (status === 200 && told.deliveryStatus === 'DELIVERED')
    return { kind: 'delivered', fulfillment: told.fulfillmentStatus };
  return told.deliveryStatus === 'FAILED' ? { kind: 'delivery-failed' } : { kind: 'unknown' };
}

function readValidation(header: string) {
  try {
    return readA402('Payment-Validation', header).protocol;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
