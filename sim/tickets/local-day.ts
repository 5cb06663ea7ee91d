/** Days where the halls and stations are: UTC+8, which has no summer time. */
import type { EpochMs } from '../../protocol/index.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
const AHEAD_MS = 8 * HOUR_MS;
/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 4;

/** Days since 1970-01-01, local. */
export function dayOf(at: EpochMs): number {
  return Math.floor((at + AHEAD_MS) / DAY_MS);
}

/** A minute of a local day. */
export function minuteOf(day: number, minute: number): EpochMs {
  return (day * DAY_MS - AHEAD_MS + minute * MINUTE_MS) as EpochMs;
}

/** 1 Monday to 7 Sunday. */
export function weekdayOf(day: number): number {
  return ((day + FIRST_WEEKDAY - 1) % 7) + 1;
}

/** For example `12-05`, and `19:30`. */
export function spelled(at: EpochMs): { readonly date: string; readonly compact: string; readonly clock: string } {
  const iso = new Date(at + AHEAD_MS).toISOString();
  return { date: iso.slice(5, 10), compact: iso.slice(0, 10).replaceAll('-', ''), clock: iso.slice(11, 16) };
}
