/** Phrases of both languages and what each means; the longest that starts at a place is read. English plurals match, too. */
import { type Token, tokenise } from '../tokens.ts';
import { Trie } from '../trie.ts';

/** A meaning and where its words end. */
export interface Read<Meaning> {
  readonly value: Meaning;
  /** Index of the first token after it. */
  readonly end: number;
}

/** Reads what starts at token `at`. */
export type Reader<Meaning> = (tokens: readonly Token[], at: number) => Read<Meaning> | undefined;

/** A reader for rows of a meaning and its phrases, separated by `|`. */
export function phraseTable<Meaning>(rows: readonly (readonly [Meaning, string])[]): Reader<Meaning> {
  const trie = new Trie<Meaning>();
  for (const [meaning, phrases] of rows) {
    for (const phrase of phrases.split('|')) {
      trie.add(
        tokenise(phrase).filter((token) => token.kind !== 'break'),
        meaning,
      );
    }
  }
  return (tokens, at) => {
    const match = trie.longest(tokens, at);
    const value = match?.values[0];
    return match === undefined || value === undefined ? undefined : { value, end: match.end };
  };
}

/** A reader for phrases that all mean the same. */
export function phrases(list: string): Reader<true> {
  return phraseTable([[true, list]]);
}

/** Where what `reader` reads at `at` ends, or `at` when it reads nothing. */
export function past(reader: Reader<unknown>, tokens: readonly Token[], at: number): number {
  return reader(tokens, at)?.end ?? at;
}

/** Like `past`, as often as it reads something. */
export function pastAll(reader: Reader<unknown>, tokens: readonly Token[], at: number): number {
  const end = past(reader, tokens, at);
  return end === at ? at : pastAll(reader, tokens, end);
}
