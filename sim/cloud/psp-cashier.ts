/** Instant payment at the PSP (PSD-PAY-INS): registers orders, challenges, and debits exactly once for a genuine confirmation. */
import {
  type Digest,
  digestOf,
  type EpochMs,
  type EpochSeconds,
  type OpenedObject,
  type PayRequest,
  type SigningKey,
  secondsOf,
  signObject,
  type TrustSet,
} from '../../protocol/index.ts';
import { merchantAccount } from './accounts.ts';
import { derivedHex, derivedId } from './derive.ts';
import { genuine } from './genuine.ts';
import type { FrameOf, Reaction } from './handler.ts';
import type { Ledger } from './ledger.ts';
import type { OrderBook, RegisteredOrder } from './order-book.ts';
import { type Awaiting, answerOf, type PayStanding, statusOf } from './pay-record.ts';
import { PayRecords } from './pay-records.ts';
import type { PaymentTokens } from './psp-binding-tokens.ts';
import { confirmationFault, requestFault } from './psp-checks.ts';
import type { Trades } from './psp-refunds.ts';
import { paidNotice } from './psp-spending-record.ts';
import { type RefusalCode, refusal } from './refusals.ts';
import { contentOf, requestKey } from './requests.ts';
import type { SignerCounters } from './signer-counters.ts';

/** How long the wearer has to confirm: the device's own 30 s and room for two slow links. */
export const CHALLENGE_S = 60;

export interface CashierParts {
  readonly tenant: string;
  readonly trust: TrustSet;
  readonly objectKey: SigningKey;
  readonly secret: Uint8Array;
  readonly methods: readonly string[];
  readonly tokens: PaymentTokens;
  readonly orders: OrderBook;
  readonly ledger: Ledger;
  readonly trades: Trades;
  /** Shared with everything else that signers sign. */
  readonly counters: SignerCounters;
  isLocked(device: string): boolean;
  agentIdsOf(device: string): readonly string[];
  /** The account in the ledger that a device pays from. */
  ledgerAccountOf(device: string): string;
}

export class Cashier {
  readonly #parts: CashierParts;
  /** What was promised to an open request out of its token is spent when it ends, or free again. */
  readonly #records = new PayRecords((key, { at }) => this.#parts.tokens.close(key, at === 'paid'));

  constructor(parts: CashierParts) {
    this.#parts = parts;
  }

  /** Ends the payments that wait for their wearers and are concerned. */
  end(concerns: (awaiting: Awaiting) => boolean, code: RefusalCode): void {
    this.#records.end(concerns, { at: 'refused', code });
  }

  /** A merchant that asks again about a paid order has missed the notice. */
  orderNotice({ from, body }: FrameOf<'order-notice'>): Reaction {
    const order = this.#parts.orders.register(from.party, body);
    if (order === undefined) return { drop: 'order-notice-differs' };
    return order.receipt === undefined ? [] : [paidNotice(order, order.receipt)];
  }

  payRequest(frame: FrameOf<'pay-request'>, now: EpochMs): Reaction {
    const { from, body } = frame;
    const content = contentOf(frame);
    const known = this.#records.find(requestKey(frame), now);
    if (known?.content !== undefined && known.content !== content) {
      // A refusal promises that nothing will be debited, so the request that used this id first ends with it.
      if (known.standing.at === 'awaiting')
        this.#records.settle(requestKey(frame), { at: 'refused', code: 'repeated-request' });
      return [refusal(from, body.requestId, 'repeated-request')];
    }
    if (known !== undefined) return [answerOf(known.standing, from, body.requestId)];
    const fault = this.#requestFault(body, from.party, secondsOf(now));
    // Not final: the merchant's notice may still be on its way, so the request id stays free.
    if (fault === 'order-unknown') return [refusal(from, body.requestId, fault)];
    const standing: PayStanding =
      fault === undefined ? this.#challenge(frame, secondsOf(now)) : { at: 'refused', code: fault };
    this.#records.set(requestKey(frame), { content, standing });
    return [answerOf(standing, from, body.requestId)];
  }

  #requestFault(request: PayRequest, device: string, now: EpochSeconds): RefusalCode | undefined {
    const { methods } = this.#parts;
    const { paymentToken: token } = request;
    return requestFault({
      request,
      device,
      now,
      agentIds: this.#parts.agentIdsOf(device),
      token: this.#parts.tokens.find(token),
      tokenFault: this.#parts.tokens.fault({ ...request, token, now }),
      isLocked: this.#parts.isLocked(device),
      methods,
      order: this.#parts.orders.find(request.payee, request.orderNo),
      isOthersOrder: this.#parts.orders.isOthers(request.payee, request.orderNo),
      balanceMinor: this.#parts.ledger.balance(this.#parts.ledgerAccountOf(device), request.currency),
    });
  }

  /** PSD-PAY-INS: all checks held, now the principal is asked; amount, currency and payee exactly as in the request. */
  #challenge(frame: FrameOf<'pay-request'>, now: EpochSeconds): Awaiting {
    const { secret, objectKey } = this.#parts;
    const { body: request, from } = frame;
    const payer = from.party;
    const order = this.#parts.orders.find(request.payee, request.orderNo);
    const challenge = {
      nonce: derivedId(secret, 'nonce', payer, request.requestId),
      amountMinor: request.amountMinor,
      currency: request.currency,
      payee: request.payee,
      orderNo: request.orderNo,
      cartDigest: request.cartDigest,
      payer,
      issuedAt: now,
      expiresAt: Math.min(
        now + CHALLENGE_S,
        order?.notice.lockedUntil ?? now,
        this.#parts.tokens.find(request.paymentToken)?.limits?.validUntil ?? Number.POSITIVE_INFINITY,
      ) as EpochSeconds,
    };
    const bytes = signObject('challenge', challenge, objectKey);
    this.#parts.tokens.reserve(request.paymentToken, requestKey(frame), request.amountMinor);
    return { at: 'awaiting', bytes, digest: digestOf(bytes), challenge, request };
  }

  confirm(frame: FrameOf<'confirm'>, now: EpochMs): Reaction {
    const { from, body } = frame;
    const record = this.#records.find(requestKey(frame), now);
    const confirmation = genuine('confirmation', body.confirmation, { ...this.#parts, at: secondsOf(now) });
    if (record?.standing.at !== 'awaiting' && confirmation) this.#parts.counters.witness(confirmation);
    if (record === undefined) {
      // Refused for good: a request that comes later under this id must not be paid after the device was told no.
      this.#records.settle(requestKey(frame), { at: 'refused', code: 'unknown-request' });
      return [refusal(from, body.requestId, 'unknown-request')];
    }
    const { standing } = record;
    if (standing.at !== 'awaiting') return [answerOf(standing, from, body.requestId)];
    const order = this.#parts.orders.find(standing.challenge.payee, standing.challenge.orderNo);
    const fault = this.#confirmFault(confirmation, standing, order, from.party, secondsOf(now));
    if (confirmation === undefined || order === undefined || fault !== undefined) {
      const refused: PayStanding = { at: 'refused', code: fault ?? 'bad-confirmation' };
      this.#records.settle(requestKey(frame), refused);
      return [answerOf(refused, from, body.requestId)];
    }
    const receipt = this.#debit(standing, confirmation.digest, order, secondsOf(now));
    this.#records.settle(requestKey(frame), { at: 'paid', receipt });
    return [answerOf({ at: 'paid', receipt }, from, body.requestId), paidNotice(order, receipt)];
  }

  #confirmFault(
    confirmation: OpenedObject<'confirmation'> | undefined,
    { challenge, digest: challengeDigest }: Awaiting,
    order: RegisteredOrder | undefined,
    device: string,
    now: EpochSeconds,
  ): RefusalCode | undefined {
    if (confirmation === undefined) return 'bad-confirmation';
    // A counter that a signer has signed is used, whatever comes of it.
    const counter = this.#parts.counters.judge(confirmation);
    const balanceMinor = this.#parts.ledger.balance(this.#parts.ledgerAccountOf(device), challenge.currency);
    const facts = { device, confirmation, challenge, challengeDigest, counter, now, order, balanceMinor };
    return confirmationFault(facts);
  }

  /** Moves the money, once for each order whatever leads here, and signs for it. */
  #debit(
    { challenge }: Awaiting,
    confirmationDigest: Digest,
    order: RegisteredOrder,
    paidAt: EpochSeconds,
  ): Uint8Array {
    const { secret, objectKey, trades } = this.#parts;
    const { amountMinor, currency, payee, payer, orderNo } = challenge;
    const tradeNo = derivedHex(secret, 'trade', payee, orderNo).slice(0, 20);
    const posted = this.#parts.ledger.post(tradeNo, [
      { account: this.#parts.ledgerAccountOf(payer), currency, amountMinor: -amountMinor },
      { account: merchantAccount(payee), currency, amountMinor },
    ]);
    if (posted !== 'posted') throw new Error(`a checked payment was ${posted}`);
    trades.add({ tradeNo, orderNo, payee, device: payer, amountMinor, currency, pot: 'account' });
    const body = { tradeNo, confirmationDigest, orderNo, amountMinor, currency, payee, paidAt };
    order.receipt = signObject('receipt', body, objectKey);
    return order.receipt;
  }

  /** A request that was never seen is cancelled, too: it may arrive later than its cancellation (T4). */
  payCancel(frame: FrameOf<'pay-cancel'>, now: EpochMs): Reaction {
    const { from, body } = frame;
    const record = this.#records.find(requestKey(frame), now);
    const isOpen = record === undefined || record.standing.at === 'awaiting';
    const standing: PayStanding = isOpen ? { at: 'declined' } : record.standing;
    if (isOpen) this.#records.settle(requestKey(frame), standing);
    return [statusOf(standing, from, body.requestId)];
  }

  payQuery(frame: FrameOf<'pay-query'>, now: EpochMs): Reaction {
    return [statusOf(this.#records.find(requestKey(frame), now)?.standing, frame.from, frame.body.requestId)];
  }
}
