/** Days as they are said: tomorrow, 下周六, the third of March, 月底. Each is resolved at once, against the day it is said on. */
import { readNumber } from '../numbers.ts';
import { spell, type Token } from '../tokens.ts';
import { civilOf, dayAt, firstOfMonth, type LocalDay, type LocalNow, mondayOf, weekdayOf } from './calendar.ts';
import type { When } from './clause.ts';
import { past, phrases, phraseTable, type Read } from './phrase-table.ts';
import { calendarDay, monthAlone, namedMonthDay } from './read-month-days.ts';

/** What a day word says before it is known which day it is said on. */
type DayWord =
  | { readonly kind: 'in'; readonly days: number; readonly window?: { readonly from: number; readonly until: number } }
  /** `week` in weeks from this one; absent: the next such day. `loose`: people disagree which one it is. */
  | { readonly kind: 'weekday'; readonly weekday: number; readonly week?: number; readonly loose?: true }
  | { readonly kind: 'weekend' | 'week' | 'month'; readonly ahead: number }
  | { readonly kind: 'month-end' | 'year-end'; readonly ahead: number };

const MORNING = { from: 300, until: 720 };
const AFTERNOON = { from: 720, until: 1080 };
const EVENING = { from: 1080, until: 1440 };

const FIXED: readonly (readonly [DayWord, string])[] = [
  [{ kind: 'in', days: 0 }, 'today|今天|今日|今儿'],
  [{ kind: 'in', days: 0, window: MORNING }, 'this morning|今早'],
  [{ kind: 'in', days: 0, window: AFTERNOON }, 'this afternoon'],
  [{ kind: 'in', days: 0, window: EVENING }, 'tonight|this evening|今晚|今夜'],
  [{ kind: 'in', days: 1 }, 'tomorrow|明天|明日|明儿'],
  [{ kind: 'in', days: 1, window: MORNING }, '明早'],
  [{ kind: 'in', days: 1, window: EVENING }, 'tomorrow night|明晚'],
  [{ kind: 'in', days: 2 }, 'day after tomorrow|the day after tomorrow|后天'],
  [{ kind: 'in', days: 3 }, '大后天'],
  [{ kind: 'in', days: -1 }, 'yesterday|昨天|前天|last week|last month|last year|上周|上个月|去年'],
  [{ kind: 'weekend', ahead: 0 }, 'weekend|this weekend|the weekend|周末|这周末|这个周末|本周末'],
  [{ kind: 'weekend', ahead: 1 }, 'next weekend|下周末|下个周末'],
  [{ kind: 'week', ahead: 0 }, 'this week|the week|这周|本周|这个星期|这星期'],
  [{ kind: 'week', ahead: 1 }, 'next week|下周|下个星期|下星期'],
  [{ kind: 'month', ahead: 0 }, 'this month|the month|这个月|本月'],
  [{ kind: 'month', ahead: 1 }, 'next month|下个月|下月'],
  [{ kind: 'month-end', ahead: 0 }, 'month end|the end of the month|end of the month|月底|月末|这个月底|本月底|这月底'],
  [{ kind: 'month-end', ahead: 1 }, 'the end of next month|end of next month|下个月底|下月底'],
  [{ kind: 'year-end', ahead: 0 }, 'the end of the year|end of the year|year end|年底|年末|今年底'],
];

const WEEKDAYS: readonly (readonly [number, string, string])[] = [
  [1, 'monday', '一'],
  [2, 'tuesday', '二'],
  [3, 'wednesday', '三'],
  [4, 'thursday', '四'],
  [5, 'friday', '五'],
  [6, 'saturday', '六'],
  [7, 'sunday', '日'],
  [7, 'sunday', '天'],
];
const HAN_WEEKS: readonly (readonly [string, number | undefined])[] = [
  ['', undefined],
  ['这', 0],
  ['这个', 0],
  ['本', 0],
  ['上', -1],
  ['上个', -1],
  ['下', 1],
  ['下个', 1],
  ['下下', 2],
  ['下下个', 2],
];

function weekdayRows(): (readonly [DayWord, string])[] {
  return WEEKDAYS.flatMap(([weekday, english, han]) => [
    [{ kind: 'weekday', weekday }, `${english}|this ${english}|this coming ${english}|the coming ${english}`] as const,
    [{ kind: 'weekday', weekday, week: 0 }, `${english} this week`] as const,
    [{ kind: 'weekday', weekday, week: 1 }, `${english} next week`] as const,
    [{ kind: 'weekday', weekday, week: -1 }, `last ${english}|${english} last week`] as const,
    [{ kind: 'weekday', weekday, week: 1, loose: true }, `next ${english}`] as const,
    ...HAN_WEEKS.flatMap(([prefix, week]) =>
      ['周', '星期', '礼拜'].map(
        (name) =>
          [{ kind: 'weekday', weekday, ...(week === undefined ? {} : { week }) }, `${prefix}${name}${han}`] as const,
      ),
    ),
  ]);
}

const readWord = phraseTable<DayWord>([...FIXED, ...weekdayRows()]);
const readWeekdayName = phraseTable(
  WEEKDAYS.flatMap(([weekday, english, han]) => [[weekday, `${english}|周${han}|星期${han}|礼拜${han}`] as const]),
);
/** The names that stand after 到 or 、 without their 周: 周一到五. */
const readShortName = phraseTable(WEEKDAYS.map(([weekday, , han]) => [weekday, han] as const));

/** A weekday's bare name, 1 to 7. */
export const weekdayName = readWeekdayName;
export const shortWeekdayName = readShortName;

/** "Mondays" after "on" repeats; "saturdays concert" is heard for "Saturday's". */
export function isPluralDay(token: Token | undefined): boolean {
  return /^[a-z]+days$/.test(token?.text ?? '');
}

const END_OF = phrases('the end of|end of');
const HAN_AFTER = phrases('天后|天之后|天以后');
const FROM_NOW = phrases('days from now|days from today|day from now');

type Resolved = Pick<When, 'days' | 'fault' | 'window'>;

/** One day or several in a row, or what is wrong with them. */
export function readDays(tokens: readonly Token[], at: number, local: LocalNow): Read<When> | undefined {
  const today = dayAt(local.now, local.utcOffsetMin);
  if (tokens[at - 1]?.text === 'on' && isPluralDay(tokens[at])) return undefined;
  const last = past(END_OF, tokens, at);
  const word = readWord(tokens, last);
  const whole = readWord(tokens, at);
  const reading =
    readAhead(tokens, at, today) ??
    monthAlone(tokens, at, last, today) ??
    calendarDay(tokens, at, today) ??
    namedMonthDay(tokens, at, today) ??
    (whole ? { value: resolve(whole.value, today), end: whole.end } : undefined) ??
    (word && last > at ? { value: lastDayOf(resolve(word.value, today)), end: word.end } : undefined);
  return reading && { value: { ...reading.value, said: spell(tokens.slice(at, reading.end)) }, end: reading.end };
}

/** "three days from now", 三天后: counts days, as a limit in time does not. */
function readAhead(tokens: readonly Token[], at: number, today: LocalDay): Read<Resolved> | undefined {
  const number = readNumber(tokens, at);
  if (number === undefined || number.hundredths % 100 !== 0 || number.hundredths > 36_600) return undefined;
  const after = HAN_AFTER(tokens, number.end) ?? FROM_NOW(tokens, number.end);
  return after && { value: { days: oneDay(today + number.hundredths / 100) }, end: after.end };
}

function lastDayOf(resolved: Resolved): Resolved {
  return resolved.days ? { ...resolved, days: oneDay(resolved.days.until - 1) } : resolved;
}

function oneDay(day: LocalDay): { from: LocalDay; until: LocalDay } {
  return { from: day, until: day + 1 };
}

function resolve(word: DayWord, today: LocalDay): Resolved {
  if (word.kind === 'in') {
    if (word.days < 0) return { fault: { kind: 'past' } };
    return { days: oneDay(today + word.days), ...(word.window ? { window: word.window } : {}) };
  }
  if (word.kind === 'weekday') return resolveWeekday(word, today);
  const monday = mondayOf(today) + 7 * word.ahead;
  if (word.kind === 'weekend') return { days: { from: Math.max(today, monday + 5), until: monday + 7 } };
  if (word.kind === 'week') return { days: { from: Math.max(today, monday), until: monday + 7 } };
  const first = firstOfMonth(today, word.ahead);
  if (word.kind === 'month')
    return { days: { from: Math.max(today, first), until: firstOfMonth(today, word.ahead + 1) } };
  if (word.kind === 'month-end') return { days: oneDay(firstOfMonth(today, word.ahead + 1) - 1) };
  return { days: oneDay(firstOfMonth(today, 13 - civilOf(today).month) - 1) };
}

function resolveWeekday(word: Extract<DayWord, { kind: 'weekday' }>, today: LocalDay): Resolved {
  const ahead = (word.weekday - weekdayOf(today) + 7) % 7;
  const ofWeek = mondayOf(today) + 7 * (word.week ?? 0) + word.weekday - 1;
  if (word.loose) {
    const nearest = today + (ahead === 0 ? 7 : ahead);
    return nearest === ofWeek ? { days: oneDay(ofWeek) } : { fault: { kind: 'which-day', days: [nearest, ofWeek] } };
  }
  if (word.week !== undefined) return ofWeek < today ? { fault: { kind: 'past' } } : { days: oneDay(ofWeek) };
  return ahead === 0 ? { fault: { kind: 'which-day', days: [today, today + 7] } } : { days: oneDay(today + ahead) };
}
