/** When a shop is open. Shops keep UTC+8, which has no summer time, so a day is always 1,440 minutes. */
import { type EpochMs, epochMs } from '../../protocol/time.ts';
import type { OpenDay, OpenWeek } from './types.ts';

const MINUTE_MS = 60_000;
const DAY_MIN = 1_440;
const UTC_PLUS_8_MIN = 480;
/** 1970-01-01 was a Thursday, the fourth day of a week that starts on Monday. */
const FIRST_WEEKDAY = 3;

interface LocalTime {
  /** Days since 1970-01-01 in UTC+8. */
  readonly day: number;
  readonly minuteOfDay: number;
}

function localTime(now: EpochMs): LocalTime {
  const minutes = Math.floor(now / MINUTE_MS) + UTC_PLUS_8_MIN;
  return { day: Math.floor(minutes / DAY_MIN), minuteOfDay: minutes % DAY_MIN };
}

/** Days since 1970-01-01 where the shops are. */
export function shopDay(now: EpochMs): number {
  return localTime(now).day;
}

function windowsOf(opens: OpenWeek, day: number): OpenDay {
  return opens[(day + FIRST_WEEKDAY) % 7] ?? [];
}

/** Whether the shop takes orders now. The first minute of a window counts, the closing minute does not. */
export function isOpen(opens: OpenWeek, now: EpochMs): boolean {
  const { day, minuteOfDay } = localTime(now);
  return windowsOf(opens, day).some((window) => window.fromMin <= minuteOfDay && minuteOfDay < window.toMin);
}

/**
 * When a shop that is closed now opens next, at most a week ahead.
 * @throws Error for a shop that never opens: such a shop must not be in the catalogue.
 */
export function opensNextAt(opens: OpenWeek, now: EpochMs): EpochMs {
  const { day, minuteOfDay } = localTime(now);
  for (let ahead = 0; ahead <= 7; ahead += 1) {
    const next = windowsOf(opens, day + ahead).find((window) => ahead > 0 || window.fromMin > minuteOfDay);
    if (next !== undefined) return epochMs(((day + ahead) * DAY_MIN + next.fromMin - UTC_PLUS_8_MIN) * MINUTE_MS);
  }
  throw new Error('the shop never opens');
}
