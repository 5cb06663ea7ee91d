import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EpochMs } from '../../../protocol/index.ts';
import { isTaken, type SeatFate } from '../../../sim/tickets/house.ts';
import { SeatsLeft } from '../../../sim/tickets/seats-left.ts';
import {
  DAY_MS,
  damai,
  EARLY,
  HOUR_MS,
  IN_SALE,
  line,
  rail,
  request,
  SALE_BEGINS,
  SATURDAY,
  wantedFrom,
} from './houses.ts';

const COLUMNS = ['A', 'C', 'D', 'F'];
const MOST = 50;

/** A seat is sold, given back and sold again in this order, or stops somewhere on the way. */
const fate: fc.Arbitrary<SeatFate> = fc
  .tuple(fc.array(fc.integer({ min: 0, max: MOST }), { minLength: 3, maxLength: 3 }), fc.integer({ min: 0, max: 3 }))
  .map(([times, known]) => {
    const [soldAt, returnedAt, resoldAt] = times.toSorted((a, b) => a - b).map((at, i) => (i < known ? at : Infinity));
    return { soldAt, returnedAt, resoldAt } as SeatFate;
  });

it('counts the seats that nobody has, at every moment, in some columns or in all', () => {
  const columns = fc.option(fc.subarray(COLUMNS), { nil: undefined });
  const seats = fc.array(fate, { minLength: 1, maxLength: 24 });
  const held = fc.uniqueArray(fc.nat({ max: 23 }));
  fc.assert(
    fc.property(seats, columns, held, (fates, meant, given) => {
      const section = { choiceId: 'second', rows: 6, columns: COLUMNS, fates, priceMinor: () => 100 };
      const ours = new Set(given.filter((seat) => seat < fates.length));
      const left = new SeatsLeft(section, meant);
      for (let at = 0; at <= MOST + 1; at += 1) {
        const isFree = (one: SeatFate, seat: number) =>
          !isTaken(one, at as EpochMs) &&
          !ours.has(seat) &&
          (meant ?? COLUMNS).includes(COLUMNS[seat % COLUMNS.length] as string);
        expect(left.at(at as EpochMs, ours)).toBe(fates.filter(isFree).length);
      }
    }),
  );
});

it.each([
  ['concerts', damai, SATURDAY, 'concert-ticket'],
  ['trains', rail, EARLY, 'train-ticket'],
] as const)(
  'T3: the news of %s counts what can be ordered, also when a clock is set back',
  (_, seller, wanted, item) => {
    const one = seller();
    const told = (at: number) => one.prices([item], wanted, at as EpochMs);
    const first = told(IN_SALE);
    const answer = one.quote(request([line(item, 2)], wanted), IN_SALE);
    if (typeof answer === 'string') throw new Error(answer);
    one.reserve('o1', answer.goods);
    const total = (prices: ReturnType<typeof told>) => prices.reduce((sum, { available }) => sum + available, 0);
    expect(total(first) - total(told(IN_SALE))).toBeGreaterThan(0);
    told(IN_SALE + HOUR_MS);
    one.release('o1');
    expect(told(IN_SALE)).toEqual(first);
  },
);

it.each([
  ['concerts', damai, wantedFrom(IN_SALE, 24 * 60), 'concert-ticket'],
  ['trains', rail, wantedFrom(IN_SALE, 24), 'train-ticket'],
] as const)('the news of %s says the same, whatever was asked before and whenever', (_, seller, wanted, item) => {
  const moment = fc.oneof(fc.integer({ min: 0, max: 9 * HOUR_MS }), fc.integer({ min: 0, max: 7 * DAY_MS }));
  fc.assert(
    fc.property(fc.array(moment, { minLength: 2, maxLength: 6 }), (moments) => {
      const one = seller();
      for (const after of moments) {
        const at = (IN_SALE - HOUR_MS + after) as EpochMs;
        expect(one.prices([item], wanted, at)).toEqual(seller().prices([item], wanted, at));
      }
    }),
    { numRuns: 20 },
  );
});

it('before the sale nothing is left, though it was on sale by a clock that was ahead', () => {
  const seller = damai();
  const told = (at: number) => seller.prices(['concert-ticket'], SATURDAY, at as EpochMs);
  expect(told(SALE_BEGINS).some(({ available, onSaleAt }) => available > 0 && onSaleAt === undefined)).toBe(true);
  for (const { available, onSaleAt } of told(SALE_BEGINS - HOUR_MS))
    expect([available, onSaleAt]).toEqual([0, SALE_BEGINS / 1000]);
});
