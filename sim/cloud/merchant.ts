/** One shop's service: carts, stock, and what becomes of an order once the PSP says that it is paid. */
import {
  CLOCK_SKEW_S,
  type Digest,
  digestOf,
  type EpochMs,
  FRAME_MAX_LIFETIME_S,
  msOf,
  type ObjectValue,
  openObject,
  type Party,
  ProtocolError,
  type SigningKey,
  type TradeEvent,
  type TrustSet,
} from '../../protocol/index.ts';
import { quoteShop, type Shop, Stock } from '../shops/index.ts';
import { cartOf, signedCart } from './cart.ts';
import { customerOf } from './customer.ts';
import { derivedHex } from './derive.ts';
import { type FrameOf, type Handler, type Outgoing, type Reaction, react } from './handler.ts';
import { type RefusalCode, refusal } from './refusals.ts';
import { contentOf, requestKey } from './requests.ts';
import { Trade } from './trade.ts';

export interface MerchantOptions {
  /** Its id is the merchant's party id. */
  readonly shop: Shop;
  /** Order numbers are derived from it; 32 bytes. */
  readonly secret: Uint8Array;
  readonly objectKey: SigningKey;
  readonly tenant: string;
  readonly trust: TrustSet;
  /** The PSP this shop is paid through. */
  readonly psp: string;
  /** How long a minute of cooking and riding takes: 60,000 in the real world. */
  readonly minuteMs: number;
}

export interface Merchant extends Handler {
  readonly stock: Stock;
}

/** How often the PSP is asked about an order whose lock has run out, and for how long: until no notice can still arrive. */
const ASK_AGAIN_MS = 30_000;
const ASK_FOR_MS = (FRAME_MAX_LIFETIME_S + CLOCK_SKEW_S) * 1000;

interface Order {
  readonly device: Party;
  readonly cart: ObjectValue<'cart'>;
  readonly cartReply: Outgoing;
  readonly orderNotice: Outgoing;
  readonly trade: Trade;
  /** What happens next by itself, and when; absent once the trade is final. */
  next?: { readonly at: EpochMs; run(now: EpochMs): readonly Outgoing[] };
}

interface Requested {
  readonly content: Digest;
  readonly answer: readonly Outgoing[];
}

export function createMerchant(options: MerchantOptions): Merchant {
  const merchant = new ShopService(options);
  const reactions = {
    'cart-request': (frame: FrameOf<'cart-request'>, now: EpochMs) => merchant.cartRequest(frame, now),
    'paid-notice': (frame: FrameOf<'paid-notice'>, now: EpochMs) => merchant.paidNotice(frame, now),
    'order-query': (frame: FrameOf<'order-query'>) => merchant.orderQuery(frame),
  };
  return {
    stock: merchant.stock,
    handle: (frame, now) => react(reactions, frame, now),
    wakeAt: () => merchant.wakeAt(),
    tick: (now) => merchant.tick(now),
  };
}

class ShopService {
  readonly stock: Stock;
  readonly #options: MerchantOptions;
  readonly #requests = new Map<string, Requested>();
  readonly #orders = new Map<string, Order>();
  /** The orders that still have a next step. */
  readonly #open = new Set<Order>();

  constructor(options: MerchantOptions) {
    this.#options = options;
    this.stock = new Stock(options.shop.products);
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
    const { shop, secret, objectKey } = this.#options;
    const { body, from } = frame;
    const quote = quoteShop(this.stock.appliedTo(shop), body.lines, customerOf(body.device, body.place), now);
    if (quote.kind === 'unavailable') return quote.reason;
    if (quote.totalMinor === 0) return 'nothing-to-pay';
    const orderNo = derivedHex(secret, 'order', from.party, body.requestId).slice(0, 16);
    const cart = cartOf(quote, body, orderNo, now);
    const bytes = signedCart(cart, objectKey);
    if (bytes === undefined) return 'cart-too-large';
    if (this.stock.reserve(orderNo, quote.lines).kind !== 'reserved') return 'out-of-stock';
    const trade = new Trade(orderNo, objectKey);
    trade.advance('PAYMENT_NEEDED_ISSUED', now);
    const order: Order = {
      device: { party: body.device, role: 'device' },
      cart,
      cartReply: { to: from, message: { type: 'cart-reply', body: { requestId: body.requestId, cart: bytes } } },
      orderNotice: this.#orderNotice(cart, bytes, body.device),
      trade,
    };
    this.#orders.set(orderNo, order);
    this.#open.add(order);
    const lockedUntil = msOf(cart.lockedUntil);
    this.#plan(order, lockedUntil, (at) => this.#askPsp(order, at, at));
    return order;
  }

  #orderNotice(cart: ObjectValue<'cart'>, bytes: Uint8Array, device: string): Outgoing {
    const { orderNo, totalMinor, currency, lockedUntil } = cart;
    const cartDigest = digestOf(bytes);
    return {
      to: { party: this.#options.psp, role: 'psp' },
      message: {
        type: 'order-notice',
        body: { orderNo, device, amountMinor: totalMinor, currency, cartDigest, lockedUntil },
      },
    };
  }

  /** Only the PSP's own receipt for exactly this order counts; that the notice comes from the PSP is not enough (T29). */
  paidNotice(frame: FrameOf<'paid-notice'>, now: EpochMs): Reaction {
    const order = this.#orders.get(frame.body.orderNo);
    if (order === undefined) return { drop: 'paid-order-unknown' };
    const fault = this.#receiptFault(frame.body.receipt, order);
    if (fault !== undefined) return { drop: fault };
    const { state } = order.trade;
    // The money has moved and the goods are gone: only a refund can settle this, and this protocol has none.
    if (state === 'TRADE_CLOSED') return { drop: 'paid-after-close' };
    return state === 'WAIT_BUYER_PAY' ? this.#paid(order, now) : [];
  }

  #receiptFault(bytes: Uint8Array, { cart }: Order): string | undefined {
    const { trust, tenant, psp } = this.#options;
    try {
      const { value, signer } = openObject('receipt', bytes, { trust, tenant });
      const fits =
        signer.party === psp &&
        value.orderNo === cart.orderNo &&
        value.payee === cart.merchant &&
        value.amountMinor === cart.totalMinor &&
        value.currency === cart.currency;
      return fits ? undefined : 'receipt-mismatch';
    } catch (error) {
      if (error instanceof ProtocolError) return 'receipt-forged';
      throw error;
    }
  }

  #paid(order: Order, now: EpochMs): readonly Outgoing[] {
    const { minuteMs, shop } = this.#options;
    const { etaMin, orderNo } = order.cart;
    const prepMin = Math.min(shop.delivery.prepMin, etaMin);
    this.stock.commit(orderNo);
    const handedOverAt = now + prepMin * minuteMs;
    this.#plan(order, handedOverAt, (at) => {
      this.#plan(order, now + etaMin * minuteMs, (doneAt) => this.#advance(order, 'FULFILLMENT_CONFIRMED', doneAt));
      return this.#advance(order, 'DELIVERY_COMMITTED', at, etaMin - prepMin);
    });
    return this.#advance(order, 'PAYMENT_VALIDATED', now, etaMin);
  }

  /** A device hears of its own orders only (T5). An unpaid one may be paid without our knowing: then the PSP is asked, too. */
  orderQuery({ from, body }: FrameOf<'order-query'>): Reaction {
    const order = this.#orders.get(body.orderNo);
    if (order?.device.party !== from.party) return [refusal(from, body.requestId, 'order-unknown')];
    const unpaid = order.trade.state === 'WAIT_BUYER_PAY';
    return unpaid ? [this.#update(order), order.orderNotice] : [this.#update(order)];
  }

  wakeAt(): EpochMs | undefined {
    const times = [...this.#open].flatMap(({ next }) => (next === undefined ? [] : [next.at]));
    return times.length === 0 ? undefined : (Math.min(...times) as EpochMs);
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
  }

  /**
   * The lock has run out unpaid. A notice that it was paid in time may be lost or late, so the PSP is told of the order
   * again, which makes it repeat that notice; the trade is closed when the last copy of one would have expired.
   */
  #askPsp(order: Order, since: EpochMs, now: EpochMs): readonly Outgoing[] {
    if (now >= since + ASK_FOR_MS) {
      this.stock.release(order.cart.orderNo);
      return this.#advance(order, 'PAYMENT_TERMINATED', now);
    }
    this.#plan(order, now + ASK_AGAIN_MS, (at) => this.#askPsp(order, since, at));
    return [order.orderNotice];
  }

  #advance(order: Order, event: TradeEvent, at: EpochMs, etaMin?: number): readonly Outgoing[] {
    order.trade.advance(event, at, etaMin);
    return [this.#update(order)];
  }

  #update({ device, trade }: Order): Outgoing {
    return { to: device, message: { type: 'fulfilment', body: { update: trade.update } } };
  }
}
