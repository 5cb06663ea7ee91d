import { expect, it } from 'vitest';
import type { EpochMs } from '../../../protocol/index.ts';
import { damaiHouse } from '../../../sim/tickets/damai.ts';
import type { Outing, Section } from '../../../sim/tickets/house.ts';
import { seatLines } from '../../../sim/tickets/seating.ts';
import { line, SECRET } from './houses.ts';

const HOUSE = damaiHouse(SECRET);
const NOW = 1_000 as EpochMs;

/** Two rows of three; the digits are the free seats. */
function hall(free: string): Outing {
  const fates = ['0', '1', '2', '3', '4', '5'].map((seat) => ({
    soldAt: free.includes(seat) ? Infinity : 0,
    returnedAt: Infinity,
    resoldAt: Infinity,
  }));
  const section: Section = { choiceId: 'a', rows: 2, columns: ['1', '2', '3'], fates, priceMinor: () => 100 };
  const times = { happensAt: NOW, onSaleAt: NOW, closesAt: NOW };
  return { code: 'x', title: { 'zh-CN': 'x', 'en-US': 'x' }, ...times, sections: [section], queueMs: () => 0 };
}

function seats(free: string, quantity: number): string {
  const seated = seatLines(HOUSE, hall(free), [line('concert-ticket', quantity)], NOW, () => false);
  return typeof seated === 'string' ? seated : seated.flatMap((one) => one.seats.map(({ seat }) => seat)).join('');
}

it.each([
  ['012345', 2, '01'],
  ['1245', 2, '12'],
  ['0245', 2, '45'],
  // The end of one row and the beginning of the next are far apart.
  ['23', 2, 'no-seat'],
  ['0235', 2, 'no-seat'],
  ['345', 3, '345'],
  ['12345', 3, '345'],
  ['012', 1, '0'],
  ['0', 2, 'sold-out'],
  ['', 1, 'sold-out'],
])('of the free seats %s of two rows of three, %i side by side are %s', (free, quantity, expected) => {
  expect(seats(free, quantity)).toBe(expected);
});
