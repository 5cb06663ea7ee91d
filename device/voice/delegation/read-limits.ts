/** Amounts and what they limit: "at most 1,280 each", 每天最多三十, "up to 600 in all", "a 25 yuan latte". */
import type { Catalogue } from '../catalogue.ts';
import { readRole } from '../lex.ts';
import { readNumeric } from '../normalise.ts';
import { MAX_QUANTITY } from '../settle.ts';
import { spell, type Token } from '../tokens.ts';
import type { Clause } from './clause.ts';
import type { LimitScope } from './draft.ts';
import { pastAll, phrases, phraseTable, type Read } from './phrase-table.ts';
import { pastDrop } from './read-rules.ts';

type Scope = LimitScope | 'beyond';

const AFTER = phraseTable<Scope>([
  [
    'piece',
    'each|apiece|per ticket|per piece|per cup|per item|per seat|per person|a ticket|a piece|a cup|a seat|each one|each ticket|every ticket|for each|for each ticket|' +
      '每张|每杯|每份|每个|每件|每人|每位|每瓶|一张|一杯|一份|一个|一件|一位',
  ],
  [
    'order',
    'per order|each order|every order|an order|a time|each time|every time|per purchase|per payment|at a time|a go|at once|a purchase|' +
      '每次|每单|每笔|单笔|一次|一单|一笔|单次|每一单|每一次|每回|一回',
  ],
  [
    'day',
    'per day|a day|each day|every day|daily|in a day|in one day|on any day|on one day|每天|每日|一天|一日|单日|每一天|天天',
  ],
  [
    'total',
    'in total|in all|altogether|overall|all together|all in all|for everything|total|for the whole thing|for all of them|for both|together|all told|for all|' +
      '总共|一共|总计|合计|总额|总价|全部|加起来|总的|总预算|总费用|全部加起来|共|都算上|在内',
  ],
  [
    'beyond',
    'per week|a week|weekly|per month|a month|monthly|each week|each month|an hour|per hour|a year|per year|每周|每星期|一周|每月|每个月|一个月|每小时|每年',
  ],
]);
/** Before the amount these say what it is of; after it some of them begin the next part of the sentence. */
const BEFORE = phraseTable<Scope>([
  [
    'piece',
    'each|each one|each ticket|every ticket|每张|每杯|每份|每个|每件|每人|每位|每瓶|单价|单张|一张|一杯|一份|各',
  ],
  ['order', 'each time|every time|each order|every order|per order|每次|每单|每笔|单笔|单次|一次|一单|每一单|每一次'],
  ['day', 'per day|daily|a day|each day|every day|每天|每日|一天|单日|每一天|天天'],
  ['total', 'in total|in all|altogether|overall|total|总共|一共|总计|合计|总额|总价|全部|加起来|总的|总'],
  ['beyond', 'per week|weekly|per month|monthly|each week|each month|every week|every month|每周|每星期|每月|每个月'],
]);
const REPEATING = /^(?:daily|each day|every day|每天|每日|天天|每一天)$/u;
const SPENDING = /^(?:spend|spending|花|花费|用|开销)$/u;
const GAP = phrases(
  'of|is|be|are|should|should be|to|cost|costs|costing|priced|price|pay|paying|at|the|a|spend|it|they|for|money|花|花费|用|付|价格|价钱|是|要|得|的|钱|费用|只|只能|能|可以|就|也',
);
const COUNTS_TIME = phrases('day|week|month|year|percent|per cent|%|hour|天|周|个月|个星期|年|星期|percents|times|次');

/** What makes a bare number an amount: that one was asked for, or that a limit stands before it and a scope behind. */
export type Expected = 'amount' | 'limit';

/** `undefined` where nothing at `at` is said of an amount. A number that counts things is none. */
export function readAmountClause(
  tokens: readonly Token[],
  at: number,
  catalogue: Catalogue,
  expected: Expected | undefined,
): Read<Clause> | undefined {
  return (
    readFloor(tokens, at, catalogue) ??
    readDrop(tokens, at, catalogue) ??
    readPrefixed(tokens, at, catalogue) ??
    readPlain(tokens, at, catalogue, expected)
  );
}

/** A lower bound is understood, but no credential here carries it. */
function readFloor(tokens: readonly Token[], at: number, catalogue: Catalogue): Read<Clause> | undefined {
  const start = BEFORE(tokens, at)?.end ?? at;
  const role = readRole(tokens, start);
  const isFloor = role?.lexeme.kind === 'role' && role.lexeme.role === 'floor';
  const amount = readAmount(tokens, isFloor ? skipToAmount(tokens, role.end) : start, catalogue, isFloor);
  if (amount === undefined) return undefined;
  const after = readRole(tokens, amount.end);
  const isAfter = after?.lexeme.kind === 'role' && after.lexeme.role === 'floor-after';
  if (!isFloor && !isAfter) return undefined;
  const bound = isAfter ? after.end : amount.end;
  const end = AFTER(tokens, bound)?.end ?? bound;
  return { value: { kind: 'beyond', said: spell(tokens.slice(at, end)) }, end };
}

function readDrop(tokens: readonly Token[], at: number, catalogue: Catalogue): Read<Clause> | undefined {
  const start = pastDrop(tokens, at);
  const amount = start === undefined ? undefined : readAmount(tokens, start, catalogue, true);
  if (amount === undefined) return undefined;
  const said = { limit: true, spends: false, before: undefined, repeats: false };
  const clause = finish(tokens, at, amount, said);
  return clause.value.kind === 'amount' ? { value: { ...clause.value, waits: true }, end: clause.end } : clause;
}

/** [scope] limit [scope] amount [within] [scope] */
function readPrefixed(tokens: readonly Token[], at: number, catalogue: Catalogue): Read<Clause> | undefined {
  const before = BEFORE(tokens, at);
  const limit = firstLimitWord(tokens, before?.end ?? at, before === undefined);
  if (limit === undefined) return undefined;
  const between = BEFORE(tokens, limit.end);
  const start = skipToAmount(tokens, between?.end ?? limit.end);
  const amount = readAmount(tokens, start, catalogue, true);
  if (amount === undefined) return undefined;
  const spends = limit.value || SPENDING.test(tokens[at]?.text ?? '') || SPENDING.test(tokens[at - 1]?.text ?? '');
  return finish(tokens, at, amount, {
    limit: true,
    spends,
    before: between?.value ?? before?.value,
    repeats: repeats(tokens, at, before),
  });
}

function repeats(tokens: readonly Token[], at: number, before: Read<Scope> | undefined): boolean {
  return before !== undefined && REPEATING.test(spell(tokens.slice(at, before.end)));
}

/** An amount that its own words or nothing make a limit: 三十以内, "30 yuan max", "30 a day", "600 yuan". */
function readPlain(
  tokens: readonly Token[],
  at: number,
  catalogue: Catalogue,
  expected: Expected | undefined,
): Read<Clause> | undefined {
  const before = BEFORE(tokens, at);
  const amount = readAmount(tokens, skipToAmount(tokens, before?.end ?? at), catalogue, false);
  if (amount === undefined) return undefined;
  const { money, minor } = amount.value;
  const isMoney = money || minor === undefined || trailingLimit(tokens, amount.end, true) !== undefined;
  // No more than twenty of a thing are ordered: a larger number "each" or "in all" is an amount. Ten of a thing a day are not.
  const scoped = AFTER(tokens, amount.end) ?? before;
  const least = scoped?.value === 'piece' || scoped?.value === 'total' ? MAX_QUANTITY * 100 : 900;
  const isScoped = scoped !== undefined && (expected === 'limit' || (minor ?? 0) > least);
  const isRough = isAbout(tokens, before?.end ?? at) && (minor ?? 0) > MAX_QUANTITY * 100;
  if (!isMoney && !isScoped && !isRough && expected !== 'amount') return undefined;
  return finish(tokens, at, amount, {
    limit: expected === 'limit' && scoped !== undefined,
    spends: false,
    before: before?.value,
    repeats: repeats(tokens, at, before),
  });
}

/** "for about 50": so many of a thing are never ordered. */
function isAbout(tokens: readonly Token[], at: number): boolean {
  const role = readRole(tokens, pastAll(GAP, tokens, at))?.lexeme;
  return role?.kind === 'role' && role.role === 'about';
}

interface Amount {
  /** Absent: in a currency that is not paid in. */
  readonly minor?: number;
  readonly money: boolean;
}

function finish(
  tokens: readonly Token[],
  at: number,
  amount: Read<Amount>,
  said: {
    readonly limit: boolean;
    readonly spends: boolean;
    readonly before: Scope | undefined;
    readonly repeats: boolean;
  },
): Read<Clause> {
  const closed = trailingLimit(tokens, amount.end, !said.limit);
  const after = AFTER(tokens, closed ?? amount.end);
  // "30 a day max"
  const last = after && !said.limit && closed === undefined ? trailingLimit(tokens, after.end, true) : undefined;
  const end = last ?? after?.end ?? closed ?? amount.end;
  const limit = said.limit || closed !== undefined || last !== undefined;
  const scope = after?.value ?? said.before ?? (said.spends ? 'total' : 'bare');
  if (amount.value.minor === undefined) return { value: { kind: 'foreign' }, end };
  if (scope === 'beyond') return { value: { kind: 'beyond', repeats: true, said: spell(tokens.slice(at, end)) }, end };
  const repeated = said.repeats && scope === 'day' ? { repeats: true as const } : {};
  return {
    value: { kind: 'amount', limit, scope, minor: amount.value.minor, ...repeated },
    end,
  };
}

/** Where a word that makes the amount before it a limit ends; "20 yuan, under 30" limits the amount after the word. */
function trailingLimit(tokens: readonly Token[], at: number, words: boolean): number | undefined {
  const role = readRole(tokens, at);
  if (role?.lexeme.kind !== 'role') return undefined;
  if (role.lexeme.role === 'limit-after') return role.end;
  const isTrailing =
    words && role.lexeme.role === 'limit' && readNumeric(tokens, pastAll(GAP, tokens, role.end)) === undefined;
  return isTrailing ? role.end : undefined;
}

/** A word of limit, and whether it is one of a budget; a lower bound and a bare "in" are none. */
function readLimitWord(tokens: readonly Token[], at: number, mayBeWithin: boolean): Read<boolean> | undefined {
  const role = readRole(tokens, at);
  if (role?.lexeme.kind !== 'role') return undefined;
  const isLimit = role.lexeme.role === 'limit' || (mayBeWithin && role.lexeme.text === 'within');
  return isLimit ? { value: /budget|预算/u.test(role.lexeme.text), end: role.end } : undefined;
}

/** The word of limit after words that carry nothing; "at" is one of those, and begins "at most". */
function firstLimitWord(tokens: readonly Token[], at: number, mayBeWithin: boolean): Read<boolean> | undefined {
  const limit = readLimitWord(tokens, at, mayBeWithin);
  const gap = GAP(tokens, at);
  return limit ?? (gap ? firstLimitWord(tokens, gap.end, mayBeWithin) : undefined);
}

function skipToAmount(tokens: readonly Token[], at: number): number {
  const gap = pastAll(GAP, tokens, at);
  const role = readRole(tokens, gap);
  return role?.lexeme.kind === 'role' && (role.lexeme.role === 'about' || (role.lexeme.role === 'limit' && gap > at))
    ? skipToAmount(tokens, role.end)
    : gap;
}

/** Money, or after a word of limit a number that counts nothing. */
export function readAmount(
  tokens: readonly Token[],
  at: number,
  catalogue: Catalogue,
  limited: boolean,
): Read<Amount> | undefined {
  const reading = readNumeric(tokens, at);
  if (reading === undefined) return undefined;
  const { numeric, end } = reading;
  if (numeric.kind === 'foreign-money') return { value: { money: true }, end };
  if (numeric.kind === 'money') {
    const counts = numeric.maybePieces && !limited && catalogue.trie.longest(tokens, end) !== undefined;
    return counts ? undefined : { value: { money: true, minor: numeric.minor }, end };
  }
  if (numeric.kind !== 'number' || COUNTS_TIME(tokens, end)) return undefined;
  const cents = limited ? spokenCents(tokens, end, catalogue) : undefined;
  if (cents) return { value: { money: false, minor: numeric.hundredths + cents.value }, end: cents.end };
  return countsThings(tokens, end, catalogue) ? undefined : { value: { money: false, minor: numeric.hundredths }, end };
}

const ONLY_NEXT = /^[要在从能限用买去有]$/u;

function countsThings(tokens: readonly Token[], at: number, catalogue: Catalogue): boolean {
  const role = readRole(tokens, at)?.lexeme;
  // 一千二百八只要大麦的: 只 counts, unless it begins the next clause.
  const isOnly = tokens[at]?.text === '只' && ONLY_NEXT.test(tokens[at + 1]?.text ?? '');
  const isMeasure = role?.kind === 'role' && role.role === 'measure' && !isOnly;
  const names = catalogue.trie.longest(tokens, at)?.values ?? [];
  return isMeasure || names.some((entry) => entry.kind === 'item' || entry.kind === 'choice');
}

/** "under twenty five fifty": a second number from 10 to 99 right after whole yuan is their fen. */
function spokenCents(tokens: readonly Token[], at: number, catalogue: Catalogue): Read<number> | undefined {
  const next = readNumeric(tokens, at);
  if (next?.numeric.kind !== 'number' || tokens[at]?.kind !== 'word' || countsThings(tokens, next.end, catalogue))
    return undefined;
  const { hundredths } = next.numeric;
  const isFen = hundredths % 100 === 0 && hundredths >= 1_000 && hundredths < 10_000;
  return isFen ? { value: hundredths / 100, end: next.end } : undefined;
}

const SCOPE_ANSWER = phraseTable<'order' | 'total' | 'day'>([
  ['order', 'each time|every time|per order|each order|each|a time|every order|once|一次|每次|每单|每笔|单次|单笔'],
  ['day', 'per day|a day|each day|every day|daily|每天|一天|每日'],
  ['total', 'in all|in total|altogether|overall|total|all|everything|总共|一共|总计|合计|全部|总的|加起来'],
]);

/** The scopes that an answer names, in order. */
export function scopesNamed(tokens: readonly Token[]): readonly ('order' | 'total' | 'day')[] {
  const named = tokens.flatMap((_, at) => {
    const scope = SCOPE_ANSWER(tokens, at);
    return scope ? [scope.value] : [];
  });
  return [...new Set(named)];
}
