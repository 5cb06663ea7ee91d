/**
 * The payments and refunds that this device holds receipts for. Each stands in the journal once, beside the frame that
 * brought it; this is their index in memory, made again at each start. The states of delegations carry sums only.
 */
import type { Currency, Digest, EpochSeconds, Id16, Receipt } from '../../protocol/index.ts';

/** One payment that the PSP has signed for. */
export interface KeptSpend {
  readonly kind: 'spend';
  /** Absent where it is under none that this device knows. */
  readonly delegationId?: Id16;
  readonly tradeNo: string;
  readonly orderNo: string;
  readonly payee: string;
  readonly amountMinor: number;
  readonly currency: Currency;
  readonly paidAt: EpochSeconds;
  /** Of the signed receipt. */
  readonly digest: Digest;
  /** Ids of what was bought; empty where no cart came along. */
  readonly items: readonly string[];
  /** What is wrong with it; empty for one inside the bounds. It is evidence then, and was told. */
  readonly faults: readonly SpendFault[];
}

export type SpendFault =
  | 'unknown-delegation'
  | 'trade-repeated'
  | 'receipt-terms'
  | 'request-signature'
  | 'agent-key'
  | 'authorization'
  | 'method'
  | 'payee'
  | 'currency'
  | 'single-limit'
  | 'daily-limit'
  | 'total-limit'
  | 'orders-limit'
  | 'window'
  | 'schedule'
  | 'order'
  | 'cart'
  | 'items'
  | 'category'
  | 'mode'
  | 'after-revoke'
  | 'while-suspended';

/** One refund that the PSP has signed for. */
export interface KeptRefund {
  readonly kind: 'refund';
  readonly delegationId?: Id16;
  readonly requestId: Id16;
  readonly tradeNo: string;
  readonly orderNo: string;
  readonly payee: string;
  readonly amountMinor: number;
  /** What has gone back of the trade with this refund, by the PSP's word. */
  readonly refundedTotalMinor: number;
  readonly currency: Currency;
  readonly refundedAt: EpochSeconds;
  /** Of the signed refund. */
  readonly digest: Digest;
  readonly faults: readonly RefundFault[];
}

export type RefundFault = 'unknown-trade' | 'other-trade' | 'over-paid' | 'request-repeated';

/** Nothing is wrong with it but that the payment it is of was not known when it came. */
export function isTooEarly({ faults }: KeptRefund): boolean {
  return faults.length === 1 && faults[0] === 'unknown-trade';
}

export type Kept = KeptSpend | KeptRefund;

/** What a trade was, delegated or instant. */
export type KnownTrade = Pick<Receipt, 'tradeNo' | 'orderNo' | 'payee' | 'amountMinor' | 'currency'> & {
  readonly delegationId?: Id16;
};

/** The book as the pure parts see it. */
export interface BookView {
  spend(tradeNo: string): KeptSpend | undefined;
  refund(requestId: Id16): KeptRefund | undefined;
  /** A payment of any kind that this device has a receipt for. */
  trade(tradeNo: string): KnownTrade | undefined;
  /** What went back of one trade. */
  refundedOf(tradeNo: string): number;
  /** Whether the evidence with this digest is kept. */
  holds(digest: Digest): boolean;
  /** The payments under one delegation, in the order in which they became known. */
  under(delegationId: Id16): readonly KeptSpend[];
  readonly all: readonly Kept[];
}

export class Book implements BookView {
  readonly #all: Kept[] = [];
  readonly #spends = new Map<string, KeptSpend>();
  readonly #refunds = new Map<Id16, KeptRefund>();
  readonly #refunded = new Map<string, number>();
  readonly #under = new Map<Id16, KeptSpend[]>();
  readonly #digests = new Set<Digest>();
  readonly #instant = new Map<string, Receipt>();

  get all(): readonly Kept[] {
    return this.#all;
  }

  /** Of the instant purchases. */
  get receipts(): readonly Receipt[] {
    return [...this.#instant.values()];
  }

  spend(tradeNo: string): KeptSpend | undefined {
    return this.#spends.get(tradeNo);
  }

  refund(requestId: Id16): KeptRefund | undefined {
    return this.#refunds.get(requestId);
  }

  trade(tradeNo: string): KnownTrade | undefined {
    return this.#spends.get(tradeNo) ?? this.#instant.get(tradeNo);
  }

  refundedOf(tradeNo: string): number {
    return this.#refunded.get(tradeNo) ?? 0;
  }

  holds(digest: Digest): boolean {
    return this.#digests.has(digest);
  }

  under(delegationId: Id16): readonly KeptSpend[] {
    return this.#under.get(delegationId) ?? [];
  }

  /** Takes in what has become durable. */
  keep(kept: Kept): void {
    const early = kept.kind === 'refund' ? this.#refunds.get(kept.requestId) : undefined;
    // Kept once more, now that its payment is known.
    if (early?.digest === kept.digest && isTooEarly(early)) {
      this.#all.splice(this.#all.indexOf(early), 1);
      this.#refunds.delete(early.requestId);
    }
    this.#all.push(kept);
    this.#digests.add(kept.digest);
    if (kept.kind === 'refund') this.#keepRefund(kept);
    else this.#keepSpend(kept);
  }

  /** Takes note of the receipt of an instant purchase, whose refund comes the same way. */
  note(receipt: Receipt): void {
    if (!this.#instant.has(receipt.tradeNo)) this.#instant.set(receipt.tradeNo, receipt);
  }

  /** The first payment with a trade number is the one that counts. */
  #keepSpend(spend: KeptSpend): void {
    if (this.#spends.has(spend.tradeNo)) return;
    this.#spends.set(spend.tradeNo, spend);
    const { delegationId } = spend;
    if (delegationId === undefined) return;
    const under = this.#under.get(delegationId);
    if (under) under.push(spend);
    else this.#under.set(delegationId, [spend]);
  }

  #keepRefund(refund: KeptRefund): void {
    if (this.#refunds.has(refund.requestId)) return;
    this.#refunds.set(refund.requestId, refund);
    if (refund.faults.length === 0)
      this.#refunded.set(refund.tradeNo, this.refundedOf(refund.tradeNo) + refund.amountMinor);
  }
}
