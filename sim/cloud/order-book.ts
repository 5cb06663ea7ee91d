/** The orders that merchants have registered with the PSP. */
import type { OrderNotice } from '../../protocol/index.ts';

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
  return (Object.keys(left) as (keyof OrderNotice)[]).every((field) => left[field] === right[field]);
}
