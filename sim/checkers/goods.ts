/** What can be had once is set aside for one order at a time (CID-CART-CFM; T29). */
import { type OrderNotice, peekFrame } from '../../protocol/index.ts';
import { bodyOf, type Findings } from './facts.ts';
import type { Watching } from './reading.ts';

interface SetAside {
  readonly orderNo: string;
  /** In seconds since 1970. */
  readonly lockedUntil: number;
}

/** Out of the carts that merchants have registered orders for: no seat is in two of them while the first one holds, unless that was cancelled. */
export const seatsAreSetAsideOnce: Watching = (reading) => {
  const sent = reading.since((record) => record.sent);
  const cancelled = new Set<string>();
  /** Of orders whose cart may not have been sent yet. */
  let notices: OrderNotice[] = [];
  const held = new Map<string, SetAside[]>();
  const read = (payload: Uint8Array): void => {
    const { type } = peekFrame(payload);
    if (type === 'order-notice') notices.push(bodyOf(payload).body as unknown as OrderNotice);
    if (type === 'order-cancel') cancelled.add(String(bodyOf(payload).body.orderNo));
  };
  const judge = ({ cartDigest, orderNo }: OrderNotice): Findings => {
    const cart = reading.objects('cart').get(cartDigest)?.value;
    if (cart?.happensAt === undefined) return [];
    return cart.lines.flatMap(({ title }) => {
      const seat = `${cart.merchant} ${cart.happensAt} ${title}`;
      const others = (held.get(seat) ?? []).filter((one) => one.orderNo !== orderNo);
      held.set(seat, [...others, { orderNo, lockedUntil: cart.lockedUntil }]);
      const isTaken = others.some((one) => cart.issuedAt < one.lockedUntil && !cancelled.has(one.orderNo));
      return isTaken ? [`${cart.merchant} has set the same aside for order ${orderNo} and for another`] : [];
    });
  };
  return () => {
    for (const { payload } of sent()) read(payload);
    const known = notices.filter(({ cartDigest }) => reading.objects('cart').has(cartDigest));
    notices = notices.filter(({ cartDigest }) => !reading.objects('cart').has(cartDigest));
    return known.flatMap(judge);
  };
};
