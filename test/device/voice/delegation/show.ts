/** Says sentences to the parser of delegations and writes what they come to in one line, to be compared at a glance. */

import type { DelegationDraft, DelegationParse } from '../../../../device/voice/delegation/draft.ts';
import { parseDelegation } from '../../../../device/voice/delegation/parse-delegation.ts';
import { type EpochMs, epochMs } from '../../../../protocol/index.ts';
import { vocabulary } from './vocabulary.fixture.ts';

/** Wednesday, 25 November 2026, 10:00 in Shanghai. */
export const NOW = epochMs(Date.UTC(2026, 10, 25, 2, 0));

/** Says one sentence after the other at `now`, each as the answer to the question before it. */
export function delegateAt(now: EpochMs, ...sentences: readonly string[]): DelegationParse {
  let parse: DelegationParse = { kind: 'not-a-delegation' };
  for (const words of sentences) {
    const pending = parse.kind === 'question' ? { pending: parse.pending } : {};
    parse = parseDelegation(words, { vocabulary, currency: 'CNY', now, utcOffsetMin: 480, ...pending });
  }
  return parse;
}

export function delegate(...sentences: readonly string[]): DelegationParse {
  return delegateAt(NOW, ...sentences);
}

/** Local time, `11-28`, with the hour unless it is midnight; `11-29` as an end is the end of the 28th. */
function time(instant: number): string {
  const iso = new Date(instant + 480 * 60_000).toISOString();
  const year = iso.startsWith('2026') ? '' : `${iso.slice(0, 4)}-`;
  return `${year}${iso.slice(5, 10)}${iso.slice(11, 16) === '00:00' ? '' : ` ${iso.slice(11, 16)}`}`;
}

function hour(minute: number): string {
  return `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`;
}

function list(sign: string, ids: readonly string[]): string[] {
  return ids.length === 0 ? [] : [`${sign}${ids.join(',')}`];
}

function showDraft(draft: DelegationDraft): string {
  const { schedule, wanted } = draft;
  const lines = draft.lines.map((line) =>
    [line.quantity, line.itemId, ...line.options.map((o) => `${o.optionId}:${o.choiceId}`)].join(' '),
  );
  return [
    draft.mode === 'BOUNDED' ? `for ${draft.purpose}` : lines.join(' + '),
    `≤${draft.maxTotalMinor / 100}`,
    ...(draft.maxSingleMinor === undefined ? [] : [`order≤${draft.maxSingleMinor / 100}`]),
    ...(draft.maxDailyMinor === undefined ? [] : [`day≤${draft.maxDailyMinor / 100}`]),
    ...list('@', draft.allowedMerchants),
    ...list('!@', draft.forbiddenMerchants),
    ...list('#', draft.allowedCategories),
    ...list('!#', draft.forbiddenCategories),
    ...(schedule ? [`on ${schedule.weekdays.join('')} ${hour(schedule.fromMin)}-${hour(schedule.untilMin)}`] : []),
    ...(wanted ? [`wanted ${time(wanted.from)}~${time(wanted.until)}`] : []),
    ...(draft.validFrom === NOW ? [] : [`from ${time(draft.validFrom)}`]),
    `until ${time(draft.validUntil)}`,
    ...(draft.onPriceDeviation
      ? [`price>${(draft.priceToleranceE2 ?? 0) / 100}% ${draft.onPriceDeviation}`]
      : draft.priceToleranceE2 === undefined
        ? []
        : [`price>${draft.priceToleranceE2 / 100}%`]),
    ...(draft.onPaymentFailure
      ? [`fail ${draft.onPaymentFailure}${draft.maxRetryCount === undefined ? '' : ` ${draft.maxRetryCount}`}`]
      : []),
  ].join(' ');
}

/** For example `2 concert-ticket ≤2560 order≤2560 @damai until 11-29`, `? until-when`. */
export function showDelegation(parse: DelegationParse): string {
  if (parse.kind === 'draft') return showDraft(parse.draft);
  if (parse.kind !== 'question') return '-';
  const { line: _line, ends, days, ...rest } = parse.question as unknown as Record<string, unknown>;
  const times = ((ends ?? days) as readonly number[] | undefined)?.map((instant) => time(instant).slice(-11)) ?? [];
  const values = Object.values(rest)
    .filter((value) => typeof value !== 'boolean')
    .map((value) => (Array.isArray(value) ? value.join('/') : String(value)));
  return `? ${[...values, ...times].join(' · ')}`;
}
