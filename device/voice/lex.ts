/** Cuts an utterance into lexemes: catalogue names, numbers, role words, and what is left. The longest reading wins. */
import type { Catalogue, CatalogueEntry } from './catalogue.ts';
import { DEGREES, lexicon, type Role } from './lexicon.ts';
import { type Numeric, readNumeric } from './normalise.ts';
import { joinSpeech, spell, type Token, tokenise } from './tokens.ts';

/** One unit of meaning, with the words it was made of. */
export type Lexeme = { readonly text: string } & (
  | { readonly kind: 'entry'; readonly entries: readonly CatalogueEntry[] }
  | { readonly kind: 'numeric'; readonly numeric: Numeric }
  | { readonly kind: 'role'; readonly role: Role }
  | { readonly kind: 'break' }
  | { readonly kind: 'unknown'; readonly words: number }
);

const MAX_PHRASE_TOKENS = 6;

/** A lexeme and where it ends. */
export interface Reading {
  /** Index of the first token after it. */
  readonly end: number;
  readonly lexeme: Lexeme;
}

function readEntry(catalogue: Catalogue, tokens: readonly Token[], at: number): Reading | undefined {
  const match = catalogue.trie.longest(tokens, at);
  return (
    match && {
      end: match.end,
      lexeme: { kind: 'entry', entries: match.values, text: spell(tokens.slice(at, match.end)) },
    }
  );
}

function readValue(tokens: readonly Token[], at: number): Reading | undefined {
  const reading = readNumeric(tokens, at);
  return (
    reading && {
      end: reading.end,
      lexeme: { kind: 'numeric', numeric: reading.numeric, text: spell(tokens.slice(at, reading.end)) },
    }
  );
}

/** The longest phrase of the lexicon that starts at token `at`. */
export function readRole(tokens: readonly Token[], at: number): Reading | undefined {
  for (let length = Math.min(MAX_PHRASE_TOKENS, tokens.length - at); length > 0; length--) {
    const span = tokens.slice(at, at + length);
    const role = lexicon.get(span.map((token) => token.text).join(' '));
    if (role !== undefined) return { end: at + length, lexeme: { kind: 'role', role, text: spell(span) } };
  }
  return undefined;
}

/** "no sugar or ice": after "or", reads "ice" as "no ice" when the phrase before began with a word of degree. */
function readShared(
  catalogue: Catalogue,
  tokens: readonly Token[],
  at: number,
  degree: readonly Token[],
): Reading | undefined {
  if (degree.length === 0) return undefined;
  const joined = [...degree, ...tokens.slice(at, at + MAX_PHRASE_TOKENS)];
  const match = catalogue.trie.longest(joined, 0);
  if (match === undefined || match.end <= degree.length || match.values.some((entry) => entry.kind !== 'choice'))
    return undefined;
  return {
    end: at + match.end - degree.length,
    lexeme: { kind: 'entry', entries: match.values, text: spell(joined.slice(0, match.end)) },
  };
}

function degreeOf(tokens: readonly Token[]): readonly Token[] {
  for (const length of [2, 1]) {
    const head = tokens.slice(0, length);
    if (tokens.length > length && DEGREES.has(head.map((token) => token.text).join(' '))) return head;
  }
  return [];
}

function longest(readings: readonly (Reading | undefined)[]): Reading | undefined {
  let best: Reading | undefined;
  for (const reading of readings) if (reading && reading.end > (best?.end ?? 0)) best = reading;
  return best;
}

/** Reads `words` from left to right; consecutive unknown tokens become one lexeme. Never throws. */
export function lex(words: string, catalogue: Catalogue): readonly Lexeme[] {
  return lexTokens(tokenise(words), catalogue);
}

/** `lex` of words that are cut already. */
export function lexTokens(tokens: readonly Token[], catalogue: Catalogue): readonly Lexeme[] {
  const lexemes: Lexeme[] = [];
  let degree: readonly Token[] = [];
  let sharing = false;
  let at = 0;
  while (at < tokens.length) {
    const start = at;
    if (tokens[at]?.kind === 'break') {
      if (lexemes.at(-1)?.kind !== 'break') lexemes.push({ kind: 'break', text: ',' });
      at += 1;
      continue;
    }
    // In this order, because of equally long readings the first is taken.
    const reading: Reading | undefined =
      longest([readEntry(catalogue, tokens, at), readValue(tokens, at), readRole(tokens, at)]) ??
      (sharing ? readShared(catalogue, tokens, at, degree) : undefined);
    if (reading === undefined) {
      at += 1;
      pushUnknown(lexemes, tokens, start);
      sharing = false;
      continue;
    }
    at = reading.end;
    lexemes.push(reading.lexeme);
    if (reading.lexeme.kind === 'entry') degree = degreeOf(tokens.slice(start, at));
    sharing = reading.lexeme.kind === 'role' && (reading.lexeme.role === 'and' || reading.lexeme.role === 'or');
  }
  return lexemes;
}

function pushUnknown(lexemes: Lexeme[], tokens: readonly Token[], at: number): void {
  const before = lexemes.at(-1);
  const token = tokens[at];
  if (token === undefined) return;
  if (before?.kind !== 'unknown') {
    lexemes.push({ kind: 'unknown', text: token.text, words: weight(token) });
    return;
  }
  lexemes[lexemes.length - 1] = {
    kind: 'unknown',
    text: joinSpeech([before.text, token.text]),
    words: before.words + weight(token),
  };
}

/** Two Han characters make about one word. */
function weight(token: Token): number {
  return token.kind === 'han' ? 0.5 : 1;
}
