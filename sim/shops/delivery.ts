/** How far, how much and how long a delivery is. */
import type { DeliveryTerms, Place } from './types.ts';

/** Mean radius of the earth (IUGG R1), in metres. */
const EARTH_RADIUS_M = 6_371_009;
const METRES_PER_KM = 1_000;

function radians(degreesE6: number): number {
  return (degreesE6 / 1e6) * (Math.PI / 180);
}

/**
 * Great-circle distance in metres by the haversine formula, to the nearest 10. The rounding is also what makes runs
 * alike on engines whose sine differs in the last bit.
 */
export function distanceM(from: Place, to: Place): number {
  const sinLat = Math.sin(radians(to.latE6 - from.latE6) / 2);
  const sinLon = Math.sin(radians(to.lonE6 - from.lonE6) / 2);
  const h = sinLat * sinLat + Math.cos(radians(from.latE6)) * Math.cos(radians(to.latE6)) * sinLon * sinLon;
  const metres = 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(h));
  return Math.round(metres / 10) * 10;
}

/** The delivery fee in minor units before any coupon; `subtotalMinor` is what the goods cost before discounts. */
export function deliveryFeeMinor(terms: DeliveryTerms, awayM: number, subtotalMinor: number): number {
  if (terms.freeOverMinor !== undefined && subtotalMinor >= terms.freeOverMinor) return 0;
  return terms.baseFeeMinor + terms.perKmMinor * Math.ceil(awayM / METRES_PER_KM);
}

/** Minutes from the order to the door, rounded up: a promise, so never too short. */
export function etaMin(terms: DeliveryTerms, awayM: number): number {
  return terms.prepMin + Math.ceil((awayM * terms.minPerKm) / METRES_PER_KM);
}
