/** Cuts an utterance into its clauses and the order that is left; every word ends up in one or the other. */
import { type Catalogue, catalogueOf } from '../catalogue.ts';
import { type Lexeme, lexTokens, readRole } from '../lex.ts';
import { readNumeric } from '../normalise.ts';
import { isRole } from '../order-state.ts';
import { spell, type Token, tokenise } from '../tokens.ts';
import type { Vocabulary } from '../vocabulary.ts';
import type { LocalNow } from './calendar.ts';
import { categoryReader } from './category-names.ts';
import type { Clause } from './clause.ts';
import { past, phrases, type Read, type Reader } from './phrase-table.ts';
import { readEveryClause } from './read-every.ts';
import { readFundClause } from './read-fund.ts';
import { type Expected, readAmountClause } from './read-limits.ts';
import { readRuleClause } from './read-rules.ts';
import { readCategoriesClause, readShopsClause } from './read-shops.ts';
import { readLastsClause, readWhenClause } from './read-when.ts';
import { readWordClause } from './read-words.ts';

/** One utterance. */
export interface Clauses {
  readonly clauses: readonly Clause[];
  /** What is left for the order, with a filler where a clause stood. */
  readonly lexemes: readonly Lexeme[];
  readonly tokens: readonly Token[];
}

interface Readers {
  readonly catalogue: Catalogue;
  readonly categories: Reader<string>;
}

const compiled = new WeakMap<Vocabulary, Readers>();

function readersOf(vocabulary: Vocabulary): Readers {
  let readers = compiled.get(vocabulary);
  if (readers === undefined) {
    readers = { catalogue: catalogueOf(vocabulary), categories: categoryReader(vocabulary) };
    compiled.set(vocabulary, readers);
  }
  return readers;
}

/** Reads `words` from left to right; where an amount is expected, a bare number is one. Never throws. */
export function readClauses(words: string, vocabulary: Vocabulary, local: LocalNow, expects?: Expected): Clauses {
  const readers = readersOf(vocabulary);
  const tokens = tokenise(words);
  const clauses: Clause[] = [];
  const lexemes: Lexeme[] = [];
  let open = 0;
  let at = 0;
  const close = (): void => {
    if (at > open) lexemes.push(...lexTokens(tokens.slice(open, at), readers.catalogue));
  };
  while (at < tokens.length) {
    const goingOn = goesOn(clauses.at(-1), tokens.slice(open, at));
    const read = (from: number) => readClause(tokens, from, readers, local, goingOn ?? expects);
    const clause = read(at);
    const named = pastThing(tokens, at, readers.catalogue);
    if (clause === undefined || clause.end <= named) {
      at = named > at ? named : pastKnown(tokens, at, (inner) => read(inner)?.end);
      continue;
    }
    close();
    const said = spell(tokens.slice(at, clause.end));
    if (takeRefusal(clause.value, lexemes)) clauses.push({ kind: 'beyond', refused: true, said: `no ${said}` });
    else clauses.push(corrected(clause.value, clauses, lexemes));
    if (open === at) saleTime(clauses);
    lexemes.push(standIn(clause.value, said));
    at = clause.end;
    open = at;
  }
  close();
  return { clauses, lexemes, tokens };
}

const REFUSABLE: ReadonlySet<Clause['kind']> = new Set([
  'when',
  'lasts',
  'every',
  'amount',
  'fund',
  'unnamed-shops',
  'any-shop',
]);

/** "Not on Friday", 不是三十: the opposite of a bound is none. The word of refusal has found its object, and refuses no other. */
function takeRefusal(clause: Clause, before: Lexeme[]): boolean {
  const at = before.findLastIndex((lexeme) => !isRole(lexeme, 'filler', 'article', 'from', 'within'));
  const refusal = before[at];
  if (!REFUSABLE.has(clause.kind) || refusal === undefined || !isRole(refusal, 'not')) return false;
  before[at] = { kind: 'role', role: 'filler', text: refusal.text };
  return true;
}

/** "Until Friday, no, until Sunday": a refusal between pauses takes back the clause before it, when another of its kind follows. */
function corrected(clause: Clause, before: Clause[], lexemes: Lexeme[]): Clause {
  const spoken = lexemes.filter((lexeme) => lexeme.kind !== 'break');
  const word = spoken.at(-1);
  const last = before.at(-1);
  const isWord =
    word !== undefined && (isRole(word, 'correct') || (isRole(word, 'not') && lexemes.at(-1)?.kind === 'break'));
  if (!isWord || last?.kind !== clause.kind || (clause.kind !== 'amount' && clause.kind !== 'when')) return clause;
  lexemes[lexemes.lastIndexOf(word)] = { kind: 'role', role: 'filler', text: word.text };
  before.pop();
  return clause.kind === 'amount' && last.kind === 'amount' ? { ...clause, limit: clause.limit || last.limit } : clause;
}

/** "On sale on Friday", 周五开售: the day right beside a sale is the sale's, and not that of what is sold. */
function saleTime(clauses: Clause[]): void {
  const last = clauses.length - 1;
  for (const [when, event] of [
    [last - 1, last],
    [last, last - 1],
  ] as const) {
    const [day, sale] = [clauses[when], clauses[event]];
    if (sale?.kind === 'trigger' && sale.sale && day?.kind === 'when' && day.role === 'at')
      clauses[when] = { ...day, role: 'from' };
  }
}

/** A clause is out of the order's way, but an amount is no word of it, and a verb stays one. */
function standIn(clause: Clause, text: string): Lexeme {
  return { kind: 'role', role: clause.kind === 'verb' ? 'verb' : 'filler', text };
}

/** Where the name of a thing or of a choice ends: words of a clause may be a part of one, a shop always is a clause. */
function pastThing(tokens: readonly Token[], at: number, catalogue: Catalogue): number {
  const match = catalogue.trie.longest(tokens, at);
  return match?.values.some((entry) => entry.kind !== 'merchant') ? match.end : at;
}

/** Numbers and known phrases are stepped over as one, unless a clause starts inside a phrase and leads out of it: "but not over 30". */
function pastKnown(tokens: readonly Token[], at: number, clauseEnd: (inner: number) => number | undefined): number {
  const number = readNumeric(tokens, at)?.end ?? 0;
  const phrase = readRole(tokens, at)?.end ?? 0;
  for (let inner = at + 1; inner < phrase; inner++) if ((clauseEnd(inner) ?? 0) > phrase) return inner;
  return Math.max(at + 1, number, phrase);
}

const AND = phrases('and|but|also|plus|和|且|并且|而且|另外');
const OR = phrases('or|或|或者|还是');

/** "At most 30 each and 200 in all", "at most 50 or 60": what limited the first amount limits the second. */
function goesOn(before: Clause | undefined, between: readonly Token[]): Expected | undefined {
  for (let at = 0; at < between.length; ) {
    const end = between[at]?.kind === 'break' ? at + 1 : past(AND, between, past(OR, between, at));
    if (end === at) return undefined;
    at = end;
  }
  if (before?.kind !== 'amount' || !before.limit) return undefined;
  return between.some((_, at) => OR(between, at)) ? 'amount' : 'limit';
}

/** A word is none inside a number, and one that carries nothing is none where the order's own words know better. */
function wholeWord(tokens: readonly Token[], at: number, word: Read<Clause> | undefined): Read<Clause> | undefined {
  if (word === undefined || word.end < (readNumeric(tokens, at)?.end ?? at)) return undefined;
  const isKnown = word.value.kind === 'noise' && word.end <= (readRole(tokens, at)?.end ?? at);
  return isKnown ? undefined : word;
}

/** The longest clause that starts at `at`; of equally long ones the first of this order. */
function readClause(
  tokens: readonly Token[],
  at: number,
  readers: Readers,
  local: LocalNow,
  expects: Expected | undefined,
): Read<Clause> | undefined {
  if (tokens[at]?.kind === 'break') return undefined;
  const { catalogue, categories } = readers;
  const readings = [
    readRuleClause(tokens, at),
    readFundClause(tokens, at, catalogue),
    readAmountClause(tokens, at, catalogue, expects),
    readEveryClause(tokens, at),
    readWhenClause(tokens, at, local),
    readLastsClause(tokens, at),
    readShopsClause(tokens, at, catalogue),
    readCategoriesClause(tokens, at, categories, catalogue),
    wholeWord(tokens, at, readWordClause(tokens, at, catalogue)),
  ];
  let best: Read<Clause> | undefined;
  for (const reading of readings) if (reading && reading.end > (best?.end ?? at)) best = reading;
  return best;
}
