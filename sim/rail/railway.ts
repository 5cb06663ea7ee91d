/**
 * The railway's house: trains from Hangzhou East to Shanghai Hongqiao between six in the morning and ten in the evening. Numbers and
 * times are invented and differ from day to day; seats go on sale fifteen days ahead at eight, in two classes.
 */
import type { Locale } from '../../device/voice/vocabulary.ts';
import type { EpochMs } from '../../protocol/index.ts';
import { Calendar } from '../tickets/calendar.ts';
import { Chance } from '../tickets/chance.ts';
import { seatFates } from '../tickets/demand.ts';
import type { House, Outing, SeatFate, Section } from '../tickets/house.ts';
import { DAY_MS, MINUTE_MS, minuteOf, spelled, weekdayOf } from '../tickets/local-day.ts';

const TRAINS = 31;
const FIRST_MIN = 370;
const APART_MIN = 31;
const JITTER_MIN = 12;
const FIRST_NUMBER = 7_301;
/** One train in so many stays at home on any given weekday. */
const REST_ONE_IN = 10;
const ON_SALE_DAYS_AHEAD = 15;
const SALE_BEGINS_MIN = 480;
const CLOSES_MIN = 5;
/** Of a thousand seats at least so many are wanted; of some trains all. */
const LEAST_WANTED = 650;
const MORE_WANTED = 400;
/** Prices are in half yuan and move four times an hour. */
const HALF_YUAN_MINOR = 50;
const STEP_MS = 15 * MINUTE_MS;

interface Class {
  readonly choiceId: string;
  readonly coach: number;
  readonly rows: number;
  readonly columns: readonly string[];
  readonly baseMinor: number;
}

const CLASSES: readonly Class[] = [
  { choiceId: 'second', coach: 5, rows: 10, columns: ['A', 'B', 'C', 'D', 'F'], baseMinor: 7_300 },
  { choiceId: 'first', coach: 2, rows: 6, columns: ['A', 'C', 'D', 'F'], baseMinor: 11_700 },
];

export function railHouse(secret: Uint8Array): House {
  const chance = new Chance(secret, 'rail');
  const calendar = new Calendar((day) =>
    Array.from({ length: TRAINS }, (_, index) => index)
      .filter((index) => chance.below(REST_ONE_IN, weekdayOf(day), index) > 0)
      .map((index) => departure(day, index, chance)),
  );
  return {
    party: 'rail',
    itemId: 'train-ticket',
    category: 'rail',
    sectionOption: 'class',
    sectionIds: CLASSES.map(({ choiceId }) => choiceId),
    seatKinds: { window: ['A', 'F'], aisle: ['C', 'D'] },
    always: { destination: ['shanghai'] },
    isSideBySide: false,
    horizonMs: 30 * DAY_MS,
    stepMs: STEP_MS,
    priceStepMs: STEP_MS,
    handOverMin: 2,
    etaMin: 3,
    outings: (from, until) => calendar.between(from, until),
    seatWords,
  };
}

function departure(day: number, index: number, chance: Chance): Outing {
  const number = `G${FIRST_NUMBER + 2 * index}`;
  const happensAt = minuteOf(day, FIRST_MIN + APART_MIN * index + chance.below(JITTER_MIN, day, index));
  const onSaleAt = minuteOf(day - ON_SALE_DAYS_AHEAD, SALE_BEGINS_MIN);
  const { date, compact, clock } = spelled(happensAt);
  const title = `${number} ${date} ${clock}`;
  return {
    code: `${number.toLowerCase()}-${compact}`,
    title: { 'zh-CN': title, 'en-US': title },
    happensAt,
    onSaleAt,
    closesAt: (happensAt - CLOSES_MIN * MINUTE_MS) as EpochMs,
    sections: CLASSES.map((one, which) => sectionOf(one, day, index, which, onSaleAt, chance)),
    queueMs: () => 0,
  };
}

function sectionOf(
  { choiceId, rows, columns, baseMinor }: Class,
  day: number,
  index: number,
  which: number,
  onSaleAt: EpochMs,
  chance: Chance,
): Section {
  const wanted = Math.min(1_000, LEAST_WANTED + chance.below(MORE_WANTED, day, index, which));
  const demand = { wanted, withinMs: ON_SALE_DAYS_AHEAD * DAY_MS, isRush: false, returned: 50 };
  const trainPerMille = chance.swing(120, index, which);
  let fates: readonly SeatFate[] | undefined;
  return {
    choiceId,
    rows,
    columns,
    get fates() {
      fates ??= seatFates(rows * columns.length, demand, onSaleAt, chance, day, index, which);
      return fates;
    },
    priceMinor: (at) => {
      const perMille = trainPerMille + chance.swing(50, day, index, which, Math.floor(at / STEP_MS));
      return Math.floor((baseMinor * (1_000 + perMille)) / 1_000 / HALF_YUAN_MINOR) * HALF_YUAN_MINOR;
    },
  };
}

/** Coach and seat: `5车03F`. */
function seatWords({ choiceId, columns }: Section, seats: readonly number[], locale: Locale): string {
  const coach = CLASSES.find((one) => one.choiceId === choiceId)?.coach ?? 0;
  return seats
    .map((seat) => {
      const row = String(Math.floor(seat / columns.length) + 1).padStart(2, '0');
      const name = `${row}${columns[seat % columns.length]}`;
      return locale === 'zh-CN' ? `${coach}车${name}` : `${coach}-${name}`;
    })
    .join(' ');
}
