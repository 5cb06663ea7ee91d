/** One bill and what became of it: payment, delivery and fulfilment apart, and ACT's trade state over them. */
import {
  type A402Value,
  type EpochMs,
  nextTradeState,
  type TradeEvent,
  type TradeState,
} from '../../protocol/index.ts';
import type { Bill } from './bill.ts';

type Outcomes = A402Value<'Payment-Validation'>['protocol'];

export interface Delivered {
  readonly at: EpochMs;
  readonly idempotencyKey: string | undefined;
  readonly body: Uint8Array;
}

export class Sale {
  readonly bill: Bill;
  /** The header as it was sent. */
  readonly header: string;
  state: TradeState = 'CREATE';
  tradeNo: string | undefined;
  delivery: Outcomes['deliveryStatus'] = 'NOT_STARTED';
  fulfillment: Outcomes['fulfillmentStatus'] = 'NOT_CONFIRMED';
  delivered: Delivered | undefined;

  constructor(bill: Bill, header: string) {
    this.bill = bill;
    this.header = header;
    this.#advance('PAYMENT_NEEDED_ISSUED');
  }

  /** The payment is certain; nothing is said of delivery by that. */
  paid(tradeNo: string): void {
    if (this.tradeNo === undefined) this.#advance('PAYMENT_VALIDATED');
    this.tradeNo = tradeNo;
  }

  deliver(body: Uint8Array, idempotencyKey: string | undefined, at: EpochMs): void {
    this.#advance('DELIVERY_COMMITTED');
    this.delivered = { body, idempotencyKey, at };
    this.delivery = 'DELIVERED';
    this.fulfillment = 'PENDING';
  }

  /** The money is here and the thing could not be made: it can be asked for again. */
  deliveryFailed(): void {
    this.delivery = 'FAILED';
  }

  /** The buyer has what was delivered. */
  confirmed(): void {
    if (this.fulfillment === 'PENDING') this.#advance('FULFILLMENT_CONFIRMED');
    this.fulfillment = 'CONFIRMED';
  }

  #advance(event: TradeEvent): void {
    const next = nextTradeState(this.state, event);
    if (next === undefined) throw new Error(`a trade in ${this.state} does not know ${event}`);
    this.state = next;
  }
}
