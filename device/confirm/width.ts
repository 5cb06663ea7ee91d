/** Graphemes and columns: how text is cut and how wide it is on a character grid. */

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * ASCII and accented Latin letters, without × and ÷. UAX #11 §5 would leave a few more characters narrow; here all that
 * is not surely narrow takes two columns, and so do the *ambiguous* ones, because the display is an East Asian context
 * (UAX #11 §5.1). A text may so be drawn narrower than counted, never wider.
 */
const NARROW = /^[ -~\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u024F\u1E00-\u1EFF]/u;

/** Characters of which each is a grapheme whatever stands beside it: visible ASCII, accented Latin, Han, their punctuation. */
const ALL_SINGLE = /^[ -~\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u024F\u2018-\u201D\u3001\u3002\u4E00-\u9FFF\uFF01-\uFF5E]*$/;

/** User-perceived characters (UAX #29 §3): what may be cut between but not inside. */
export function graphemes(text: string): string[] {
  // The host's segmenter takes fifty times as long, and what is shown is nearly always so plain.
  if (ALL_SINGLE.test(text)) return text.split('');
  return Array.from(segmenter.segment(text), (part) => part.segment);
}

function columnsOf(grapheme: string): number {
  return NARROW.test(grapheme) ? 1 : 2;
}

/** Columns the text takes: one for each narrow grapheme, two for each other one. */
export function displayWidth(text: string): number {
  return widthOf(graphemes(text));
}

function widthOf(parts: readonly string[]): number {
  return parts.reduce((columns, grapheme) => columns + columnsOf(grapheme), 0);
}

/**
 * The text if it fits, otherwise as many whole graphemes as leave room for `mark`, and `mark`. Only product titles may be
 * clipped; a mark that does not fit itself is left for the caller's own check to refuse.
 */
export function clip(text: string, columns: number, mark: string): string {
  if (displayWidth(text) <= columns) return text;
  let room = columns - displayWidth(mark);
  const kept: string[] = [];
  for (const grapheme of graphemes(text)) {
    room -= columnsOf(grapheme);
    if (room < 0) break;
    kept.push(grapheme);
  }
  return kept.join('').trimEnd() + mark;
}

/**
 * The whole text in rows, broken at a space where a row has one and between graphemes otherwise. Spaces at a break are
 * dropped and nothing else. Where not even one grapheme fits, a row is too wide: the caller refuses.
 */
export function wrap(text: string, columns: number): string[] {
  const rows: string[] = [];
  let row: string[] = [];
  for (const grapheme of graphemes(text)) {
    row.push(grapheme);
    if (row.length === 1 || widthOf(row) <= columns) continue;
    const space = row.lastIndexOf(' ');
    const cut = space > 0 ? space : row.length - 1;
    rows.push(row.slice(0, cut).join(''));
    row = row.slice(space > 0 ? cut + 1 : cut);
  }
  return row.length > 0 ? [...rows, row.join('')] : rows;
}
