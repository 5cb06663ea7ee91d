/** A refund, checked against the receipts of this device: of a known trade, to its payer, and never more than was paid (T29). */
import type { DeviceSettings } from '../settings.ts';
import { opened } from '../signer/reading.ts';
import type { BookView, KeptRefund, RefundFault } from './book.ts';

/** `undefined` for what is not the PSP's word. */
export function checkedRefund(bytes: Uint8Array, settings: DeviceSettings, book: BookView): KeptRefund | undefined {
  const refund = opened('refund', bytes, settings);
  if (!refund || refund.signer.party !== settings.psp) return undefined;
  const { value, digest } = refund;
  const { requestId, tradeNo, payee, amountMinor, currency, refundedAt } = value;
  const trade = book.trade(tradeNo);
  const faults: RefundFault[] = [];
  if (book.refund(requestId)) faults.push('request-repeated');
  if (!trade) faults.push('unknown-trade');
  else {
    const isSame = trade.orderNo === value.orderNo && trade.payee === payee && trade.currency === currency;
    if (!isSame) faults.push('other-trade');
    const total = book.refundedOf(tradeNo) + amountMinor;
    if (total > trade.amountMinor || value.refundedTotalMinor > trade.amountMinor) faults.push('over-paid');
  }
  const delegationId = trade?.delegationId;
  return {
    ...{ kind: 'refund', requestId, tradeNo, payee, amountMinor, currency, refundedAt, digest, faults },
    ...(delegationId !== undefined && { delegationId }),
  };
}
