/** A shop as a seller: its price list, promotions, shelves and delivery. */
import { type EpochMs, epochMs, type Price, secondsOf } from '../../protocol/index.ts';
import { isOpen, opensNextAt, quoteShop, type Shop, Stock, type StockLine, shopDay } from '../shops/index.ts';
import { customerOf } from './customer.ts';
import type { FrameOf } from './handler.ts';
import type { Quoted, Seller } from './merchant-seller.ts';
import { discountsOf, SHOP_CURRENCY } from './offers.ts';
import type { RefusalCode } from './refusals.ts';
import { lineTitle } from './titles.ts';

/** Shops open, close and change their prices on the quarter of an hour. */
const QUARTER_MS = 900_000;
/** As many as one message of news holds. */
const MAX_PRICES = 32;
/** The most that an operator can ask for one thing. */
const MAX_PRICE_MINOR = 100_000;

export class ShopSeller implements Seller<readonly StockLine[]> {
  readonly party: string;
  readonly stock: Stock;
  #shop: Shop;
  /** The day for which the shelves were filled. */
  #day: number | undefined;

  constructor(shop: Shop) {
    this.party = shop.id;
    this.stock = new Stock(shop.products);
    this.#shop = shop;
  }

  quote(body: FrameOf<'cart-request'>['body'], now: EpochMs): Quoted<readonly StockLine[]> | RefusalCode {
    const shop = this.#shop;
    this.#refill(now);
    const quote = quoteShop(this.stock.appliedTo(shop), body.lines, customerOf(body.device, body.place), now);
    if (quote.kind === 'unavailable') return quote.reason;
    const { totalMinor, deliveryMinor, etaMin } = quote;
    const lines = quote.lines.map(({ sku, title, quantity, amountMinor, itemId, options }) => ({
      sku,
      title: lineTitle(title, options, body.locale),
      quantity,
      amountMinor,
      itemId,
      options,
    }));
    const skus = new Set(quote.lines.map(({ sku }) => sku));
    return {
      terms: { lines, discounts: discountsOf(quote), deliveryMinor, totalMinor, currency: SHOP_CURRENCY, etaMin },
      goods: quote.lines,
      categories: [...new Set(shop.products.filter(({ sku }) => skus.has(sku)).map(({ category }) => category))],
      handOverMin: Math.min(shop.delivery.prepMin, etaMin),
    };
  }

  reserve(orderNo: string, lines: readonly StockLine[]): RefusalCode | undefined {
    return this.stock.reserve(orderNo, lines).kind === 'reserved' ? undefined : 'out-of-stock';
  }

  release(orderNo: string): void {
    this.stock.release(orderNo);
  }

  commit(orderNo: string): void {
    this.stock.commit(orderNo);
  }

  /** What is on the shelf for an order stays there. */
  missingMinor(): number {
    return 0;
  }

  /** One of each, made the shop's usual way, before promotions and delivery: those depend on the order. */
  prices(itemIds: readonly string[], _wanted: unknown, now: EpochMs): readonly Price[] {
    const { products, opens } = this.#shop;
    this.#refill(now);
    const open = isOpen(opens, now);
    return products
      .filter(({ itemId }) => itemIds.includes(itemId))
      .slice(0, MAX_PRICES)
      .map(({ itemId, priceMinor, sku }) => ({
        itemId,
        choices: [],
        amountMinor: priceMinor,
        currency: SHOP_CURRENCY,
        available: open ? this.stock.available(sku) : 0,
        ...(!open && { onSaleAt: secondsOf(opensNextAt(opens, now)) }),
      }));
  }

  /** `price ITEM-ID MINOR`: from now on one of that thing costs so much, 1 to 100,000 minor units; carts already made keep their price. */
  command(words: string): string {
    const [verb, itemId, price = '', ...more] = words.split(' ');
    if (verb !== 'price' || itemId === undefined || more.length > 0) return 'command-unknown';
    const priceMinor = /^[1-9]\d{0,5}$/.test(price) ? Number(price) : Number.NaN;
    if (!(priceMinor <= MAX_PRICE_MINOR)) return 'price-invalid';
    const { products } = this.#shop;
    if (!products.some((product) => product.itemId === itemId)) return 'product-unknown';
    const priced = products.map((product) => (product.itemId === itemId ? { ...product, priceMinor } : product));
    this.#shop = { ...this.#shop, products: priced };
    return 'done';
  }

  /** Every morning the shelves are full again: who orders the same each day finds it each day. */
  #refill(now: EpochMs): void {
    const today = shopDay(now);
    if (this.#day !== undefined && today > this.#day) this.stock.refill();
    this.#day = Math.max(this.#day ?? today, today);
  }

  changesAt(now: EpochMs): EpochMs {
    return epochMs((Math.floor(now / QUARTER_MS) + 1) * QUARTER_MS);
  }
}
