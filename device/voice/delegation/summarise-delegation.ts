/** The short spoken summary of a delegation that the wearer agrees to before the signer shows the bounds: everything that bounds is in it. */
import { spokenOrder } from '../../purchase/phrases.ts';
import type { Locale, Vocabulary } from '../vocabulary.ts';
import { DAY_MIN, minuteAt } from './calendar.ts';
import { categoryName } from './category-names.ts';
import type { DelegationDraft } from './draft.ts';
import {
  LOCAL_OFFSET_MIN,
  listed,
  namesOf,
  spokenDay,
  spokenEnd,
  spokenHour,
  spokenTime,
  spokenWeekdays,
  yuan,
} from './speech.ts';

/** One sentence or a few, with the vocabulary's own names; ids that it has not come out as they are. */
export function summariseDelegation(draft: DelegationDraft, vocabulary: Vocabulary, locale: Locale): string {
  const parts = [
    what(draft, vocabulary, locale),
    ...when(draft, locale),
    ...limits(draft, locale),
    ...shops(draft, vocabulary, locale),
    ...kinds(draft, locale),
    ...rules(draft, locale),
    validity(draft, locale),
  ];
  return locale === 'zh-CN' ? `${parts.join('，')}。这样授权吗？` : `${parts.join(', ')}. Shall I set this up?`;
}

function what(draft: DelegationDraft, vocabulary: Vocabulary, locale: Locale): string {
  if (draft.mode === 'SPECIFIED') return spokenOrder({ lines: draft.lines }, vocabulary, locale);
  const purpose = namesOf(vocabulary, locale).item(draft.purpose ?? '');
  return locale === 'zh-CN' ? `为了${purpose}，买什么由代理决定` : `For the ${purpose}, the agent picks what to buy`;
}

function when({ schedule, wanted }: DelegationDraft, locale: Locale): string[] {
  const zh = locale === 'zh-CN';
  const parts: string[] = [];
  if (schedule) {
    const { weekdays, fromMin, untilMin } = schedule;
    const hours = [spokenHour(fromMin), spokenHour(untilMin)] as const;
    const isAllDay = fromMin === 0 && untilMin === DAY_MIN;
    const between = zh ? `${hours[0]}到${hours[1]}之间` : ` between ${hours[0]} and ${hours[1]}`;
    parts.push(`${spokenWeekdays(weekdays, locale)}${isAllDay ? '' : between}`);
  }
  if (wanted) parts.push(wantedTime(wanted, locale));
  return parts;
}

/** A whole day by its name, hours of one day, or from one time to another. */
function wantedTime({ from, until }: NonNullable<DelegationDraft['wanted']>, locale: Locale): string {
  const zh = locale === 'zh-CN';
  const [start, minutes] = [minuteAt(from, LOCAL_OFFSET_MIN), (until - from) / 60_000];
  const day = spokenDay(from, locale);
  if (start === 0 && minutes === DAY_MIN) return zh ? `时间是${day}` : `for ${day}`;
  if (start + minutes <= DAY_MIN) {
    const [first, last] = [spokenHour(start), spokenHour(start + minutes)];
    return zh ? `时间是${day}${first}到${last}之间` : `for ${day} between ${first} and ${last}`;
  }
  const [first, last] = [spokenTime(from, locale), spokenEnd(until, locale)];
  return zh ? `时间在${first}到${last}之间` : `for the time from ${first} to ${last}`;
}

function limits(draft: DelegationDraft, locale: Locale): string[] {
  const zh = locale === 'zh-CN';
  const { maxTotalMinor, maxSingleMinor, maxDailyMinor, firstFundMinor } = draft;
  const parts = [zh ? `总共最多${yuan(maxTotalMinor, locale)}` : `at most ${yuan(maxTotalMinor, locale)} in all`];
  if (maxSingleMinor !== undefined)
    parts.push(zh ? `每次最多${yuan(maxSingleMinor, locale)}` : `${yuan(maxSingleMinor, locale)} per order`);
  if (maxDailyMinor !== undefined)
    parts.push(zh ? `每天最多${yuan(maxDailyMinor, locale)}` : `${yuan(maxDailyMinor, locale)} a day`);
  if (firstFundMinor !== undefined) {
    const first = yuan(firstFundMinor, locale);
    parts.push(zh ? `账户里先放${first}` : `with ${first} in its account at first`);
  }
  return parts;
}

function shops(draft: DelegationDraft, vocabulary: Vocabulary, locale: Locale): string[] {
  const names = (ids: readonly string[], word: 'and' | 'or'): string =>
    listed(ids.map(namesOf(vocabulary, locale).merchant), locale, word === 'or' && locale === 'zh-CN' ? 'and' : word);
  const zh = locale === 'zh-CN';
  const { allowedMerchants, forbiddenMerchants } = draft;
  const parts: string[] = [];
  if (allowedMerchants.length > 0)
    parts.push(zh ? `只在${names(allowedMerchants, 'or')}` : `only from ${names(allowedMerchants, 'or')}`);
  if (forbiddenMerchants.length > 0)
    parts.push(zh ? `不在${names(forbiddenMerchants, 'or')}` : `never from ${names(forbiddenMerchants, 'or')}`);
  if (parts.length === 0) parts.push(zh ? '商家不限' : 'from any shop');
  return parts;
}

function kinds({ allowedCategories, forbiddenCategories }: DelegationDraft, locale: Locale): string[] {
  const zh = locale === 'zh-CN';
  const names = (ids: readonly string[]): string =>
    listed(
      ids.map((id) => categoryName(id, locale)),
      locale,
      'and',
    );
  const parts: string[] = [];
  if (allowedCategories.length > 0)
    parts.push(zh ? `只买${names(allowedCategories)}类` : `only ${names(allowedCategories)}`);
  if (forbiddenCategories.length > 0)
    parts.push(zh ? `不买${names(forbiddenCategories)}类` : `no ${names(forbiddenCategories)}`);
  return parts;
}

function rules(draft: DelegationDraft, locale: Locale): string[] {
  const zh = locale === 'zh-CN';
  const { priceToleranceE2, onPriceDeviation, onPaymentFailure, maxRetryCount } = draft;
  const parts: string[] = [];
  if (priceToleranceE2 !== undefined || onPriceDeviation !== undefined) {
    const percent = (priceToleranceE2 ?? 0) / 100;
    const moved = zh
      ? { any: '价格一有变动', more: `价格变动超过${percent}%` }
      : { any: 'if the price moves at all', more: `if the price moves more than ${percent} percent` };
    const condition = percent === 0 ? moved.any : moved.more;
    const isCancel = onPriceDeviation === 'AUTO_CANCEL';
    const then = zh ? (isCancel ? '就取消' : '就先问您') : isCancel ? ' I cancel' : ' I ask you';
    parts.push(`${condition}${then}`);
  }
  if (onPaymentFailure === 'CANCEL') parts.push(zh ? '付款失败就取消' : 'if a payment fails I give up');
  if (onPaymentFailure === 'AUTO_RETRY') {
    const times = maxRetryCount ?? 1;
    parts.push(
      zh
        ? `付款失败最多再试${times}次`
        : `if a payment fails I try again up to ${times} ${times === 1 ? 'time' : 'times'}`,
    );
  }
  return parts;
}

function validity({ validFrom, validUntil }: DelegationDraft, locale: Locale): string {
  const [from, until] = [spokenTime(validFrom, locale), spokenEnd(validUntil, locale)];
  return locale === 'zh-CN' ? `${from}起，到${until}为止` : `from ${from} until ${until}`;
}
