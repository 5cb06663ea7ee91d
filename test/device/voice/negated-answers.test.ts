import { describe, expect, it } from 'vitest';
import { parseReply } from '../../../device/voice/parse-reply.ts';
import { converse } from './converse.ts';
import { vocabulary } from './vocabulary.fixture.ts';

/** What opens the question, and answers that refuse something without choosing anything. */
const REFUSALS: readonly (readonly [about: string, order: string, answers: readonly string[]])[] = [
  [
    'size, in English',
    'a latte not large',
    ['a latte not large', 'not large', 'not small', 'not small or medium', 'not the second one', 'large no'],
  ],
  [
    'size, in other words of refusal',
    'large small latte',
    [
      'small or large no',
      'the large one no thanks',
      'never large',
      'large, no',
      'a large latte no',
      "i don't want large",
      "i don't want large or small",

      'no not the large one',
      'anything but large',
      "don't make it large",
      'not too large',
      'neither large nor small',
      'large not large',
    ],
  ],
  [
    'size, in Chinese',
    '拿铁不要大杯',
    [
      '拿铁不要大杯',
      '不要大杯',
      '大杯不要',
      '不是大杯',
      '不要小杯和中杯',
      '不要第二个',
      '第二个不要',
      '除了大杯',
      '大杯都不要',
      '小杯和中杯都不要',
      '不要小杯也不要中杯',
      '我说不要大杯',
      '大杯，不要',
      '不想要大杯',
      '不喝大杯',
    ],
  ],
  ['ice, in English', 'less ice regular ice green tea', ['not less ice', 'not the first one', 'less ice no']],
  ['ice, in Chinese', '少冰正常冰绿茶', ['不要少冰', '少冰不要', '不是正常冰', '不要第一个']],
  ['sugar, in English', 'half sugar extra sugar latte', ['not half sugar', 'not half sugar or extra sugar']],
  ['sugar, in Chinese', '半糖多糖拿铁', ['不要半糖', '半糖不要', '不要半糖和多糖']],
  ['a count too large', '21 lattes', ['not two', 'not two lattes', 'not two or three']],
  ['a count too large, in Chinese', '二十一杯拿铁', ['不要两杯', '两杯不要', '不是两杯']],
  ['no count', 'zero lattes', ['not one', 'not one latte']],
  ['which item', 'tea', ['not the second one', 'not the first or the second one', 'not green tea', 'green tea no']],
  ['which item, in Chinese', '我要一杯茶', ['不要第一个', '第一个不要', '绿茶不要', '不要绿茶', '奶茶和绿茶都不要']],
  ['the one near item', 'a cappucino', ['not cappuccino', 'not sure']],
  [
    'what an item lacks',
    'a large croissant',
    ['not sure', 'yes no', 'no yes', 'no, yes', 'not yes', 'not yes with large', '不是好的'],
  ],
  ['which limit', 'a 25 yuan latte', ['not 30 yuan', 'not 25 yuan', 'not thirty', 'not under 30 yuan']],
  ['which limit, in Chinese', '拿铁25元', ['不要30元', '不要低于30元', '30元不要']],
  ['which shop', 'a latte from luna or paper crane', ['not luna', 'not the first one', 'not luna or paper crane']],
  [
    'which shop, in Chinese',
    '一杯拿铁在月獭或者纸鹤',
    ['不要月獭', '月獭不要', '不要第二个', '除了月獭', '月獭和纸鹤都不要'],
  ],
];

describe('a refusal in an answer', () => {
  it.each(REFUSALS.flatMap(([about, order, answers]) => answers.map((answer) => [about, order, answer] as const)))(
    'to a question about %s, chooses nothing: "%s", "%s"',
    (_about, order, answer) => {
      const asked = converse(order);
      expect(asked).toMatch(/^\? /);
      expect(converse(order, answer)).toBe(asked);
    },
  );

  it.each([
    [['a latte not large', 'medium not small'], '1 latte size:medium'],
    [['a latte not large', 'not small medium'], '1 latte size:medium'],
    [['拿铁不要大杯', '小杯不要，中杯'], '1 latte size:medium'],
    [['拿铁不要大杯', '不是小杯是中杯'], '1 latte size:medium'],
    [['large small latte', 'not the second one the first one'], '1 latte size:large'],
    [['large small latte', 'the second one, no, the first one'], '1 latte size:large'],
    [['large small latte', 'the second one actually the first one'], '1 latte size:large'],
    [['半糖多糖拿铁', '不要半糖要多糖'], '1 latte sugar:extra'],
    [['half sugar extra sugar latte', 'no sugar'], '1 latte sugar:none'],
    [['21 lattes', 'not two three'], '3 latte'],
    [['二十一杯拿铁', '不是两杯是三杯'], '3 latte'],
    [['two teas', 'not the second one', 'the first one'], '2 milk-tea'],
    [['tea', 'not milk tea green tea'], '1 green-tea'],
    [['拿铁25元', '不要30元，20元'], '1 latte ≤2000'],
    [['a latte from luna or paper crane', 'not luna paper crane'], '1 latte @paper-crane'],
    [['一杯拿铁在月獭或者纸鹤', '月獭不要，纸鹤'], '1 latte @paper-crane'],
  ])('leaves what is chosen beside it: %j', (sentences, expected) => {
    expect(converse(...sentences)).toBe(expected);
  });

  it.each(['not okay', '不行', '不好', '不可以'])('is no yes: "%s"', (words) => {
    expect(converse('a large croissant', words)).toBe('not-an-order');
    expect(converse('a latte with pumpkin syrup', words)).toBe('not-an-order');
  });

  it('between two positions chooses neither', () => {
    expect(converse('large small latte', 'the first or the second one')).toMatch(/^\? contradiction/);
  });
});

describe('a refusal in an order', () => {
  it.each([
    ['a latte not large or medium', '1 latte size:small'],
    ['拿铁不要大杯和中杯', '1 latte size:small'],
    ['拿铁大杯不要', '? which-choice · latte · size · small/medium'],
    ['a latte anything but large', '? which-choice · latte · size · small/medium'],
    ['a latte not too large', '? which-choice · latte · size · small/medium'],
    ['a latte not oat milk or soy milk', '1 latte milk:whole'],
    ['a mocha not two lattes', '1 mocha'],
    ['a latte not a mocha or a bagel', '1 latte'],
    ['不要拿铁或者摩卡，要美式', '1 americano'],
    ["a latte i don't want large", '? which-choice · latte · size · small/medium'],
    ["i don't want a large latte", 'not-an-order'],
    ['a latte not under 30 yuan', '? leave-out · no under 30 yuan'],
    ['a latte not within 30 minutes', '? leave-out · no within 30 minutes'],
    ['two lattes not three', '? how-many · latte'],
    ['不好意思来杯拿铁', '1 latte'],
  ])('covers all that it names: "%s"', (words, expected) => {
    expect(converse(words)).toBe(expected);
  });
});

describe('a refusal in a reply to the offers', () => {
  const offers = [{ merchantId: 'luna' }, { merchantId: 'paper-crane' }];

  it.each([
    'not luna coffee',
    'luna coffee no',
    'yes except luna',
    'yes anything but the second one',
    'ok never luna',
    'not the second one',
    'not the last one',
    "that isn't right",
    'not the cheapest',
    '月獭不要',
    '好的除了月獭',
    '好除第一个',
    '最后一个不要',
  ])('chooses nothing and has them asked about again: "%s"', (words) => {
    expect(parseReply(words, { offers, vocabulary })).toEqual({ kind: 'unclear' });
  });

  it.each(["isn't right", "that isn't okay", '没确认', '未确认'])('never agrees: "%s"', (words) => {
    expect(parseReply(words, { vocabulary })).toEqual({ kind: 'unclear' });
  });
});
