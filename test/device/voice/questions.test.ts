import { describe, expect, it } from 'vitest';
import { parseOrder } from '../../../device/voice/parse-order.ts';
import { askQuestion } from '../../../device/voice/questions.ts';
import { vocabulary } from './vocabulary.fixture.ts';

function ask(words: string, locale: 'zh-CN' | 'en-US'): string {
  const parse = parseOrder(words, { vocabulary, currency: 'CNY' });
  return parse.kind === 'question' ? askQuestion(parse.question, locale, vocabulary) : parse.kind;
}

describe('askQuestion', () => {
  it.each([
    ['two', '2 of what?', '2份什么？'],
    ['order me', 'What would you like to order?', '您想点什么？'],
    [
      'order me a helicopter',
      "I can't find helicopter. What would you like instead?",
      '没有找到helicopter。您想换成什么？',
    ],
    ['a pumpkin latte', "I don't know pumpkin latte. Did you mean latte?", '没有找到pumpkin latte。您要的是拿铁吗？'],
    ['large small latte', 'latte: large or small?', '拿铁要大杯还是小杯？'],
    ['a latte not large', 'Which size for the latte: small or medium?', '拿铁的杯型要小杯还是中杯？'],
    ['a large croissant', "You can't choose large for croissant. Order it anyway?", '可颂不能选大杯，还要吗？'],
    ['21 lattes', "That's too many: latte. How many, up to 20?", '拿铁太多了，最多20份，您要几份？'],
    ['zero lattes', 'How many: latte?', '拿铁要几份？'],
    ['a 25.5 yuan latte', 'At most 25.5 yuan?', '最多25.5元，对吗？'],
    ['a 25.05 yuan latte', 'At most 25.05 yuan?', '最多25.05元，对吗？'],
    ['a latte under 5 dollars', 'At most how many yuan?', '最多多少元？'],
    ['a latte from luna or paper crane', 'From luna coffee or paper crane?', '在月獭咖啡还是纸鹤咖啡点？'],
    ['a latte with nuts', "I can't do this part: nuts. Order the rest?", '这部分办不到：nuts。其余的照点吗？'],
  ])('asks about "%s" in both languages', (words, english, chinese) => {
    expect(ask(words, 'en-US')).toBe(english);
    expect(ask(words, 'zh-CN')).toBe(chinese);
  });
});
