/**
 * "What have you bought today", "how much is left": out of receipts only, with the time up to which they are known, and with
 * the doubt where there is one. What this device does not know it does not claim.
 */
import { type EpochMs, msOf } from '../../protocol/index.ts';
import { spokenAmount } from '../purchase/phrases.ts';
import type { DeviceSettings } from '../settings.ts';
import { dayAt, instantAt } from '../voice/delegation/calendar.ts';
import type { Locale } from '../voice/vocabulary.ts';
import type { BookView, KeptSpend } from './book.ts';
import { LOCAL_OFFSET_MIN, leftMinor } from './bounds.ts';
import type { DelegationEffect } from './events.ts';
import { delegationPhrases } from './phrases.ts';
import { nameOf, payeeName, say, spokenTime, words } from './speech.ts';
import { mayBeMissing } from './standing.ts';
import type { HeldDelegation } from './state.ts';

/** The PSP's word is as good as new for so long. */
const FRESH_MS = 60_000;
/** More payments than this are summed up. */
const MOST_SPOKEN = 3;

interface Asked {
  readonly held: readonly HeldDelegation[];
  readonly settings: DeviceSettings;
  readonly book: BookView;
  readonly now: EpochMs;
  readonly locale: Locale;
}

/** What may be wrong with an answer: receipts that are missing, and how old the PSP's last word is. */
function caveats({ held, settings, now, locale }: Asked): readonly string[] {
  const phrases = delegationPhrases(locale);
  const doubts = held.filter(mayBeMissing).map((one) => phrases.doubt(nameOf(one.iac, settings, locale)));
  const paying = held.filter(({ at }) => at === 'issuing' || at === 'active' || at === 'suspended');
  const words = paying.flatMap(({ status }) => (status ? [status.asOf] : []));
  const oldest = words.length > 0 ? words.reduce((one, other) => (one < other ? one : other)) : undefined;
  const isOld = oldest !== undefined && now - msOf(oldest) > FRESH_MS;
  return [
    ...doubts,
    ...(isOld ? [phrases.asOf(spokenTime(oldest, now, locale))] : []),
    ...(words.length < paying.length ? [phrases.notKnown()] : []),
  ];
}

function joined(sentences: readonly string[], locale: Locale): string {
  return sentences.join(locale === 'zh-CN' ? '' : ' ');
}

/** The payments whose receipts say that day, local time. */
function spendsOf(day: 'today' | 'yesterday', { book, now }: Asked): readonly KeptSpend[] {
  const today = dayAt(now, LOCAL_OFFSET_MIN);
  const which = day === 'today' ? today : today - 1;
  const [from, until] = [instantAt(which, 0, LOCAL_OFFSET_MIN), instantAt(which + 1, 0, LOCAL_OFFSET_MIN)];
  return book.all.filter(
    (one): one is KeptSpend =>
      one.kind === 'spend' &&
      !one.faults.includes('trade-repeated') &&
      msOf(one.paidAt) >= from &&
      msOf(one.paidAt) < until,
  );
}

export function report(day: 'today' | 'yesterday', asked: Asked): DelegationEffect {
  const { held, settings, locale } = asked;
  const phrases = delegationPhrases(locale);
  const spends = spendsOf(day, asked);
  const nameIn = (id: KeptSpend['delegationId']) => {
    const one = held.find((delegation) => delegation.id === id);
    return one ? nameOf(one.iac, settings, locale) : '';
  };
  const amount = (minor: number) => spokenAmount(minor, settings.currency, locale);
  const total = spends.reduce((sum, one) => sum + one.amountMinor, 0);
  const single = spends.map((one) =>
    phrases.boughtOne(amount(one.amountMinor), payeeName(one.payee, settings, locale), nameIn(one.delegationId)),
  );
  const list =
    spends.length > MOST_SPOKEN ? phrases.boughtMany(spends.length, amount(total)) : single.join(phrases.comma);
  const told = spends.length === 0 ? phrases.boughtNothing(day) : phrases.bought(day, list);
  return say('delegation-report', joined([told, ...caveats(asked)], locale), locale);
}

export function left(asked: Asked): DelegationEffect {
  const { held, settings, locale } = asked;
  const phrases = delegationPhrases(locale);
  const paying = held.filter(({ at }) => at === 'issuing' || at === 'active' || at === 'suspended');
  if (paying.length === 0) return say('delegation-none', phrases.noneAtAll(), locale);
  const list = paying.map((one) => {
    const { name, amount } = words(one, settings, locale);
    return phrases.left(name, amount(leftMinor(one.sums.spentMinor, one.iac)));
  });
  const told = `${list.join(phrases.comma)}${phrases.stop.trim()}`;
  return say('delegation-report', joined([told, ...caveats({ ...asked, held: paying })], locale), locale);
}
