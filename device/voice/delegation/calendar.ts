/** Days and minutes of the local calendar as integers. No zone database: the offset is a parameter and does not change. */
import { type EpochMs, epochMs } from '../../../protocol/index.ts';

/** The present, and how far the local clock is ahead of UTC. */
export interface LocalNow {
  readonly now: EpochMs;
  readonly utcOffsetMin: number;
}

/** Days since 1 January 1970 of the local calendar. */
export type LocalDay = number;

export const DAY_MIN = 1_440;
const MINUTE_MS = 60_000;
const DAY_MS = DAY_MIN * MINUTE_MS;

/** The local day that holds `instant`. */
export function dayAt(instant: EpochMs, utcOffsetMin: number): LocalDay {
  return Math.floor((instant + utcOffsetMin * MINUTE_MS) / DAY_MS);
}

/** Minutes since local midnight, 0 to 1,439. */
export function minuteAt(instant: EpochMs, utcOffsetMin: number): number {
  const local = instant + utcOffsetMin * MINUTE_MS;
  return Math.floor((local - Math.floor(local / DAY_MS) * DAY_MS) / MINUTE_MS);
}

/** The instant `minute` minutes after the start of `day`; 1,440 is the start of the next. */
export function instantAt(day: LocalDay, minute: number, utcOffsetMin: number): EpochMs {
  return epochMs(day * DAY_MS + (minute - utcOffsetMin) * MINUTE_MS);
}

/** `instant` moved by whole days of 24 hours. */
export function plusMinutes(instant: EpochMs, minutes: number): EpochMs {
  return epochMs(instant + minutes * MINUTE_MS);
}

/** 1 Monday to 7 Sunday; day 0 was a Thursday. */
export function weekdayOf(day: LocalDay): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** The Monday on or before `day`. */
export function mondayOf(day: LocalDay): LocalDay {
  return day - weekdayOf(day) + 1;
}

/** A day as it stands in a calendar; `month` from 1. */
export interface CivilDay {
  readonly year: number;
  readonly month: number;
  readonly dayOfMonth: number;
}

/** The calendar's name for `day`. */
export function civilOf(day: LocalDay): CivilDay {
  const utc = new Date(day * DAY_MS);
  return { year: utc.getUTCFullYear(), month: utc.getUTCMonth() + 1, dayOfMonth: utc.getUTCDate() };
}

/** The day so named, or undefined when there is none: 29 February 2027, 31 April. Years 1970 to 9999. */
export function dayOf(year: number, month: number, dayOfMonth: number): LocalDay | undefined {
  if (year < 1970 || year > 9999) return undefined;
  const day = Math.floor(Date.UTC(year, month - 1, dayOfMonth) / DAY_MS);
  const civil = civilOf(day);
  return civil.year === year && civil.month === month && civil.dayOfMonth === dayOfMonth ? day : undefined;
}

/** The same day `months` later, or the last of a month that is too short. `months` may be large, never negative. */
export function plusMonths(day: LocalDay, months: number): LocalDay {
  const { year, month, dayOfMonth } = civilOf(day);
  const [toYear, toMonth] = [year + Math.floor((month - 1 + months) / 12), ((month - 1 + months) % 12) + 1];
  for (let last = dayOfMonth; last > 27; last--) {
    const found = dayOf(toYear, toMonth, last);
    if (found !== undefined) return found;
  }
  return dayOf(toYear, toMonth, dayOfMonth) ?? day;
}

/** The first day of the month `months` after that of `day`. */
export function firstOfMonth(day: LocalDay, months: number): LocalDay {
  return plusMonths(day - civilOf(day).dayOfMonth + 1, months);
}
