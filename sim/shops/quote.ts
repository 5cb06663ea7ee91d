/** What one shop would ask for an order, or why it cannot deliver it (CID-MER-CAT: price, stock, promotions, delivery estimate). */
import type { IntentLine } from '../../device/voice/vocabulary.ts';
import type { EpochMs } from '../../protocol/time.ts';
import { deliveryFeeMinor, distanceM, etaMin } from './delivery.ts';
import { isOpen, opensNextAt } from './opening.ts';
import { bestPromotions, type Discount } from './promotions.ts';
import type { Customer, Product, Shop, Title } from './types.ts';

export interface QuoteLine {
  readonly sku: string;
  readonly itemId: string;
  readonly title: Title;
  readonly quantity: number;
  /** Exactly what was asked for; the rest is made the shop's usual way at no surcharge. */
  readonly options: IntentLine['options'];
  readonly unitMinor: number;
  readonly amountMinor: number;
}

/** `totalMinor` = `subtotalMinor` − Σ discounts + `deliveryMinor`, always. All amounts in minor units of CNY. */
export interface Quote {
  readonly kind: 'quote';
  readonly shopId: string;
  readonly lines: readonly QuoteLine[];
  readonly subtotalMinor: number;
  readonly discounts: readonly Discount[];
  /** The fee before a free-delivery coupon, which is among `discounts`. */
  readonly deliveryMinor: number;
  readonly totalMinor: number;
  /** To the nearest 10 m. */
  readonly distanceM: number;
  /** Minutes from the order to the door. */
  readonly etaMin: number;
}

/** `out-of-stock` also stands for more units than the shop gives to one order. */
export type Unavailable = { readonly kind: 'unavailable'; readonly shopId: string } & (
  | { readonly reason: 'not-sold' | 'option-not-offered' | 'out-of-range' | 'out-of-stock' }
  | { readonly reason: 'closed'; readonly opensAtMs: EpochMs }
  | { readonly reason: 'below-minimum'; readonly minimumMinor: number }
);

/**
 * Prices an order at one shop. Several reasons against may hold at once; told is the one that lasts longest: what the
 * shop never does, then where it does not go, then when it is closed, then what has run out, then what a bigger order cures.
 * @throws RangeError for an order without lines or a quantity that is not a whole number of at least 1.
 */
export function quoteShop(
  shop: Shop,
  lines: readonly IntentLine[],
  customer: Customer,
  now: EpochMs,
): Quote | Unavailable {
  const unavailable = { kind: 'unavailable', shopId: shop.id } as const;
  if (lines.length === 0) throw new RangeError('an order has at least one line');

  const found = lines.map((line) => ({ line, product: shop.products.find(({ itemId }) => itemId === line.itemId) }));
  if (!found.every(isSold)) return { ...unavailable, reason: 'not-sold' };
  const priced = found.map(({ line, product }) => priceLine(line, product));
  if (!priced.every((line) => line !== undefined)) return { ...unavailable, reason: 'option-not-offered' };

  const awayM = distanceM(shop.location, customer.location);
  if (awayM > shop.delivery.radiusM) return { ...unavailable, reason: 'out-of-range' };
  if (!isOpen(shop.opens, now)) return { ...unavailable, reason: 'closed', opensAtMs: opensNextAt(shop.opens, now) };
  if (!found.every(({ product }) => hasEnough(product, priced))) return { ...unavailable, reason: 'out-of-stock' };

  const subtotalMinor = priced.reduce((sum, line) => sum + line.amountMinor, 0);
  const minimumMinor = shop.delivery.minimumOrderMinor ?? 0;
  if (subtotalMinor < minimumMinor) return { ...unavailable, reason: 'below-minimum', minimumMinor };

  const deliveryMinor = deliveryFeeMinor(shop.delivery, awayM, subtotalMinor);
  const isNew = customer.isNewTo(shop.id);
  const promotion = bestPromotions(subtotalMinor, deliveryMinor, shop.coupons, { isNew }, now);
  return {
    kind: 'quote',
    shopId: shop.id,
    lines: priced,
    subtotalMinor,
    discounts: promotion.discounts,
    deliveryMinor,
    totalMinor: promotion.totalMinor,
    distanceM: awayM,
    etaMin: etaMin(shop.delivery, awayM),
  };
}

interface Sold {
  readonly line: IntentLine;
  readonly product: Product;
}

function isSold(found: { line: IntentLine; product: Product | undefined }): found is Sold {
  return found.product !== undefined;
}

/** Undefined when the product does not come that way, or was asked for in two ways at once. */
function priceLine(line: IntentLine, product: Product): QuoteLine | undefined {
  if (!Number.isSafeInteger(line.quantity) || line.quantity < 1) throw new RangeError('a quantity is 1 or more');
  const asked = new Set<string>();
  let unitMinor = product.priceMinor;
  for (const { optionId, choiceId } of line.options) {
    const option = product.options.find((candidate) => candidate.optionId === optionId);
    const choice = option?.choices.find((candidate) => candidate.choiceId === choiceId);
    if (choice === undefined || asked.has(optionId)) return undefined;
    asked.add(optionId);
    unitMinor += choice.surchargeMinor;
  }
  return {
    sku: product.sku,
    itemId: product.itemId,
    title: product.title,
    quantity: line.quantity,
    options: line.options,
    unitMinor,
    amountMinor: unitMinor * line.quantity,
  };
}

/** Two lines of one product, for example one with sugar and one without, draw on the same shelf. */
function hasEnough(product: Product, lines: readonly QuoteLine[]): boolean {
  const wanted = lines.filter(({ sku }) => sku === product.sku).reduce((sum, line) => sum + line.quantity, 0);
  return wanted <= Math.min(product.stock, product.maxPerOrder);
}
