import { describe, expect, it } from 'vitest';
import type { EpochMs } from '../../../protocol/index.ts';
import { demoTimeMs } from '../../../sim/shops/index.ts';
import { damaiHouse } from '../../../sim/tickets/damai.ts';
import { isTaken, type Outing } from '../../../sim/tickets/house.ts';
import { DAY_MS, damai, HOUR_MS, IN_SALE, local, SALE_BEGINS, SATURDAY, SECRET } from './houses.ts';

const house = damaiHouse(SECRET);
const week = house.outings(local(2026, 11, 23), local(2026, 11, 30));

function takenIn({ sections }: Outing, choiceId: string, at: number): number {
  const section = sections.find((one) => one.choiceId === choiceId);
  return section?.fates.filter((fate) => isTaken(fate, at as EpochMs)).length ?? 0;
}

describe('the concerts of a week', () => {
  it('are on Friday, Saturday and Sunday, and go on sale before', () => {
    const when = (at: number) => new Date(at + 8 * HOUR_MS).toISOString().slice(5, 16);
    expect(week.map(({ happensAt, onSaleAt }) => [when(happensAt), when(onSaleAt)])).toEqual([
      ['11-27T19:30', '11-13T10:00'],
      ['11-28T19:30', '11-23T10:00'],
      ['11-29T15:00', '11-25T10:00'],
    ]);
  });

  it('are the same from the same secret and others from another', () => {
    const spelled = (secret: Uint8Array) =>
      JSON.stringify(damaiHouse(secret).outings(local(2026, 11, 23), local(2026, 11, 30)));
    expect(spelled(SECRET)).toBe(spelled(SECRET));
    expect(spelled(SECRET)).not.toBe(spelled(new Uint8Array(32)));
  });

  it('are worked out again with the same result when many others were asked for in between', () => {
    const before = JSON.stringify(house.outings(local(2026, 12, 5), local(2026, 12, 6)));
    house.outings(local(2027, 1, 1), local(2027, 12, 31));
    expect(JSON.stringify(house.outings(local(2026, 12, 5), local(2026, 12, 6)))).toBe(before);
  });
});

describe('the seats of a concert', () => {
  const [, saturday] = week as [Outing, Outing];

  it('are all free before the sale, go fastest in the beginning, and in the front tier to the last', () => {
    const front = [0, 5, 30, 60, 360].map((minutes) => takenIn(saturday, 'a', SALE_BEGINS + minutes * 60_000 - 1));
    expect(front[0]).toBe(0);
    const [, five = 0, thirty = 0, sixty = 0, end = 0] = front;
    expect(five).toBeGreaterThan(0);
    expect(thirty - five).toBeGreaterThan(sixty - thirty);
    expect(sixty).toBeLessThan(48);
    // A few have come back.
    expect(end).toBeGreaterThan(40);
  });

  it('that were returned can be had for a while', () => {
    const returned = house
      .outings(local(2026, 11, 1), local(2027, 1, 31))
      .flatMap(({ sections }) => sections.flatMap(({ fates }) => fates))
      .filter(({ returnedAt }) => Number.isFinite(returnedAt));
    expect(returned.length).toBeGreaterThan(20);
    for (const fate of returned) {
      const { soldAt, returnedAt, resoldAt } = fate;
      expect(isTaken(fate, (soldAt - 1) as EpochMs)).toBe(false);
      expect(isTaken(fate, soldAt as EpochMs)).toBe(true);
      expect(isTaken(fate, (returnedAt - 1) as EpochMs)).toBe(true);
      expect(isTaken(fate, returnedAt as EpochMs)).toBe(false);
      expect(isTaken(fate, resoldAt as EpochMs)).toBe(true);
    }
  });

  it('cost whole yuan that move, never as much as 1,280 and dearer in front', () => {
    const prices = saturday.sections.map(({ priceMinor }) =>
      Array.from({ length: 48 }, (_, i) => priceMinor((SALE_BEGINS + i * 30 * 60_000) as EpochMs)),
    );
    expect(prices.every((tier) => new Set(tier).size > 5)).toBe(true);
    expect(prices.flat().every((minor) => minor % 100 === 0)).toBe(true);
    const [a = [], b = [], c = []] = prices;
    expect(Math.max(...a)).toBeLessThan(128_000);
    expect(Math.min(...a)).toBeGreaterThan(Math.max(...b));
    expect(Math.min(...b)).toBeGreaterThan(Math.max(...c));
  });

  it('make people wait ten seconds to a minute, each his own time', () => {
    const waits = ['one', 'two', 'three', 'four', 'five'].map((device) => saturday.queueMs(device));
    expect(new Set(waits).size).toBeGreaterThan(2);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(10_000);
    expect(Math.max(...waits)).toBeLessThan(60_000);
    expect(saturday.queueMs('one')).toBe(waits[0]);
  });
});

describe('what is told of prices', () => {
  it('is one price for each tier, with the sale’s beginning and nothing to be had until then', () => {
    const told = damai().prices(['concert-ticket'], SATURDAY, demoTimeMs);
    expect(told.map(({ choices, available, onSaleAt }) => [choices, available, onSaleAt])).toEqual(
      ['a', 'b', 'c'].map((tier) => [[tier], 0, SALE_BEGINS / 1000]),
    );
    const inSale = damai().prices(['concert-ticket'], SATURDAY, IN_SALE);
    expect(inSale.every(({ available, onSaleAt }) => available > 10 && onSaleAt === undefined)).toBe(true);
    expect(new Set(inSale.map(({ happensAt }) => happensAt))).toEqual(new Set([local(2026, 11, 28, 19, 30) / 1000]));
  });

  it('is nothing for other things, for the past, and for what is too far away to be known', () => {
    expect(damai().prices(['train-ticket'], SATURDAY, IN_SALE)).toEqual([]);
    expect(damai().prices(['concert-ticket'], SATURDAY, local(2026, 11, 29))).toEqual([]);
    expect(damai().prices(['concert-ticket'], SATURDAY, (IN_SALE - 100 * DAY_MS) as EpochMs)).toEqual([]);
  });

  it('is at most what a message holds, and what can be had first', () => {
    const told = damai().prices(['concert-ticket'], undefined, IN_SALE);
    expect(told).toHaveLength(32);
    const times = told.map(({ happensAt }) => happensAt ?? 0);
    expect(times).toEqual([...times].sort((one, other) => one - other));
  });
});
