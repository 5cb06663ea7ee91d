/** What is left on one shop's shelves. An order number names one reservation for good, so that a repeated message takes nothing twice (T3). */
import type { Product, Shop } from './types.ts';

export interface StockLine {
  readonly sku: string;
  /** Whole units, at least 1. */
  readonly quantity: number;
}

export type ReservationState = 'reserved' | 'released' | 'committed';

export type Reserved =
  /** Now or earlier: the goods are set aside for the order, or already went out with it. */
  | { readonly kind: 'reserved' | 'committed' }
  /** Nothing was set aside and nothing remembered: the order number may be tried again. */
  | { readonly kind: 'out-of-stock'; readonly sku: string; readonly available: number }
  /** The order number already stands for other goods. */
  | { readonly kind: 'order-differs' }
  /** The order was given up; a late duplicate must not bring it back (T4). */
  | { readonly kind: 'released' };

interface Reservation {
  readonly wanted: ReadonlyMap<string, number>;
  state: ReservationState;
}

export class Stock {
  readonly #products: readonly Product[];
  readonly #available: Map<string, number>;
  readonly #reservations = new Map<string, Reservation>();

  /** Starts with what the catalogue says is on the shelf. */
  constructor(products: readonly Product[]) {
    this.#products = products;
    this.#available = new Map(products.map((product) => [product.sku, product.stock]));
  }

  /** Units of a product that nobody has reserved; 0 for one the shop does not have. */
  available(sku: string): number {
    return this.#available.get(sku) ?? 0;
  }

  /** The shop with what is left now, for quoting. */
  appliedTo(shop: Shop): Shop {
    return { ...shop, products: shop.products.map((product) => ({ ...product, stock: this.available(product.sku) })) };
  }

  /** Fills the shelves up to what the catalogue says; what is set aside stays so, and counts as on the shelf. */
  refill(): void {
    for (const { sku, stock } of this.#products) this.#available.set(sku, stock);
    for (const { wanted, state } of this.#reservations.values()) {
      if (state !== 'reserved') continue;
      for (const [sku, units] of wanted) this.#available.set(sku, this.available(sku) - units);
    }
  }

  /**
   * Sets goods aside: all lines or none. Again with the same number and the same goods changes nothing.
   * @throws RangeError for an order without lines or a quantity that is not a whole number of at least 1.
   */
  reserve(orderNo: string, lines: readonly StockLine[]): Reserved {
    const wanted = unitsBySku(lines);
    const known = this.#reservations.get(orderNo);
    if (known !== undefined) return { kind: sameUnits(known.wanted, wanted) ? known.state : 'order-differs' };

    for (const [sku, units] of wanted) {
      const available = this.available(sku);
      if (available < units) return { kind: 'out-of-stock', sku, available };
    }
    for (const [sku, units] of wanted) this.#available.set(sku, this.available(sku) - units);
    this.#reservations.set(orderNo, { wanted, state: 'reserved' });
    return { kind: 'reserved' };
  }

  /** Puts reserved goods back on the shelf. Goods that went out stay out: the answer says what the order now is. */
  release(orderNo: string): ReservationState | 'unknown' {
    const known = this.#reservations.get(orderNo);
    if (known === undefined) return 'unknown';
    if (known.state !== 'reserved') return known.state;
    for (const [sku, units] of known.wanted) this.#available.set(sku, this.available(sku) + units);
    known.state = 'released';
    return known.state;
  }

  /** The goods leave the shop for good. An order that was given up cannot be brought back: the answer says what it now is. */
  commit(orderNo: string): ReservationState | 'unknown' {
    const known = this.#reservations.get(orderNo);
    if (known === undefined) return 'unknown';
    if (known.state === 'reserved') known.state = 'committed';
    return known.state;
  }
}

/** Lines of one product added up, since they draw on one shelf. */
function unitsBySku(lines: readonly StockLine[]): ReadonlyMap<string, number> {
  if (lines.length === 0) throw new RangeError('a reservation has at least one line');
  const units = new Map<string, number>();
  for (const { sku, quantity } of lines) {
    if (!Number.isSafeInteger(quantity) || quantity < 1) throw new RangeError('a quantity is 1 or more');
    units.set(sku, (units.get(sku) ?? 0) + quantity);
  }
  return units;
}

function sameUnits(left: ReadonlyMap<string, number>, right: ReadonlyMap<string, number>): boolean {
  return left.size === right.size && [...left].every(([sku, units]) => right.get(sku) === units);
}
