/** A merchant reports the carts it locked and the orders it finished or closed after they were paid. */
import { keptObject } from '../../device/audit/kept-object.ts';
import { earlier, type Reported } from '../../device/audit/reported.ts';
import { type Cart, secondsOf } from '../../protocol/index.ts';
import { bodiesOf, Once, type ServiceReports, type ServiceStep } from './service-records.ts';

export interface MerchantReportOptions {
  readonly party: string;
  /** Under which identity an agent acts; its party id where nobody registered one. */
  agentIdOf(party: string): string | undefined;
}

interface Order {
  readonly cart: Cart;
  readonly payer: { readonly participantId: string; readonly role: 'PAYER_AGENT' };
  tradeNo?: string;
}

export class MerchantReports implements ServiceReports {
  readonly #options: MerchantReportOptions;
  readonly #orders = new Map<string, Order>();
  readonly #finished = new Once();

  constructor(options: MerchantReportOptions) {
    this.#options = options;
  }

  take(step: ServiceStep): readonly Reported[] {
    return [...this.#carts(step), ...this.#updates(step)];
  }

  #carts({ at, frame, sent }: ServiceStep): readonly Reported[] {
    if (frame?.type !== 'cart-request') return [];
    return bodiesOf(sent, 'cart-reply').flatMap(({ cart: bytes }): readonly Reported[] => {
      const { value: cart, digest } = keptObject('cart', bytes);
      if (this.#orders.has(cart.orderNo)) return [];
      const agent = frame.from.party;
      const payer = { participantId: this.#options.agentIdOf(agent) ?? agent, role: 'PAYER_AGENT' } as const;
      this.#orders.set(cart.orderNo, { cart, payer });
      const { merchant: merchantId, totalMinor: finalMinor, currency, lines, etaMin } = cart;
      return [
        {
          eventType: 'act:commerce:cart-confirmed',
          eventTime: secondsOf(at),
          ...{ intentId: cart.intentId, orderNo: cart.orderNo },
          participants: this.#participants(payer),
          eventBody: { cartDigest: digest, merchantId, finalMinor, currency, itemCount: lines.length, etaMin },
        },
      ];
    });
  }

  #participants(payer: Order['payer']) {
    return [{ participantId: this.#options.party, role: 'MERCHANT' }, payer] as const;
  }

  #updates({ at, frame, sent }: ServiceStep): readonly Reported[] {
    return bodiesOf(sent, 'fulfilment').flatMap(({ update: bytes }): readonly Reported[] => {
      const { value: update, digest } = keptObject('fulfilment', bytes);
      const order = this.#orders.get(update.orderNo);
      if (!order) return [];
      // The notice that moved the order on is the one whose receipt it is fulfilled for.
      if (frame?.type === 'paid-notice' && frame.body.orderNo === update.orderNo)
        order.tradeNo ??= keptObject('receipt', frame.body.receipt).value.tradeNo;
      const { state, at: completedAt } = update;
      if (state !== 'TRADE_FINISHED' && state !== 'TRADE_CLOSED') return [];
      // What was never paid has no trade to complete.
      if (order.tradeNo === undefined || !this.#finished.isNew(update.orderNo)) return [];
      const { cart, payer, tradeNo } = order;
      return [
        {
          eventType: 'act:commerce:fulfillment-completed',
          eventTime: earlier(completedAt, secondsOf(at)),
          ...{ intentId: cart.intentId, orderNo: cart.orderNo, tradeNo },
          participants: this.#participants(payer),
          eventBody: { merchantId: cart.merchant, tradeState: state, completedAt, updateDigest: digest },
        },
      ];
    });
  }
}
