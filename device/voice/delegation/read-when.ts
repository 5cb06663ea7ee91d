/** Days and hours together, and how they bound: "before nine tomorrow", 到周五, "from Monday", "between 8 and 10", "for two weeks". */
import { readNumber } from '../numbers.ts';
import { spell, type Token } from '../tokens.ts';
import type { LocalNow } from './calendar.ts';
import type { Clause, Lasting, When, WhenClause, WhenRole } from './clause.ts';
import { past, pastAll, phrases, phraseTable, type Read } from './phrase-table.ts';
import { readDays } from './read-days.ts';
import { type DayPart, dayPart, NOON_PART, readClock, settleHalf } from './read-hours.ts';

const PREFIX = phraseTable<WhenRole | 'between' | 'after'>([
  ['before', 'before|ahead of|no later than|not later than|earlier than'],
  [
    'by',
    'until|till|til|up until|through|by|valid until|ending|ends|end|expires|expiring|截止到|截至|截止|直到|有效期到|有效到|到|至',
  ],
  ['from', 'from|starting|starting from|starting on|beginning|as of|start|从|自'],
  ['after', 'after|later than'],
  [
    'at',
    'on|at|for|in|in the|on the|for the|around|about|departing|leaving|departing at|leaving at|within|during|在|于',
  ],
  ['between', 'between'],
]);
const SUFFIX = phraseTable<WhenRole | 'after'>([
  ['before', '前|之前|以前'],
  ['by', '为止|止|结束|截止|到期'],
  ['from', '起|开始'],
  ['after', '后|之后|以后'],
]);
const TO = phrases('to|till|until|through|thru|and|到|至');
const JOINT = phrases('at|on|in|in the|of|the|on the|的|那天|当天');
const BEGIN_AGAIN = phrases('on|onwards|onward|on wards|起|开始');

interface Parts {
  days?: When['days'];
  fault?: When['fault'];
  part?: DayPart;
  minute?: number;
  unsureHour?: number;
  half?: DayPart['half'];
}

/** Days, a part of the day and an hour in any order, each at most once. `bare`: a number alone is an hour. */
function readParts(tokens: readonly Token[], at: number, local: LocalNow, bare: boolean): Read<Parts> | undefined {
  const parts: Parts = {};
  let end = at;
  for (let piece = 0; piece < 4; piece++) {
    const start = end === at ? at : pastAll(JOINT, tokens, end);
    // "Tomorrow morning two croissants" has no hour, "tomorrow morning at two" has.
    const isHour = end === at ? bare : start > end && tokens[start - 1]?.text === 'at';
    const next = readPart(parts, tokens, start, local, isHour);
    if (next === undefined) break;
    end = next;
  }
  return end === at ? undefined : { value: parts, end };
}

function readPart(
  parts: Parts,
  tokens: readonly Token[],
  at: number,
  local: LocalNow,
  bare: boolean,
): number | undefined {
  const days = parts.days || parts.fault ? undefined : readDays(tokens, at, local);
  const clock = parts.minute === undefined ? readClock(tokens, at, parts.part?.half, bare) : undefined;
  const part = parts.part ? undefined : dayPart(tokens, at);
  if (days && days.end >= (clock?.end ?? at)) {
    Object.assign(parts, days.value.days && { days: days.value.days }, days.value.fault && { fault: days.value.fault });
    if (days.value.window && !parts.part)
      parts.part = { ...days.value.window, half: days.value.window.from < 720 ? 'am' : 'pm' };
    return days.end;
  }
  if (clock && clock.end >= (part?.end ?? at)) {
    parts.minute = clock.value.minute;
    if (clock.value.unsureHour !== undefined) parts.unsureHour = clock.value.unsureHour;
    if (clock.value.half) parts.half = clock.value.half;
    return clock.end;
  }
  if (part) parts.part = part.value;
  return part?.end;
}

function whenOf(parts: Parts, said: string): When {
  const { days, fault, part, minute, unsureHour } = parts;
  const inPart = part && minute !== undefined && part.half !== 'noon' ? settleHalf(minute, part.half) : minute;
  return {
    said,
    ...(days ? { days } : {}),
    ...(fault ? { fault } : {}),
    ...(minute === undefined ? {} : { minute: inPart ?? minute }),
    ...(unsureHour === undefined || part ? {} : { unsureHour }),
    ...(part && minute === undefined ? { window: { from: part.from, until: part.until } } : {}),
  };
}

/** Words that only name a time: what is an answer to "until when?", or stands in a sentence without a preposition. */
export function readWhen(tokens: readonly Token[], at: number, local: LocalNow, bare: boolean): Read<When> | undefined {
  const parts = readParts(tokens, at, local, bare);
  return parts && { value: whenOf(parts.value, spell(tokens.slice(at, parts.end))), end: parts.end };
}

/** One time with its preposition, or two as a range. */
export function readWhenClause(tokens: readonly Token[], at: number, local: LocalNow): Read<Clause> | undefined {
  const prefix = PREFIX(tokens, at);
  const start = prefix?.end ?? at;
  const expectsHour =
    prefix !== undefined &&
    !/^(?:for|for the|in|in the|within|during|about|around|end|start)$/.test(spell(tokens.slice(at, start)));
  const first = readParts(tokens, start, local, expectsHour);
  if (first === undefined) return undefined;
  const range = readRange(tokens, at, first, local, prefix?.value);
  if (range) return range;
  // "between 8" without an end bounds nothing that can be kept.
  if (prefix?.value === 'between') return undefined;
  const suffix = SUFFIX(tokens, first.end);
  const role = suffix?.value ?? prefix?.value ?? 'at';
  const end = role === 'from' ? past(BEGIN_AGAIN, tokens, suffix?.end ?? first.end) : (suffix?.end ?? first.end);
  const said = spell(tokens.slice(at, end));
  return { value: clauseOf(first.value, role, said), end };
}

function clauseOf(parts: Parts, role: WhenRole | 'after', said: string): WhenClause {
  const when = whenOf(parts, said);
  if (role === 'by' || role === 'before') return { kind: 'when', role, ...atNoon(when) };
  if (role !== 'after') return { kind: 'when', role, ...when };
  // After Friday is from Saturday on; after nine is from nine on.
  const { days } = when;
  const later = days && when.minute === undefined ? { days: { from: days.until, until: days.until + 1 } } : {};
  return { kind: 'when', role: 'from', after: true, ...when, ...later };
}

/** Noon as an end is a point of the clock. */
export function atNoon<Clause extends When>(when: Clause): Clause {
  const isNoon = when.window?.from === NOON_PART.from && when.window.until === NOON_PART.until;
  if (!isNoon) return when;
  const { window: _part, ...rest } = when;
  return { ...(rest as Clause), minute: 720 };
}

function readRange(
  tokens: readonly Token[],
  at: number,
  first: Read<Parts>,
  local: LocalNow,
  prefix: WhenRole | 'between' | 'after' | undefined,
): Read<Clause> | undefined {
  const to = TO(tokens, first.end);
  const opened = prefix === 'between' || prefix === 'from';
  const joins = to && (tokens[first.end]?.text !== 'and' || prefix === 'between');
  const second = joins ? readParts(tokens, to.end, local, opened) : undefined;
  if (!second || (prefix !== undefined && !opened && prefix !== 'at')) return undefined;
  const said = spell(tokens.slice(at, second.end));
  const [from, until] = [first.value, second.value];
  if (from.minute !== undefined && until.minute !== undefined) {
    const clause = hoursBetween(from, until, said);
    return clause && { value: clause, end: second.end };
  }
  if (!from.days || !until.days || from.minute !== undefined || until.minute !== undefined) return undefined;
  const days = { from: from.days.from, until: until.days.until };
  return { value: { kind: 'when', role: prefix === 'between' ? 'at' : 'span', days, said }, end: second.end };
}

/** "between 2 and 4 in the afternoon", 下午两点到四点: a part of the day said once holds for both. */
function hoursBetween(from: Parts, until: Parts, said: string): WhenClause | undefined {
  const a = inHalfOf(from, until, said);
  const b = inHalfOf(until, from, said);
  const [start, stop] = [a.minute ?? 0, b.minute ?? 0];
  const end = stop <= start && b.unsureHour !== undefined ? stop + 720 : stop;
  if (end <= start) return undefined;
  const unsure = a.unsureHour ?? (end === stop ? b.unsureHour : undefined);
  const days = from.days ?? until.days;
  const fault = from.fault ?? until.fault;
  return {
    kind: 'when',
    role: 'at',
    window: { from: start, until: end },
    said,
    ...(days ? { days } : {}),
    ...(fault ? { fault } : {}),
    ...(unsure === undefined ? {} : { unsureHour: unsure }),
  };
}

function inHalfOf(parts: Parts, other: Parts, said: string): When {
  const { unsureHour, ...when } = whenOf(parts, said);
  const half = other.part?.half ?? other.half;
  if (unsureHour === undefined || half === undefined || half === 'noon') return whenOf(parts, said);
  return { ...when, minute: settleHalf(when.minute ?? 0, half) };
}

const UNITS = phraseTable<Lasting>([
  [{ unit: 'minute', amount: 1 }, 'minute|minutes|分钟'],
  [{ unit: 'minute', amount: 60 }, 'hour|小时|个小时|个钟头'],
  [{ unit: 'day', amount: 1 }, 'day|天'],
  [{ unit: 'day', amount: 7 }, 'week|周|个星期|星期|个礼拜|礼拜'],
  [{ unit: 'month', amount: 1 }, 'month|个月'],
  [{ unit: 'month', amount: 12 }, 'year|年'],
]);
const WHOLE = phraseTable<Lasting>([
  [{ unit: 'day', amount: 7 }, 'a week|the next week'],
  [{ unit: 'day', amount: 14 }, 'a fortnight|a couple of weeks'],
  [{ unit: 'day', amount: 1 }, 'a day'],
  [{ unit: 'month', amount: 1 }, 'a month'],
  [{ unit: 'month', amount: 12 }, 'a year|the next year'],
  [{ unit: 'minute', amount: 60 }, 'an hour'],
  [{ unit: 'minute', amount: 30 }, 'half an hour|半小时|半个小时'],
  [{ unit: 'day', amount: 15 }, '半个月'],
  [{ unit: 'month', amount: 6 }, 'half a year|半年'],
]);
const LASTS = phrases(
  'for|for the next|for another|over the next|in the next|within|within the next|during the next|valid for|next|the next|接下来|未来|今后|往后|有效期|有效|在未来|在接下来|持续',
);
const HAN_WITHIN = phrases('内|之内|以内|里|有效');

/** "two weeks", 两个月: a length of time that is no date. */
export function readLasting(tokens: readonly Token[], at: number): Read<Lasting> | undefined {
  const whole = WHOLE(tokens, at);
  if (whole) return whole;
  const number = readNumber(tokens, at);
  const unit = number && UNITS(tokens, number.end);
  if (!number || !unit || number.hundredths % 100 !== 0 || number.hundredths <= 0) return undefined;
  return { value: { unit: unit.value.unit, amount: (unit.value.amount * number.hundredths) / 100 }, end: unit.end };
}

/** "for two weeks", "within the next month", 两周内. */
export function readLastsClause(tokens: readonly Token[], at: number): Read<Clause> | undefined {
  const start = past(LASTS, tokens, at);
  const lasting = readLasting(tokens, start);
  const after = lasting && past(HAN_WITHIN, tokens, lasting.end);
  const isAlone = isPause(tokens, at - 1) && isPause(tokens, after ?? at) && lasting?.value.unit !== 'minute';
  if (!lasting || after === undefined || (start === at && after === lasting.end && !isAlone)) return undefined;
  return { value: { kind: 'lasts', lasting: lasting.value }, end: after };
}

/** The start, the end, or a pause. */
function isPause(tokens: readonly Token[], at: number): boolean {
  return tokens[at] === undefined || tokens[at]?.kind === 'break';
}
