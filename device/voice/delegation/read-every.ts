/** How an order repeats: "every weekday", "on Mondays and Fridays", 每个工作日, 每周一三五, "Monday to Friday". */
import type { Token } from '../tokens.ts';
import type { Clause } from './clause.ts';
import { past, phrases, phraseTable, type Read } from './phrase-table.ts';
import { isPluralDay, shortWeekdayName, weekdayName } from './read-days.ts';
import { dayPart } from './read-hours.ts';

const ALL = [1, 2, 3, 4, 5, 6, 7];
const WORKDAYS = [1, 2, 3, 4, 5];
const WEEKEND = [6, 7];

const GROUPS = phraseTable<readonly number[]>([
  [ALL, 'every day|each day|daily|on a daily basis|day by day|每天|每日|天天|每一天'],
  [
    WORKDAYS,
    'every weekday|each weekday|on weekdays|weekdays|every workday|each workday|on workdays|every working day|each working day|on working days|' +
      '每个工作日|每工作日|工作日|每个上班日|上班日|每个工作天',
  ],
  [WEEKEND, 'every weekend|each weekend|on weekends|weekends|每个周末|每周末|每逢周末'],
]);
/** "every morning": a part of every day. */
const EVERY = phrases('every|each|每|每个|每天|每日');
const EVERY_WEEKDAY = phrases('every|each|every single|每|每个|每逢|逢');
const ON = phrases('on');
const FROM = phrases('from|从');
const AND = phrases('and|和|跟|与|以及|还有|and on|and every');
const TO = phrases('to|through|thru|到|至');
const BEYOND = phrases(
  'every other day|every second day|every other week|every week|each week|weekly|every month|each month|monthly|every hour|hourly|twice a day|twice a week|' +
    'once a week|once a month|每隔一天|隔天|每两天|每周一次|每星期一次|每个月|每月|每小时|每天两次|一天两次|隔周',
);

/** A repetition; one by weeks or months is heard, but no order here carries it. */
export function readEveryClause(tokens: readonly Token[], at: number): Read<Clause> | undefined {
  const group = GROUPS(tokens, at);
  const beyond = BEYOND(tokens, at);
  const named = readNamed(tokens, at);
  if (beyond && beyond.end > (group?.end ?? at) && beyond.end > (named?.end ?? at)) {
    const said = tokens.slice(at, beyond.end).map(({ text }) => text);
    return {
      value: { kind: 'beyond', repeats: true, said: said.join(/\p{Script=Han}/u.test(said[0] ?? '') ? '' : ' ') },
      end: beyond.end,
    };
  }
  const reading = named && named.end > (group?.end ?? at) ? named : (group ?? readEveryPart(tokens, at));
  if (reading === undefined) return undefined;
  const part = dayPart(tokens, reading.end);
  // An hour after the part of the day belongs to it: 每天早上九点前 leaves 早上 to the hour.
  const isOfHour = part && /^\d|^[零一二三四五六七八九十两前之以]$/u.test(tokens[part.end]?.text ?? '');
  const window = part && !isOfHour ? { window: { from: part.value.from, until: part.value.until } } : {};
  return {
    value: { kind: 'every', weekdays: reading.value, ...window },
    end: part && !isOfHour ? part.end : reading.end,
  };
}

/** "every morning" with the part of the day left to be read. */
function readEveryPart(tokens: readonly Token[], at: number): Read<readonly number[]> | undefined {
  const every = EVERY(tokens, at);
  const part = every && dayPart(tokens, every.end);
  return every && part ? { value: ALL, end: every.end } : undefined;
}

/** Named weekdays: with "every" or in the plural any number of them, without only as a range. */
function readNamed(tokens: readonly Token[], at: number): Read<readonly number[]> | undefined {
  const every = EVERY_WEEKDAY(tokens, at);
  const from = every ? undefined : FROM(tokens, at);
  const start = every?.end ?? from?.end ?? past(ON, tokens, at);
  // 每周一: the 周 belongs to the weekday.
  const first = weekdayName(tokens, start);
  if (first === undefined) return undefined;
  const days = [first.value];
  let end = first.end;
  for (;;) {
    const to = TO(tokens, end);
    const last = to && (weekdayName(tokens, to.end) ?? shortWeekdayName(tokens, to.end));
    if (last) {
      const length = (last.value - (days.at(-1) ?? 1) + 7) % 7;
      for (let step = 1; step <= length; step++) days.push((((days[0] ?? 1) - 1 + step) % 7) + 1);
      return { value: sorted(days), end: last.end };
    }
    const next = nextName(tokens, end);
    if (next === undefined) break;
    days.push(next.value);
    end = next.end;
  }
  const isPlural = start > at && !from && isPluralDay(tokens[start]);
  return every || isPlural ? { value: sorted(days), end } : undefined;
}

function nextName(tokens: readonly Token[], at: number): Read<number> | undefined {
  const start = tokens[at]?.kind === 'break' ? past(AND, tokens, at + 1) : past(AND, tokens, at);
  // 每周一三五: bare digits only right behind one another.
  return weekdayName(tokens, start) ?? (tokens[at]?.kind === 'han' ? shortNext(tokens, at, start) : undefined);
}

function shortNext(tokens: readonly Token[], at: number, start: number): Read<number> | undefined {
  const name = shortWeekdayName(tokens, start);
  // A numeral before a measure word counts: 每周一两杯. Two weekdays are told by what follows them.
  if (!name || /^[杯份个张点块瓶件天号次]$/u.test(tokens[name.end]?.text ?? '')) return undefined;
  return start === at || AND(tokens, at) ? name : undefined;
}

function sorted(days: readonly number[]): readonly number[] {
  return [...new Set(days)].sort((a, b) => a - b);
}
