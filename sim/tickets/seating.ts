/** Which seats an order gets at one outing. */
import type { EpochMs } from '../../protocol/index.ts';
import type { FrameOf } from '../cloud/handler.ts';
import { type House, isTaken, type Outing, type Section } from './house.ts';
import type { HeldSeat } from './seats-held.ts';

export type NeedLine = FrameOf<'cart-request'>['body']['lines'][number];

export interface SeatedLine {
  readonly need: NeedLine;
  readonly section: Section;
  readonly seats: readonly HeldSeat[];
  readonly unitMinor: number;
}

export type NoSeats = 'sold-out' | 'no-seat';

/** Whether this desk has given the seat to somebody. */
export type IsHeld = (place: string, seat: number) => boolean;

export function placeOf(outing: Outing, section: Section): string {
  return `${outing.code}/${section.choiceId}`;
}

/** The choice of an option in a line; `undefined` where it was left open. */
export function chosen(need: NeedLine, option: string): string | undefined {
  return need.options.find(({ optionId }) => optionId === option)?.choiceId;
}

/** Seats of a section that anybody can have, in order; with `columns` only those in them. */
export function freeSeats(
  outing: Outing,
  section: Section,
  at: EpochMs,
  isHeld: IsHeld,
  columns?: readonly string[],
): readonly number[] {
  const place = placeOf(outing, section);
  const free: number[] = [];
  for (const [seat, fate] of section.fates.entries()) {
    if (isTaken(fate, at) || isHeld(place, seat)) continue;
    if (columns?.includes(section.columns[seat % section.columns.length] as string) !== false) free.push(seat);
  }
  return free;
}

/** Seats for every line: in the section that was asked for, otherwise in the cheapest that has them. */
export function seatLines(
  house: House,
  outing: Outing,
  needs: readonly NeedLine[],
  at: EpochMs,
  isHeld: IsHeld,
): readonly SeatedLine[] | NoSeats {
  const given = new Set<string>();
  const heldOrGiven: IsHeld = (place, seat) => isHeld(place, seat) || given.has(`${place}/${seat}`);
  const lines: SeatedLine[] = [];
  for (const need of needs) {
    const line = seatLine(house, outing, need, at, heldOrGiven);
    if (typeof line === 'string') return line;
    for (const { place, seat } of line.seats) given.add(`${place}/${seat}`);
    lines.push(line);
  }
  return lines;
}

function seatLine(house: House, outing: Outing, need: NeedLine, at: EpochMs, isHeld: IsHeld): SeatedLine | NoSeats {
  const wished = chosen(need, house.sectionOption);
  const columns = house.seatKinds[chosen(need, 'seat') ?? ''];
  const sections = outing.sections
    .filter(({ choiceId }) => wished === undefined || choiceId === wished)
    .map((section) => ({ section, unitMinor: section.priceMinor(at) }))
    .sort((one, other) => one.unitMinor - other.unitMinor);
  let isAnywhere = false;
  for (const { section, unitMinor } of sections) {
    const free = freeSeats(outing, section, at, isHeld, columns);
    const seats = house.isSideBySide ? sideBySide(free, need.quantity, section) : free.slice(0, need.quantity);
    if (seats.length === need.quantity) {
      const place = placeOf(outing, section);
      return { need, section, unitMinor, seats: seats.map((seat) => ({ place, seat, priceMinor: unitMinor })) };
    }
    isAnywhere ||= freeSeats(outing, section, at, isHeld).length >= need.quantity;
  }
  return isAnywhere ? 'no-seat' : 'sold-out';
}

/** The first run of so many seats in one row. */
function sideBySide(free: readonly number[], quantity: number, { columns }: Section): readonly number[] {
  for (let start = 0; start + quantity <= free.length; start += 1) {
    const run = free.slice(start, start + quantity);
    const [first, last] = [run[0] as number, run[quantity - 1] as number];
    const isOneRow = Math.floor(first / columns.length) === Math.floor(last / columns.length);
    if (isOneRow && last - first === quantity - 1) return run;
  }
  return [];
}
