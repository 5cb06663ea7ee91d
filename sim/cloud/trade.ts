/** One order's way through ACT's trade states, each step a signed, numbered update (ACT 2.1 PSD-PAY-A402 state table). */
import {
  type EpochMs,
  nextTradeState,
  type SigningKey,
  secondsOf,
  signObject,
  type TradeEvent,
  type TradeState,
} from '../../protocol/index.ts';

export class Trade {
  readonly #orderNo: string;
  readonly #key: SigningKey;
  #state: TradeState = 'CREATE';
  #version = 0;
  #update: Uint8Array = new Uint8Array();

  constructor(orderNo: string, key: SigningKey) {
    this.#orderNo = orderNo;
    this.#key = key;
  }

  get state(): TradeState {
    return this.#state;
  }

  /** The newest `fulfilment` object, signed. */
  get update(): Uint8Array {
    return this.#update;
  }

  /**
   * Takes one step and signs it.
   * @param etaMin minutes until the goods are there, where that is known.
   * @throws Error for a step that ACT's table does not have: a defect of the merchant.
   */
  advance(event: TradeEvent, at: EpochMs, etaMin?: number): void {
    const next = nextTradeState(this.#state, event);
    if (next === undefined) throw new Error(`a trade in ${this.#state} does not know ${event}`);
    this.#state = next;
    this.#version += 1;
    const body = { orderNo: this.#orderNo, version: this.#version, state: next, at: secondsOf(at) };
    this.#update = signObject('fulfilment', etaMin === undefined ? body : { ...body, etaMin }, this.#key);
  }
}
