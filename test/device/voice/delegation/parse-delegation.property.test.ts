import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delegationQuestion } from '../../../../device/voice/delegation/ask-delegation.ts';
import type { DelegationDraft, DelegationParse } from '../../../../device/voice/delegation/draft.ts';
import { parseDelegationCommand } from '../../../../device/voice/delegation/parse-command.ts';
import { parseDelegation } from '../../../../device/voice/delegation/parse-delegation.ts';
import { summariseDelegation } from '../../../../device/voice/delegation/summarise-delegation.ts';
import { lexicon } from '../../../../device/voice/lexicon.ts';
import { NOW } from './show.ts';
import { vocabulary } from './vocabulary.fixture.ts';

const RUNS = { seed: 20_261_125, numRuns: 1_500 };
const YEAR_MS = 366 * 86_400_000;

const names = [
  ...vocabulary.items,
  ...vocabulary.merchants,
  ...vocabulary.options.flatMap((option) => option.choices),
].flatMap((entry) => [...entry.names['en-US'], ...entry.names['zh-CN']]);
const amounts = [
  '25',
  '1,280 yuan',
  'thirty',
  '三十块',
  '一千二百八',
  '0',
  '1.5',
  'half',
  '块五',
  '99999999',
  '50 dollars',
  '31',
];
const times =
  'tomorrow|today|on friday|next saturday|until friday|until february 29|before nine|at three|between 2 and 4|every weekday|every day|on mondays|for two weeks|for two years|from december 10|by the end of the month|' +
  'yesterday|december 2030|in the afternoon|明天|周六|下周六|到周五|九点前|两周内|每个工作日|每周一三五|每天|从下周一开始|二月三十号|三天后|月底前|下午三点|两点到四点|每周|every month';
const words =
  'at most|each|a day|per order|in all|each time|最多|每天|每张|总共|only from|not from|from these two shops|只在|不要在|any shop|no tea|only coffee|if the price goes up more than 10 percent|ask me|cancel it|if the payment fails|try again twice|' +
  '涨价超过百分之十|就问我|付款失败|再试两次|when they go on sale|开售了|book|order|帮我抢|prepare|准备|spend|drops below|zebra|熊猫|not|不是|yes|no|the second one|第二个|,|。';
const pieces = [...names, ...amounts, ...times.split('|'), ...words.split('|')];
const soup = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...pieces) },
      { weight: 1, arbitrary: fc.constantFrom(...lexicon.keys()) },
    ),
    {
      maxLength: 16,
    },
  )
  .map((said) => said.join(' '));
const anyWords = fc.oneof(
  soup,
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
);

function parse(said: string, before?: DelegationParse): DelegationParse {
  const pending = before?.kind === 'question' ? { pending: before.pending } : {};
  return parseDelegation(said, { vocabulary, currency: 'CNY', now: NOW, utcOffsetMin: 480, ...pending });
}

function checkTarget({ mode, lines, purpose }: DelegationDraft): void {
  if (mode === 'BOUNDED') expect([lines, purpose]).toEqual([[], 'market-report']);
  else expect([lines.length > 0 && lines.length <= 8, purpose]).toEqual([true, undefined]);
  for (const line of lines) {
    const item = vocabulary.items.find(({ id }) => id === line.itemId);
    expect(Number.isInteger(line.quantity) && line.quantity >= 1 && line.quantity <= 20).toBe(true);
    for (const { optionId } of line.options) expect(item?.options).toContain(optionId);
  }
}

function checkDraft(result: DelegationParse): void {
  if (result.kind !== 'draft') return;
  const { draft } = result;
  checkTarget(draft);
  const { maxTotalMinor: total, maxDailyMinor: daily = total, maxSingleMinor: single = daily } = draft;
  for (const amount of [total, single, daily])
    expect(Number.isSafeInteger(amount) && amount > 0 && amount <= total).toBe(true);
  expect(single).toBeLessThanOrEqual(daily);
  expect(draft.validFrom).toBeGreaterThanOrEqual(NOW);
  expect(draft.validUntil).toBeGreaterThan(draft.validFrom);
  expect(draft.validUntil - NOW).toBeLessThanOrEqual(YEAR_MS);
  for (const id of draft.allowedMerchants) expect(draft.forbiddenMerchants).not.toContain(id);
  for (const id of draft.allowedCategories) expect(draft.forbiddenCategories).not.toContain(id);
  if (draft.schedule) {
    const { weekdays, fromMin, untilMin } = draft.schedule;
    expect(weekdays).toEqual([...new Set(weekdays)].sort((a, b) => a - b));
    expect(weekdays.every((day) => day >= 1 && day <= 7) && weekdays.length > 0).toBe(true);
    expect(0 <= fromMin && fromMin < untilMin && untilMin <= 1_440).toBe(true);
  }
  if (draft.wanted) expect(draft.wanted.until).toBeGreaterThan(draft.wanted.from);
  for (const instant of [draft.validFrom, draft.validUntil]) expect(instant % 1_000).toBe(0);
}

describe('parseDelegation, whatever is said', () => {
  it('T7: never throws; a draft always has a target, an amount above zero and an end within a year', () => {
    fc.assert(
      fc.property(anyWords, (said) => checkDraft(parse(said))),
      RUNS,
    );
  });

  it('holds the same for every chain of answers, with questions that can be said in both languages', () => {
    const chain = fc.array(fc.oneof(soup, fc.constantFrom(...pieces)), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(chain, (sentences) => {
        let result: DelegationParse = { kind: 'not-a-delegation' };
        for (const said of ['order a latte every weekday', ...sentences]) {
          result = parse(said, result);
          checkDraft(result);
          for (const locale of ['en-US', 'zh-CN'] as const) {
            if (result.kind === 'question')
              expect(delegationQuestion(result.question, locale, vocabulary)).not.toMatch(/undefined|NaN|null|: \?|^$/);
            if (result.kind === 'draft')
              expect(summariseDelegation(result.draft, vocabulary, locale)).not.toMatch(/undefined|NaN|null|, ,|^$/);
          }
        }
      }),
      RUNS,
    );
  });

  it('never invents an amount: where no number was said, there is no draft', () => {
    const unnumbered = soup.filter(
      (said) =>
        !/[\d零一二三四五六七八九十百千万两半块俩仨]|one|two|three|nine|ten|thirty|half|twelve|dozen|couple|pair|hundred|thousand|zero/u.test(
          said,
        ),
    );
    fc.assert(
      fc.property(unnumbered, (said) => {
        expect(parse(said).kind).not.toBe('draft');
      }),
      RUNS,
    );
  });

  it('gives the same answer twice', () => {
    fc.assert(
      fc.property(soup, (said) => {
        expect(parse(said)).toEqual(parse(said));
      }),
      { ...RUNS, numRuns: 300 },
    );
  });
});

/** Parts of a sentence in any order, in one of the languages, and what they allow at the most. */
const LANGUAGES = [
  {
    order: (pieceCount: number) => `order ${pieceCount} lattes`,
    every: 'every day',
    days: (count: number) => `for ${count} days`,
    limits: {
      piece: (n: number) => `at most ${n} yuan each`,
      order: (n: number) => `no more than ${n} per order`,
      day: (n: number) => `up to ${n} yuan a day`,
      total: (n: number) => `at most ${n} in all`,
    },
    shop: 'only from luna',
    join: ', ',
  },
  {
    order: (pieceCount: number) => `点${pieceCount}杯拿铁`,
    every: '每天',
    days: (count: number) => `${count}天内`,
    limits: {
      piece: (n: number) => `每杯不超过${n}块`,
      order: (n: number) => `每次最多${n}元`,
      day: (n: number) => `一天最多${n}`,
      total: (n: number) => `总共不超过${n}`,
    },
    shop: '只在月獭买',
    join: '，',
  },
] as const;
const SCOPES = ['piece', 'order', 'day', 'total'] as const;

describe('T14: the bounds of a draft', () => {
  it('are never wider than the numbers in the words, in any order of the parts', () => {
    const arbitrary = fc.record({
      language: fc.constantFrom(...LANGUAGES),
      pieceCount: fc.integer({ min: 1, max: 20 }),
      days: fc.integer({ min: 1, max: 300 }),
      scopes: fc.uniqueArray(fc.tuple(fc.constantFrom(...SCOPES), fc.integer({ min: 1, max: 5_000 })), {
        minLength: 1,
        maxLength: 4,
        selector: ([scope]) => scope,
      }),
      keys: fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
    });
    let drafts = 0;
    fc.assert(
      fc.property(arbitrary, ({ language, pieceCount, days, scopes, keys }) => {
        const said = Object.fromEntries(scopes) as Partial<Record<(typeof SCOPES)[number], number>>;
        const parts = [
          language.days(days),
          language.shop,
          ...scopes.map(([scope, amount]) => language.limits[scope](amount)),
        ];
        const shuffled = parts
          .map((part, at) => [keys[at] ?? 0, part] as const)
          .sort(([a], [b]) => a - b)
          .map(([, part]) => part);
        const result = parse([`${language.every} ${language.order(pieceCount)}`, ...shuffled].join(language.join));
        if (result.kind === 'question') {
          expect(result.question.kind).toBe('limits-disagree');
          return;
        }
        if (result.kind !== 'draft') expect.unreachable();
        drafts += 1;
        const { draft } = result;
        const single = Math.min(
          said.order ?? Number.POSITIVE_INFINITY,
          (said.piece ?? Number.POSITIVE_INFINITY) * pieceCount,
        );
        const daily = Math.min(
          said.day ?? Number.POSITIVE_INFINITY,
          single === Number.POSITIVE_INFINITY ? single : (said.day ?? single),
        );
        const total = said.total ?? daily * days;
        expect(draft.maxTotalMinor).toBe(total * 100);
        if (single < Number.POSITIVE_INFINITY) expect(draft.maxSingleMinor).toBe(Math.min(single, daily, total) * 100);
        if (daily < Number.POSITIVE_INFINITY) expect(draft.maxDailyMinor).toBe(Math.min(daily, total) * 100);
        expect(draft.validUntil - draft.validFrom).toBe(days * 86_400_000);
        expect(draft.lines).toEqual([{ itemId: 'latte', quantity: pieceCount, options: [] }]);
        expect(draft.allowedMerchants).toEqual(['luna']);
      }),
      { ...RUNS, numRuns: 600 },
    );
    expect(drafts).toBeGreaterThan(200);
  });
});

describe('parseDelegationCommand, whatever is said', () => {
  it('never throws, and resumes nothing that was refused', () => {
    const said = fc
      .tuple(fc.constantFrom("don't", 'never', 'not', '不要', '别', '先别'), anyWords)
      .map((both) => both.join(' '));
    fc.assert(
      fc.property(fc.oneof(anyWords, said), (sentence) => {
        const command = parseDelegationCommand(sentence, { vocabulary });
        if (/^(?:don't|never|not|不要|别|先别) /u.test(sentence)) expect(command?.kind).not.toBe('resume');
      }),
      RUNS,
    );
  });
});
