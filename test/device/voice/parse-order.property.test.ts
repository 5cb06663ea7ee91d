import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderGrammar } from '../../../device/voice/grammar.ts';
import { lexicon } from '../../../device/voice/lexicon.ts';
import { type OrderParse, parseOrder } from '../../../device/voice/parse-order.ts';
import { parseReply } from '../../../device/voice/parse-reply.ts';
import { askQuestion } from '../../../device/voice/questions.ts';
import { vocabulary } from './vocabulary.fixture.ts';

const RUNS = { seed: 20_260_101, numRuns: 3_000 };

const names = [
  ...vocabulary.items,
  ...vocabulary.merchants,
  ...vocabulary.options.flatMap((option) => option.choices),
].flatMap((entry) => [...entry.names['en-US'], ...entry.names['zh-CN']]);
const amounts = [
  '25',
  '25 yuan',
  'twenty',
  '二十五块',
  '两',
  '三百',
  '1.5',
  '0',
  '21',
  '半',
  '块五',
  '99999999',
  '30 minutes',
  '半小时',
  'five dollars',
];
const limitWords = [...lexicon]
  .filter(([, role]) => role.startsWith('limit') || role === 'within')
  .map(([phrase]) => phrase);
const soup = fc
  .array(fc.constantFrom(...names, ...lexicon.keys(), ...amounts, ',', '。', 'zebra', '熊猫', '第二'), {
    maxLength: 14,
  })
  .map((words) => words.join(' '));
const anyWords = fc.oneof(
  soup,
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
);

function parse(words: string, before?: OrderParse): OrderParse {
  return parseOrder(words, {
    vocabulary,
    currency: 'CNY',
    ...(before?.kind === 'question' ? { pending: before.pending } : {}),
  });
}

function checkDraft(result: OrderParse): void {
  if (result.kind !== 'draft') return;
  const { lines, maxTotalMinor, deliverWithinMin } = result.draft;
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.length).toBeLessThanOrEqual(10);
  for (const line of lines) {
    expect(Number.isInteger(line.quantity) && line.quantity >= 1 && line.quantity <= 20).toBe(true);
    const item = vocabulary.items.find(({ id }) => id === line.itemId);
    expect(item).toBeDefined();
    expect(new Set(line.options.map(({ optionId }) => optionId)).size).toBe(line.options.length);
    for (const { optionId, choiceId } of line.options) {
      expect(item?.options).toContain(optionId);
      expect(vocabulary.options.find(({ id }) => id === optionId)?.choices.map(({ id }) => id)).toContain(choiceId);
    }
  }
  if (maxTotalMinor !== undefined) expect(Number.isSafeInteger(maxTotalMinor) && maxTotalMinor > 0).toBe(true);
  if (deliverWithinMin !== undefined)
    expect(Number.isInteger(deliverWithinMin) && deliverWithinMin >= 1 && deliverWithinMin <= 1440).toBe(true);
}

describe('parseOrder, whatever is said', () => {
  it('never throws, and a draft is always whole: known items, quantities 1 to 20, choices the item has', () => {
    fc.assert(
      fc.property(anyWords, (words) => checkDraft(parse(words))),
      RUNS,
    );
  });

  it('holds the same for every chain of answers', () => {
    fc.assert(
      fc.property(fc.array(soup, { minLength: 2, maxLength: 5 }), (sentences) => {
        let result: OrderParse = { kind: 'empty' };
        for (const words of sentences) {
          result = parse(words, result);
          checkDraft(result);
        }
      }),
      RUNS,
    );
  });

  it('never invents a budget: without a word of limit there is none', () => {
    const withoutLimits = soup.filter(
      (words) =>
        !limitWords.some(
          (limit) => words.includes(limit) || words.replaceAll(' ', '').includes(limit.replaceAll(' ', '')),
        ),
    );
    fc.assert(
      fc.property(withoutLimits, (words) => {
        const result = parse(words);
        if (result.kind === 'draft') expect(result.draft.maxTotalMinor).toBeUndefined();
      }),
      RUNS,
    );
  });

  it('gives the same answer twice', () => {
    fc.assert(
      fc.property(soup, (words) => {
        expect(parse(words)).toEqual(parse(words));
      }),
      { ...RUNS, numRuns: 300 },
    );
  });

  it('can ask each of its questions in both languages, without a hole in the sentence', () => {
    fc.assert(
      fc.property(soup, (words) => {
        const result = parse(words);
        if (result.kind !== 'question') return;
        for (const locale of ['en-US', 'zh-CN'] as const)
          expect(askQuestion(result.question, locale, vocabulary)).not.toMatch(/undefined|NaN|null|: \?|^$/);
      }),
      RUNS,
    );
  });

  it('keeps a pending order as plain data', () => {
    const result = parse('large small latte');
    expect(result.kind === 'question' && parse('small', JSON.parse(JSON.stringify(result)))).toEqual(
      parse('small latte'),
    );
  });
});

describe('parseReply, whatever is said', () => {
  it('never throws and never chooses an offer that is not there', () => {
    fc.assert(
      fc.property(anyWords, fc.integer({ min: 0, max: 4 }), (words, count) => {
        const offers = Array.from({ length: count }, () => ({ merchantId: 'luna' }));
        const reply = parseReply(words, { offers, vocabulary });
        if (reply.kind === 'choose') expect(reply.index >= 0 && reply.index < count).toBe(true);
        if (reply.kind === 'choose-merchant') expect(count > 0 && reply.merchantId === 'luna').toBe(true);
      }),
      RUNS,
    );
  });
});

describe('orderGrammar, whatever the catalogue calls its things', () => {
  it('T13: no product name adds a rule or breaks one', () => {
    const [item] = vocabulary.items;
    const lines = (name: string): number => {
      const items = item ? [{ ...item, names: { 'zh-CN': ['x'], 'en-US': [name] } }] : [];
      return orderGrammar({ ...vocabulary, items }, 'en-US')
        .split('\n')
        .filter((line) => !/^(#JSGF V1\.0;|grammar order;|(public )?<[a-z]+> = [a-z' |<>()[\]NUL]+;|)$/.test(line))
        .length;
    };
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a; public <x> = b', '<start>', 'a|b', '{tag}', '/*')),
        (name) => lines(name) === 0,
      ),
      { ...RUNS, numRuns: 500 },
    );
  });
});
