/**
 * Money goes back to where it came from, never more than was paid (T29). A refund does not give room in the bounds again:
 * ACT 2.1 PSD-PAY-DEL counts the payments that succeeded, the wearer has set how much an agent may spend at all, and an agent
 * in league with a merchant could otherwise go round and round inside one authorisation. Whether the credential still pays
 * does not matter either.
 */
import type { EpochMs } from '../../protocol/index.ts';
import { moveHeld, payeePot } from './money.ts';
import type { RefundOrder, RefundRefusal } from './orders.ts';
import { type DelegationRecord, readRecord, sameContent, type TradeRecord, writeRecord } from './records.ts';
import { find } from './spending.ts';
import type { Books } from './store.ts';
import { sourceOf } from './sub-accounts.ts';

export type Refunded =
  | { readonly kind: 'refunded' | 'known'; readonly refundedTotalMinor: number; readonly refundedAt: number }
  | { readonly kind: 'refused'; readonly reason: RefundRefusal };

/**
 * The request number stands for its answer from then on, a refusal too.
 * @throws Error for an amount that is no whole number from 1: whoever asks has read it from a checked message.
 */
export function refund(books: Books, order: RefundOrder, now: EpochMs): Refunded {
  if (!Number.isSafeInteger(order.amountMinor) || order.amountMinor < 1)
    throw new Error('a refund is of whole minor units');
  const known = readRecord(books, 'refund', order.refundId);
  if (known !== undefined) {
    if (!sameContent(known.order, order)) return { kind: 'refused', reason: 'request-repeated' };
    const { refusal, refundedTotalMinor, refundedAt } = known;
    return refusal ? { kind: 'refused', reason: refusal } : { kind: 'known', refundedTotalMinor, refundedAt };
  }
  const trade = readRecord(books, 'trade', order.tradeNo);
  const refusal = refusalOf(books, order, trade);
  const refundedTotalMinor = (trade?.refundedMinor ?? 0) + (refusal === undefined ? order.amountMinor : 0);
  writeRecord(books, 'refund', order.refundId, { order, refusal, refundedTotalMinor, refundedAt: now });
  if (refusal !== undefined || trade === undefined) return { kind: 'refused', reason: refusal ?? 'unknown-trade' };
  giveBack(books, order, { ...trade, refundedMinor: refundedTotalMinor });
  return { kind: 'refunded', refundedTotalMinor, refundedAt: now };
}

function refusalOf(books: Books, order: RefundOrder, trade: TradeRecord | undefined): RefundRefusal | undefined {
  const paid = trade && find(books, trade.requestId);
  if (trade === undefined || paid?.standing !== 'committed') return 'unknown-trade';
  if (paid.payee !== order.payee) return 'other-payee';
  if (paid.currency !== order.currency) return 'other-currency';
  return trade.refundedMinor + order.amountMinor > paid.amountMinor ? 'more-than-paid' : undefined;
}

function giveBack(books: Books, order: RefundOrder, trade: TradeRecord): void {
  const { refundId, tradeNo, payee, currency, amountMinor } = order;
  const delegationId = find(books, trade.requestId)?.delegationId ?? '';
  const record = readRecord(books, 'delegation', delegationId) as DelegationRecord;
  const posting = { from: payeePot(payee), to: sourceOf(books, record.terms), currency, amountMinor };
  moveHeld(books, `refund ${refundId}`, posting);
  writeRecord(books, 'trade', tradeNo, trade);
  const refundedMinor = record.refundedMinor + amountMinor;
  writeRecord(books, 'delegation', delegationId, { ...record, refundedMinor });
}
