import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DeliveryTerms, deliveryFeeMinor, distanceM, etaMin } from '../../../sim/shops/index.ts';

const terms: DeliveryTerms = {
  baseFeeMinor: 300,
  perKmMinor: 100,
  freeOverMinor: 5000,
  radiusM: 3000,
  prepMin: 8,
  minPerKm: 6,
};

const places = fc.record({
  latE6: fc.integer({ min: -90_000_000, max: 90_000_000 }),
  lonE6: fc.integer({ min: -180_000_000, max: 180_000_000 }),
});

describe('distance', () => {
  test('is known for a quarter, a half and a hundredth of a degree of the equator', () => {
    const origin = { latE6: 0, lonE6: 0 };
    expect(distanceM(origin, { latE6: 0, lonE6: 90_000_000 })).toBe(10_007_560);
    expect(distanceM(origin, { latE6: 0, lonE6: 180_000_000 })).toBe(20_015_120);
    expect(distanceM(origin, { latE6: 0, lonE6: 10_000 })).toBe(1_110);
  });

  test('shrinks between meridians away from the equator', () => {
    // 0.01° of longitude at 60° north is half of what it is at the equator.
    expect(distanceM({ latE6: 60_000_000, lonE6: 0 }, { latE6: 60_000_000, lonE6: 10_000 })).toBe(560);
  });

  test('crosses the date line the short way', () => {
    expect(distanceM({ latE6: 0, lonE6: 179_995_000 }, { latE6: 0, lonE6: -179_995_000 })).toBe(1_110);
  });

  test('is a whole multiple of 10 m, the same both ways, and 0 to itself', () => {
    fc.assert(
      fc.property(places, places, (here, there) => {
        const metres = distanceM(here, there);
        expect(metres % 10).toBe(0);
        expect(metres).toBeLessThanOrEqual(20_015_120);
        expect(distanceM(there, here)).toBe(metres);
        expect(distanceM(here, here)).toBe(0);
      }),
      { seed: 7, numRuns: 1_000 },
    );
  });
});

describe('delivery', () => {
  test('costs the base fee and each started kilometre', () => {
    expect(deliveryFeeMinor(terms, 0, 1000)).toBe(300);
    expect(deliveryFeeMinor(terms, 10, 1000)).toBe(400);
    expect(deliveryFeeMinor(terms, 1000, 1000)).toBe(400);
    expect(deliveryFeeMinor(terms, 1010, 1000)).toBe(500);
  });

  test('is free from the threshold on, and only where there is one', () => {
    expect(deliveryFeeMinor(terms, 500, 4999)).toBe(400);
    expect(deliveryFeeMinor(terms, 500, 5000)).toBe(0);
    const { freeOverMinor: _none, ...neverFree } = terms;
    expect(deliveryFeeMinor(neverFree, 500, 1_000_000)).toBe(400);
  });

  test('promises minutes rounded up', () => {
    expect(etaMin(terms, 0)).toBe(8);
    expect(etaMin(terms, 1000)).toBe(14);
    expect(etaMin(terms, 1010)).toBe(15);
  });
});
