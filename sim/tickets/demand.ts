/** How a crowd buys a section out, seat by seat, and gives a few seats back. */
import type { EpochMs } from '../../protocol/index.ts';
import type { Chance } from './chance.ts';
import type { SeatFate } from './house.ts';
import { MINUTE_MS } from './local-day.ts';

export interface Demand {
  /** Of a thousand seats, how many are wanted in the end. */
  readonly wanted: number;
  /** By when all of those are sold, counted from the beginning of the sale. */
  readonly withinMs: number;
  /** A rush buys most in the beginning: after an eighth of the time half of what will be sold is gone. */
  readonly isRush: boolean;
  /** Of a thousand sold seats, how many come back for a while. */
  readonly returned: number;
}

const PARTS = 1_000_000;

export function seatFates(
  seats: number,
  { wanted, withinMs, isRush, returned }: Demand,
  onSaleAt: EpochMs,
  chance: Chance,
  ...words: readonly number[]
): readonly SeatFate[] {
  return Array.from({ length: seats }, (_, seat) => {
    const draw = (below: number, what: number) => chance.below(below, ...words, seat, what);
    if (draw(1_000, 0) >= wanted) return { soldAt: Infinity, returnedAt: Infinity, resoldAt: Infinity };
    const part = draw(PARTS, 1) / PARTS;
    const soldAt = onSaleAt + Math.floor((isRush ? part * part * part : part) * withinMs);
    if (draw(1_000, 2) >= returned) return { soldAt, returnedAt: Infinity, resoldAt: Infinity };
    const returnedAt = soldAt + (30 + draw(600, 3)) * MINUTE_MS;
    return { soldAt, returnedAt, resoldAt: returnedAt + (30 + draw(90, 4)) * MINUTE_MS };
  });
}
