/**
 * Refunds (T29): from the merchant that was paid, to where the payment came from, never more than was paid altogether, once
 * for each request number. The device hears of each until it has acknowledged it.
 */
import {
  type Currency,
  digestOf,
  type EpochMs,
  type EpochSeconds,
  type FrameBody,
  type RefundRequest,
  secondsOf,
  signObject,
} from '../../protocol/index.ts';
import { readRecord } from '../ledger/records.ts';
import { refund as refundDelegated } from '../ledger/refunds.ts';
import { find } from '../ledger/spending.ts';
import { merchantAccount } from './accounts.ts';
import { derivedHex } from './derive.ts';
import type { FrameOf, Outgoing, Reaction } from './handler.ts';
import type { Ledger } from './ledger.ts';
import { type DelegationParts, say } from './psp-delegation-parts.ts';
import type { Notices } from './psp-notices.ts';
import { contentOf, requestKey } from './requests.ts';

/** A payment that was made. */
export interface Trade {
  readonly tradeNo: string;
  readonly orderNo: string;
  readonly payee: string;
  readonly device: string;
  readonly amountMinor: number;
  readonly currency: Currency;
  /** Which books it stands in: those of the wearer's account, or those of delegated payments. */
  readonly pot: 'account' | 'delegated';
}

/** All payments, by their numbers. */
export class Trades {
  readonly #trades = new Map<string, Trade>();

  add(trade: Trade): void {
    this.#trades.set(trade.tradeNo, trade);
  }

  find(tradeNo: string): Trade | undefined {
    return this.#trades.get(tradeNo);
  }
}

export interface RefundParts extends DelegationParts {
  readonly trades: Trades;
  readonly notices: Notices;
  /** Of instant payments. */
  readonly ledger: Ledger;
  /** The account in it that a device pays from. */
  ledgerAccountOf(device: string): string;
}

type Reason =
  | 'request-repeated'
  | 'unknown-trade'
  | 'other-payee'
  | 'other-order'
  | 'other-currency'
  | 'more-than-paid'
  | 'insufficient-balance';
type Answer = { readonly reason: Reason } | { readonly refund: Uint8Array };
type Moved = { readonly reason: Reason } | { readonly refundedTotalMinor: number; readonly refundedAt: EpochSeconds };

export class RefundDesk {
  readonly #parts: RefundParts;
  readonly #answers = new Map<string, { readonly content: string; readonly answer: Answer }>();
  /** What went back of each instant payment. */
  readonly #refundedMinor = new Map<string, number>();

  constructor(parts: RefundParts) {
    this.#parts = parts;
  }

  request(frame: FrameOf<'refund-request'>, now: EpochMs): Reaction {
    const [key, content] = [requestKey(frame), contentOf(frame)];
    return this.#parts.retries.attempt(`refund/${key}/${content}`, now, (at) => {
      const known = this.#answers.get(key);
      if (known) return [this.#say(frame, known.content === content ? known.answer : { reason: 'request-repeated' })];
      const trade = this.#parts.trades.find(frame.body.tradeNo) ?? this.#elsewhere(frame.body.tradeNo);
      const moved = this.#move(frame, trade, at);
      const answer: Answer = 'reason' in moved ? moved : { refund: this.#sign(frame.body, frame.from.party, moved) };
      this.#answers.set(key, { content, answer });
      return [this.#say(frame, answer), ...this.#notice(trade, answer, at)];
    });
  }

  /** A payment under a delegation that another gateway has made. */
  #elsewhere(tradeNo: string): Trade | undefined {
    const { book, store } = this.#parts;
    return store.transact((books) => {
      const made = readRecord(books, 'trade', tradeNo);
      const paid = made && find(books, made.requestId);
      const delegation = paid && book.findIn(books, paid.delegationId);
      if (paid?.standing !== 'committed' || !delegation) return undefined;
      const { orderNo, payee, amountMinor, currency } = paid;
      return { tradeNo, orderNo, payee, device: delegation.device, amountMinor, currency, pot: 'delegated' };
    });
  }

  #move({ from, body }: FrameOf<'refund-request'>, trade: Trade | undefined, now: EpochMs): Moved {
    if (!trade) return { reason: 'unknown-trade' };
    if (trade.payee !== from.party) return { reason: 'other-payee' };
    if (trade.orderNo !== body.orderNo) return { reason: 'other-order' };
    if (trade.currency !== body.currency) return { reason: 'other-currency' };
    return trade.pot === 'account' ? this.#refundInstant(body, trade, now) : this.#refundDelegated(body, trade, now);
  }

  #refundDelegated({ requestId, amountMinor }: RefundRequest, trade: Trade, now: EpochMs): Moved {
    const { tradeNo, payee, currency } = trade;
    // The number is the merchant's own: two merchants that use the same one do not meet.
    const refundId = derivedHex(new Uint8Array(), 'refund', payee, requestId).slice(0, 32);
    const order = { refundId, tradeNo, amountMinor, currency, payee };
    const done = this.#parts.store.transact((books) => refundDelegated(books, order, now));
    if (done.kind === 'refused') return { reason: done.reason };
    return { refundedTotalMinor: done.refundedTotalMinor, refundedAt: secondsOf(done.refundedAt as EpochMs) };
  }

  #refundInstant({ requestId, amountMinor }: RefundRequest, trade: Trade, now: EpochMs): Moved {
    const { ledger, ledgerAccountOf } = this.#parts;
    const { tradeNo, payee, device, currency } = trade;
    const refundedTotalMinor = (this.#refundedMinor.get(tradeNo) ?? 0) + amountMinor;
    if (refundedTotalMinor > trade.amountMinor) return { reason: 'more-than-paid' };
    const posted = ledger.post(`refund-${payee}-${requestId}`, [
      { account: merchantAccount(payee), currency, amountMinor: -amountMinor },
      { account: ledgerAccountOf(device), currency, amountMinor },
    ]);
    if (posted === 'overdrawn') return { reason: 'insufficient-balance' };
    this.#refundedMinor.set(tradeNo, refundedTotalMinor);
    return { refundedTotalMinor, refundedAt: secondsOf(now) };
  }

  #sign(
    { requestId, tradeNo, orderNo, amountMinor, currency }: RefundRequest,
    payee: string,
    moved: { readonly refundedTotalMinor: number; readonly refundedAt: EpochSeconds },
  ): Uint8Array {
    const about = { requestId, tradeNo, orderNo, payee, amountMinor, currency };
    return signObject('refund', { ...about, ...moved }, this.#parts.objectKey);
  }

  #say({ from, body: { requestId } }: FrameOf<'refund-request'>, answer: Answer): Outgoing {
    const body: FrameBody<'refund-answer'> =
      'refund' in answer
        ? { requestId, state: 'SUCCEEDED', refund: answer.refund }
        : { requestId, state: 'FAILED', reason: answer.reason };
    return say(from, { type: 'refund-answer', body });
  }

  #notice(trade: Trade | undefined, answer: Answer, now: EpochMs): readonly Outgoing[] {
    if (!trade || 'reason' in answer) return [];
    const { refund } = answer;
    return this.#parts.notices.add(trade.device, digestOf(refund), { type: 'refund-notice', body: { refund } }, now);
  }
}
