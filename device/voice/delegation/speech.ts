/** Amounts, days, hours and names as questions and summaries of delegations say them, in both languages. */
import type { EpochMs } from '../../../protocol/index.ts';
import { catalogueOf } from '../catalogue.ts';
import type { Locale, Vocabulary } from '../vocabulary.ts';
import { civilOf, DAY_MIN, dayAt, minuteAt, weekdayOf } from './calendar.ts';

/** A draft does not say where it was made; the parser's context allows no other clock than China's. */
export const LOCAL_OFFSET_MIN = 480;

const WEEKDAYS: Readonly<Record<Locale, readonly string[]>> = {
  'en-US': ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  'zh-CN': ['周一', '周二', '周三', '周四', '周五', '周六', '周日'],
};
const MONTHS = 'January|February|March|April|May|June|July|August|September|October|November|December'.split('|');

/** Exact: 2550 is 25.5 yuan. CNY has exponent 2. */
export function yuan(minor: number, locale: Locale): string {
  const fen = minor % 100;
  const number = `${Math.floor(minor / 100)}${fen === 0 ? '' : `.${String(fen).padStart(2, '0').replace(/0$/, '')}`}`;
  return locale === 'zh-CN' ? `${number}元` : `${number} yuan`;
}

/** `Saturday, 28 November 2026`, `2026年11月28日周六`. */
export function spokenDay(instant: EpochMs, locale: Locale): string {
  const day = dayAt(instant, LOCAL_OFFSET_MIN);
  const { year, month, dayOfMonth } = civilOf(day);
  const weekday = WEEKDAYS[locale][weekdayOf(day) - 1];
  return locale === 'zh-CN'
    ? `${year}年${month}月${dayOfMonth}日${weekday}`
    : `${weekday}, ${dayOfMonth} ${MONTHS[month - 1]} ${year}`;
}

/** `9:30` */
export function spokenHour(minute: number): string {
  return `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`;
}

/** A day and an hour. */
export function spokenTime(instant: EpochMs, locale: Locale): string {
  return `${spokenDay(instant, locale)} ${spokenHour(minuteAt(instant, LOCAL_OFFSET_MIN))}`;
}

/** The first instant that is too late, said as the last that is not. */
export function spokenEnd(instant: EpochMs, locale: Locale): string {
  if (minuteAt(instant, LOCAL_OFFSET_MIN) > 0) return spokenTime(instant, locale);
  const day = spokenDay((instant - DAY_MIN) as EpochMs, locale);
  return locale === 'zh-CN' ? `${day}结束` : `the end of ${day}`;
}

/** "every day", "Monday to Friday" and other sets of weekdays, 1 to 7. */
export function spokenWeekdays(weekdays: readonly number[], locale: Locale): string {
  const sets: Readonly<Record<string, Readonly<Record<Locale, string>>>> = {
    '1234567': { 'en-US': 'every day', 'zh-CN': '每天' },
    '12345': { 'en-US': 'every Monday to Friday', 'zh-CN': '每周一到周五' },
  };
  const named = weekdays.map((weekday) => WEEKDAYS[locale][weekday - 1] ?? '');
  const all = sets[weekdays.join('')]?.[locale];
  return all ?? (locale === 'zh-CN' ? `每${named.join('、')}` : `every ${listed(named, locale, 'and')}`);
}

/** "a, b and c", "a, b or c". */
export function listed(names: readonly string[], locale: Locale, word: 'and' | 'or'): string {
  const last = locale === 'zh-CN' ? { and: '和', or: '还是' }[word] : ` ${word} `;
  const comma = locale === 'zh-CN' ? '、' : ', ';
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(comma)}${last}${names.at(-1)}`;
}

/** The vocabulary's own names; ids that it has not come out as they are. */
export function namesOf(vocabulary: Vocabulary, locale: Locale) {
  const catalogue = catalogueOf(vocabulary);
  return {
    item: (id: string): string => catalogue.items.get(id)?.names[locale][0] ?? id,
    merchant: (id: string): string =>
      vocabulary.merchants.find((merchant) => merchant.id === id)?.names[locale][0] ?? id,
  };
}
