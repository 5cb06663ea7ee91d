/** Takes the words of a command apart: what each of them means, which delegations are named, and what nobody understands. */
import { type Catalogue, catalogueOf } from '../catalogue.ts';
import { readNumeric } from '../normalise.ts';
import { readNumber } from '../numbers.ts';
import { type Token, tokenise } from '../tokens.ts';
import type { Vocabulary } from '../vocabulary.ts';
import { categoryReader } from './category-names.ts';
import type { Read, Reader } from './phrase-table.ts';

/** Which delegations: all, or those for one of the items or from one of the shops; one of the lists may be empty, never both. */
export type CommandTarget = 'all' | { readonly itemIds: readonly string[]; readonly merchantIds: readonly string[] };

/** What every table of command words has besides its own: `filler` carries nothing. */
export type CommonWord = 'all' | 'filler' | 'pause';

export interface Heard<Word> {
  readonly said: ReadonlySet<Word>;
  /** The words in order, without those that carry nothing. */
  readonly order: readonly Word[];
  /** Named delegations, or all of them; absent when neither was said. */
  readonly target: CommandTarget | undefined;
  readonly unknown: readonly string[];
  /** A number above one was said. */
  readonly counts: boolean;
  /** Amounts in fen, where they are read. */
  readonly amountsMinor: readonly number[];
}

/** @param readsAmounts without it a number is a word like any other. */
export function hear<Word extends string>(
  words: string,
  vocabulary: Vocabulary,
  table: Reader<Word | CommonWord>,
  readsAmounts = false,
): Heard<Word | CommonWord> {
  const tokens = tokenise(words);
  const order: (Word | CommonWord)[] = [];
  const unknown: string[] = [];
  const amountsMinor: number[] = [];
  const itemIds = new Set<string>();
  const merchantIds = new Set<string>();
  const categories = categoryReader(vocabulary);
  const catalogue = catalogueOf(vocabulary);
  let counts = false;
  for (let at = 0; at < tokens.length; ) {
    if (tokens[at]?.kind === 'break') {
      order.push('pause');
      at += 1;
      continue;
    }
    counts ||= (readNumber(tokens, at)?.hundredths ?? 0) > 100;
    const amount = readsAmounts ? readAmount(tokens, at) : undefined;
    const word = table(tokens, at);
    const named = readNamed(tokens, at, catalogue);
    const category = categories(tokens, at);
    const end = Math.max(amount?.end ?? at, word?.end ?? at, named?.end ?? at, category?.end ?? at);
    if (amount && amount.end === end) amountsMinor.push(amount.value);
    else if (named && named.end === end) {
      for (const id of named.value.itemIds) itemIds.add(id);
      for (const id of named.value.merchantIds) merchantIds.add(id);
    } else if (category && category.end === end) {
      for (const item of vocabulary.items) if (item.category === category.value) itemIds.add(item.id);
    } else if (word && word.value !== 'filler') order.push(word.value);
    else if (word === undefined) unknown.push(tokens[at]?.text ?? '');
    at = end > at ? end : at + 1;
  }
  const said = new Set(order);
  const isNamed = itemIds.size + merchantIds.size > 0;
  const target = isNamed
    ? { itemIds: [...itemIds], merchantIds: [...merchantIds] }
    : said.has('all')
      ? 'all'
      : undefined;
  return { said, order, target, unknown, counts, amountsMinor };
}

/** "20", "twenty yuan", 二十块; what is in another currency, or no amount at all, is none. */
function readAmount(tokens: readonly Token[], at: number): Read<number> | undefined {
  const reading = readNumeric(tokens, at);
  if (reading?.numeric.kind === 'money') return { value: reading.numeric.minor, end: reading.end };
  return reading?.numeric.kind === 'number' ? { value: reading.numeric.hundredths, end: reading.end } : undefined;
}

/** Choices of an item ("the large one") tell no delegation from another. */
function readNamed(
  tokens: readonly Token[],
  at: number,
  catalogue: Catalogue,
): Read<{ readonly itemIds: readonly string[]; readonly merchantIds: readonly string[] }> | undefined {
  const match = catalogue.trie.longest(tokens, at);
  if (match === undefined) return undefined;
  const itemIds = match.values.flatMap((entry) => (entry.kind === 'item' ? [entry.itemId] : []));
  const merchantIds = match.values.flatMap((entry) => (entry.kind === 'merchant' ? [entry.merchantId] : []));
  return { value: { itemIds, merchantIds }, end: match.end };
}
