/** Hours as they are said: nine, 9:30 pm, half past eight, 早上九点半; and parts of the day. */
import { readNumber } from '../numbers.ts';
import type { Token } from '../tokens.ts';
import { phrases, phraseTable, type Read } from './phrase-table.ts';

/** A part of the day, in minutes of it, and how an hour up to twelve is read in it. */
export interface DayPart {
  readonly from: number;
  readonly until: number;
  readonly half: 'am' | 'noon' | 'pm';
}

/** A point of the clock, 0 to 1,440. */
export interface Clock {
  readonly minute: number;
  /** Set when the hour may be in either half of the day. */
  readonly unsureHour?: number;
  /** Said along with the hour. */
  readonly half?: DayPart['half'];
}

/** Below this hour an order in the morning is unlikely and one in the afternoon is not: "at three" is asked about. */
const FIRST_SURE_HOUR = 7;

/** Around noon. */
export const NOON_PART: DayPart = { from: 660, until: 780, half: 'noon' };

/** The part of the day that a word names. */
export const dayPart = phraseTable<DayPart>([
  [{ from: 0, until: 300, half: 'am' }, '凌晨|small hours'],
  [
    { from: 300, until: 540, half: 'am' },
    'early morning|early in the morning|early|first thing|清早|清晨|一早|早班|大清早',
  ],
  [{ from: 300, until: 720, half: 'am' }, 'morning|in the morning|上午|早上|早晨|早间'],
  [NOON_PART, 'noon|midday|at noon|lunchtime|lunch time|at lunch|中午|正午'],
  [{ from: 720, until: 1080, half: 'pm' }, 'afternoon|in the afternoon|下午|午后'],
  [{ from: 1080, until: 1440, half: 'pm' }, 'evening|in the evening|night|at night|晚上|傍晚|晚间|夜里|夜间'],
]);

const HALF = phraseTable<DayPart['half']>([
  ['am', 'am|a m'],
  ['pm', 'pm|p m'],
]);
const OCLOCK = phrases("o'clock|oclock");
const PAST_HOUR = phraseTable([
  [30, 'half past'],
  [15, 'quarter past|a quarter past'],
  [-15, 'quarter to|a quarter to'],
]);
const HAN_TAIL = phraseTable([
  [30, '半'],
  [15, '一刻'],
  [45, '三刻'],
  [0, '钟|整'],
]);
const MIDNIGHT = phrases('midnight|午夜|半夜十二点');
const NOON = phrases('noon|midday|中午|正午');
const BEFORE_AFTER = /^[前后之以]$/u;
/** What a number before it counts, so that it is no hour. */
const COUNTED = phrases(
  'yuan|kuai|rmb|cny|percent|per cent|%|day|week|month|year|hour|minute|minutes|min|mins|times|each|apiece|a day|per|a time|块|元|张|杯|天|周|个|次|份|月|号|日|年|分钟|小时|dollar|euro|pound|buck|¥|$|€|£',
);

interface RawClock {
  readonly hour: number;
  readonly minute: number;
  readonly end: number;
  /** Nothing but a number was said. */
  readonly bare?: true;
}

/**
 * The point of the clock that starts at `at`; a part of the day said before it (`part`) decides its half. A bare number is
 * an hour only where one is expected (`bare`), after "before" for example.
 */
export function readClock(
  tokens: readonly Token[],
  at: number,
  part: DayPart['half'] | undefined,
  bare: boolean,
): Read<Clock> | undefined {
  const midnight = MIDNIGHT(tokens, at);
  if (midnight) return { value: { minute: 1_440 }, end: midnight.end };
  const noon = NOON(tokens, at);
  if (noon && (bare || BEFORE_AFTER.test(tokens[noon.end]?.text ?? '')))
    return { value: { minute: 720 }, end: noon.end };
  const raw = readRaw(tokens, at);
  if (raw === undefined) return undefined;
  const half = readHalf(tokens, raw.end);
  // 下午一杯: a Han numeral without 点 counts.
  const isHour = bare && tokens[at]?.kind !== 'han' && COUNTED(tokens, raw.end) === undefined;
  if (raw.bare && half === undefined && !isHour) return undefined;
  const clock = inHalf(raw, half?.value ?? part);
  return clock && { value: half ? { ...clock, half: half.value } : clock, end: half?.end ?? raw.end };
}

/** "am", "p.m.", or a part of the day right after the hour; the dot of an abbreviation is heard as a pause. */
function readHalf(tokens: readonly Token[], at: number): Read<DayPart['half']> | undefined {
  const spaced =
    /^[ap]$/.test(tokens[at]?.text ?? '') && tokens[at + 1]?.kind === 'break' && tokens[at + 2]?.text === 'm';
  if (spaced)
    return { value: tokens[at]?.text === 'a' ? 'am' : 'pm', end: at + (tokens[at + 3]?.kind === 'break' ? 4 : 3) };
  const half = HALF(tokens, at);
  if (half) return half;
  const after = dayPart(tokens, at);
  // "Nine early" is no hour of the morning, "nine in the morning" is.
  return after && tokens[after.end - 1]?.text !== 'early' ? { value: after.value.half, end: after.end } : undefined;
}

function readRaw(tokens: readonly Token[], at: number): RawClock | undefined {
  const text = tokens[at]?.text ?? '';
  const written = /^(\d{1,2}):(\d{2})$/.exec(text);
  if (written) return { hour: Number(written[1]), minute: Number(written[2]), end: at + 1 };
  const offset = PAST_HOUR(tokens, at);
  const number = readWhole(tokens, offset?.end ?? at);
  if (number === undefined || number.hundredths % 100 !== 0) return readDotted(text, at);
  const hour = number.hundredths / 100;
  if (offset) return { hour: offset.value < 0 ? hour - 1 : hour, minute: (offset.value + 60) % 60, end: number.end };
  if (tokens[number.end]?.text === '点') return readHan(tokens, hour, number.end + 1);
  const oclock = OCLOCK(tokens, number.end);
  if (oclock) return { hour, minute: 0, end: oclock.end };
  const more = readNumber(tokens, number.end);
  // "nine thirty"
  if (tokens[at]?.kind === 'word' && more && more.hundredths >= 1_000 && more.hundredths < 6_000 && hour <= 24) {
    return { hour, minute: more.hundredths / 100, end: more.end, bare: true };
  }
  return { hour, minute: 0, end: number.end, bare: true };
}

/** 九点一杯 is nine o'clock and a cup, not nine point one. */
function readWhole(tokens: readonly Token[], at: number): ReturnType<typeof readNumber> {
  const number = readNumber(tokens, at);
  const point = tokens.findIndex(({ text }, index) => index > at && text === '点');
  return number && tokens[at]?.kind === 'han' && point > at && point < number.end
    ? readNumber(tokens.slice(0, point), at)
    : number;
}

/** "7.30" is a time where it cannot be read as a number of anything. */
function readDotted(text: string, at: number): RawClock | undefined {
  const dotted = /^(\d{1,2})\.([0-5]\d)$/.exec(text);
  return dotted ? { hour: Number(dotted[1]), minute: Number(dotted[2]), end: at + 1, bare: true } : undefined;
}

function readHan(tokens: readonly Token[], hour: number, at: number): RawClock {
  const tail = HAN_TAIL(tokens, at);
  if (tail) return { hour, minute: tail.value, end: tail.end };
  const minute = readNumber(tokens, at);
  const counted = minute && tokens[minute.end]?.text === '分' ? minute.end + 1 : undefined;
  if (minute && minute.hundredths < 6_000 && minute.hundredths % 100 === 0) {
    // 九点十分, and 九点四十 before 前 or a pause; 九点两杯 counts cups.
    if (counted !== undefined) return { hour, minute: minute.hundredths / 100, end: counted };
    if (minute.hundredths >= 1_000 && COUNTED(tokens, minute.end) === undefined)
      return { hour, minute: minute.hundredths / 100, end: minute.end };
  }
  return { hour, minute: 0, end: at };
}

function inHalf({ hour, minute }: RawClock, half: DayPart['half'] | undefined): Clock | undefined {
  if (hour > 24 || minute > 59 || hour < 0) return undefined;
  if (hour > 12 || half === undefined || hour === 0) return plain(hour, minute);
  if (half === 'am') return { minute: (hour % 12) * 60 + minute };
  if (half === 'noon') return { minute: (hour < 6 ? hour + 12 : hour) * 60 + minute };
  // Midnight ends the evening: 晚上十二点.
  return { minute: hour === 12 ? 1_440 : (hour + 12) * 60 + minute };
}

function plain(hour: number, minute: number): Clock | undefined {
  if (hour * 60 + minute > 1_440) return undefined;
  const unsure = hour > 0 && hour < FIRST_SURE_HOUR;
  return { minute: hour * 60 + minute, ...(unsure ? { unsureHour: hour } : {}) };
}

/** `clock` in the half of the day that was asked for. */
export function settleHalf(minute: number, half: 'am' | 'pm'): number {
  return half === 'pm' && minute < 720 ? minute + 720 : minute;
}
