/** PocketSphinx's pronouncing dictionary, and pronunciations made from it for words it lacks. */

/** Word to its pronunciations, each a list of ARPAbet phones joined by spaces. */
export type Dictionary = ReadonlyMap<string, readonly string[]>;

/** Parses CMUdict lines: `latte L AA T EY`, `a(2) EY`. */
export function parseDictionary(text: string): Dictionary {
  const words = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const match = /^(\S+?)(?:\(\d+\))?\s+(\S.*?)\s*$/.exec(line);
    const [, word, phones] = match ?? [];
    if (word === undefined || phones === undefined) continue;
    const known = words.get(word);
    if (known) known.push(phones);
    else words.set(word, [phones]);
  }
  return words;
}

const SIBILANTS = new Set(['S', 'Z', 'SH', 'CH', 'ZH', 'JH']);
const VOICELESS = new Set(['P', 'T', 'K', 'F', 'TH']);
const MIN_PART_LETTERS = 4;

/** All pronunciations of `word`: its own, or its singular's with the plural ending, or those of its two known halves. */
export function pronounce(word: string, dictionary: Dictionary): readonly string[] {
  const own = dictionary.get(word);
  if (own) return own;
  const singular = word.endsWith('s') ? pronounce(word.slice(0, -1), dictionary) : [];
  if (singular.length > 0) return singular.map((phones) => `${phones} ${pluralEnding(phones)}`);
  for (let at = MIN_PART_LETTERS; at <= word.length - MIN_PART_LETTERS; at++) {
    const [head] = dictionary.get(word.slice(0, at)) ?? [];
    const [tail] = dictionary.get(word.slice(at)) ?? [];
    if (head !== undefined && tail !== undefined) return [`${head} ${tail}`];
  }
  return [];
}

function pluralEnding(phones: string): string {
  const last = phones.split(' ').at(-1) ?? '';
  if (SIBILANTS.has(last)) return 'IH Z';
  return VOICELESS.has(last) ? 'S' : 'Z';
}

/** A dictionary file with only `words`: a small one loads twenty times faster than the whole. */
export function formatDictionary(words: Iterable<string>, dictionary: Dictionary): string {
  const lines: string[] = [];
  for (const word of words) {
    for (const [index, phones] of pronounce(word, dictionary).entries())
      lines.push(`${word}${index === 0 ? '' : `(${index + 1})`} ${phones}`);
  }
  return `${lines.join('\n')}\n`;
}
