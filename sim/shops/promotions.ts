/**
 * Which coupons an order gets. The arithmetic is in whole minor units throughout.
 *
 * Rules: at most one coupon of each group; every threshold and percentage looks at the subtotal before discounts, so the
 * order of applying does not matter to eligibility; discounts on goods together never exceed the goods, and the one on
 * delivery never exceeds the fee. A percentage is rounded down to the minor unit, in the shop's favour.
 */
import type { EpochMs } from '../../protocol/time.ts';
import type { Coupon, CouponKind } from './types.ts';

/** Whether this is the customer's first order from the shop whose coupons they are. */
export interface PromotionCustomer {
  readonly isNew: boolean;
}

export interface Discount {
  readonly couponId: string;
  readonly kind: CouponKind;
  /** What it takes off, at least 1. */
  readonly amountMinor: number;
}

export interface Promotion {
  /** By coupon id; a coupon that would take nothing off is left unused, since fewer coupons win among equals. */
  readonly discounts: readonly Discount[];
  /** Subtotal − discounts + delivery, never negative. */
  readonly totalMinor: number;
}

/** More would make trying every combination slow; no shop has half as many. */
const MAX_COUPONS = 12;

/** What a coupon takes off an order it applies to, before it is held to what is left to pay. */
const worthMinor: { readonly [K in CouponKind]: (coupon: Extract<Coupon, { kind: K }>, order: Order) => number } = {
  threshold: (coupon) => coupon.offMinor,
  percent: (coupon, order) => Math.min(coupon.capMinor, Math.floor((order.subtotalMinor * coupon.percentOff) / 100)),
  'new-customer': (coupon) => coupon.offMinor,
  'free-delivery': (_coupon, order) => order.deliveryMinor,
};

interface Order {
  readonly subtotalMinor: number;
  readonly deliveryMinor: number;
}

/** Whether the coupon may be used at all, whatever else is used. */
export function couponApplies(
  coupon: Coupon,
  subtotalMinor: number,
  customer: PromotionCustomer,
  now: EpochMs,
): boolean {
  const inTime = coupon.validFromMs <= now && now < coupon.validUntilMs;
  const forThisCustomer = coupon.kind !== 'new-customer' || customer.isNew;
  return inTime && forThisCustomer && subtotalMinor >= coupon.minSubtotalMinor;
}

/**
 * The legal combination with the lowest total; among equals the one with the fewest coupons, then the one whose ids come
 * first. The same for any order of `coupons`. Amounts in minor units, 0 or more.
 * @throws RangeError for more than 12 coupons or amounts that are not whole and non-negative.
 */
export function bestPromotions(
  subtotalMinor: number,
  deliveryMinor: number,
  coupons: readonly Coupon[],
  customer: PromotionCustomer,
  now: EpochMs,
): Promotion {
  const order = { subtotalMinor: amount(subtotalMinor), deliveryMinor: amount(deliveryMinor) };
  if (coupons.length > MAX_COUPONS) throw new RangeError(`at most ${MAX_COUPONS} coupons can be combined`);
  const usable = coupons
    .filter((coupon) => couponApplies(coupon, subtotalMinor, customer, now))
    .sort((left, right) => compareText(left.id, right.id));
  return combinations(usable)
    .map((combination) => applyAll(combination, order))
    .reduce((best, candidate) => (comparePromotions(candidate, best) < 0 ? candidate : best));
}

function amount(minor: number): number {
  if (!Number.isSafeInteger(minor) || minor < 0) throw new RangeError('an amount is whole minor units, 0 or more');
  return minor;
}

/** Every choice of coupons with no two of one group, the empty choice included. */
function combinations(coupons: readonly Coupon[]): readonly (readonly Coupon[])[] {
  const found: (readonly Coupon[])[] = [[]];
  for (const coupon of coupons) {
    const open = found.filter((combination) => combination.every((other) => other.group !== coupon.group));
    found.push(...open.map((combination) => [...combination, coupon]));
  }
  return found;
}

function applyAll(combination: readonly Coupon[], order: Order): Promotion {
  const left = { goods: order.subtotalMinor, delivery: order.deliveryMinor };
  const discounts: Discount[] = [];
  for (const coupon of combination) {
    const purse = coupon.kind === 'free-delivery' ? 'delivery' : 'goods';
    const amountMinor = Math.min(left[purse], worthOf(coupon, order));
    left[purse] -= amountMinor;
    discounts.push({ couponId: coupon.id, kind: coupon.kind, amountMinor });
  }
  return { discounts, totalMinor: left.goods + left.delivery };
}

function worthOf<K extends CouponKind>(coupon: Extract<Coupon, { kind: K }>, order: Order): number {
  return worthMinor[coupon.kind as K](coupon, order);
}

function comparePromotions(left: Promotion, right: Promotion): number {
  return (
    left.totalMinor - right.totalMinor ||
    left.discounts.length - right.discounts.length ||
    compareText(idsOf(left), idsOf(right))
  );
}

function idsOf(promotion: Promotion): string {
  return promotion.discounts.map((discount) => discount.couponId).join(' ');
}

/** By code units, so that the result does not depend on a locale. */
function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
