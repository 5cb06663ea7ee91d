/**
 * Damai's house: a concert each Friday, Saturday and Sunday with three tiers of seats. Friday's goes on sale two weeks
 * before, Saturday's on the Monday before at ten, Sunday's on the Wednesday before; the crowd buys the front tier out.
 */
import type { Locale } from '../../device/voice/vocabulary.ts';
import { type EpochMs, sha256, utf8 } from '../../protocol/index.ts';
import type { Title } from '../shops/index.ts';
import { Calendar } from './calendar.ts';
import { Chance } from './chance.ts';
import { type Demand, seatFates } from './demand.ts';
import type { House, Outing, SeatFate, Section } from './house.ts';
import { DAY_MS, dayOf, HOUR_MS, MINUTE_MS, minuteOf, spelled, weekdayOf } from './local-day.ts';

/** Invented bands. */
const BANDS: readonly Title[] = [
  { 'zh-CN': '夜航乐队', 'en-US': 'Night Ferry' },
  { 'zh-CN': '青柠海岸', 'en-US': 'Lime Coast' },
  { 'zh-CN': '纸飞机合唱团', 'en-US': 'Paper Plane Choir' },
  { 'zh-CN': '三点半', 'en-US': 'Half Past Three' },
  { 'zh-CN': '山雀与钟', 'en-US': 'Titmouse and Bell' },
];

interface Evening {
  readonly weekday: number;
  readonly minute: number;
  readonly onSaleDaysBefore: number;
}

const SALE_BEGINS_MIN = 600;
const EVENINGS: readonly Evening[] = [
  { weekday: 5, minute: 1_170, onSaleDaysBefore: 14 },
  { weekday: 6, minute: 1_170, onSaleDaysBefore: 5 },
  { weekday: 7, minute: 900, onSaleDaysBefore: 4 },
];

interface Tier {
  readonly choiceId: string;
  readonly rows: number;
  readonly perRow: number;
  readonly baseMinor: number;
  readonly demand: Demand;
}

const TIERS: readonly Tier[] = [
  {
    choiceId: 'a',
    rows: 4,
    perRow: 12,
    baseMinor: 118_000,
    demand: { wanted: 1_000, withinMs: 6 * HOUR_MS, isRush: true, returned: 60 },
  },
  {
    choiceId: 'b',
    rows: 5,
    perRow: 14,
    baseMinor: 78_000,
    demand: { wanted: 960, withinMs: DAY_MS, isRush: true, returned: 40 },
  },
  {
    choiceId: 'c',
    rows: 5,
    perRow: 16,
    baseMinor: 48_000,
    demand: { wanted: 850, withinMs: 2 * DAY_MS, isRush: true, returned: 40 },
  },
];

/** Prices are in whole yuan and move twice an hour by up to 2 %, from day to day by up to 6 %. */
const YUAN_MINOR = 100;
const PRICE_STEP_MS = 30 * MINUTE_MS;
const QUEUE_LEAST_S = 10;
const QUEUE_MORE_S = 50;

export function damaiHouse(secret: Uint8Array): House {
  const chance = new Chance(secret, 'damai');
  const calendar = new Calendar((day) =>
    EVENINGS.filter(({ weekday }) => weekday === weekdayOf(day)).map((evening) => concert(day, evening, chance)),
  );
  return {
    party: 'damai',
    itemId: 'concert-ticket',
    category: 'tickets',
    sectionOption: 'tier',
    sectionIds: TIERS.map(({ choiceId }) => choiceId),
    seatKinds: {},
    always: {},
    isSideBySide: true,
    horizonMs: 90 * DAY_MS,
    stepMs: 5 * MINUTE_MS,
    priceStepMs: PRICE_STEP_MS,
    handOverMin: 5,
    etaMin: 10,
    outings: (from, until) => calendar.between(from, until),
    seatWords,
  };
}

function concert(day: number, { minute, onSaleDaysBefore }: Evening, chance: Chance): Outing {
  const band = BANDS[chance.below(BANDS.length, day)] as Title;
  const happensAt = minuteOf(day, minute);
  const onSaleAt = minuteOf(day - onSaleDaysBefore, SALE_BEGINS_MIN);
  const { date, compact } = spelled(happensAt);
  return {
    code: `dm-${compact}`,
    title: { 'zh-CN': `${band['zh-CN']} ${date}`, 'en-US': `${band['en-US']} ${date}` },
    happensAt,
    onSaleAt,
    closesAt: (happensAt - HOUR_MS) as EpochMs,
    sections: TIERS.map((tier, index) => sectionOf(tier, day, index, onSaleAt, chance)),
    queueMs: (device) => (QUEUE_LEAST_S + chance.below(QUEUE_MORE_S, day, numberOf(device))) * 1_000,
  };
}

function sectionOf(
  { choiceId, rows, perRow, baseMinor, demand }: Tier,
  day: number,
  index: number,
  onSaleAt: EpochMs,
  chance: Chance,
): Section {
  let fates: readonly SeatFate[] | undefined;
  return {
    choiceId,
    rows,
    columns: Array.from({ length: perRow }, (_, column) => String(column + 1)),
    get fates() {
      fates ??= seatFates(rows * perRow, demand, onSaleAt, chance, day, index);
      return fates;
    },
    priceMinor: (at) => {
      const perMille =
        chance.swing(60, day, index, dayOf(at)) + chance.swing(20, day, index, Math.floor(at / PRICE_STEP_MS));
      return Math.floor((baseMinor * (1_000 + perMille)) / 1_000 / YUAN_MINOR) * YUAN_MINOR;
    },
  };
}

function numberOf(name: string): number {
  const [a = 0, b = 0, c = 0] = sha256(utf8(name));
  return (a * 256 + b) * 256 + c;
}

/** Seats side by side by their first and last: `3排11-12座`. */
function seatWords({ columns }: Section, seats: readonly number[], locale: Locale): string {
  const row = Math.floor((seats[0] ?? 0) / columns.length) + 1;
  const numbers = seats.map((seat) => (seat % columns.length) + 1);
  const run = numbers.length === 1 ? `${numbers[0]}` : `${numbers[0]}-${numbers.at(-1)}`;
  return locale === 'zh-CN' ? `${row}排${run}座` : `row ${row} seat ${run}`;
}
