/** A merchant's order desk: carts, locks, what becomes of an order once the PSP says that it is paid, and cancellation. */
import {
  CLOCK_SKEW_S,
  type Digest,
  type EpochMs,
  FRAME_MAX_LIFETIME_S,
  msOf,
  type Party,
  type SigningKey,
  type TradeEvent,
} from '../../protocol/index.ts';
import { cartOf, signedCart } from './cart.ts';
import { derivedHex } from './derive.ts';
import type { FrameOf, Outgoing, Reaction } from './handler.ts';
import { copiesOf, mayCancel, type Order, orderNotice, type Receipt, receiptOf, updateOf } from './merchant-order.ts';
import type { RefundDesk, RefundOptions } from './merchant-refunds.ts';
import type { Seller } from './merchant-seller.ts';
import { type RefusalCode, refusal } from './refusals.ts';
import { contentOf, requestKey } from './requests.ts';
import { Trade } from './trade.ts';

export interface OrderDeskOptions<Goods> extends RefundOptions {
  readonly seller: Seller<Goods>;
  readonly objectKey: SigningKey;
  /** How long a minute of cooking and riding takes: 60,000 in the real world. */
  readonly minuteMs: number;
  readonly refunds: RefundDesk;
  /** What is left has changed. */
  stockChanged(now: EpochMs): void;
}

/** How often the PSP is asked about an order whose lock has run out, and for how long: until no notice can still arrive. */
const ASK_AGAIN_MS = 30_000;
const ASK_FOR_MS = (FRAME_MAX_LIFETIME_S + CLOCK_SKEW_S) * 1000;

interface Requested {
  readonly content: Digest;
  readonly answer: readonly Outgoing[];
}

interface Cancelled {
  readonly content: Digest;
  /** Absent where what is said of the order itself is the answer. */
  answer?: readonly Outgoing[];
}

export class OrderDesk<Goods> {
  readonly #options: OrderDeskOptions<Goods>;
  readonly #requests = new Map<string, Requested>();
  readonly #cancels = new Map<string, Cancelled>();
  readonly #orders = new Map<string, Order>();
  /** The orders that still have a next step. */
  readonly #open = new Set<Order>();

  constructor(options: OrderDeskOptions<Goods>) {
    this.#options = options;
  }

  /** CID-CART-CFM: price, promotions and stock as they are now; then locked. */
  cartRequest(frame: FrameOf<'cart-request'>, now: EpochMs): Reaction {
    const key = requestKey(frame);
    const content = contentOf(frame);
    const known = this.#requests.get(key);
    if (known !== undefined) {
      return known.content === content ? known.answer : [refusal(frame.from, frame.body.requestId, 'repeated-request')];
    }
    const made = this.#order(frame, now);
    const answer =
      typeof made === 'string'
        ? [refusal(frame.from, frame.body.requestId, made)]
        : // The PSP hears of the order first: the device cannot ask to pay it before it has the cart.
          [made.orderNotice, made.cartReply];
    this.#requests.set(key, { content, answer });
    return answer;
  }

  #order(frame: FrameOf<'cart-request'>, now: EpochMs): Order | RefusalCode {
    const { seller, secret, objectKey, psp } = this.#options;
    const { body, from } = frame;
    const quoted = seller.quote(body, now);
    if (typeof quoted === 'string') return quoted;
    if (quoted.terms.totalMinor === 0) return 'nothing-to-pay';
    const orderNo = derivedHex(secret, 'order', from.party, body.requestId).slice(0, 16);
    const cart = cartOf(quoted.terms, seller.party, body, orderNo, now);
    const bytes = signedCart(cart, objectKey);
    if (bytes === undefined) return 'cart-too-large';
    const refused = seller.reserve(orderNo, quoted.goods);
    if (refused !== undefined) return refused;
    this.#options.stockChanged(now);
    const trade = new Trade(orderNo, objectKey);
    trade.advance('PAYMENT_NEEDED_ISSUED', now);
    const order: Order = {
      device: { party: body.device, role: 'device' },
      agent: from,
      cart,
      cartReply: { to: from, message: { type: 'cart-reply', body: { requestId: body.requestId, cart: bytes } } },
      orderNotice: orderNotice(cart, bytes, body.device, quoted.categories, psp),
      handOverMin: quoted.handOverMin,
      trade,
      unwanted: new Set(),
    };
    this.#orders.set(orderNo, order);
    this.#planAsking(order);
    return order;
  }

  /** Only the PSP's own receipt for exactly this order counts; that the notice comes from the PSP is not enough (T29). */
  paidNotice(frame: FrameOf<'paid-notice'>, now: EpochMs): Reaction {
    const order = this.#orders.get(frame.body.orderNo);
    if (order === undefined) return { drop: 'paid-order-unknown' };
    const receipt = receiptOf(frame.body.receipt, order.cart, this.#options);
    if (typeof receipt === 'string') return { drop: receipt };
    if (order.paid?.tradeNo === receipt.tradeNo || order.unwanted.has(receipt.tradeNo)) return [];
    if (order.trade.state === 'WAIT_BUYER_PAY') return this.#paid(order, receipt, now);
    // The goods went back on the shelf, or are paid for already: the money goes back to where it came from.
    order.unwanted.add(receipt.tradeNo);
    const reason = order.paid === undefined ? 'order-closed' : 'paid-twice';
    return [this.#options.refunds.ask(receipt, receipt.amountMinor, reason, aside, now)];
  }

  #paid(order: Order, receipt: Receipt, now: EpochMs): readonly Outgoing[] {
    const { minuteMs } = this.#options;
    const { handOverMin, cart } = order;
    order.paid = receipt;
    this.#plan(order, now + handOverMin * minuteMs, (at) => this.#handOver(order, now + cart.etaMin * minuteMs, at));
    return this.#advance(order, 'PAYMENT_VALIDATED', now, cart.etaMin);
  }

  /** What is not there any more is paid back; without anything left there is nothing to hand over. */
  #handOver(order: Order, arrivesAt: number, now: EpochMs): readonly Outgoing[] {
    const { seller, refunds } = this.#options;
    const { cart, handOverMin, paid } = order;
    if (paid === undefined) throw new Error('only what is paid is handed over');
    const missingMinor = seller.missingMinor(cart.orderNo);
    if (missingMinor >= cart.totalMinor) return this.#compensate(order, paid, 'not-all-there', now);
    seller.commit(cart.orderNo);
    this.#plan(order, arrivesAt, (at) => this.#advance(order, 'FULFILLMENT_CONFIRMED', at));
    const update = this.#advance(order, 'DELIVERY_COMMITTED', now, cart.etaMin - handOverMin);
    return missingMinor === 0 ? update : [...update, refunds.ask(paid, missingMinor, 'not-all-there', aside, now)];
  }

  /** A cancellation that races the hand-over is refused or carried out, never both: the desk does one thing after another. */
  cancel(frame: FrameOf<'order-cancel'>, now: EpochMs): Reaction {
    const { from, body } = frame;
    const key = requestKey(frame);
    const known = this.#cancels.get(key) ?? { content: contentOf(frame) };
    this.#cancels.set(key, known);
    if (known.content !== contentOf(frame)) return [refusal(from, body.requestId, 'repeated-request')];
    if (known.answer !== undefined) return known.answer;
    const order = this.#orders.get(body.orderNo);
    if (order === undefined || !mayCancel(order, from)) return [refusal(from, body.requestId, 'order-unknown')];
    const { state } = order.trade;
    if (state === 'TRADE_CLOSED') return [updateOf(order, from)];
    if (state === 'WAIT_BUYER_PAY') return this.#cancelUnpaid(order, from, now);
    if (state !== 'WAIT_SELLER_FULFILLMENT' || order.paid === undefined)
      return [refusal(from, body.requestId, 'order-state')];
    const asked =
      order.cancelling === undefined
        ? this.#compensate(order, order.paid, 'order-cancelled', now)
        : this.#options.refunds.again(body.orderNo);
    order.cancelling?.set(key, frame);
    return asked;
  }

  /** It may have been paid without our knowing, and can be until the lock ends: the PSP is asked until no notice can come. */
  #cancelUnpaid(order: Order, by: Party, now: EpochMs): readonly Outgoing[] {
    this.#release(order, now);
    this.#planAsking(order);
    const updates = this.#advance(order, 'PAYMENT_TERMINATED', now);
    return [...updates, ...copiesOf(order, [by]), order.orderNotice];
  }

  /** Nothing is handed over while the money is on its way back; if the PSP keeps it, the order goes on. */
  #compensate(
    order: Order,
    paid: Receipt,
    reason: 'order-cancelled' | 'not-all-there',
    now: EpochMs,
  ): readonly Outgoing[] {
    const resumed = order.next;
    const { minuteMs, refunds } = this.#options;
    const { cart, handOverMin } = order;
    delete order.next;
    order.cancelling = new Map();
    const settled = (isRefunded: boolean, at: EpochMs): readonly Outgoing[] => {
      const waiting = [...(order.cancelling?.values() ?? [])];
      delete order.cancelling;
      if (isRefunded) {
        this.#release(order, at);
        const updates = this.#advance(order, 'COMPENSATION_COMPLETED', at);
        const askers = waiting.map(({ from }) => from);
        return [...updates, ...copiesOf(order, askers)];
      }
      const arrivesAt = at + (cart.etaMin - handOverMin) * minuteMs;
      this.#plan(order, Math.max(resumed?.at ?? 0, at + ASK_AGAIN_MS), (then) =>
        this.#handOver(order, arrivesAt, then),
      );
      return waiting.map((frame) => this.#kept(frame));
    };
    return [refunds.ask(paid, cart.totalMinor, reason, settled, now)];
  }

  /** Who asks again under the same id is told the same again. */
  #kept(frame: FrameOf<'order-cancel'>): Outgoing {
    const answer = refusal(frame.from, frame.body.requestId, 'refund-failed');
    this.#cancels.set(requestKey(frame), { content: contentOf(frame), answer: [answer] });
    return answer;
  }

  /** A device hears of its own orders only (T5). An unpaid one may be paid without our knowing: then the PSP is asked, too. */
  orderQuery({ from, body }: FrameOf<'order-query'>): Reaction {
    const order = this.#orders.get(body.orderNo);
    if (order?.device.party !== from.party) return [refusal(from, body.requestId, 'order-unknown')];
    const unpaid = order.trade.state === 'WAIT_BUYER_PAY';
    return unpaid ? [updateOf(order), order.orderNotice] : [updateOf(order)];
  }

  wakeAt(): EpochMs | undefined {
    let earliest: EpochMs | undefined;
    for (const { next } of this.#open)
      if (next !== undefined && (earliest === undefined || next.at < earliest)) earliest = next.at;
    return earliest;
  }

  tick(now: EpochMs): readonly Outgoing[] {
    const sent: Outgoing[] = [];
    for (const order of this.#open) {
      while (order.next !== undefined && order.next.at <= now) {
        const { run } = order.next;
        delete order.next;
        sent.push(...run(now));
      }
      if (order.next === undefined) this.#open.delete(order);
    }
    return sent;
  }

  #plan(order: Order, at: number, run: (now: EpochMs) => readonly Outgoing[]): void {
    order.next = { at: at as EpochMs, run };
    this.#open.add(order);
  }

  #planAsking(order: Order): void {
    this.#plan(order, msOf(order.cart.lockedUntil), (at) => this.#askPsp(order, at, at));
  }

  /**
   * The lock has run out unpaid. A notice that it was paid in time may be lost or late, so the PSP is told of the order
   * again, which makes it repeat that notice; the trade is closed when the last copy of one would have expired.
   */
  #askPsp(order: Order, since: EpochMs, now: EpochMs): readonly Outgoing[] {
    const isOver = now >= since + ASK_FOR_MS;
    if (isOver && order.trade.state === 'TRADE_CLOSED') return [];
    if (isOver) {
      this.#release(order, now);
      return this.#advance(order, 'PAYMENT_TERMINATED', now);
    }
    this.#plan(order, now + ASK_AGAIN_MS, (at) => this.#askPsp(order, since, at));
    return [order.orderNotice];
  }

  #release(order: Order, now: EpochMs): void {
    this.#options.seller.release(order.cart.orderNo);
    this.#options.stockChanged(now);
  }

  #advance(order: Order, event: TradeEvent, at: EpochMs, etaMin?: number): readonly Outgoing[] {
    order.trade.advance(event, at, etaMin);
    return [updateOf(order)];
  }
}

/** A refund beside the order's own way changes nothing about it; that the PSP refused one is counted. */
function aside(isRefunded: boolean): Reaction {
  return isRefunded ? [] : { drop: 'refund-refused' };
}
