/** One bill and what became of it: payment, delivery and fulfilment apart, and ACT's trade state over them. */
import {
  type A402Value,
  type EpochMs,
  msOf,
  nextTradeState,
  type ObjectValue,
  type TradeEvent,
  type TradeState,
} from '../../protocol/index.ts';
import type { Bill } from './bill.ts';
import { PROOF_VALID_S } from './proof-faults.ts';

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
  /** The one payment that it is delivered for. */
  receipt: ObjectValue<'receipt'> | undefined;
  /** When the money goes back unless it can be delivered before; absent while nothing has failed. */
  giveUpAt: EpochMs | undefined;
  delivery: Outcomes['deliveryStatus'] = 'NOT_STARTED';
  fulfillment: Outcomes['fulfillmentStatus'] = 'NOT_CONFIRMED';
  delivered: Delivered | undefined;

  constructor(bill: Bill, header: string) {
    this.bill = bill;
    this.header = header;
    this.#advance('PAYMENT_NEEDED_ISSUED');
  }

  get tradeNo(): string | undefined {
    return this.receipt?.tradeNo;
  }

  get isClosed(): boolean {
    return this.state === 'TRADE_CLOSED';
  }

  /** An unpaid bill is kept as long as a proof of its payment would be taken. */
  isForgettable(now: EpochMs): boolean {
    return this.receipt === undefined && now >= msOf(this.bill.payBefore) + PROOF_VALID_S * 1000;
  }

  /** The payment is certain; nothing is said of delivery by that. */
  paid(receipt: ObjectValue<'receipt'>): void {
    if (this.receipt === undefined) this.#advance('PAYMENT_VALIDATED');
    this.receipt = receipt;
  }

  deliver(body: Uint8Array, idempotencyKey: string | undefined, at: EpochMs): void {
    this.#advance('DELIVERY_COMMITTED');
    this.delivered = { body, idempotencyKey, at };
    this.delivery = 'DELIVERED';
    this.giveUpAt = undefined;
    this.fulfillment = 'PENDING';
  }

  /** The money is here and the thing could not be made: it can be asked for again, until then. */
  deliveryFailed(giveUpAt: EpochMs): void {
    this.delivery = 'FAILED';
    this.giveUpAt = giveUpAt;
  }

  /** What was paid for it is no payment of it, too late for example: nothing is sold by this bill any more. */
  terminated(): void {
    if (this.state === 'WAIT_BUYER_PAY') this.#advance('PAYMENT_TERMINATED');
  }

  /** The money is back where it came from. */
  compensated(): void {
    if (this.state === 'WAIT_SELLER_FULFILLMENT') this.#advance('COMPENSATION_COMPLETED');
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
