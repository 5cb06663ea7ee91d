/** Field types that several messages share. */

import * as z from 'zod/mini';
import { CURRENCY_EXPONENTS, type Currency, MAX_MINOR } from './money.ts';
import type { EpochSeconds } from './time.ts';
import { int, oneOf, scalar, text, uint, type WireType, wireMap } from './wire.ts';

/** An amount in minor units, 0 to 999,999,999,999; which currency and so which exponent stands beside it (T7). */
export const minor = uint(MAX_MINOR);
/** An amount that is really paid: at least one minor unit. */
export const paidMinor = uint(MAX_MINOR, 1);

/** ISO 4217 alphabetic code out of the pinned table. */
export const currency: WireType<Currency> = scalar(
  z.enum(Object.keys(CURRENCY_EXPONENTS) as [Currency, ...Currency[]]),
  Object.keys(CURRENCY_EXPONENTS)
    .map((code) => `"${code}"`)
    .join(' / '),
);

/** Whole seconds since 1970-01-01T00:00:00Z, between 2000 and 2100. */
export const epochSeconds = uint(4_133_980_799, 946_684_800) as unknown as WireType<EpochSeconds>;

export const locale = oneOf({ 'zh-CN': 1, 'en-US': 2 });
/** A name as its owner spells it, with any characters: the device judges them before it shows them (T8). */
export const title = text(96);
export const quantity = uint(20, 1);
export const minutes = uint(1440);

/** Coarse place: degrees × 1000 (about 110 m), enough to find shops and no more (ACT CID-INT-XFR: necessary context only). */
export const place = wireMap('place', {
  latitudeE3: [1, int(-90_000, 90_000)],
  longitudeE3: [2, int(-180_000, 180_000)],
});

/** Who takes part. A key belongs to exactly one role (design 2). */
export const ROLES = ['device', 'signer', 'agent', 'merchant', 'psp'] as const;
export type Role = (typeof ROLES)[number];
