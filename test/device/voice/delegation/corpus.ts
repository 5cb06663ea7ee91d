/** A corpus is text: a line of words, and below it, behind an arrow, what they come to. */
export function corpusRows(corpus: string): readonly (readonly [words: string, expected: string])[] {
  return [...corpus.matchAll(/^(\S.*)\n {2}=> (.*)$/gm)].map(
    ([, words = '', expected = '']) => [words, expected] as const,
  );
}
