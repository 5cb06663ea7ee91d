/** One builder for each thing the shop tests need; a test names only what its claim is about. */
import type { IntentLine } from '../../../device/voice/vocabulary.ts';
import { type EpochMs, epochMs } from '../../../protocol/time.ts';
import type { Coupon, Customer, Product, Quote, Shop, Unavailable } from '../../../sim/shops/index.ts';
import { demoPlace } from '../../../sim/shops/index.ts';

/** An instant from a wall clock in UTC+8, `YYYY-MM-DD HH:MM`. */
export function at(wallClock: string): EpochMs {
  return epochMs(Date.parse(`${wallClock.replace(' ', 'T')}:00+08:00`));
}

export const mondayMorning = at('2026-11-23 09:30');

export function aCustomer(changes: Partial<Customer> = {}): Customer {
  return { id: 'wearer-1', location: demoPlace, isNewTo: () => false, ...changes };
}

/** Twenty yuan, three yuan more when large, sugar as you like it. */
export function aProduct(changes: Partial<Product> = {}): Product {
  return {
    sku: 'test-1',
    itemId: 'latte',
    title: { 'zh-CN': '拿铁', 'en-US': 'latte' },
    category: 'coffee',
    priceMinor: 2000,
    options: [
      {
        optionId: 'size',
        defaultChoiceId: 'medium',
        choices: [
          { choiceId: 'medium', surchargeMinor: 0 },
          { choiceId: 'large', surchargeMinor: 300 },
        ],
      },
      { optionId: 'sugar', defaultChoiceId: 'none', choices: [{ choiceId: 'none', surchargeMinor: 0 }] },
    ],
    stock: 10,
    maxPerOrder: 5,
    ...changes,
  };
}

/** At the customer's own place, open all day, delivering for 2 yuan in 10 minutes. */
export function aShop(changes: Partial<Shop> = {}): Shop {
  const allDay = [{ fromMin: 0, toMin: 1440 }];
  return {
    id: 'test-shop',
    title: { 'zh-CN': '试验店', 'en-US': 'Test Shop' },
    aliases: { 'zh-CN': [], 'en-US': [] },
    location: demoPlace,
    opens: [allDay, allDay, allDay, allDay, allDay, allDay, allDay],
    products: [aProduct()],
    coupons: [],
    delivery: { baseFeeMinor: 200, perKmMinor: 100, radiusM: 3000, prepMin: 10, minPerKm: 5 },
    ...changes,
  };
}

export function aLine(changes: Partial<IntentLine> = {}): IntentLine {
  return { itemId: 'latte', quantity: 1, options: [], ...changes };
}

type Terms<K extends Coupon['kind']> = Partial<Extract<Coupon, { kind: K }>> & { kind: K; id: string };

/** A coupon in a group of its own, valid in 2026, without a threshold, worth a yuan, ten percent or the delivery. */
export function aCoupon<K extends Coupon['kind']>(changes: Terms<K>): Coupon {
  return {
    title: { 'zh-CN': '券', 'en-US': 'coupon' },
    validFromMs: at('2026-01-01 00:00'),
    validUntilMs: at('2027-01-01 00:00'),
    group: changes.id,
    minSubtotalMinor: 0,
    offMinor: 100,
    percentOff: 10,
    capMinor: 1_000_000,
    ...changes,
  } as unknown as Coupon;
}

export function aQuote(shopId: string, changes: Partial<Quote> = {}): Quote {
  return {
    kind: 'quote',
    shopId,
    lines: [],
    subtotalMinor: 2000,
    discounts: [],
    deliveryMinor: 0,
    totalMinor: 2000,
    distanceM: 500,
    etaMin: 20,
    ...changes,
  };
}

export function anUnavailable(
  shopId: string,
  reason: 'not-sold' | 'option-not-offered' | 'out-of-range' | 'out-of-stock',
): Unavailable {
  return { kind: 'unavailable', shopId, reason };
}

export function aClosedShop(shopId: string, opensAtMs: EpochMs): Unavailable {
  return { kind: 'unavailable', shopId, reason: 'closed', opensAtMs };
}
