import { describe, expect, it } from 'vitest';
import type { DelegationDraft } from '../../../../device/voice/delegation/draft.ts';
import { parseDelegation } from '../../../../device/voice/delegation/parse-delegation.ts';
import { summariseDelegation } from '../../../../device/voice/delegation/summarise-delegation.ts';
import type { EpochMs } from '../../../../protocol/index.ts';
import { shopVocabulary } from '../../../../sim/shops/index.ts';

const context = {
  vocabulary: shopVocabulary,
  currency: 'CNY',
  now: Date.UTC(2026, 10, 23, 2) as EpochMs,
  utcOffsetMin: 480,
} as const;

function draftOf(...sentences: readonly string[]): DelegationDraft {
  let parse = parseDelegation(sentences[0] ?? '', context);
  for (const words of sentences.slice(1))
    parse = parseDelegation(words, { ...context, ...(parse.kind === 'question' && { pending: parse.pending }) });
  if (parse.kind !== 'draft') throw new Error(JSON.stringify(parse));
  return parse.draft;
}

const EN = 'prepare the market report, spend at most 50 on data';
const ZH = '准备一份市场报告，数据最多花五十';

describe('what the account of a task holds at first (PSD-AGT-SUB)', () => {
  it.each([
    `${EN}, start with 20, until friday`,
    `${EN}, starting with 20 yuan, until friday`,
    `${EN}, put 20 in its account first, until friday`,
    `${EN} until friday, put twenty yuan into the account`,
    `${EN}, fund its account with 20 at first, until friday`,
    `${ZH}，账户先放二十块，周五前`,
    `${ZH}，先放二十，周五前`,
    `${ZH}，账户里先存20元，周五前`,
  ])('"%s"', (words) => {
    expect(draftOf(words)).toMatchObject({ mode: 'BOUNDED', maxTotalMinor: 5_000, firstFundMinor: 2_000 });
  });

  it('is said in the summary, in both languages, and may be said along with an answer', () => {
    const summary = (locale: 'en-US' | 'zh-CN') =>
      summariseDelegation(draftOf(`${EN}, start with 20`, 'until friday'), shopVocabulary, locale);
    expect(summary('en-US')).toContain('at most 50 yuan in all, with 20 yuan in its account at first');
    expect(summary('zh-CN')).toContain('总共最多50元，账户里先放20元');
    expect(draftOf(EN, 'until friday, and start with 20')).toMatchObject({ firstFundMinor: 2_000 });
  });

  it('T7: is the total where nothing is said, or the total is', () => {
    for (const words of [`${EN}, until friday`, `${EN}, start with 50, until friday`])
      expect(draftOf(words).firstFundMinor).toBeUndefined();
  });

  it.each([
    `${EN}, start with 80, until friday`,
    `${EN}, start with 0 yuan, until friday`,
    'get me two concert tickets when they go on sale, at most 1,280 each, start with 20, until friday',
  ])('T14: never more than the total, nor nothing, nor where no account pays: "%s" is asked about', (words) => {
    const parse = parseDelegation(words, context);
    expect(parse).toMatchObject({ kind: 'question', question: { kind: 'leave-out' } });
    expect(draftOf(words, 'yes').firstFundMinor).toBeUndefined();
  });

  it('takes no other word for it', () => {
    for (const words of [`${EN} until friday, data only`, `${EN}, put it in my calendar, until friday`]) {
      const parse = parseDelegation(words, context);
      expect(JSON.stringify(parse)).not.toMatch(/firstFundMinor|"fund"/);
    }
  });
});
