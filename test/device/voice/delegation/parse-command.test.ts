import { describe, expect, it } from 'vitest';
import { type DelegationCommand, parseDelegationCommand } from '../../../../device/voice/delegation/parse-command.ts';
import { read } from '../../../helpers/source-text.ts';
import { CHINESE } from './chinese.corpus.ts';
import { corpusRows } from './corpus.ts';
import { ENGLISH } from './english.corpus.ts';
import { vocabulary } from './vocabulary.fixture.ts';

const COFFEE = 'iced-latte,latte,americano,cappuccino,mocha';

/** `suspend all`, `revoke concert-ticket`, `suspend @damai`, `report today`, `-`. */
function show(command: DelegationCommand | undefined): string {
  if (command === undefined) return '-';
  if (command.kind === 'report') return `report ${command.day}`;
  const { kind, what } = command;
  if (what === 'all') return `${kind} all`;
  return [kind, what.itemIds.join(','), ...what.merchantIds.map((id) => `@${id}`)]
    .filter((part) => part !== '')
    .join(' ');
}

function command(words: string): string {
  return show(parseDelegationCommand(words, { vocabulary }));
}

describe('parseDelegationCommand: what was spent and what is left', () => {
  it.each([
    ['what have you bought today', 'report today'],
    ['what did you buy', 'report today'],
    ['what did you order yesterday', 'report yesterday'],
    ['how much have you spent so far today', 'report today'],
    ['how much did you spend yesterday', 'report yesterday'],
    ['今天买了什么', 'report today'],
    ['你今天都买了什么', 'report today'],
    ['昨天花了多少钱', 'report yesterday'],
    ['今天一共花了多少', 'report today'],
    ['how much is left', 'left all'],
    ["what's left", 'left all'],
    ['how much is left for the coffee', `left ${COFFEE}`],
    ['how much can you still spend on the concert tickets', 'left concert-ticket'],
    ['还剩多少', 'left all'],
    ['拿铁还剩多少钱', 'left latte'],
    ['还能花多少', 'left all'],
    ['what did you buy in paris', '-'],
    ['how much is a latte', '-'],
    ['what is a latte', '-'],
    ['拿铁多少钱', '-'],
  ])('"%s": %s', (words, expected) => {
    expect(command(words)).toBe(expected);
  });
});

describe('T17: a stop is understood generously', () => {
  it.each([
    ['pause everything', 'suspend all'],
    ['全部暂停', 'suspend all'],
    ['stop', 'suspend all'],
    ['stop it please', 'suspend all'],
    ['stop buying', 'suspend all'],
    ['stop all purchases right now', 'suspend all'],
    ['could you please stop everything', 'suspend all'],
    ['stop paying those people', 'suspend all'],
    ["don't buy anything", 'suspend all'],
    ["don't spend any more", 'suspend all'],
    ["don't continue", 'suspend all'],
    ['停', 'suspend all'],
    ['停下来', 'suspend all'],
    ['别买了', 'suspend all'],
    ['不要再买了', 'suspend all'],
    ['把所有授权都停掉', 'suspend all'],
    ['不要继续', 'suspend all'],
    ['stop everything except the coffee', 'suspend all'],
    ['stop the coffee', `suspend ${COFFEE}`],
    ['pause the latte', 'suspend latte'],
    ['no more coffee', `suspend ${COFFEE}`],
    ['别再买咖啡了', `suspend ${COFFEE}`],
    ['不要继续买咖啡', `suspend ${COFFEE}`],
    ['pause damai', 'suspend @damai'],
    ['暂停大麦的', 'suspend @damai'],
    ['stop the concert tickets from damai', 'suspend concert-ticket @damai'],
    ['stop the capuccino', 'suspend cappuccino'],
    ['resume the coffee, no, stop', `suspend ${COFFEE}`],
    ["don't resume, stop", 'suspend all'],
    ["don't stop", '-'],
    ["don't stop the coffee", '-'],
    ['别停', '-'],
    ['不要停', '-'],
    ['stop the car', '-'],
    ['a latte, no more than 30', '-'],
    ['order me a latte', '-'],
  ])('"%s": %s', (words, expected) => {
    expect(command(words)).toBe(expected);
  });
});

describe('going on is never understood by accident', () => {
  it.each([
    ['resume everything', 'resume all'],
    ['resume the coffee', `resume ${COFFEE}`],
    ['please go on with the concert tickets', 'resume concert-ticket'],
    ['全部恢复', 'resume all'],
    ['恢复咖啡', `resume ${COFFEE}`],
    ['继续买咖啡', `resume ${COFFEE}`],
  ])('"%s": %s', (words, expected) => {
    expect(command(words)).toBe(expected);
  });

  it.each([
    "don't resume",
    "don't resume the coffee",
    'do not resume everything',
    'never resume the coffee',
    'resume nothing',
    'not the coffee resume',
    'no, resume the coffee',
    'resume the coffee no',
    "resume the coffee? i don't think so",
    'should i resume the coffee',
    'did you resume the coffee',
    'when will you resume the coffee',
    'if you resume the coffee',
    'resume',
    'continue',
    'go on',
    'resume the coffee tomorrow',
    'resume the film',
    'resume the coffee and cancel the tickets',
    '先别恢复咖啡',
    '不要恢复',
    '别恢复咖啡',
    '恢复咖啡吗',
    '咖啡不恢复',
    '什么时候恢复咖啡',
    '要不要恢复咖啡',
    '恢复',
    '继续',
    '明天恢复咖啡',
  ])('"%s" resumes nothing', (words) => {
    expect(command(words)).not.toMatch(/^resume/);
  });
});

describe('ending for good has to name what ends', () => {
  it.each([
    ['cancel the concert tickets', 'revoke concert-ticket'],
    ['revoke the coffee', `revoke ${COFFEE}`],
    ['cancel everything', 'revoke all'],
    ['取消演唱会门票', 'revoke concert-ticket'],
    ['取消全部授权', 'revoke all'],
    ['撤销大麦的授权', 'revoke @damai'],
    ['cancel', '-'],
    ['cancel that', '-'],
    ['取消', '-'],
    ["don't cancel the concert tickets", '-'],
    ['should i cancel the concert tickets', '-'],
    ['cancel the concert tickets tomorrow', '-'],
    ['cancel the meeting', '-'],
    ['别取消演唱会门票', '-'],
  ])('"%s": %s', (words, expected) => {
    expect(command(words)).toBe(expected);
  });
});

describe('what is no command', () => {
  it('none of the delegations of the corpora', () => {
    const words = [...corpusRows(ENGLISH), ...corpusRows(CHINESE)].map(([said]) => said);
    expect(words.filter((said) => command(said) !== '-')).toEqual([]);
  });

  it('none of the orders that instant orders are tested with, but those that cancel or stop', () => {
    const orders = [...read('test/device/voice/parse-order.test.ts').matchAll(/^ +\[?['"](.+?)['"],/gm)].map(
      ([, said = '']) => said,
    );
    expect(orders.length).toBeGreaterThan(150);
    expect(orders.filter((said) => command(said) !== '-')).toEqual(['cancel my latte', '取消拿铁']);
  });
});
