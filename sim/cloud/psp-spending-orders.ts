/** The orders that merchants have registered, as the ledger keeps them: with one gateway, and all of them know. */
import { decodeCbor, encodeCbor, fromHex, hex, type OrderNotice } from '../../protocol/index.ts';
import { OrderNotice as OrderNoticeType } from '../../protocol/messages/payment.ts';
import type { Books } from '../ledger/store.ts';
import type { RegisteredOrder } from './order-book.ts';

/** Once for each number of a payee: what was registered first stands. */
export function registerIn(books: Books, payee: string, notice: OrderNotice): void {
  const key = orderKey(payee, notice.orderNo);
  if (books.get(key) === undefined) books.put(key, hex(encodeCbor(OrderNoticeType.encode(notice, 'order-notice'))));
}

export function registeredIn(books: Books, payee: string, orderNo: string): RegisteredOrder | undefined {
  const text = books.get(orderKey(payee, orderNo)) as string | undefined;
  if (text === undefined) return undefined;
  return { merchant: payee, notice: OrderNoticeType.decode(decodeCbor(fromHex(text)), 'order-notice') };
}

const orderKey = (payee: string, orderNo: string): string => `order/${payee}/${orderNo}`;
