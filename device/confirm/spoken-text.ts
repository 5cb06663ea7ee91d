/** What the text of others must not do to a sentence that is said (T8). Rows have their marks; in speech there are only words. */

/**
 * The words that mark such a text at both ends, in every language of the views, and what sounds the same: `quote` is refused
 * by itself, since `and quote` cannot be told from `end quote`. Letters that a reader passes over as `o` or `t` count as these.
 */
const QUOTATION = /[ckq][uw][oø](?:[tŧ]e|a[tŧ])|引[号號]|[引隐隱饮飲尹蚓瘾癮吲][号號好浩耗昊皓颢灏镐][完玩丸顽頑烷纨]/u;

/**
 * Whether a text of others says the words that mark its end. Accents, width, case, and what stands between letters are passed
 * over: it errs on the side of refusing (`status quo term`).
 */
export function saysQuotation(text: string): boolean {
  const letters = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return QUOTATION.test(letters);
}

/** A full stop inside a number or a name (`2.5`, `No.10`, `U.S.A`) ends nothing; one between a digit and a letter may. */
const SENTENCE_ENDS = /(?:[!?;…。！？；]|[.．](?![\p{L}\p{N}])|(?<=\p{N})[.．](?!\p{N}))+/u;

/** The text as part of one sentence of ours: its own sentences are parted by `pause`, so that none of them passes for a view's. */
export function asOnePart(text: string, pause: string): string {
  const parts = text.split(SENTENCE_ENDS).map((part) => part.trim());
  return parts.filter((part) => part !== '').join(pause);
}
