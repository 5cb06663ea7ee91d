/** Days by month and number: "the third of March", 三月三号, 2027-03-03, "the 28th". */
import { readNumber } from '../numbers.ts';
import type { Token } from '../tokens.ts';
import { civilOf, dayOf, firstOfMonth, type LocalDay } from './calendar.ts';
import type { When } from './clause.ts';
import { past, phrases, phraseTable, type Read } from './phrase-table.ts';

type Resolved = Pick<When, 'days' | 'fault'>;

/** A day of this year that passed no longer ago than this was a slip; before that the next year's is meant. */
const SLIP_DAYS = 90;

const MONTHS = phraseTable(
  'january|february|march|april|may|june|july|august|september|october|november|december'
    .split('|')
    .map((name, at) => [at + 1, `${name}|${name.slice(0, 3)}${name === 'september' ? '|sept' : ''}`] as const),
);
const ORDINALS = phraseTable(
  (
    'first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|' +
    'sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty first|twenty second|twenty third|twenty fourth|twenty fifth|' +
    'twenty sixth|twenty seventh|twenty eighth|twenty ninth|thirtieth|thirty first'
  )
    .split('|')
    .map((name, at) => [at + 1, name] as const),
);
const THE = phrases('the');
const OF = phrases('of');
const YEAR_AHEAD = phraseTable([
  [0, '今年'],
  [1, '明年'],
]);
const MONTH_AHEAD = phraseTable([
  [0, 'of this month|of the month|这个月|本月'],
  [1, 'of next month|下个月|下月'],
]);

function year(tokens: readonly Token[], at: number): Read<number> | undefined {
  const start = tokens[at]?.kind === 'break' ? at + 1 : past(OF, tokens, at);
  const text = tokens[start]?.text ?? '';
  return /^(?:19|20)\d\d$/.test(text) ? { value: Number(text), end: start + 1 } : undefined;
}

/** `3rd`, "third", 三: what a day of a month is called; not checked. */
function dayNumber(tokens: readonly Token[], at: number): (Read<number> & { readonly ordinal: boolean }) | undefined {
  const word = ORDINALS(tokens, at);
  if (word) return { ...word, ordinal: true };
  const number = readNumber(tokens, at);
  if (number === undefined || number.hundredths % 100 !== 0 || number.hundredths > 9_900) return undefined;
  const suffix = tokens[at]?.kind === 'digits' && /^(?:st|nd|rd|th)$/.test(tokens[number.end]?.text ?? '');
  return { value: number.hundredths / 100, end: number.end + (suffix ? 1 : 0), ordinal: suffix };
}

/** "March 3", "the 3rd of March 2027", "2027-03-03", 2027年3月3日, 明年三月三号. */
export function calendarDay(tokens: readonly Token[], at: number, today: LocalDay): Read<Resolved> | undefined {
  const found = written(tokens, at) ?? english(tokens, at) ?? han(tokens, at, today);
  return found && { value: resolve(found.value, today), end: found.end };
}

interface Named {
  readonly year?: number;
  readonly month: number;
  readonly dayOfMonth: number;
}

function written(tokens: readonly Token[], at: number): Read<Named> | undefined {
  const [first, month, dayOfMonth] = tokens.slice(at, at + 3).map(({ text }) => text);
  if (!/^20\d\d$/.test(first ?? '') || !/^\d\d$/.test(month ?? '') || !/^\d\d$/.test(dayOfMonth ?? ''))
    return undefined;
  return { value: { year: Number(first), month: Number(month), dayOfMonth: Number(dayOfMonth) }, end: at + 3 };
}

function english(tokens: readonly Token[], at: number): Read<Named> | undefined {
  const month = MONTHS(tokens, at);
  const day = dayNumber(tokens, month ? past(THE, tokens, month.end) : past(THE, tokens, at));
  if (day === undefined) return undefined;
  const named = month ?? MONTHS(tokens, past(OF, tokens, day.end));
  if (named === undefined) return undefined;
  const end = month ? day.end : named.end;
  const inYear = year(tokens, end);
  const value = { month: named.value, dayOfMonth: day.value };
  return inYear ? { value: { ...value, year: inYear.value }, end: inYear.end } : { value, end };
}

function han(tokens: readonly Token[], at: number, today: LocalDay): Read<Named> | undefined {
  const inYear = year(tokens, at);
  const ahead = YEAR_AHEAD(tokens, at);
  const yearEnd = inYear && tokens[inYear.end]?.text === '年' ? inYear.end + 1 : ahead?.end;
  const month = dayNumber(tokens, yearEnd ?? at);
  if (month === undefined || tokens[month.end]?.text !== '月') return undefined;
  const day = dayNumber(tokens, month.end + 1);
  if (day === undefined) return undefined;
  const said = yearEnd === undefined ? undefined : ahead ? civilOf(today).year + ahead.value : inYear?.value;
  const end = /^[日号]$/u.test(tokens[day.end]?.text ?? '') ? day.end + 1 : day.end;
  return { value: { month: month.value, dayOfMonth: day.value, ...(said === undefined ? {} : { year: said }) }, end };
}

function resolve(named: Named, today: LocalDay): Resolved {
  const thisYear = civilOf(today).year;
  const said = dayOf(named.year ?? thisYear, named.month, named.dayOfMonth);
  const isNext = named.year === undefined && (said === undefined || said < today - SLIP_DAYS);
  // 29 February that this year does not have may not be in the next either; it is never taken for another day.
  const day = isNext ? dayOf(thisYear + 1, named.month, named.dayOfMonth) : said;
  if (day === undefined) return { fault: { kind: 'no-such-day' } };
  return day < today ? { fault: { kind: 'past' } } : { days: { from: day, until: day + 1 } };
}

/** "the 28th", "the 3rd of next month", 二十八号, 下个月三号: in this month, or in the next when it has passed. */
export function namedMonthDay(tokens: readonly Token[], at: number, today: LocalDay): Read<Resolved> | undefined {
  const before = MONTH_AHEAD(tokens, at);
  const start = before?.end ?? past(THE, tokens, at);
  const day = dayNumber(tokens, start);
  if (day === undefined) return undefined;
  const numbered = tokens[day.end]?.text === '号' || (before !== undefined && tokens[day.end]?.text === '日');
  const after = MONTH_AHEAD(tokens, day.end);
  // "The second" alone is a position.
  const isDay = numbered || (day.ordinal && (after !== undefined || (start > at && tokens[start]?.kind === 'digits')));
  if (!isDay) return undefined;
  const ahead = before?.value ?? after?.value ?? (day.value < civilOf(today).dayOfMonth ? 1 : 0);
  const { year: inYear, month } = civilOf(firstOfMonth(today, ahead));
  const resolved = resolve({ year: inYear, month, dayOfMonth: day.value }, today);
  return { value: resolved, end: numbered ? day.end + 1 : (after?.end ?? day.end) };
}

const NEXT_YEAR = phrases('next year|明年');
const PART = phrases('份');
const HAN_END = phrases('底|末');
/** Words that are not only months. */
const SAID_OTHERWISE: ReadonlySet<string> = new Set(['may', 'march', 'mar']);

/** "December", "the end of January", 十二月, 十二月底; `start` is after "the end of". */
export function monthAlone(
  tokens: readonly Token[],
  at: number,
  start: number,
  today: LocalDay,
): Read<Resolved> | undefined {
  const found = monthName(tokens, start, start > at);
  if (found === undefined) return undefined;
  const later = NEXT_YEAR(tokens, found.end) ?? year(tokens, found.end);
  const { year: thisYear, month } = civilOf(today);
  const named = later === undefined ? undefined : later.value === true ? thisYear + 1 : later.value;
  const first = dayOf(named ?? (found.value < month ? thisYear + 1 : thisYear), found.value, 1);
  if (first === undefined) return undefined;
  const until = firstOfMonth(first, 1);
  const isEnd = start > at || found.isEnd;
  if (until <= today) return { value: { fault: { kind: 'past' } }, end: later?.end ?? found.end };
  const from = isEnd ? until - 1 : Math.max(first, today);
  return { value: { days: { from, until } }, end: later?.end ?? found.end };
}

function monthName(
  tokens: readonly Token[],
  at: number,
  sure: boolean,
): (Read<number> & { readonly isEnd: boolean }) | undefined {
  const month = MONTHS(tokens, at);
  if (month) {
    const isName = sure || !SAID_OTHERWISE.has(tokens[at]?.text ?? '');
    return isName && !dayNumber(tokens, past(THE, tokens, month.end)) ? { ...month, isEnd: false } : undefined;
  }
  const number = dayNumber(tokens, at);
  if (!number || tokens[number.end]?.text !== '月' || number.value < 1 || number.value > 12) return undefined;
  const end = past(PART, tokens, number.end + 1);
  const closing = HAN_END(tokens, end);
  if (closing) return { value: number.value, end: closing.end, isEnd: true };
  return dayNumber(tokens, end) ? undefined : { value: number.value, end, isEnd: false };
}
