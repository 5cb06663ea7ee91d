/** Money that a merchant gives back: asked of the PSP until it answers, each refund under one id for good (T29). */
import {
  type EpochMs,
  type Id16,
  type ObjectValue,
  openObject,
  ProtocolError,
  type RefundRequest,
  secondsOf,
  type TrustSet,
} from '../../protocol/index.ts';
import { derivedId } from './derive.ts';
import type { FrameOf, Outgoing, Reaction } from './handler.ts';

export interface RefundOptions {
  /** Request ids are derived from it. */
  readonly secret: Uint8Array;
  readonly tenant: string;
  readonly trust: TrustSet;
  /** The PSP that was paid through, and that pays back. */
  readonly psp: string;
}

/** Why money goes back, as the PSP and the wearer are told. */
export type RefundReason =
  | 'order-cancelled'
  | 'order-closed'
  | 'paid-twice'
  | 'not-all-there'
  // Of what is paid per request (PSD-PAY-A402).
  | 'not-delivered'
  | 'order-unknown'
  | 'amount-differs'
  | 'paid-late'
  | 'proof-expired'
  | 'trade-closed';

/** What follows once the PSP has decided. */
export type Settled = (isRefunded: boolean, now: EpochMs) => Reaction;

/** How long after the first time a request is sent again; each time the wait doubles, up to the longest. */
const AGAIN_MS = 30_000;
const LONGEST_MS = 900_000;

interface Pending {
  readonly request: RefundRequest;
  readonly payee: string;
  readonly settled: Settled;
  waitMs: number;
  againAt: EpochMs;
}

export class RefundDesk {
  readonly #options: RefundOptions;
  readonly #pending = new Map<Id16, Pending>();
  readonly #decided = new Set<Id16>();
  /** By trade: what was asked for and not refused. Σ refunds ≤ paid. */
  readonly #askedMinor = new Map<string, number>();
  readonly #count = new Map<string, number>();

  constructor(options: RefundOptions) {
    this.#options = options;
  }

  /**
   * Asks for the money of a receipt, or for a part of it. An outcome that stays unknown is asked for again under the same id.
   * @throws RangeError for more than what is left of the payment: a defect of the merchant.
   */
  ask(
    receipt: ObjectValue<'receipt'>,
    amountMinor: number,
    reason: RefundReason,
    settled: Settled,
    now: EpochMs,
  ): Outgoing {
    const { tradeNo, orderNo, currency, payee } = receipt;
    const askedMinor = (this.#askedMinor.get(tradeNo) ?? 0) + amountMinor;
    if (amountMinor < 1 || askedMinor > receipt.amountMinor)
      throw new RangeError('refunds are at least one minor unit and together no more than was paid');
    this.#askedMinor.set(tradeNo, askedMinor);
    const count = (this.#count.get(tradeNo) ?? 0) + 1;
    this.#count.set(tradeNo, count);
    const requestId = derivedId(this.#options.secret, 'refund', orderNo, tradeNo, String(count));
    const request = { requestId, tradeNo, orderNo, amountMinor, currency, createdAt: secondsOf(now), reason };
    const pending = { request, payee, settled, waitMs: AGAIN_MS, againAt: (now + AGAIN_MS) as EpochMs };
    this.#pending.set(requestId, pending);
    return this.#message(pending);
  }

  /** The requests of an order that have no outcome yet, once more. */
  again(order: string): readonly Outgoing[] {
    return [...this.#pending.values()]
      .filter(({ request }) => request.orderNo === order)
      .map((pending) => this.#message(pending));
  }

  /** Only a refund that the PSP has signed for exactly this request is one. */
  answer({ from, body }: FrameOf<'refund-answer'>, now: EpochMs): Reaction {
    if (from.party !== this.#options.psp) return { drop: 'refund-foreign' };
    const pending = this.#pending.get(body.requestId);
    if (pending === undefined) return this.#decided.has(body.requestId) ? [] : { drop: 'refund-unknown' };
    if (body.state === 'UNKNOWN') return [];
    const fault = body.refund === undefined ? undefined : this.#fault(body.refund, pending);
    if (fault !== undefined) return { drop: fault };
    this.#pending.delete(body.requestId);
    this.#decided.add(body.requestId);
    const { tradeNo, amountMinor } = pending.request;
    const isRefunded = body.state === 'SUCCEEDED';
    if (!isRefunded) this.#askedMinor.set(tradeNo, (this.#askedMinor.get(tradeNo) ?? 0) - amountMinor);
    return pending.settled(isRefunded, now);
  }

  #fault(bytes: Uint8Array, { request, payee }: Pending): string | undefined {
    const { trust, tenant, psp } = this.#options;
    try {
      const { value, signer } = openObject('refund', bytes, { trust, tenant });
      const fits =
        signer.party === psp &&
        value.requestId === request.requestId &&
        value.tradeNo === request.tradeNo &&
        value.orderNo === request.orderNo &&
        value.payee === payee &&
        value.amountMinor === request.amountMinor &&
        value.currency === request.currency;
      return fits ? undefined : 'refund-mismatch';
    } catch (error) {
      if (error instanceof ProtocolError) return 'refund-forged';
      throw error;
    }
  }

  wakeAt(): EpochMs | undefined {
    let earliest: EpochMs | undefined;
    for (const { againAt } of this.#pending.values())
      if (earliest === undefined || againAt < earliest) earliest = againAt;
    return earliest;
  }

  tick(now: EpochMs): readonly Outgoing[] {
    const due = [...this.#pending.values()].filter(({ againAt }) => againAt <= now);
    for (const pending of due) {
      pending.waitMs = Math.min(pending.waitMs * 2, LONGEST_MS);
      pending.againAt = (now + pending.waitMs) as EpochMs;
    }
    return due.map((pending) => this.#message(pending));
  }

  #message({ request }: Pending): Outgoing {
    return { to: { party: this.#options.psp, role: 'psp' }, message: { type: 'refund-request', body: request } };
  }
}
