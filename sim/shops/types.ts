/**
 * What a simulated shop is: pure data. Every amount is an integer in minor units of CNY (exponent 2), every place an
 * integer in millionths of a degree, so that no price or distance depends on how a decimal was written.
 */

import type { Locale } from '../../device/voice/vocabulary.ts';
import type { EpochMs } from '../../protocol/time.ts';

/** One short text in each language, as shown and spoken. */
export type Title = Readonly<Record<Locale, string>>;

/** A place on the WGS 84 sphere in millionths of a degree: latitude −90,000,000 to 90,000,000, longitude ±180,000,000. */
export interface Place {
  readonly latE6: number;
  readonly lonE6: number;
}

/** Open from `fromMin` (0 to 1,439) until before `toMin` (1 to 1,440), minutes of the day in UTC+8. */
export interface OpenWindow {
  readonly fromMin: number;
  readonly toMin: number;
}

/** Windows of one day, ascending and apart from each other; a night past midnight is two windows on two days. */
export type OpenDay = readonly OpenWindow[];

/** Monday first. */
export type OpenWeek = readonly [OpenDay, OpenDay, OpenDay, OpenDay, OpenDay, OpenDay, OpenDay];

/** One way of having an option, and what it costs more (0 or more) than the product's price; the default costs 0. */
export interface ProductChoice {
  readonly choiceId: string;
  readonly surchargeMinor: number;
}

export interface ProductOption {
  readonly optionId: string;
  /** What is made when the wearer says nothing; one of `choices`. */
  readonly defaultChoiceId: string;
  readonly choices: readonly ProductChoice[];
}

export interface Product {
  /** Unique over all shops: at most 10 characters of a–z, 0–9 and hyphen. */
  readonly sku: string;
  /** The thing in the vocabulary this is; a shop sells each at most once. */
  readonly itemId: string;
  /** The shop's own name for it, at most 24 display columns. */
  readonly title: Title;
  readonly category: string;
  /** Price of one with the default choices. */
  readonly priceMinor: number;
  readonly options: readonly ProductOption[];
  /** Units on the shelf when the world starts. */
  readonly stock: number;
  /** Most units one order may hold, 1 to 20. */
  readonly maxPerOrder: number;
}

interface CouponTerms {
  /** Unique over all shops: at most 12 characters of a–z, 0–9 and hyphen. */
  readonly id: string;
  readonly title: Title;
  /** Valid from `validFromMs` until before `validUntilMs`. */
  readonly validFromMs: EpochMs;
  readonly validUntilMs: EpochMs;
  /** At most one coupon of a group applies to an order; coupons of different groups add up. */
  readonly group: string;
  /** The goods must come to at least this before any discount; 0 for no threshold. */
  readonly minSubtotalMinor: number;
}

/** `offMinor` off the goods once they reach the threshold (满减). */
export interface ThresholdCoupon extends CouponTerms {
  readonly kind: 'threshold';
  readonly offMinor: number;
}

/** `percentOff` (1 to 100) off the goods, never more than `capMinor`. */
export interface PercentCoupon extends CouponTerms {
  readonly kind: 'percent';
  readonly percentOff: number;
  readonly capMinor: number;
}

/** `offMinor` off the goods for someone who never ordered from this shop. */
export interface NewCustomerCoupon extends CouponTerms {
  readonly kind: 'new-customer';
  readonly offMinor: number;
}

/** The whole delivery fee. */
export interface FreeDeliveryCoupon extends CouponTerms {
  readonly kind: 'free-delivery';
}

export type Coupon = ThresholdCoupon | PercentCoupon | NewCustomerCoupon | FreeDeliveryCoupon;
export type CouponKind = Coupon['kind'];

export interface DeliveryTerms {
  readonly baseFeeMinor: number;
  /** Added for each started kilometre. */
  readonly perKmMinor: number;
  /** From this subtotal on, before discounts, delivery costs nothing. */
  readonly freeOverMinor?: number;
  /** Delivers up to and including this distance. */
  readonly radiusM: number;
  readonly prepMin: number;
  readonly minPerKm: number;
  /** The least subtotal, before discounts, that the shop sets out for. */
  readonly minimumOrderMinor?: number;
}

export interface Shop {
  /** At most 12 characters of a–z, 0–9 and hyphen. */
  readonly id: string;
  /** As shown and spoken: at most 24 display columns. */
  readonly title: Title;
  /** What else people call it. */
  readonly aliases: Readonly<Record<Locale, readonly string[]>>;
  readonly location: Place;
  readonly opens: OpenWeek;
  readonly products: readonly Product[];
  readonly coupons: readonly Coupon[];
  readonly delivery: DeliveryTerms;
}

/** Who is ordering, as far as a shop's price depends on it. */
export interface Customer {
  readonly id: string;
  readonly location: Place;
  /** Whether this customer has never ordered from the shop. */
  isNewTo(shopId: string): boolean;
}
