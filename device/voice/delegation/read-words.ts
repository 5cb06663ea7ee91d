/** Words that set a delegation going, and words around one that carry nothing. */
import type { Catalogue } from '../catalogue.ts';
import type { Token } from '../tokens.ts';
import { SERVICE_CATEGORIES } from './category-names.ts';
import type { Clause } from './clause.ts';
import { past, phrases, phraseTable, type Read } from './phrase-table.ts';

type WordClause = Extract<Clause, { kind: 'trigger' | 'verb' | 'noise' }>;

/** "From now on", 开售了: an order that is carried out at once does not say these. */
const WORDS = phraseTable<WordClause['kind']>([
  [
    'trigger',
    'go on sale|goes on sale|are on sale|is on sale|on sale|come out|are released|is released|get released|become available|becomes available|are available|is available|go live|goes live|' +
      'sale opens|sales open|ticket sales open|sale starts|sales start|are back in stock|is back in stock|back in stock|in stock again|from now on|on my behalf|automatically|by itself|keep ordering|keep buying|keep getting|' +
      'watch|watch out for|look out for|keep an eye on|keep watching|snap up|whenever|' +
      '开售|开票|开抢|放票|开卖|发售|有货|补货|有票|开始售票|开始卖|上架|一开售|一放票|以后|今后|从今以后|从今往后|自动|盯着|盯住|留意|抢购|抢到|抢票|抢|替我|代我|定期|授权|授权你|委托你',
  ],
  [
    'verb',
    'book|book me|book us|reserve|reserve me|grab|pick up|prepare|prepare me|compile|put together|produce|research|arrange|secure|purchase|预订|预定|订购|订票|准备|准备一份|准备好|整理|写一份|做一份|购买|安排|编写|编一份',
  ],
  [
    'noise',
    "until i say stop|until i stop you|until i cancel|until further notice|until i tell you|forever|indefinitely|they|they're|they are|it's|it is|its|them|whenever you can|always|with|only|just|usual|usually|make sure|would|remember to|all right|good morning|good evening|good afternoon|worth|leaving|departing|" +
      'departs|leaves|by then|at the latest|as usual|also|again|ready|for free|ones|are|do it|money|valid|please note|and then|then|while you are at it|of them|themselves|but|though|however|right away|straight away|immediately|for it|' +
      '但是|但|不过|可是|一直到我说停|直到我说停|到我说停|一直|永久|长期|永远|早上好|下午好|晚上好|记得|的话|如果|得|出发|发车|的那场|那场|这场|场|那趟|那班|一趟|趟|班|都|花|费用|付|付款|用|要是|等|的时候|时候|之后|后|立刻|马上|第一时间|麻烦|老样子|照旧|帮忙|有效|我的|平时|平时的|常喝的|两人|就好|即可|截止|每次|给我订|替|当天|那天|只|才',
  ],
]);

const WAIT = phrases(
  'when|as soon as|once|the moment|the minute|the second|the instant|whenever|if|等|一旦|等到|当|一',
);
const EVENT = phrases(
  'go on sale|goes on sale|are on sale|is on sale|on sale|come out|are released|is released|become available|becomes available|are available|go live|goes live|open|opens|' +
    'sale opens|sales open|sale starts|sales start|back in stock|in stock|开售|开票|开抢|放票|开卖|发售|有货|补货|有票|开始售票|开始卖|上架',
);
/** Between "when" and its event stand a few words at most. */
const WAIT_SPAN = 6;

const DOING = phrases('do|make|make me|run|get|get me|write|write me|draw up|做|写|弄|出|搞|生成');
const DETERMINER = phrases('the|my|a|an|me the|me a|one|this|一份|这份|一下|个|份');

/** One such word; `undefined` for words that mean something elsewhere. */
export function readWordClause(tokens: readonly Token[], at: number, catalogue: Catalogue): Read<Clause> | undefined {
  return readWait(tokens, at) ?? readDoing(tokens, at, catalogue) ?? readWord(tokens, at);
}

function readWord(tokens: readonly Token[], at: number): Read<Clause> | undefined {
  const word = WORDS(tokens, at);
  if (word?.value !== 'trigger') return word && { value: { kind: word.value }, end: word.end };
  const isSale = EVENT(tokens, at)?.end === word.end;
  return { value: { kind: 'trigger', ...(isSale ? { sale: true } : {}) }, end: word.end };
}

/** "When" asks, except where what is waited for follows. */
function readWait(tokens: readonly Token[], at: number): Read<Clause> | undefined {
  const wait = WAIT(tokens, at);
  if (wait === undefined) return undefined;
  for (let next = wait.end; next < wait.end + WAIT_SPAN && tokens[next] && tokens[next]?.kind !== 'break'; next++) {
    if (EVENT(tokens, next)) return { value: { kind: 'trigger' }, end: wait.end };
  }
  return undefined;
}

/** "Do" asks, except where a task follows: "do the market report". */
function readDoing(tokens: readonly Token[], at: number, catalogue: Catalogue): Read<Clause> | undefined {
  const doing = DOING(tokens, at);
  const entries = doing && catalogue.trie.longest(tokens, past(DETERMINER, tokens, doing.end))?.values;
  const isTask = entries?.some((entry) => entry.kind === 'item' && isService(entry.itemId, catalogue));
  return doing && isTask ? { value: { kind: 'verb' }, end: doing.end } : undefined;
}

/** Whether an item is a task rather than a thing. */
export function isService(itemId: string, catalogue: Catalogue): boolean {
  return SERVICE_CATEGORIES.has(catalogue.items.get(itemId)?.category ?? '');
}
