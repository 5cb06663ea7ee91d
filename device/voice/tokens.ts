/** Cuts what was heard into the smallest units both languages are read in: a Latin word, a Han character, a numeral, a pause. */

export interface Token {
  readonly kind: 'word' | 'han' | 'digits' | 'symbol' | 'break';
  /** Lower case, without diacritics; `,` for every break. */
  readonly text: string;
}

/** Twenty seconds of fast speech stay below this; what is longer did not come from one utterance. */
const MAX_CHARS = 600;

const PIECES =
  /(?<digits>\d+(?:[.,:]\d+)*)|(?<han>\p{Script=Han})|(?<word>\p{L}+(?:'\p{L}+)*)|(?<symbol>[¥$€£%])|(?<break>[,.;:!?。、…\n]+)/gu;

/** A run of letters may change script without a space ("点latte"): Han is cut off character by character. */
const HAN_EDGE = /(?<=\p{Script=Han})(?=\p{L})|(?<=\p{L})(?=\p{Script=Han})/gu;

/** Between numbers it parts them (三十，2周), as the narrow one it would become ("1,280") does not. */
const WIDE_COMMA = /，/gu;

/** Tokens of `words`; characters that carry no speech (quotes, hyphens, emoji) only separate. Never throws. */
export function tokenise(words: string): readonly Token[] {
  const folded = words
    .slice(0, MAX_CHARS)
    .replace(WIDE_COMMA, ' , ')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’‘`]/gu, "'")
    .replace(HAN_EDGE, ' ');
  const tokens: Token[] = [];
  for (const piece of folded.matchAll(PIECES)) {
    const { digits, han, word, symbol } = piece.groups ?? {};
    if (digits !== undefined) tokens.push({ kind: 'digits', text: digits });
    else if (han !== undefined) tokens.push({ kind: 'han', text: han });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol });
    else tokens.push({ kind: 'break', text: ',' });
  }
  return tokens;
}

/** Joins pieces of speech: a space between words, none between Han characters. */
export function joinSpeech(pieces: readonly string[]): string {
  return pieces.join(' ').replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '');
}

/** The words of a token span as they are shown or spoken: spaces between words, none between Han characters. */
export function spell(tokens: readonly Token[]): string {
  return joinSpeech(tokens.filter((token) => token.kind !== 'break').map((token) => token.text));
}
