/** Short answers to what the device asked or offered: yes, no, cancel, again, or one of the offers. */
import { catalogueOf } from './catalogue.ts';
import { readNumber, readOrdinal } from './numbers.ts';
import { type Token, tokenise } from './tokens.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What a short answer means. */
export type Reply =
  | { readonly kind: 'yes' }
  | { readonly kind: 'no' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'repeat' }
  /** `index` from 0, always within the offers. */
  | { readonly kind: 'choose'; readonly index: number }
  | { readonly kind: 'choose-merchant'; readonly merchantId: string }
  | { readonly kind: 'cheapest' }
  | { readonly kind: 'fastest' }
  | { readonly kind: 'unclear' };

/** What an answer is an answer to. */
export interface ReplyContext {
  /** The offers as they were shown, best first. Absent or empty: nothing can be chosen. */
  readonly offers?: readonly { readonly merchantId: string }[];
  readonly vocabulary: Vocabulary;
}

type Word = 'yes' | 'no' | 'cancel' | 'repeat' | 'first' | 'last' | 'cheapest' | 'fastest' | 'except' | 'filler';

const PHRASES: Readonly<Record<Word, string>> = {
  yes: "yes|yeah|yep|yup|sure|ok|okay|right|correct|that's right|that is right|exactly|fine|sounds good|go ahead|confirm|confirmed|do it|of course|perfect|是|是的|对|对的|好|好的|行|可以|没错|嗯|嗯嗯|确认|确定|没问题|当然|就这样|可以的|好吧|要的",
  no:
    "no|nope|not|don't|do not|isn't|never|none|neither|nor|wrong|that's wrong|no thanks|no thank you|" +
    '不|不要|不是|不对|不行|不用|没有|没|未|错了|不了|不好|别|不可以',
  cancel:
    'cancel|stop|abort|never mind|nevermind|forget it|forget about it|quit|cancel it|cancel that|cancel the order|取消|算了|停|停止|退出|不买了|不要了|不点了|取消订单|别买了|别点了',
  repeat:
    'repeat|again|say again|say that again|repeat that|pardon|what|sorry|come again|once more|one more time|what did you say|再说一遍|再说一次|重复|没听清|什么|重说|再来一遍|再念一遍|没听见',
  first:
    "this one|that one|that|this|it|i'll take it|i will take it|take it|buy it|the recommended one|recommended|your recommendation|the best one|选它|就它|就这个|这个|要这个|就这家|这家|选这个|就要这个|推荐的|就它吧|那个|就那个",
  last: 'the last one|last one|the last|last|最后一个|最后那个|最后一家|最后',
  cheapest:
    'cheapest|the cheapest|the cheapest one|cheaper|the cheaper one|lowest price|least expensive|最便宜的|最便宜|便宜的|便宜点的|便宜的那个|最低价|价格最低的|省钱的',
  fastest:
    'fastest|the fastest|the fastest one|faster|the faster one|quickest|the quickest|quickest one|soonest|the soonest|最快的|最快|快的|快点的|快的那个|最早的|最早到的|最快到的',
  except: 'except|except for|anything but|all but|other than|rather than|instead of|除|除了',
  filler:
    "i|i'd|i'll|i want|i would like|i'd like|want|the|a|one|ones|please|take|choose|pick|select|number|option|offer|item|go with|let's|with|from|at|give me|get|get me|buy|order|have|me|my|thanks|thank you|um|uh|oh|well|just|then|will|would|like|got it|is|it's|that's|and|hmm|hey|" +
    '我|要|选|吧|的|那|请|谢谢|了|啊|呢|哦|第|个|家|号|来|买|点|想|想要|就|用|给|帮|帮我|一下|呀|嘛|啦|在|去|选择|麻烦|家的|这|是不是|杯|份|款|种|呃|店',
};

const WORDS: ReadonlyMap<string, Word> = new Map(
  (Object.entries(PHRASES) as [Word, string][]).flatMap(([word, phrases]) =>
    phrases.split('|').map((phrase) => [keyOf(tokenise(phrase)), word] as const),
  ),
);

function keyOf(tokens: readonly Token[]): string {
  return tokens.map((token) => token.text).join(' ');
}

const MAX_PHRASE_TOKENS = 5;

/** Parses an answer. Anything that says two different things, or something unknown along with a choice, is `unclear`. */
export function parseReply(words: string, context: ReplyContext): Reply {
  const offers = context.offers ?? [];
  const tokens = tokenise(words).filter((token) => token.kind !== 'break');
  const heard = new Set<Exclude<Word, 'filler'>>();
  const chosen = new Set<Reply>();
  let unknown = 0;
  for (let at = 0; at < tokens.length; ) {
    const step = readPhrase(tokens, at);
    const position = offers.length > 0 ? readPosition(tokens, at) : undefined;
    const merchant = readMerchant(tokens, at, context);
    if (merchant && merchant.end > (step?.end ?? at)) {
      chosen.add(merchant.reply);
      at = merchant.end;
    } else if (position && position.end >= (step?.end ?? at)) {
      chosen.add(position.value <= offers.length ? choose(position.value - 1) : UNCLEAR);
      at = position.end;
    } else if (step) {
      if (step.word !== 'filler') heard.add(step.word);
      at = step.end;
    } else {
      unknown += 1;
      at += 1;
    }
  }
  return decide(heard, [...chosen], unknown, offers.length);
}

/** Whether the words refuse something, clearly or not. */
export function holdsRefusal(words: string): boolean {
  const tokens = tokenise(words).filter((token) => token.kind !== 'break');
  for (let at = 0; at < tokens.length; ) {
    const step = readPhrase(tokens, at);
    if (step?.word === 'no' || step?.word === 'except') return true;
    at = step?.end ?? at + 1;
  }
  return false;
}

const UNCLEAR: Reply = { kind: 'unclear' };
const CHOICES: readonly Reply[] = Array.from({ length: 20 }, (_, index) => ({ kind: 'choose', index }));

/** One object per index, so that saying the same offer twice is one choice. */
function choose(index: number): Reply {
  return CHOICES[index] ?? UNCLEAR;
}

/** With a refusal these say what is not wanted, or contradict it: neither is an answer. */
const PICKS: readonly Word[] = ['yes', 'last', 'cheapest', 'fastest'];

/** Cancelling wins over everything; a choice along with a refusal, or two choices, is not a choice. */
function decide(heard: ReadonlySet<Word>, chosen: readonly Reply[], unknown: number, offerCount: number): Reply {
  if (heard.has('cancel')) return { kind: 'cancel' };
  if (heard.has('repeat')) return { kind: 'repeat' };
  if (heard.has('except')) return UNCLEAR;
  const [choice, second] = chosen;
  if (heard.has('no')) return choice || PICKS.some((word) => heard.has(word)) ? UNCLEAR : { kind: 'no' };
  if (unknown > 0 && !heard.has('yes')) return UNCLEAR;
  if (second !== undefined || (choice && (heard.has('cheapest') || heard.has('fastest')))) return UNCLEAR;
  if (choice) return choice;
  if (heard.has('cheapest') && heard.has('fastest')) return UNCLEAR;
  if (heard.has('cheapest')) return { kind: 'cheapest' };
  if (heard.has('fastest')) return { kind: 'fastest' };
  if (heard.has('last') && offerCount > 0) return choose(offerCount - 1);
  // "this one" is the offer on display, which is the recommended one; without offers it agrees.
  if (heard.has('first')) return offerCount > 0 ? choose(0) : unknown === 0 ? { kind: 'yes' } : UNCLEAR;
  return heard.has('yes') && unknown <= 1 ? { kind: 'yes' } : UNCLEAR;
}

function readPhrase(tokens: readonly Token[], at: number): { word: Word; end: number } | undefined {
  for (let length = Math.min(MAX_PHRASE_TOKENS, tokens.length - at); length > 0; length--) {
    const word = WORDS.get(keyOf(tokens.slice(at, at + length)));
    if (word) return { word, end: at + length };
  }
  return undefined;
}

/** "the second one", 第二个, "number two", 二号; the bare "one" of "the second one" is no number. */
function readPosition(tokens: readonly Token[], at: number): { value: number; end: number } | undefined {
  const ordinal = readOrdinal(tokens, at);
  const isPronoun =
    tokens[at]?.text === 'one' && at > 0 && !['number', 'option', 'offer'].includes(tokens[at - 1]?.text ?? '');
  const reading = ordinal ?? (isPronoun ? undefined : readNumber(tokens, at));
  const value = (reading?.hundredths ?? 0) / 100;
  return reading && Number.isInteger(value) && value >= 1 ? { value, end: reading.end } : undefined;
}

function readMerchant(
  tokens: readonly Token[],
  at: number,
  context: ReplyContext,
): { reply: Reply; end: number } | undefined {
  const match = catalogueOf(context.vocabulary).trie.longest(tokens, at);
  const merchantIds = (match?.values ?? []).flatMap((entry) => (entry.kind === 'merchant' ? [entry.merchantId] : []));
  const [merchantId, ambiguous] = merchantIds;
  if (match === undefined || merchantId === undefined || ambiguous !== undefined) return undefined;
  const isOffered = (context.offers ?? []).some((offer) => offer.merchantId === merchantId);
  return { reply: isOffered ? { kind: 'choose-merchant', merchantId } : UNCLEAR, end: match.end };
}
