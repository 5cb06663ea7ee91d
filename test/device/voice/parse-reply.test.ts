import { describe, expect, it } from 'vitest';
import { parseReply, type Reply } from '../../../device/voice/parse-reply.ts';
import { vocabulary } from './vocabulary.fixture.ts';

const offers = [{ merchantId: 'luna' }, { merchantId: 'paper-crane' }, { merchantId: 'third-shop' }];

function show(reply: Reply): string {
  if (reply.kind === 'choose') return `choose ${reply.index}`;
  return reply.kind === 'choose-merchant' ? `shop ${reply.merchantId}` : reply.kind;
}

describe('parseReply with offers on display', () => {
  it.each([
    ['yes', 'yes'],
    ['Yes, please.', 'yes'],
    ['yeah sure', 'yes'],
    ['okay', 'yes'],
    ["that's right", 'yes'],
    ['go ahead', 'yes'],
    ['好的', 'yes'],
    ['是的，没错', 'yes'],
    ['可以啊', 'yes'],
    ['行', 'yes'],
    ['嗯', 'yes'],
    ['no', 'no'],
    ['no thanks', 'no'],
    ['nope', 'no'],
    ['不要', 'no'],
    ['不对', 'no'],
    ['不用了', 'no'],
    ['不是', 'no'],
    ['cancel', 'cancel'],
    ['stop', 'cancel'],
    ['never mind', 'cancel'],
    ['yes no cancel', 'cancel'],
    ['取消', 'cancel'],
    ['算了吧', 'cancel'],
    ['不买了', 'cancel'],
    ['please cancel the second one', 'cancel'],
    ['say that again', 'repeat'],
    ['pardon', 'repeat'],
    ['再说一遍', 'repeat'],
    ['没听清', 'repeat'],
    ['the first one', 'choose 0'],
    ['the second one', 'choose 1'],
    ['second', 'choose 1'],
    ['number two', 'choose 1'],
    ['two', 'choose 1'],
    ['option three please', 'choose 2'],
    ['the last one', 'choose 2'],
    ['第二个', 'choose 1'],
    ['我要第三个', 'choose 2'],
    ['第一家', 'choose 0'],
    ['二号', 'choose 1'],
    ['最后一个', 'choose 2'],
    ['就要第二个', 'choose 1'],
    ['yes the second one', 'choose 1'],
    ['选它', 'choose 0'],
    ['就这个', 'choose 0'],
    ['this one', 'choose 0'],
    ['take it', 'choose 0'],
    ['要最便宜的', 'cheapest'],
    ['the cheapest one please', 'cheapest'],
    ['i want the cheapest', 'cheapest'],
    ['最快的', 'fastest'],
    ['fastest', 'fastest'],
    ['from luna', 'shop luna'],
    ['月獭咖啡', 'shop luna'],
    ['就纸鹤吧', 'shop paper-crane'],
    ['paper crane', 'shop paper-crane'],
  ])('understands "%s" as %s', (words, expected) => {
    expect(show(parseReply(words, { offers, vocabulary }))).toBe(expected);
  });

  it.each([
    '',
    '...',
    'the fourth one',
    '第九个',
    'number zero',
    'the first or the second one',
    'not the second one',
    '不要第二个',
    'yes and no',
    'the cheapest and fastest',
    'luna or paper crane',
    'the second banana',
    'what is the weather like',
    'order me a helicopter',
    '今天天气不错',
    'the first one the cheapest',
  ])('does not guess at "%s"', (words) => {
    const reply = show(parseReply(words, { offers, vocabulary }));
    expect(['unclear', 'no', 'repeat']).toContain(reply);
  });
});

describe('parseReply without offers', () => {
  it.each([
    ['the second one', 'unclear'],
    ['two', 'unclear'],
    ['月獭', 'unclear'],
    ['就这个', 'yes'],
    ['yes', 'yes'],
    ['取消', 'cancel'],
  ])('understands "%s" as %s', (words, expected) => {
    expect(show(parseReply(words, { vocabulary }))).toBe(expected);
  });

  it('does not choose a shop that made no offer', () => {
    expect(show(parseReply('paper crane', { offers: [{ merchantId: 'luna' }], vocabulary }))).toBe('unclear');
  });
});
