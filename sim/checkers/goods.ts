/** What can be had once is set aside for one order at a time (CID-CART-CFM; T29). */
import type { OrderNotice, Refund } from '../../protocol/index.ts';
import { bodyOf, type Findings, frameHead, genuine } from './facts.ts';
import type { Reading, Watching } from './reading.ts';

interface Registered extends OrderNotice {
  /** When the notice was sent first. */
  readonly seq: number;
}

interface SetAside {
  readonly orderNo: string;
  readonly seq: number;
  /** In seconds since 1970. */
  readonly lockedUntil: number;
  readonly totalMinor: number;
}

/** When each order was called off, sold and paid back, as its parties were first heard to say. */
class Courses {
  readonly calledOff = new Map<string, number>();
  /** A merchant says of an order that it is paid. */
  readonly #sold = new Map<string, number>();
  readonly #paidBack = new Map<string, { readonly seq: number; readonly totalMinor: number }[]>();
  readonly #reading: Reading;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  readFulfilment(update: unknown, seq: number): void {
    const { orderNo, state } = this.#opened('fulfilment', update) ?? {};
    if (orderNo === undefined || (state !== 'WAIT_SELLER_FULFILLMENT' && state !== 'WAIT_BUYER_RECEIPT')) return;
    if (!this.#sold.has(orderNo)) this.#sold.set(orderNo, seq);
  }

  readRefund(refund: unknown, seq: number): void {
    const { orderNo, refundedTotalMinor }: Partial<Refund> = this.#opened('refund', refund) ?? {};
    if (orderNo === undefined || refundedTotalMinor === undefined) return;
    this.#paidBack.set(orderNo, [...(this.#paidBack.get(orderNo) ?? []), { seq, totalMinor: refundedTotalMinor }]);
  }

  #opened<T extends 'fulfilment' | 'refund'>(type: T, bytes: unknown) {
    return bytes instanceof Uint8Array ? genuine(type, bytes, this.#reading.about.tenant)?.value : undefined;
  }

  /** Whether the order has its seats still when another cart is made, in seconds since 1970, and registered. A part that went back frees none. */
  holds({ orderNo, lockedUntil, totalMinor }: SetAside, issuedAt: number, seq: number): boolean {
    if ((this.#sold.get(orderNo) ?? Number.POSITIVE_INFINITY) < seq)
      return !this.#paidBack.get(orderNo)?.some((one) => one.seq < seq && one.totalMinor >= totalMinor);
    return issuedAt < lockedUntil && !((this.calledOff.get(orderNo) ?? Number.POSITIVE_INFINITY) < seq);
  }
}

/**
 * Out of the carts that merchants have registered orders for: no seat is in two of them while the first one holds. An order holds
 * until its price lock is over or it is called off; once it is sold, until all that was paid for it went back.
 */
export const seatsAreSetAsideOnce: Watching = (reading) => {
  const sent = reading.since((record) => record.sent);
  const courses = new Courses(reading);
  const known = new Set<string>();
  /** Of orders whose cart may not have been sent yet. */
  let notices: Registered[] = [];
  const held = new Map<string, SetAside[]>();
  const read = ({ payload, seq }: { readonly payload: Uint8Array; readonly seq: number }): void => {
    const { type } = frameHead(payload);
    if (type === 'order-notice') {
      const notice = bodyOf(payload).body as unknown as OrderNotice;
      // It is said again as long as the merchant does not know what became of the payment.
      const key = `${notice.orderNo} ${notice.cartDigest}`;
      if (!known.has(key)) notices.push({ ...notice, seq });
      known.add(key);
    }
    if (type === 'order-cancel') {
      const orderNo = String(bodyOf(payload).body.orderNo);
      if (!courses.calledOff.has(orderNo)) courses.calledOff.set(orderNo, seq);
    }
    if (type === 'fulfilment') courses.readFulfilment(bodyOf(payload).body.update, seq);
    if (type === 'refund-answer' || type === 'refund-notice') courses.readRefund(bodyOf(payload).body.refund, seq);
  };
  const judge = ({ cartDigest, orderNo, seq }: Registered): Findings => {
    const cart = reading.objects('cart').get(cartDigest)?.value;
    if (cart?.happensAt === undefined) return [];
    const { merchant, happensAt, issuedAt, lockedUntil, totalMinor, lines } = cart;
    const seats = new Set(lines.map(({ title }) => `${merchant} ${happensAt} ${title}`));
    return [...seats].flatMap((seat) => {
      const others = held.get(seat) ?? [];
      held.set(seat, [...others, { orderNo, seq, lockedUntil, totalMinor }]);
      const isTaken = others.some(
        (one) => one.orderNo !== orderNo && one.seq < seq && courses.holds(one, issuedAt, seq),
      );
      return isTaken ? [`${merchant} has set the same aside for order ${orderNo} and for another`] : [];
    });
  };
  return () => {
    for (const one of sent()) read(one);
    const isComplete = ({ cartDigest }: Registered) => reading.objects('cart').has(cartDigest);
    const complete = notices.filter(isComplete);
    notices = notices.filter((notice) => !isComplete(notice));
    return complete.flatMap(judge);
  };
};
