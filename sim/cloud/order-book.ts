/** The orders that merchants have registered with the PSP. */
import { encodeCbor, hex, type OrderNotice } from '../../protocol/index.ts';
import { OrderNotice as OrderNoticeType } from '../../protocol/messages/payment.ts';

/** An order as its merchant registered it. */
export interface RegisteredOrder {
  readonly merchant: string;
  readonly notice: OrderNotice;
  /** Once paid: the receipt. */
  receipt?: Uint8Array;
}

/** Order numbers are unique for one payee only: two merchants may use the same one and never meet. */
export class OrderBook {
  readonly #orders = new Map<string, RegisteredOrder>();
  readonly #numbers = new Set<string>();

  /** Registers an order, once. @returns the order, or `undefined` if the number stands for other terms. */
  register(merchant: string, notice: OrderNotice): RegisteredOrder | undefined {
    const known = this.find(merchant, notice.orderNo);
    if (known !== undefined) return sameNotice(known.notice, notice) ? known : undefined;
    const order = { merchant, notice };
    this.#orders.set(keyOf(merchant, notice.orderNo), order);
    this.#numbers.add(notice.orderNo);
    return order;
  }

  find(payee: string, orderNo: string): RegisteredOrder | undefined {
    return this.#orders.get(keyOf(payee, orderNo));
  }

  /** Whether the number is known, but not of this payee. */
  isOthers(payee: string, orderNo: string): boolean {
    return this.#numbers.has(orderNo) && this.find(payee, orderNo) === undefined;
  }
}

function keyOf(merchant: string, orderNo: string): string {
  return `${merchant}/${orderNo}`;
}

function sameNotice(left: OrderNotice, right: OrderNotice): boolean {
  const spell = (notice: OrderNotice) => hex(encodeCbor(OrderNoticeType.encode(notice, 'order-notice')));
  return spell(left) === spell(right);
}
