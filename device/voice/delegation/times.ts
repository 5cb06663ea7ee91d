/** From the times that were said to when a delegation holds, when it repeats, and when the thing itself is to be. */
import { type EpochMs, epochMs } from '../../../protocol/index.ts';
import {
  DAY_MIN,
  dayAt,
  instantAt,
  type LocalDay,
  type LocalNow,
  minuteAt,
  plusMinutes,
  plusMonths,
  weekdayOf,
} from './calendar.ts';
import type { Lasting, WhenClause } from './clause.ts';
import type { DelegationDraft, DelegationQuestion } from './draft.ts';
import type { PartialDelegation } from './partial.ts';

/** When everything is to happen; `days` local days are scheduled, or touched where nothing repeats. */
export interface Times {
  readonly validFrom: EpochMs;
  readonly validUntil: EpochMs;
  readonly schedule?: NonNullable<DelegationDraft['schedule']>;
  readonly wanted?: NonNullable<DelegationDraft['wanted']>;
  readonly days: number;
}

/** "At eight" is heard as this long from eight on: neither a train nor a cup of coffee leaves on the second. */
const AT_MIN = 30;

type Settled<Value> = { readonly question: DelegationQuestion } | { readonly value: Value };

/** The times of `partial`, or the first question about them. A delegation without an end gets none. */
export function timesOf(said: PartialDelegation, isTask: boolean, local: LocalNow): Settled<Times> {
  const partial = { ...said, whens: said.whens.map((when) => inKnownHalf(when, said)) };
  const faulty =
    faultQuestion(partial.whens, local) ??
    (doesRepeat(partial, isTask) ? undefined : dayQuestion(partial.whens, local));
  if (faulty) return { question: faulty };
  const now = epochMs(Math.floor(local.now / 1_000) * 1_000);
  const schedule = scheduleOf(partial, isTask);
  const bounds = schedule ? repeatedBounds(partial, local) : oneOffBounds(partial, isTask, local);
  const starts = [now, ...bounds.starts];
  const validFrom = epochMs(Math.max(...starts));
  const ends = [
    ...new Set([...bounds.ends, ...partial.lasting.map((lasting) => afterLasting(validFrom, lasting, local))]),
  ];
  const wanted = bounds.wanted;
  const [only, other] = ends;
  if (other !== undefined) return { question: { kind: 'which-end', ends } };
  const end = only === undefined ? wanted?.until : epochMs(Math.min(only, wanted?.until ?? only));
  if (end === undefined) return { question: { kind: 'until-when' } };
  return check(
    { validFrom, validUntil: end, days: 0, ...(schedule ? { schedule } : {}), ...(wanted ? { wanted } : {}) },
    now,
    partial,
    local,
  );
}

function check(times: Times, now: EpochMs, partial: PartialDelegation, local: LocalNow): Settled<Times> {
  const { validFrom, validUntil, schedule, wanted } = times;
  const said = partial.whens.map((when) => when.said).join(', ');
  if (validUntil <= now) return { question: { kind: 'date-past', said } };
  if (validUntil <= validFrom || (wanted && wanted.until <= wanted.from) || (wanted && wanted.until <= validFrom))
    return { question: { kind: 'end-before-start' } };
  const today = dayAt(now, local.utcOffsetMin);
  const inAYear = instantAt(plusMonths(today, 12), minuteAt(now, local.utcOffsetMin) + 1, local.utcOffsetMin);
  const tooFar =
    validUntil > inAYear || (wanted && wanted.until > instantAt(plusMonths(today, 12), DAY_MIN, local.utcOffsetMin));
  if (tooFar) return { question: { kind: 'too-long' } };
  if (schedule && schedule.untilMin <= schedule.fromMin) return { question: { kind: 'end-before-start' } };
  const days = daysIn(times, local.utcOffsetMin);
  return days === 0 ? { question: { kind: 'never-due' } } : { value: { ...times, days } };
}

/** "Every afternoon between two and four": a part of the day said elsewhere decides an hour that may be in either half. */
function inKnownHalf(when: WhenClause, { whens, every }: PartialDelegation): WhenClause {
  const { unsureHour, ...sure } = when;
  const start = when.minute ?? when.window?.from;
  if (unsureHour === undefined || start === undefined) return when;
  const parts = [...every, ...whens.filter((other) => other.unsureHour === undefined)].flatMap(
    ({ window }) => window ?? [],
  );
  const fits = [0, 720].filter((shift) =>
    parts.some(({ from, until }) => from <= start + shift && start + shift < until),
  );
  const [shift, other] = fits;
  return shift === undefined || other !== undefined ? when : laterBy(sure, shift);
}

/** A clause with its hours moved into the other half of the day, or left where they are. */
export function laterBy(when: WhenClause, shiftMin: number): WhenClause {
  const { minute, window } = when;
  const until = window && (window.until <= 720 ? window.until + shiftMin : window.until);
  return {
    ...when,
    ...(minute === undefined ? {} : { minute: minute + shiftMin }),
    ...(window && until !== undefined ? { window: { from: window.from + shiftMin, until } } : {}),
  };
}

function faultQuestion(whens: readonly WhenClause[], local: LocalNow): DelegationQuestion | undefined {
  for (const { fault, unsureHour, said } of whens) {
    if (fault?.kind === 'past') return { kind: 'date-past', said };
    if (fault?.kind === 'no-such-day') return { kind: 'no-such-day', said };
    if (fault?.kind === 'which-day') {
      return {
        kind: 'which-day',
        said,
        days: fault.days.map((day) => instantAt(day, DAY_MIN / 2, local.utcOffsetMin)),
      };
    }
    if (unsureHour !== undefined) return { kind: 'which-half', hour: unsureHour };
  }
  return undefined;
}

/** "Tomorrow or Friday", for one order. */
function dayQuestion(whens: readonly WhenClause[], local: LocalNow): DelegationQuestion | undefined {
  const wanted = whens.flatMap(({ role, days }) => (role === 'at' && days ? [days] : []));
  const [first, ...others] = wanted;
  const apart = others.filter(({ from, until }) => first && (from >= first.until || until <= first.from));
  if (first === undefined || apart.length === 0) return undefined;
  const days = [...new Set([first, ...apart].map(({ from }) => from))];
  const said = whens.map((when) => when.said).join(', ');
  return { kind: 'which-day', said, days: days.map((day) => instantAt(day, DAY_MIN / 2, local.utcOffsetMin)) };
}

/** Whether orders repeat: on weekdays that were said, or every day where a limit per day was said in front of a thing's. */
export function doesRepeat(partial: PartialDelegation, isTask: boolean): boolean {
  return partial.every.length > 0 || (!isTask && partial.amounts.some((amount) => amount.repeats));
}

function scheduleOf(partial: PartialDelegation, isTask: boolean): Times['schedule'] {
  if (!doesRepeat(partial, isTask)) return undefined;
  const weekdays =
    partial.every.length === 0 ? [1, 2, 3, 4, 5, 6, 7] : weekdaysOf(partial.every.map(({ weekdays: days }) => days));
  let [fromMin, untilMin] = [0, DAY_MIN];
  const narrow = (from: number, until: number): void => {
    fromMin = Math.max(fromMin, from);
    untilMin = Math.min(untilMin, until);
  };
  for (const { window } of partial.every) if (window) narrow(window.from, window.until);
  for (const when of partial.whens) if (isHours(when)) narrow(...hoursOf(when));
  return { weekdays: weekdays.sort((a, b) => a - b), fromMin, untilMin };
}

/** "Every Monday and every Friday" is both, "every day, Monday to Friday" the fewer of them. */
function weekdaysOf(sets: readonly (readonly number[])[]): number[] {
  const holds = (set: readonly number[], other: readonly number[]): boolean =>
    set.length > other.length && other.every((day) => set.includes(day));
  return [...new Set(sets.filter((set) => !sets.some((other) => holds(set, other))).flat())];
}

function isHours(when: WhenClause): boolean {
  return when.days === undefined;
}

/** The hours of the day a clause leaves open. */
function hoursOf({ role, minute, window }: WhenClause): readonly [from: number, until: number] {
  if (minute === undefined) {
    if (role === 'before') return [0, window?.from ?? DAY_MIN];
    if (role === 'by') return [0, window?.until ?? DAY_MIN];
    return [window?.from ?? 0, role === 'from' ? DAY_MIN : (window?.until ?? DAY_MIN)];
  }
  if (role === 'before' || role === 'by') return [0, minute];
  if (role === 'from') return [minute, DAY_MIN];
  return [minute, Math.min(minute + AT_MIN, DAY_MIN)];
}

interface Bounds {
  readonly starts: readonly EpochMs[];
  readonly ends: readonly EpochMs[];
  readonly wanted?: NonNullable<DelegationDraft['wanted']>;
}

/** Of a repeated order: hours belong to the schedule, days bound it. */
function repeatedBounds({ whens }: PartialDelegation, { utcOffsetMin }: LocalNow): Bounds {
  const dated = whens.flatMap((when) => (when.days ? [{ ...when, days: when.days }] : []));
  const at = (day: LocalDay, minute: number): EpochMs => instantAt(day, minute, utcOffsetMin);
  return {
    starts: dated
      .filter(({ role }) => role !== 'by' && role !== 'before')
      .map(({ days, minute }) => at(days.from, minute ?? 0)),
    ends: dated.flatMap(({ role, days, minute }) => {
      if (role === 'from') return [];
      return [
        role === 'before'
          ? at(days.from, minute ?? 0)
          : at(minute === undefined ? days.until : days.until - 1, minute ?? 0),
      ];
    }),
  };
}

/** Of one order: days are when the thing is to be, unless they were said to be an end or a start. */
function oneOffBounds({ whens }: PartialDelegation, isTask: boolean, local: LocalNow): Bounds {
  const starts: EpochMs[] = [];
  const ends: EpochMs[] = [];
  let wanted: { from: EpochMs; until: EpochMs } | undefined;
  const want = (from: EpochMs, until: EpochMs): void => {
    wanted = wanted
      ? { from: epochMs(Math.max(wanted.from, from)), until: epochMs(Math.min(wanted.until, until)) }
      : { from, until };
  };
  const at = (day: LocalDay, minute: number): EpochMs => instantAt(day, minute, local.utcOffsetMin);
  const wantedDays = whens.find(({ role, days }) => role === 'at' && days)?.days;
  for (const when of whens) {
    const { role, days, minute, window } = when;
    if (days === undefined) {
      const [from, until] = hoursOf(when);
      if (wantedDays) want(at(wantedDays.from, from), at(wantedDays.until - 1, until));
      else if (minute !== undefined || role === 'by' || role === 'before') ends.push(nextAt(until, local));
      else want(nextAt(until, local, from), nextAt(until, local));
    } else if (when.after && minute !== undefined) want(at(days.from, minute), at(days.until - 1, DAY_MIN));
    else if (role === 'from') starts.push(at(days.from, minute ?? window?.from ?? 0));
    else if (role === 'span') {
      starts.push(at(days.from, 0));
      ends.push(at(days.until, 0));
    } else if (role === 'at' || (role === 'before' && !isTask && (minute !== undefined || window))) {
      const [from, until] = minute === undefined && !window ? [0, DAY_MIN] : hoursOf(when);
      want(at(days.from, from), at(days.until - 1, until));
    } else if (role === 'before') ends.push(at(days.from, minute ?? window?.from ?? 0));
    else ends.push(minute === undefined ? at(days.until - 1, window?.until ?? DAY_MIN) : at(days.until - 1, minute));
  }
  return { starts, ends, ...(wanted ? { wanted } : {}) };
}

/** The next time the clock shows `until`, today or tomorrow; or `from`, on that same day. */
function nextAt(until: number, { now, utcOffsetMin }: LocalNow, from = until): EpochMs {
  const today = dayAt(now, utcOffsetMin);
  const day = instantAt(today, until, utcOffsetMin) > now ? today : today + 1;
  return instantAt(day, from, utcOffsetMin);
}

/** Days and weeks have 24 hours each; a month ends on the day of the same number. */
function afterLasting(from: EpochMs, { unit, amount }: Lasting, { utcOffsetMin }: LocalNow): EpochMs {
  if (unit !== 'month') return plusMinutes(from, amount * (unit === 'day' ? DAY_MIN : 1));
  const day = dayAt(from, utcOffsetMin);
  const intoDayMs = from - instantAt(day, 0, utcOffsetMin);
  return epochMs(instantAt(plusMonths(day, Math.min(amount, 1_200)), 0, utcOffsetMin) + intoDayMs);
}

/**
 * How many local days between the ends of `times` are scheduled, or simply are. From ten in the morning for two weeks there
 * are fourteen days, though fifteen dates: what is cut off the first is in the last.
 */
function daysIn({ validFrom, validUntil, schedule }: Times, utcOffsetMin: number): number {
  const [fromMin, untilMin] = [schedule?.fromMin ?? 0, schedule?.untilMin ?? DAY_MIN];
  const last = dayAt(epochMs(validUntil - 1), utcOffsetMin);
  let openMs = 0;
  for (let day = dayAt(validFrom, utcOffsetMin); day <= last; day++) {
    if (schedule && !schedule.weekdays.includes(weekdayOf(day))) continue;
    const from = Math.max(validFrom, instantAt(day, fromMin, utcOffsetMin));
    openMs += Math.max(0, Math.min(validUntil, instantAt(day, untilMin, utcOffsetMin)) - from);
  }
  return Math.ceil(openMs / ((untilMin - fromMin) * 60_000));
}
