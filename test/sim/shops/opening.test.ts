import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochMs } from '../../../protocol/time.ts';
import { isOpen, type OpenDay, type OpenWeek, opensNextAt, shops } from '../../../sim/shops/index.ts';
import { at } from './builders.ts';

const split: OpenDay = [
  { fromMin: 630, toMin: 870 },
  { fromMin: 990, toMin: 1260 },
];
/** Two windows on every day but Tuesday. */
const noTuesdays: OpenWeek = [split, [], split, split, split, split, split];
const never: OpenWeek = [[], [], [], [], [], [], []];

describe('opening hours', () => {
  test('count the first minute and not the closing one', () => {
    expect(isOpen(noTuesdays, epochMs(at('2026-11-23 10:30') - 1))).toBe(false);
    expect(isOpen(noTuesdays, at('2026-11-23 10:30'))).toBe(true);
    expect(isOpen(noTuesdays, epochMs(at('2026-11-23 14:30') - 1))).toBe(true);
    expect(isOpen(noTuesdays, at('2026-11-23 14:30'))).toBe(false);
  });

  test('are those of the weekday in UTC+8, not in UTC', () => {
    const mondaysOnly: OpenWeek = [[{ fromMin: 0, toMin: 1440 }], [], [], [], [], [], []];
    expect(isOpen(mondaysOnly, epochMs(at('2026-11-23 00:00') - 1))).toBe(false);
    expect(isOpen(mondaysOnly, at('2026-11-23 00:00'))).toBe(true);
    expect(isOpen(mondaysOnly, at('2026-11-23 23:59'))).toBe(true);
    expect(isOpen(mondaysOnly, at('2026-11-24 00:00'))).toBe(false);
  });

  test.each([
    ['before the day begins', '2026-11-23 09:30', '2026-11-23 10:30'],
    ['in the break', '2026-11-23 15:00', '2026-11-23 16:30'],
    ['on the closing minute', '2026-11-23 14:30', '2026-11-23 16:30'],
    ['after the day ends, over a closed day', '2026-11-23 21:00', '2026-11-25 10:30'],
  ])('name the next opening %s', (_when, now, next) => {
    expect(opensNextAt(noTuesdays, at(now))).toBe(at(next));
  });

  test('of one window a week are named a whole week ahead', () => {
    const mondayNoon: OpenWeek = [[{ fromMin: 720, toMin: 780 }], [], [], [], [], [], []];
    expect(opensNextAt(mondayNoon, at('2026-11-23 13:00'))).toBe(at('2026-11-30 12:00'));
  });

  test('that never come are a mistake in the catalogue', () => {
    expect(() => opensNextAt(never, at('2026-11-23 09:30'))).toThrow('never opens');
  });

  test('lead a closed shop to a moment when it is open, and not before', () => {
    const instants = fc.integer({ min: at('2026-01-01 00:00'), max: at('2027-01-01 00:00') }).map(epochMs);
    fc.assert(
      fc.property(fc.constantFrom(noTuesdays, ...shops.map((shop) => shop.opens)), instants, (opens, now) => {
        fc.pre(!isOpen(opens, now));
        const next = opensNextAt(opens, now);
        expect(next).toBeGreaterThan(now);
        expect(isOpen(opens, next)).toBe(true);
        expect(isOpen(opens, epochMs(next - 1))).toBe(false);
      }),
      { seed: 23, numRuns: 1_000 },
    );
  });
});
