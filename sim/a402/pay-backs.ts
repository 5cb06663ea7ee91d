/**
 * What a seller of resources was paid and will deliver nothing for: the whole of it goes back, once for each trade (T29). So
 * it is with a payment that came too late, and with a thing that could not be made in time.
 */
import type { EpochMs, ObjectValue } from '../../protocol/index.ts';
import type { Owed } from './proof-faults.ts';
import type { Sale } from './sale.ts';

type Receipt = ObjectValue<'receipt'>;
export type PayBackReason = Owed | 'not-delivered';

/** Asks for the whole payment to be given back; `settled` hears once whether it was. */
export type GiveBack = (
  receipt: Receipt,
  reason: PayBackReason,
  now: EpochMs,
  settled: (isRefunded: boolean, now: EpochMs) => void,
) => void;

/** What was paid and could not be delivered for so long is paid back. */
export const DELIVER_WITHIN_S = 300;

export class PayBacks {
  readonly #giveBack: GiveBack;
  /** Trades whose money is on its way back, or is back. */
  readonly #trades = new Set<string>();
  /** Sales that are paid and could not be delivered yet. */
  readonly #failing = new Set<Sale>();

  constructor(giveBack: GiveBack) {
    this.#giveBack = giveBack;
  }

  has({ tradeNo }: Receipt): boolean {
    return this.#trades.has(tradeNo);
  }

  /** @param sale by the receipt's order number; absent where nothing was billed under it. */
  begin(receipt: Receipt, sale: Sale | undefined, reason: PayBackReason, now: EpochMs): void {
    const isSold = sale?.tradeNo === receipt.tradeNo;
    const isDelivered = isSold && sale.delivered !== undefined;
    if (isDelivered || this.has(receipt)) return;
    this.#trades.add(receipt.tradeNo);
    // An order is paid once: by this bill nobody can pay any more.
    sale?.terminated();
    this.#giveBack(receipt, reason, now, (isRefunded, at) => {
      if (isRefunded) {
        if (isSold) sale.compensated();
        return;
      }
      this.#trades.delete(receipt.tradeNo);
      if (isSold) this.failed(sale, at);
    });
  }

  /** A delivery has failed. From the first time on, it has so long to come about. */
  failed(sale: Sale, now: EpochMs): void {
    if (this.#failing.has(sale) || (sale.receipt !== undefined && this.has(sale.receipt))) return;
    sale.deliveryFailed((now + DELIVER_WITHIN_S * 1000) as EpochMs);
    this.#failing.add(sale);
  }

  delivered(sale: Sale): void {
    this.#failing.delete(sale);
  }

  wakeAt(): EpochMs | undefined {
    const [first] = this.#failing;
    return first?.giveUpAt;
  }

  tick(now: EpochMs): void {
    for (const sale of this.#failing) {
      if (sale.giveUpAt === undefined || sale.giveUpAt > now) return;
      this.#failing.delete(sale);
      if (sale.receipt !== undefined) this.begin(sale.receipt, sale, 'not-delivered', now);
    }
  }
}
