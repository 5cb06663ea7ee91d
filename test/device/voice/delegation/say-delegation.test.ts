import { describe, expect, it } from 'vitest';
import { delegationQuestion } from '../../../../device/voice/delegation/ask-delegation.ts';
import { summariseDelegation } from '../../../../device/voice/delegation/summarise-delegation.ts';
import { delegate } from './show.ts';
import { QUESTIONS, SUMMARIES } from './spoken.corpus.ts';
import { vocabulary } from './vocabulary.fixture.ts';

/** A line of words, and below it the English and the Chinese. */
function spokenRows(corpus: string): readonly (readonly [words: string, english: string, chinese: string])[] {
  return [...corpus.matchAll(/^(\S.*)\n {2}(.*)\n {2}(.*)$/gm)].map(
    ([, words = '', english = '', chinese = '']) => [words, english, chinese] as const,
  );
}

describe('delegationQuestion', () => {
  it.each(spokenRows(QUESTIONS))('asks about "%s" in both languages', (words, english, chinese) => {
    const parse = delegate(words);
    if (parse.kind !== 'question') expect.unreachable();
    const say = (locale: 'zh-CN' | 'en-US') => delegationQuestion(parse.question, locale, vocabulary);
    expect([say('en-US'), say('zh-CN')]).toEqual([english, chinese]);
  });
});

describe('summariseDelegation', () => {
  it.each(spokenRows(SUMMARIES))('says everything that bounds "%s"', (words, english, chinese) => {
    const parse = delegate(words);
    if (parse.kind !== 'draft') expect.unreachable();
    const say = (locale: 'zh-CN' | 'en-US') => summariseDelegation(parse.draft, vocabulary, locale);
    expect([say('en-US'), say('zh-CN')]).toEqual([english, chinese]);
  });

  it('leaves no bound unsaid: a draft that differs in one is said otherwise', () => {
    const parse = delegate(
      'order an iced latte every weekday before nine, at most 30 a day, from luna, for two weeks, no tea, if the price goes up more than 2 percent ask me, try again once if the payment fails',
    );
    if (parse.kind !== 'draft') expect.unreachable();
    const { draft } = parse;
    const wanted = { from: draft.validFrom, until: draft.validUntil };
    const others = [
      { mode: 'BOUNDED' as const, purpose: 'market-report' },
      { lines: [{ itemId: 'latte', quantity: 1, options: [] }] },
      { lines: [{ itemId: 'iced-latte', quantity: 2, options: [] }] },
      { maxTotalMinor: draft.maxTotalMinor + 1 },
      { maxSingleMinor: 2_000 },
      { maxDailyMinor: 3_001 },
      { allowedMerchants: [] },
      { forbiddenMerchants: ['luna'] },
      { allowedCategories: ['coffee'] },
      { forbiddenCategories: [] },
      { validFrom: (draft.validFrom + 60_000) as typeof draft.validFrom },
      { validUntil: (draft.validUntil + 60_000) as typeof draft.validUntil },
      { schedule: { weekdays: [1, 2, 3, 4], fromMin: 0, untilMin: 540 } },
      { schedule: { weekdays: [1, 2, 3, 4, 5], fromMin: 1, untilMin: 540 } },
      { schedule: { weekdays: [1, 2, 3, 4, 5], fromMin: 0, untilMin: 541 } },
      { wanted },
      { wanted: { ...wanted, from: (wanted.from + 60_000) as typeof wanted.from } },
      { priceToleranceE2: 0 },
      { priceToleranceE2: 250 },
      { onPriceDeviation: 'AUTO_CANCEL' as const },
      { onPaymentFailure: 'CANCEL' as const },
      { maxRetryCount: 2 },
    ];
    for (const locale of ['en-US', 'zh-CN'] as const) {
      const said = [{}, ...others].map((other) => summariseDelegation({ ...draft, ...other }, vocabulary, locale));
      expect(new Set(said).size).toBe(others.length + 1);
    }
  });

  it('T13: says nothing but the vocabulary: an id that is not in it comes out as it is', () => {
    const parse = delegate('order a latte every day until friday, at most 30 a day, only from luna');
    if (parse.kind !== 'draft') expect.unreachable();
    const empty = { items: [], options: [], merchants: [] };
    expect(summariseDelegation(parse.draft, empty, 'en-US')).toMatch(/^latte, every day, .* only from luna, /);
  });
});
