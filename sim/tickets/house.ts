/** What a seller of seats is made of: things that happen at a time, in sections with seats and a price that moves. */
import type { Locale } from '../../device/voice/vocabulary.ts';
import type { EpochMs } from '../../protocol/index.ts';

/** When the world outside takes a seat, and whether it comes back for a while; `Infinity` for never. */
export interface SeatFate {
  readonly soldAt: number;
  readonly returnedAt: number;
  readonly resoldAt: number;
}

/** One part of a hall or one class of a train. Seats count from 0, row by row. */
export interface Section {
  /** Of the house's section option, for example `a` or `second`. */
  readonly choiceId: string;
  readonly rows: number;
  /** What the seats of a row are called, from one side to the other. */
  readonly columns: readonly string[];
  /** Drawn when somebody first asks: most outings are over or gone before anybody does. */
  readonly fates: readonly SeatFate[];
  /** Price of one seat, minor units of CNY. */
  priceMinor(at: EpochMs): number;
}

/** One concert or one departure. */
export interface Outing {
  /** Unique in the house: at most 14 characters of a–z, 0–9 and hyphen. */
  readonly code: string;
  /** What its tickets are called before class and seat are named. */
  readonly title: Readonly<Record<Locale, string>>;
  readonly happensAt: EpochMs;
  readonly onSaleAt: EpochMs;
  /** From then on nothing is sold. */
  readonly closesAt: EpochMs;
  readonly sections: readonly Section[];
  /** How long somebody waits in line once the sale has begun, in milliseconds. */
  queueMs(device: string): number;
}

export interface House {
  readonly party: string;
  /** The one thing of the vocabulary that it sells, and its category. */
  readonly itemId: string;
  readonly category: string;
  /** Which option names the section, and the sections there are. */
  readonly sectionOption: string;
  readonly sectionIds: readonly string[];
  /** For the option `seat`: which columns are meant. Empty where nobody can choose. */
  readonly seatKinds: Readonly<Record<string, readonly string[]>>;
  /** What may be said as well, because all that is sold here is so: its choices by option. */
  readonly always: Readonly<Record<string, readonly string[]>>;
  /** Whether an order of several gets seats side by side in one row, or none. */
  readonly isSideBySide: boolean;
  /** How far ahead outings are known. */
  readonly horizonMs: number;
  /** The world outside buys and prices move only at multiples of this. */
  readonly stepMs: number;
  /** Prices move only at multiples of this, which is a multiple of `stepMs`. */
  readonly priceStepMs: number;
  readonly handOverMin: number;
  readonly etaMin: number;
  /** What happens from one moment until before the other, in order of time. */
  outings(from: EpochMs, until: EpochMs): readonly Outing[];
  /** Seats of one section in the words of a ticket. */
  seatWords(section: Section, seats: readonly number[], locale: Locale): string;
}

/** Whether somebody outside has the seat. */
export function isTaken({ soldAt, returnedAt, resoldAt }: SeatFate, at: EpochMs): boolean {
  return soldAt <= at && !(returnedAt <= at && at < resoldAt);
}
