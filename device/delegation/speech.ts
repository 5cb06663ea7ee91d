/** Names, amounts and times of delegations as they are spoken, and the small helpers with which transitions speak and send. */
import { type EpochMs, type EpochSeconds, type IacPayload, type Message, msOf } from '../../protocol/index.ts';
import { spokenAmount } from '../purchase/phrases.ts';
import type { DeviceSettings } from '../settings.ts';
import { civilOf, dayAt, minuteAt } from '../voice/delegation/calendar.ts';
import type { Locale } from '../voice/vocabulary.ts';
import { LOCAL_OFFSET_MIN, readTerms } from './bounds.ts';
import type { DelegationEffect } from './events.ts';
import { type DelegationPhrase, delegationPhrases } from './phrases.ts';
import type { Held } from './state.ts';

export function say(key: DelegationPhrase, text: string, locale: Locale): DelegationEffect {
  return { do: 'say', key, text, locale };
}

export function send(to: string, message: Message): DelegationEffect {
  return { do: 'send', to, message };
}

/** What it is for, out of the vocabulary's own names: "Concert ticket", "Iced latte and Bagel". */
export function nameOf(iac: IacPayload, { vocabulary }: DeviceSettings, locale: Locale): string {
  const terms = readTerms(iac);
  const ids = terms?.items?.map(({ itemId }) => itemId) ?? (terms?.purpose === undefined ? [] : [terms.purpose]);
  const names = ids.map((id) => vocabulary.items.find((item) => item.id === id)?.names[locale][0] ?? id);
  const [first] = names;
  if (first === undefined) return locale === 'zh-CN' ? '这项委托' : 'This delegation';
  return names.join(locale === 'zh-CN' ? '和' : ' and ');
}

export function payeeName(payee: string, { directory }: DeviceSettings, locale: Locale): string {
  return directory.nameOf(payee, locale) ?? payee;
}

/** Everything a transition says about one delegation. */
export function words(held: Held, settings: DeviceSettings, locale: Locale = held.locale) {
  return {
    locale,
    phrases: delegationPhrases(locale),
    name: nameOf(held.iac, settings, locale),
    amount: (minor: number) => spokenAmount(minor, held.iac.currency, locale),
    payee: (party: string) => payeeName(party, settings, locale),
  };
}

/** `09:40`, local time. */
export function clockTime(at: EpochMs): string {
  const minute = minuteAt(at, LOCAL_OFFSET_MIN);
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** The time of a moment of this day, else with its date: `09:40`, `24 November, 09:40`. */
export function spokenTime(at: EpochSeconds, now: EpochMs, locale: Locale): string {
  const ms = msOf(at);
  const time = clockTime(ms);
  if (dayAt(ms, LOCAL_OFFSET_MIN) === dayAt(now, LOCAL_OFFSET_MIN)) return time;
  const { month, dayOfMonth } = civilOf(dayAt(ms, LOCAL_OFFSET_MIN));
  return locale === 'zh-CN' ? `${month}月${dayOfMonth}日${time}` : `${dayOfMonth} ${MONTHS[month - 1]}, ${time}`;
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

export function later(now: EpochMs, ms: number): EpochMs {
  return (now + ms) as EpochMs;
}

const AGAIN_MS = 4_000;
const AGAIN_MOST_MS = 600_000;

/** When something unanswered is sent once more: ever more slowly, for as long as it takes. */
export function again(now: EpochMs, attempts: number): EpochMs {
  return later(now, Math.min(AGAIN_MS * 2 ** Math.min(attempts, 10), AGAIN_MOST_MS));
}
