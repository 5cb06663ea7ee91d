import { describe, expect, it } from 'vitest';
import type { EpochMs, EpochSeconds } from '../../../protocol/index.ts';
import { railHouse } from '../../../sim/rail/railway.ts';
import { demoTimeMs } from '../../../sim/shops/index.ts';
import { DAY_MS, EARLY, HOUR_MS, line, local, rail, request, SECRET, wantedFrom } from '../tickets/houses.ts';

const house = railHouse(SECRET);
const days = Array.from({ length: 30 }, (_, i) => local(2026, 11, 23) + i * DAY_MS);
const trainsOf = (day: number) => house.outings(day as EpochMs, (day + DAY_MS) as EpochMs);

describe('the timetable', () => {
  it('has trains between six and ten on each of the next thirty days, in order, apart from each other', () => {
    for (const day of days) {
      const minutes = trainsOf(day).map(({ happensAt }) => (happensAt - day) / 60_000);
      expect(minutes.length).toBeGreaterThan(20);
      expect(Math.min(...minutes)).toBeGreaterThanOrEqual(360);
      expect(Math.max(...minutes)).toBeLessThan(1_320);
      for (const [i, minute] of minutes.entries()) if (i > 0) expect(minute).toBeGreaterThan(minutes[i - 1] ?? 0);
    }
  });

  it('is a function of the date: other times on other days, the same whenever it is asked for', () => {
    const spelled = (day: number) =>
      trainsOf(day).map(({ title }) => title['en-US'].slice(0, 5) + title['en-US'].slice(-5));
    expect(new Set(days.map((day) => spelled(day).join())).size).toBe(days.length);
    expect(JSON.stringify(trainsOf(days[3] ?? 0))).toBe(
      JSON.stringify(railHouse(SECRET).outings(days[3] as EpochMs, ((days[3] ?? 0) + DAY_MS) as EpochMs)),
    );
  });

  it('goes on sale fifteen days ahead at eight in the morning', () => {
    for (const day of days) {
      for (const { onSaleAt } of trainsOf(day)) expect(onSaleAt).toBe(day - 15 * DAY_MS + 8 * HOUR_MS);
    }
  });
});

describe('a seat on a train', () => {
  const seat = (options: Record<string, string>, quantity = 1) =>
    request([line('train-ticket', quantity, options)], EARLY);

  it('is by the window where that was wanted, in the class that was wanted', () => {
    const answer = rail().quote(seat({ class: 'first', seat: 'window' }), demoTimeMs);
    if (typeof answer === 'string') throw new Error(answer);
    const [one] = answer.terms.lines;
    expect(one?.title).toMatch(/^G\d{4} 11-24 0[678]:\d\d 一等座 2车0\d[AF]$/);
    expect(one?.sku).toMatch(/^g\d{4}-20261124-first$/);
    expect(answer.categories).toEqual(['rail']);
    const { happensAt = 0 } = answer.terms;
    expect(happensAt >= EARLY.from && happensAt < EARLY.until).toBe(true);
  });

  it('may be asked for by where all its trains go, and by nowhere else', () => {
    const answer = rail().quote(seat({ destination: 'shanghai', seat: 'window' }), demoTimeMs);
    if (typeof answer === 'string') throw new Error(answer);
    expect(answer.terms.lines[0]?.options).toContainEqual({ optionId: 'destination', choiceId: 'shanghai' });
    expect(rail().quote(seat({ destination: 'beijing' }), demoTimeMs)).toBe('option-not-offered');
  });

  it.each([
    ['window', /[AF]$/],
    ['aisle', /[CD]$/],
  ])('each of two is a %s seat', (kind, letters) => {
    const answer = rail().quote(seat({ seat: kind }, 2), demoTimeMs);
    if (typeof answer === 'string') throw new Error(answer);
    const names = answer.terms.lines[0]?.title.split(' ').slice(4) ?? [];
    expect(names).toHaveLength(2);
    for (const name of names) expect(name).toMatch(letters);
  });

  it('is the cheapest that was told of for the window; a window of one second means one train', () => {
    const seller = rail();
    const prices = seller.prices(['train-ticket'], EARLY, demoTimeMs).filter(({ available }) => available > 0);
    const cheapest = seller.quote(seat({}), demoTimeMs);
    expect(typeof cheapest === 'string' ? cheapest : cheapest.terms.totalMinor).toBe(
      Math.min(...prices.map(({ amountMinor }) => amountMinor)),
    );
    for (const happensAt of new Set(prices.map((price) => price.happensAt ?? 0))) {
      const wanted = { from: happensAt as EpochSeconds, until: (happensAt + 1) as EpochSeconds };
      const answer = seller.quote(request([line('train-ticket', 1)], wanted), demoTimeMs);
      expect(typeof answer === 'string' ? answer : answer.terms.happensAt).toBe(happensAt);
    }
  });

  it('is refused while it is not on sale, when the last is gone, and when no train runs then', () => {
    const far = wantedFrom(local(2026, 12, 15, 6), 3);
    expect(rail().quote(request([line('train-ticket', 1)], far), demoTimeMs)).toBe('not-on-sale');
    const night = wantedFrom(local(2026, 11, 24, 0), 5);
    expect(rail().quote(request([line('train-ticket', 1)], night), demoTimeMs)).toBe('not-then');
    const seller = rail();
    const one = seat({ class: 'first', seat: 'aisle' });
    let answer = seller.quote(one, demoTimeMs);
    for (let order = 0; typeof answer !== 'string'; order += 1) {
      seller.reserve(`o${order}`, answer.goods);
      answer = seller.quote(one, demoTimeMs);
    }
    expect(answer).toBe('no-seat');
    answer = seller.quote(seat({ class: 'first' }), demoTimeMs);
    for (let order = 0; typeof answer !== 'string'; order += 1) {
      seller.reserve(`p${order}`, answer.goods);
      answer = seller.quote(seat({ class: 'first' }), demoTimeMs);
    }
    expect(answer).toBe('sold-out');
  });

  it('is not sold any more five minutes before the train leaves', () => {
    const [train] = trainsOf(local(2026, 11, 24));
    const happensAt = train?.happensAt ?? 0;
    const wanted = { from: (happensAt / 1000) as EpochSeconds, until: (happensAt / 1000 + 1) as EpochSeconds };
    const body = request([line('train-ticket', 1)], wanted);
    expect(rail().quote(body, (happensAt - 300_001) as EpochMs)).not.toBe('not-then');
    expect(rail().quote(body, (happensAt - 300_000) as EpochMs)).toBe('not-then');
  });
});

it('prices differ by train and class, move, and stay under 600 yuan', () => {
  const prices = rail().prices(['train-ticket'], EARLY, demoTimeMs);
  const later = rail().prices(['train-ticket'], EARLY, (demoTimeMs + HOUR_MS) as EpochMs);
  expect(prices.length).toBeLessThanOrEqual(32);
  expect(new Set(prices.map(({ amountMinor }) => amountMinor)).size).toBeGreaterThan(6);
  expect(later.map(({ amountMinor }) => amountMinor)).not.toEqual(prices.map(({ amountMinor }) => amountMinor));
  expect(Math.max(...prices.map(({ amountMinor }) => amountMinor))).toBeLessThan(60_000);
  expect(new Set(prices.map(({ choices }) => choices.join()))).toEqual(
    new Set(['second,window', 'second,aisle', 'first,window', 'first,aisle']),
  );
});

it('of a long window those trains are told of that still have seats', () => {
  const told = rail().prices(['train-ticket'], wantedFrom(local(2026, 11, 24), 24), demoTimeMs);
  expect(told).toHaveLength(32);
  expect(told.every(({ available }) => available > 0)).toBe(true);
});
