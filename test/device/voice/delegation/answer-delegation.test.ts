import { describe, expect, it } from 'vitest';
import { parseDelegation } from '../../../../device/voice/delegation/parse-delegation.ts';
import { corpusRows } from './corpus.ts';
import { DIALOGUES } from './dialogues.corpus.ts';
import { delegate, NOW, showDelegation } from './show.ts';
import { vocabulary } from './vocabulary.fixture.ts';

describe('answers to what a delegation left open', () => {
  it.each(corpusRows(DIALOGUES))('"%s"', (sentences, expected) => {
    expect(showDelegation(delegate(...sentences.split(' / ')))).toBe(expected);
  });
});

/** What opens the question, and answers that refuse something without choosing anything. */
const REFUSALS: readonly (readonly [about: string, said: string, answers: readonly string[]])[] = [
  [
    'an amount',
    'order a latte every weekday until friday',
    ['not 30', 'no', 'not 30 yuan', 'not under 30 yuan', 'no idea', "i don't know"],
  ],
  ['an amount, in Chinese', '每个工作日点一杯拿铁，到周五', ['不要三十', '不是三十块', '不知道', '没有']],
  ['which limit', 'prepare the market report for 50 yuan by friday', ['not sure', 'not yes', 'yes no', 'maybe']],
  [
    'each time or in all',
    'order a latte every day until friday, at most 30',
    ['not in all', 'no', 'not each time', 'neither'],
  ],
  ['each time or in all, in Chinese', '每天点一杯拿铁，到周五，不超过三十', ['不是每次', '不是总共', '不要第一个']],
  [
    'the end',
    'order a latte every day, at most 30 a day',
    ['not friday', 'no', 'not until friday', 'not the first one'],
  ],
  ['the end, in Chinese', '每天点一杯拿铁，每天最多三十', ['不是周五', '不要到周五', '没有']],
  [
    'the shops',
    'order a latte every day until friday, at most 30 a day, from these two shops',
    ['no', 'not luna', 'not any shop', 'not anywhere'],
  ],
  [
    'a shop said both ways',
    'a latte every day until friday, only from luna, not from luna, at most 30 a day',
    ['not sure', 'yes no', 'not yes'],
  ],
  [
    'the day',
    'book a train to shanghai on wednesday, at most 600',
    ['not the second one', 'no', 'not today', 'neither'],
  ],
  ['the day, in Chinese', '订周三去上海的高铁票，最多六百', ['不要第二个', '不是今天', '都不要']],
  [
    'morning or afternoon',
    'book a train to shanghai on saturday at three, at most 600',
    ['no', 'not in the morning', 'neither'],
  ],
  ['the thing', 'book a ticket for tomorrow, at most 600', ['not the second one', 'not the concert']],
  ['a part that is left out', 'book a train to beijing tomorrow, at most 600', ['not sure', 'not yes', 'yes no']],
];

describe('a refusal in an answer', () => {
  it.each(REFUSALS.flatMap(([about, said, answers]) => answers.map((answer) => [about, said, answer] as const)))(
    'to a question about %s, chooses nothing: "%s", "%s"',
    (_about, said, answer) => {
      const parse = delegate(said);
      expect(parse.kind).toBe('question');
      expect(showDelegation(delegate(said, answer))).toBe(showDelegation(parse));
    },
  );
});

describe('a pending delegation', () => {
  it('is plain data: it may be kept, restored and answered later', () => {
    const asked = delegate('get me two concert tickets when they go on sale, at most 1,280 each, only from damai');
    if (asked.kind !== 'question') expect.unreachable();
    const pending = JSON.parse(JSON.stringify(asked.pending));
    const context = { vocabulary, currency: 'CNY', now: NOW, utcOffsetMin: 480, pending } as const;
    expect(showDelegation(parseDelegation('until friday', context))).toBe(
      '2 concert-ticket ≤2560 order≤2560 @damai until 11-28',
    );
  });

  it('T16: is answered against the clock at that time, not against the one it was asked at', () => {
    const asked = delegate('order a latte every day until friday');
    if (asked.kind !== 'question') expect.unreachable();
    const now = NOW + 4 * 86_400_000;
    const context = {
      vocabulary,
      currency: 'CNY',
      now: now as typeof NOW,
      utcOffsetMin: 480,
      pending: asked.pending,
    } as const;
    expect(showDelegation(parseDelegation('at most 30 a day', context))).toBe('? date-past · until friday');
  });
});
