/** A refund, checked against the receipts of this device: of a known trade, to its payer, and never more than was paid (T29). */
import type { DeviceSettings } from '../settings.ts';
import { opened } from '../signer/reading.ts';
import { type BookView, isTooEarly, type KeptRefund, type KnownTrade, type RefundFault } from './book.ts';

/** `undefined` for what is not the PSP's word. */
export function checkedRefund(bytes: Uint8Array, settings: DeviceSettings, book: BookView): KeptRefund | undefined {
  const refund = opened('refund', bytes, settings);
  if (!refund || refund.signer.party !== settings.psp) return undefined;
  const { requestId, tradeNo, orderNo, payee, amountMinor, refundedTotalMinor, currency, refundedAt } = refund.value;
  const facts = { requestId, tradeNo, orderNo, payee, amountMinor, refundedTotalMinor, currency, refundedAt };
  const isRepeated = book.refund(requestId) !== undefined;
  const kept = judged(
    { kind: 'refund', ...facts, digest: refund.digest, faults: [] },
    book.trade(tradeNo),
    book.refundedOf(tradeNo),
  );
  return isRepeated ? { ...kept, faults: ['request-repeated', ...kept.faults] } : kept;
}

/** The refunds that had come before the payment they are of, judged now that it is known. */
export function refundsBefore(trade: KnownTrade, { all }: BookView): readonly KeptRefund[] {
  let refundedMinor = 0;
  return (
    all
      .filter((kept) => kept.kind === 'refund')
      .filter((kept) => kept.tradeNo === trade.tradeNo && isTooEarly(kept))
      // What an earlier version kept says less, and stays as it was told.
      .filter(({ orderNo }) => orderNo !== undefined)
      .map((early) => {
        const refund = judged(early, trade, refundedMinor);
        if (refund.faults.length === 0) refundedMinor += refund.amountMinor;
        return refund;
      })
  );
}

/** @param refundedMinor what went back of the trade before. */
function judged(refund: KeptRefund, trade: KnownTrade | undefined, refundedMinor: number): KeptRefund {
  if (!trade) return { ...refund, faults: ['unknown-trade'] };
  const faults: RefundFault[] = [];
  const { orderNo, payee, currency, delegationId } = trade;
  if (orderNo !== refund.orderNo || payee !== refund.payee || currency !== refund.currency) faults.push('other-trade');
  const total = Math.max(refundedMinor + refund.amountMinor, refund.refundedTotalMinor);
  if (total > trade.amountMinor) faults.push('over-paid');
  return { ...refund, faults, ...(delegationId !== undefined && { delegationId }) };
}
