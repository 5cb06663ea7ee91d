import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeText, TITLE_LIMITS } from '../../../device/confirm/text.ts';
import type { EpochMs } from '../../../protocol/index.ts';
import type { Quoted } from '../../../sim/cloud/index.ts';
import { MAX_SEATS_PER_ORDER } from '../../../sim/tickets/seat-seller.ts';
import type { HeldSeat } from '../../../sim/tickets/seats-held.ts';
import { damai, EARLY, HOUR_MS, IN_SALE, line, local, rail, request, SALE_BEGINS, SATURDAY } from './houses.ts';

type Quote = Quoted<readonly HeldSeat[]>;

function quoted(answer: Quote | string): Quote {
  if (typeof answer === 'string') throw new Error(`refused: ${answer}`);
  return answer;
}

describe('seats for a concert', () => {
  const two = request([line('concert-ticket', 2, { tier: 'a' })], SATURDAY);

  it('stand in the line of the cart, side by side, with the price of both and the time of the concert', () => {
    const { terms, goods, categories } = quoted(damai().quote(two, IN_SALE));
    expect(terms.lines).toHaveLength(1);
    expect(terms.lines[0]).toMatchObject({ sku: 'dm-20261128-a', itemId: 'concert-ticket', quantity: 2 });
    expect(terms.lines[0]?.title).toMatch(/ 11-28 甲档 \d排(\d+)-(\d+)座$/);
    const [one, other] = goods;
    expect((other?.seat ?? 0) - (one?.seat ?? 0)).toBe(1);
    expect(terms.totalMinor).toBe((one?.priceMinor ?? 0) * 2);
    expect(terms.happensAt).toBe(local(2026, 11, 28, 19, 30) / 1000);
    expect(categories).toEqual(['tickets']);
    const english = quoted(damai().quote({ ...two, locale: 'en-US' }, IN_SALE)).terms.lines[0]?.title;
    expect(english).toMatch(/ 11-28 front tier row \d seat \d+-\d+$/);
  });

  it('are refused before the sale, to those who wait in line, and once they are gone', () => {
    expect(damai().quote(two, (SALE_BEGINS - 1) as EpochMs)).toBe('not-on-sale');
    expect(damai().quote(two, SALE_BEGINS)).toBe('queueing');
    expect(damai().quote(two, (SALE_BEGINS + 9_999) as EpochMs)).toBe('queueing');
    expect(typeof damai().quote(two, (SALE_BEGINS + 60_000) as EpochMs)).toBe('object');
    const four = request([line('concert-ticket', 4, { tier: 'a' })], SATURDAY);
    expect(['sold-out', 'no-seat']).toContain(damai().quote(four, (SALE_BEGINS + 8 * HOUR_MS) as EpochMs));
  });

  it('are refused apart from each other: that there are some is no use', () => {
    const seller = damai();
    const halfGone = (SALE_BEGINS + HOUR_MS / 2) as EpochMs;
    const many = request([line('concert-ticket', 4, { tier: 'a' })], SATURDAY);
    let answer = seller.quote(many, halfGone);
    for (let order = 0; typeof answer !== 'string'; order += 1) {
      expect(seller.reserve(`o${order}`, answer.goods)).toBeUndefined();
      answer = seller.quote(many, halfGone);
    }
    expect(answer).toBe('no-seat');
    const left = seller.prices(['concert-ticket'], SATURDAY, halfGone)[0]?.available ?? 0;
    expect(left).toBeGreaterThanOrEqual(4);
  });

  it.each([
    ['not-sold', request([line('train-ticket', 1)], SATURDAY)],
    ['not-sold', request([line('concert-ticket', 1), line('train-ticket', 1)], SATURDAY)],
    ['option-not-offered', request([line('concert-ticket', 1, { tier: 'z' })], SATURDAY)],
    ['option-not-offered', request([line('concert-ticket', 1, { seat: 'window' })], SATURDAY)],
    ['option-not-offered', request([line('concert-ticket', 1, { constructor: 'a' })], SATURDAY)],
    ['too-many-seats', request([line('concert-ticket', MAX_SEATS_PER_ORDER + 1)], SATURDAY)],
    ['too-many-seats', request([line('concert-ticket', 4), line('concert-ticket', 3)], SATURDAY)],
    ['not-then', request([line('concert-ticket', 1)], EARLY)],
  ])('are refused with %s: %#', (code, body) => {
    expect(damai().quote(body, IN_SALE)).toBe(code);
  });

  it('that were asked for in one tier twice are refused as twice the same option', () => {
    const options = ['a', 'b'].map((choiceId) => ({ optionId: 'tier', choiceId }));
    const body = request([{ itemId: 'concert-ticket', quantity: 1, options }], SATURDAY);
    expect(damai().quote(body, IN_SALE)).toBe('option-not-offered');
  });

  it('are in one row and next to each other however full the hall is', () => {
    const seller = damai();
    let found = 0;
    for (let step = 0; step < 72; step += 1) {
      for (const quantity of [2, 3, 4]) {
        const body = request([line('concert-ticket', quantity, { tier: 'a' })], SATURDAY);
        const answer = seller.quote(body, (IN_SALE + step * 300_000) as EpochMs);
        if (typeof answer === 'string') continue;
        found += 1;
        const seats = answer.goods.map(({ seat }) => seat);
        expect(seats).toEqual(seats.map((_, i) => (seats[0] ?? 0) + i));
        expect(new Set(seats.map((seat) => Math.floor(seat / 12))).size).toBe(1);
      }
    }
    expect(found).toBeGreaterThan(30);
  });

  it('of two lines of one order are different ones', () => {
    const lines = [1, 2].map(() => line('concert-ticket', 2, { tier: 'a' }));
    const { goods, terms } = quoted(damai().quote(request(lines, SATURDAY), IN_SALE));
    expect(new Set(goods.map(({ seat }) => seat)).size).toBe(4);
    expect(terms.lines).toHaveLength(2);
  });

  it('are the cheapest there are where no tier was asked for', () => {
    const { terms } = quoted(damai().quote(request([line('concert-ticket', 1)], SATURDAY), IN_SALE));
    expect(terms.lines[0]?.sku).toBe('dm-20261128-c');
  });
});

describe('seats that are set aside', () => {
  const body = request([line('concert-ticket', 2, { tier: 'b' })], SATURDAY);

  it('T3: are nobody else’s, and can be had again when the order is given up', () => {
    const seller = damai();
    const first = quoted(seller.quote(body, IN_SALE)).goods;
    expect(seller.reserve('one', first)).toBeUndefined();
    expect(quoted(seller.quote(body, IN_SALE)).goods).not.toEqual(first);
    expect(seller.reserve('two', first)).toBe('no-seat');
    seller.release('one');
    expect(quoted(seller.quote(body, IN_SALE)).goods).toEqual(first);
    // The number of an order that was given up is used.
    expect(seller.reserve('one', first)).toBe('no-seat');
  });

  it('stay away once they were handed over', () => {
    const seller = damai();
    const first = quoted(seller.quote(body, IN_SALE)).goods;
    seller.reserve('one', first);
    seller.commit('one');
    seller.release('one');
    expect(quoted(seller.quote(body, IN_SALE)).goods).not.toEqual(first);
  });

  it('can be withdrawn by the operator, one by one, until the hand-over; those do not come back', () => {
    const seller = damai();
    const first = quoted(seller.quote(body, IN_SALE)).goods;
    seller.reserve('one', first);
    expect(seller.missingMinor('one')).toBe(0);
    expect(seller.command('withdraw one')).toBe('done');
    expect(seller.missingMinor('one')).toBe(first[1]?.priceMinor);
    expect(seller.command('withdraw one')).toBe('done');
    expect(seller.command('withdraw one')).toBe('order-state');
    expect(seller.command('withdraw two')).toBe('order-unknown');
    expect([seller.command('withdraw'), seller.command('withdraw one two'), seller.command('sing')]).toEqual(
      Array(3).fill('command-unknown'),
    );
    seller.release('one');
    expect(quoted(seller.quote(body, IN_SALE)).goods).not.toEqual(first);
  });
});

const needs = fc.array(
  fc.record({
    house: fc.constantFrom('damai', 'rail'),
    quantity: fc.integer({ min: 1, max: 4 }),
    section: fc.constantFrom(undefined, 0, 1),
    seat: fc.constantFrom(undefined, 'window', 'aisle'),
    locale: fc.constantFrom('zh-CN' as const, 'en-US' as const),
    isReleased: fc.boolean(),
  }),
  { maxLength: 30 },
);

it('T8: no seat is given twice, orders of a concert sit together, totals add up, and every title can be shown', () => {
  const sections = { damai: ['a', 'c'], rail: ['second', 'first'] } as const;
  fc.assert(
    fc.property(needs, (orders) => {
      const sellers = { damai: damai(), rail: rail() };
      const given = new Map<string, string>();
      for (const [i, { house, quantity, section, seat, locale, isReleased }] of orders.entries()) {
        const isRail = house === 'rail';
        const seller = sellers[house as 'damai' | 'rail'];
        const options = {
          ...(section !== undefined && { [isRail ? 'class' : 'tier']: sections[isRail ? 'rail' : 'damai'][section] }),
          ...(isRail && seat !== undefined && { seat }),
        };
        const need = line(isRail ? 'train-ticket' : 'concert-ticket', quantity, options);
        const answer = seller.quote(request([need], isRail ? EARLY : SATURDAY, { locale }), IN_SALE);
        if (typeof answer === 'string') {
          expect(['sold-out', 'no-seat']).toContain(answer);
          continue;
        }
        const { terms, goods } = answer;
        expect(seller.reserve(`o${i}`, goods)).toBeUndefined();
        const names = goods.map(({ place, seat: number }) => `${place}/${number}`);
        expect(new Set(names).size).toBe(quantity);
        for (const name of names) expect(given.has(name), name).toBe(false);
        if (!isRail) {
          const seats = goods.map(({ seat: number }) => number);
          expect(seats).toEqual(seats.map((_, k) => (seats[0] ?? 0) + k));
        }
        expect(terms.totalMinor).toBe(goods.reduce((sum, { priceMinor }) => sum + priceMinor, 0));
        const title = terms.lines[0]?.title ?? '';
        expect(title.length).toBeLessThanOrEqual(96);
        expect(safeText(title, TITLE_LIMITS)).toEqual({ ok: true, text: title });
        if (isReleased) seller.release(`o${i}`);
        else for (const name of names) given.set(name, `o${i}`);
      }
    }),
    { seed: 5, numRuns: 60 },
  );
});

it('T8: the longest titles fit a cart line', () => {
  for (const locale of ['zh-CN', 'en-US'] as const) {
    const concert = request([line('concert-ticket', MAX_SEATS_PER_ORDER, { tier: 'c' })], SATURDAY, { locale });
    const train = request([line('train-ticket', MAX_SEATS_PER_ORDER, { class: 'second' })], EARLY, { locale });
    for (const answer of [damai().quote(concert, IN_SALE), rail().quote(train, IN_SALE)])
      expect(quoted(answer).terms.lines[0]?.title.length).toBeLessThanOrEqual(96);
  }
});
