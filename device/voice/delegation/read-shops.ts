/** From whom and of what kind: "only from Damai", "never from luna", 除了大麦, "from these two shops", "only coffee", "on data". */
import type { Catalogue } from '../catalogue.ts';
import { readRole } from '../lex.ts';
import { readNumeric } from '../normalise.ts';
import { spell, type Token } from '../tokens.ts';
import { SERVICE_CATEGORIES } from './category-names.ts';
import type { Clause } from './clause.ts';
import { past, pastAll, phrases, phraseTable, type Read, type Reader } from './phrase-table.ts';

type Polarity = 'deny' | 'only' | 'prep';

const LEAD = phraseTable<Polarity>([
  [
    'deny',
    "not from|never from|but not from|but never from|don't buy from|do not buy from|except|except from|except for|except at|anywhere but|anywhere except|anywhere but from|not|not at|no|avoid|avoiding|" +
      "without|excluding|never|never at|nothing from|don't use|do not use|don't order from|do not order from|" +
      '除了|除|不要从|不要在|不要去|不要找|别在|别从|别去|别找|不在|不从|排除|避开|不用|不要|别用|不能在|不能从|不去|不买',
  ],
  [
    'only',
    'only from|just from|only at|only|solely from|exclusively from|only through|only via|only with|only use|only buy from|only order from|nowhere but|nowhere but from|it has to be|it must be|' +
      '只在|只从|只去|只要|只买|仅限|限于|只限|只用|只能在|只能从|只能用|只找|就在|就从|仅在|仅从|只能去|限',
  ],
  ['prep', 'from|at|with|via|through|buy from|from the|at the|在|从|去|找|用|上|到'],
]);
const JOINT = phrases('and|or|nor|or from|and from|or at|and not|和|跟|与|或|或者|以及|还有|、|也不要|家');
const ONLY_AFTER = phrases('only|and nowhere else|and nobody else|之外都不要|以外都不要|之外的都不要|以外的都不要');
const DENY_AFTER = phrases('不要|的不要|都不要|不行|除外|的都不要|家不要|不可以|的别买|家的不要');
const EXCEPT_ONLY = phrases(
  '都不要|都不行|别的都不要|之外都不要|以外都不要|其他都不要|其他的都不要|都不买|之外都不买|以外都不买',
);
const TAIL = phrases('以外|之外|都行|都可以|家|那家|这家|店|那边|上|上面|网|买|的');
const UNNAMED = phrases(
  'these shops|those shops|these two shops|those two shops|these three shops|these stores|those stores|these two stores|these places|these two places|the two shops|both shops|' +
    'my usual shop|my usual shops|the usual shop|the usual place|the usual shops|the same shop|the same place|this shop|that shop|my shop|my favorite shop|my favourite shop|these two|those two|' +
    '这两家店|这两家|那两家店|那两家|这几家店|这几家|这家店|那家店|那家|这家|这三家|老地方|老店|常去的店|常去的那家|平时那家|我常去的那家|我常去的店|同一家店',
);
const ANY = phrases(
  'any shop|any store|any merchant|anywhere|any of them|anyone|wherever|no matter where|from anywhere|whichever shop|any|随便|随便哪家|哪家都行|哪家都可以|任何商家|任何店|都行|都可以|不限|不限商家|哪里都行',
);

/** Shops with the word that allows or forbids them, however many are joined; or the pointing at shops without a name. */
export function readShopsClause(tokens: readonly Token[], at: number, catalogue: Catalogue): Read<Clause> | undefined {
  const lead = LEAD(tokens, at);
  const start = lead ? past(LEAD, tokens, lead.end) : at;
  const any = ANY(tokens, start);
  if (any && lead?.value !== 'deny' && (lead || any.end > at + 1)) return { value: { kind: 'any-shop' }, end: any.end };
  const unnamed = UNNAMED(tokens, start);
  if (unnamed && lead && lead.value !== 'deny') {
    return { value: { kind: 'unnamed-shops' }, end: past(ONLY_AFTER, tokens, unnamed.end) };
  }
  const found = merchantsFrom(tokens, start, catalogue);
  if (found === undefined) return lead ? readUnknownShop(tokens, at, start, lead.value, catalogue) : undefined;
  const tail = pastAll(TAIL, tokens, found.end);
  const isExceptOnly =
    lead?.value === 'deny' && /^除/u.test(tokens[at]?.text ?? '') && past(EXCEPT_ONLY, tokens, tail) > tail;
  const isDenied = lead?.value === 'deny' || past(DENY_AFTER, tokens, found.end) > found.end;
  const allow = isExceptOnly || !isDenied;
  const end = isExceptOnly
    ? past(EXCEPT_ONLY, tokens, tail)
    : Math.max(past(ONLY_AFTER, tokens, found.end), past(DENY_AFTER, tokens, found.end), tail);
  return { value: { kind: 'shops', merchantIds: found.value, allow }, end };
}

function merchantsFrom(
  tokens: readonly Token[],
  at: number,
  catalogue: Catalogue,
): Read<readonly string[]> | undefined {
  const ids: string[] = [];
  let end = at;
  let next = at;
  for (;;) {
    const match = catalogue.trie.longest(tokens, next);
    const merchants = (match?.values ?? []).flatMap((entry) => (entry.kind === 'merchant' ? [entry.merchantId] : []));
    if (match === undefined || merchants.length === 0) break;
    ids.push(...merchants);
    end = match.end;
    const afterBreak = tokens[end]?.kind === 'break' ? end + 1 : end;
    next = pastAll(JOINT, tokens, afterBreak);
    if (next === end) break;
  }
  return ids.length === 0 ? undefined : { value: [...new Set(ids)], end };
}

/** "only from starbucks", "from starbucks": a shop was named that the vocabulary has not; dropping it would widen the bounds. */
function readUnknownShop(
  tokens: readonly Token[],
  at: number,
  start: number,
  lead: Polarity,
  catalogue: Catalogue,
): Read<Clause> | undefined {
  const words = spell(tokens.slice(at, start));
  if (lead === 'deny' || !/(?:^| )from(?: the)?$|^(?:仅|只能?|就)(?:在|从|去|找)$/u.test(words)) return undefined;
  let end = start;
  while (end < tokens.length && end < start + 8 && isUnknown(tokens, end, catalogue)) end += 1;
  if (end === start) return undefined;
  return {
    value: { kind: 'unnamed-shops', said: spell(tokens.slice(start, end)) },
    end: past(ONLY_AFTER, tokens, end),
  };
}

function isUnknown(tokens: readonly Token[], at: number, catalogue: Catalogue): boolean {
  const token = tokens[at];
  const isWord = token?.kind === 'word' || token?.kind === 'han';
  const isKnown = catalogue.trie.longest(tokens, at) ?? readNumeric(tokens, at) ?? readRole(tokens, at);
  return isWord && isKnown === undefined;
}

const CATEGORY_LEAD = phraseTable<'allow' | 'deny' | 'on'>([
  [
    'allow',
    'only|only for|only on|nothing but|just|only buy|nothing other than|只买|只要|仅限|只限|只花在|只能买|只用于|只能用于|只用在|限',
  ],
  [
    'deny',
    "no|not|never|never any|no more|nothing from|don't buy|don't buy any|do not buy|except|except for|but no|but not|without|excluding|anything but|不要|不买|别买|不要买|除了|不许买|不能买|不含",
  ],
  ['on', 'on|花在|用在|用于|在|买'],
]);
const CATEGORY_JOINT = phrases('and|or|和|跟|或|或者|与|以及');
const CATEGORY_TAIL = phrases('only|上|方面|类|上面|费用|类的|以外都行|之外都行|以外|之外');

/** Kinds of goods. Without a word that allows or forbids, the name of a kind is left to be an item. */
export function readCategoriesClause(
  tokens: readonly Token[],
  at: number,
  names: Reader<string>,
  catalogue: Catalogue,
): Read<Clause> | undefined {
  const lead = CATEGORY_LEAD(tokens, at);
  const found: string[] = [];
  let end = lead?.end ?? at;
  for (let next = end; ; ) {
    const name = names(tokens, next);
    // "no milk tea" is of the item, "no tea" of the kind.
    const isItem = (catalogue.trie.longest(tokens, next)?.end ?? 0) >= (name?.end ?? Number.POSITIVE_INFINITY);
    if (name === undefined || isItem) break;
    found.push(name.value);
    end = name.end;
    next = past(CATEGORY_JOINT, tokens, tokens[end]?.kind === 'break' ? end + 1 : end);
    if (next === end) break;
  }
  const tail = past(CATEGORY_TAIL, tokens, end);
  const isService = found.every((id) => SERVICE_CATEGORIES.has(id));
  const isSaid = lead !== undefined || (isService && (tail > end || isLimited(tokens, end)));
  // 买咖啡 orders; 花在咖啡上 and 买数据 bound.
  const isOrder = lead?.value === 'on' && tokens[at]?.text === '买' && !isService;
  if (found.length === 0 || !isSaid || isOrder) return undefined;
  return { value: { kind: 'categories', categories: [...new Set(found)], allow: lead?.value !== 'deny' }, end: tail };
}

/** 数据最多五十: the amount is of what stands before it. */
function isLimited(tokens: readonly Token[], at: number): boolean {
  const role = readRole(tokens, at)?.lexeme;
  return role?.kind === 'role' && role.role === 'limit';
}

/** Whether an answer says that the shop does not matter. */
export function namesAnyShop(tokens: readonly Token[]): boolean {
  return tokens.some((_, at) => past(ANY, tokens, at) > at);
}
