/** What to do when the price moves or a payment fails: "if it goes up more than ten percent, ask me", 付款失败就再试两次. */
import { readNumber } from '../numbers.ts';
import type { Token } from '../tokens.ts';
import type { Clause, FailureClause, PriceClause } from './clause.ts';
import { past, pastAll, phrases, phraseTable, type Read } from './phrase-table.ts';

/** More often is no patience but a fault. */
const MAX_RETRIES = 10;

const IF = phrases('if|when|in case|should|whenever|once|in the event|如果|要是|若|万一|一旦|假如|的话|只要|当|倘若');
const PRICE = phrases(
  'the price|the prices|price|prices|it|they|the ticket price|its price|the cost|that|价格|票价|价钱|价|它|单价',
);
const MOVES = phrases(
  'goes up|go up|rises|rise|increases|increase|climbs|jumps|is higher|gets higher|gets more expensive|becomes more expensive|costs more|is more|moves|changes|change|differs|deviates|has gone up|went up|go up by|is raised|' +
    '涨|上涨|涨价|涨了|涨幅|涨价了|上浮|变|有变动|有变化|有变|变动|变了|变化|变贵|变贵了|高了|高出|贵了|贵|浮动|不一样|不一样了|波动|上调|调价',
);
const MAY_MOVE = phrases(
  'may go up|can go up|may rise|may differ|may change|may increase|can rise|允许涨|可以涨|允许上浮|允许涨价|可以上浮|最多涨|最多可以涨|可以浮动|允许浮动',
);
const OVER = phrases(
  'by|more than|by more than|over|above|by over|at all|at most|up to|by up to|超过|多于|大于|不止|了|幅度|到|不超过|在',
);
const MORE = phrases('more|or more|higher|extra|more expensive|up|以上|以内|之内|的话|了|的');
const PERCENT = phrases('percent|per cent|%|个点|个百分点');
const DROPS = phrases(
  'drops|falls|goes down|go down|drops down|comes down|is|gets|goes|dips|sinks|降|降价|跌|低|降到|跌到|低到|掉到|降至|跌至|便宜到|低于|少于',
);
const BELOW = phrases('below|under|to|beneath|at or below|less than|到|至|低于|以下|少于');

type Action = 'ask' | 'cancel' | 'retry';
const ACTIONS = phraseTable<Action>([
  [
    'ask',
    'ask me|ask|ask me first|check with me|check with me first|let me know|tell me|notify me|pause|warn me|pause and ask|pause and ask me|wait for me|call me|' +
      '问我|先问我|问我一下|问问我|先问问我|问一下我|通知我|告诉我|暂停|跟我说|跟我说一声|提醒我|等我确认|先停下问我|停下来问我|暂停并通知我|跟我确认|先跟我确认|找我确认',
  ],
  [
    'cancel',
    "give up|cancel|cancel it|cancel them|cancel the order|drop it|drop them|drop the order|drop|forget it|leave it|don't buy|do not buy|don't buy it|don't buy them|do not buy it|skip it|skip|abort|stop|" +
      "don't try again|do not try again|don't retry|no retry|no retries|call it off|let it go|" +
      '放弃|取消|算了|别买了|别买|不买了|不要了|不要买|不要买了|就不买|不买|停止|停|作罢|取消订单|不用重试|不要重试|别重试|别再试|不要再试',
  ],
  [
    'retry',
    'try again|retry|try once more|try it again|try|again|attempt|再试|重试|再付|再扣|重新付|再试试|再来|多试|试',
  ],
]);
const LINKS = phrases(
  'then|please|just|you should|you can|you may|to|me|and|so|first|就|那就|请|则|便|的话|先|那|要|给我|帮我|直接|马上|自动|再|了',
);
const TIMES = phraseTable([
  [1, 'once|one more time|once more|一次|一下|一遍'],
  [2, 'twice|two more times|两次|两遍|二次'],
  [3, 'thrice'],
]);
const TIMES_UNIT = phrases('times|time|more times|more time|attempts|retries|次|遍|回');
const PAYMENT = phrases(
  'the payment|payment|paying|the charge|it|the transaction|payments|付款|支付|扣款|付费|交易|付钱|扣费',
);
const FAILS = phrases(
  "fails|fail|failed|does not go through|doesn't go through|did not go through|didn't go through|don't go through|is declined|is refused|goes wrong|does not work|doesn't work|失败|失败了|没成功|不成功|没付成|不了|没通过|出错|没付上|被拒",
);

/** A price rule or a failure rule, whichever side its condition is on. */
export function readRuleClause(tokens: readonly Token[], at: number): Read<Clause> | undefined {
  return readPrice(tokens, at) ?? readFailure(tokens, at) ?? readAllowance(tokens, at);
}

/** Past words that only link, and one pause. */
function onwards(tokens: readonly Token[], at: number): number {
  const linked = pastAll(LINKS, tokens, at);
  return tokens[linked]?.kind === 'break' ? pastAll(LINKS, tokens, linked + 1) : linked;
}

function readPrice(tokens: readonly Token[], at: number): Read<PriceClause> | undefined {
  const first = ACTIONS(tokens, at);
  const condition = first && first.value !== 'retry' ? readMove(tokens, onwards(tokens, first.end)) : undefined;
  if (first && condition) return price(condition.value, first.value, condition.end);
  const move = readMove(tokens, at);
  const action = move && ACTIONS(tokens, onwards(tokens, move.end));
  if (move === undefined || action?.value === 'retry') return undefined;
  // Without a consequence only a tolerance can be meant.
  if (action) return price(move.value, action.value, action.end);
  return undefined;
}

function price(toleranceE2: number, action: Action, end: number): Read<PriceClause> {
  return {
    value: { kind: 'price', toleranceE2, action: action === 'ask' ? 'PAUSE_AND_NOTIFY' : 'AUTO_CANCEL' },
    end,
  };
}

/** "if the price goes up more than ten percent": the tolerance; a move of any size is none. */
function readMove(tokens: readonly Token[], at: number): Read<number> | undefined {
  const condition = past(IF, tokens, at);
  const subject = past(PRICE, tokens, condition);
  const moves = MOVES(tokens, subject);
  if (moves === undefined || (condition === at && subject === at && tokens[at]?.kind !== 'han')) return undefined;
  const start = pastAll(OVER, tokens, moves.end);
  const percent = readPercent(tokens, start);
  const end = pastAll(MORE, tokens, percent?.end ?? start);
  return percent || !readNumber(tokens, start) ? { value: percent?.value ?? 0, end } : undefined;
}

/** Hundredths of a percent, up to 10,000; 百分之十, 10%, 一成. */
function readPercent(tokens: readonly Token[], at: number): Read<number> | undefined {
  const isHan = ['百', '分', '之'].every((text, offset) => tokens[at + offset]?.text === text);
  const number = readNumber(tokens, isHan ? at + 3 : at);
  if (number === undefined) return undefined;
  const tenth = tokens[number.end]?.text === '成';
  const unit = tenth ? number.end + 1 : isHan ? number.end : PERCENT(tokens, number.end)?.end;
  const hundredths = number.hundredths * (tenth ? 10 : 1);
  return unit === undefined || hundredths > 10_000 ? undefined : { value: hundredths, end: unit };
}

/** "the price may go up 5 percent", 允许涨百分之五. */
function readAllowance(tokens: readonly Token[], at: number): Read<PriceClause> | undefined {
  const may = MAY_MOVE(tokens, past(PRICE, tokens, at));
  const percent = may && readPercent(tokens, pastAll(OVER, tokens, may.end));
  return percent && { value: { kind: 'price', toleranceE2: percent.value }, end: pastAll(MORE, tokens, percent.end) };
}

function readFailure(tokens: readonly Token[], at: number): Read<Clause> | undefined {
  const first = readFailureAction(tokens, at);
  const condition = first && readFails(tokens, onwards(tokens, first.end));
  if (first && condition) return { value: first.value, end: condition };
  const fails = readFails(tokens, at);
  const action = fails === undefined ? undefined : readFailureAction(tokens, onwards(tokens, fails));
  return action && { value: action.value, end: action.end };
}

function readFails(tokens: readonly Token[], at: number): number | undefined {
  const start = past(PAYMENT, tokens, past(IF, tokens, at));
  const fails = start > at ? FAILS(tokens, start) : undefined;
  return fails && past(IF, tokens, fails.end);
}

function readFailureAction(tokens: readonly Token[], at: number): Read<Clause> | undefined {
  const action = ACTIONS(tokens, at);
  if (action === undefined || action.value === 'ask') return undefined;
  if (action.value === 'cancel') return { value: failure('CANCEL'), end: action.end };
  const times = TIMES(tokens, action.end);
  const number = readNumber(tokens, action.end);
  const unit = number && TIMES_UNIT(tokens, number.end);
  const counted = number && unit ? { value: number.hundredths / 100, end: unit.end } : undefined;
  const retries = counted ?? times ?? { value: 1, end: action.end };
  if (!Number.isInteger(retries.value) || retries.value < 1 || retries.value > MAX_RETRIES) {
    return {
      value: {
        kind: 'beyond',
        said: tokens
          .slice(at, retries.end)
          .map(({ text }) => text)
          .join(' '),
      },
      end: retries.end,
    };
  }
  return { value: failure('AUTO_RETRY', retries.value), end: past(TIMES_UNIT, tokens, retries.end) };
}

function failure(action: FailureClause['action'], retries?: number): FailureClause {
  return { kind: 'failure', action, ...(retries === undefined ? {} : { retries }) };
}

/** Where "if the price drops below" ends: what follows is a limit that the order waits for. */
export function pastDrop(tokens: readonly Token[], at: number): number | undefined {
  const subject = past(PRICE, tokens, past(IF, tokens, at));
  const drops = subject > at ? DROPS(tokens, subject) : undefined;
  if (drops === undefined) return undefined;
  return (
    BELOW(tokens, drops.end)?.end ?? (/^[到至于]$/u.test(tokens[drops.end - 1]?.text ?? '') ? drops.end : undefined)
  );
}
