/** Reads what `pocketsphinx_batch -hypseg` writes, and judges it: a grammar hears orders everywhere, the score tells. */

/** What was decoded, before it is judged. */
export interface Decoding {
  /** Words joined by spaces, fillers and silences left out; empty when the grammar fitted nothing. */
  readonly text: string;
  /** Total score per frame of 10 ms; 0 or below, higher is better. Speech from outside the grammar scores low. */
  readonly scorePerFrame: number;
}

const NOTHING: Decoding = { text: '', scorePerFrame: Number.NEGATIVE_INFINITY };
/** `id S scale T total A acoustic L language`, then four fields for each word, then the end frame. */
const HEAD_FIELDS = 9;
const TOTAL_FIELD = 4;
const FIELDS_PER_WORD = 4;
const WORD_OFFSET = 3;

/** Reads one line of the file. Whatever does not have its shape is an empty result; throws nothing. */
export function parseHypseg(line: string): Decoding {
  const fields = line.trim().split(/\s+/);
  const total = Number(fields[TOTAL_FIELD]);
  const frames = Number(fields.at(-1));
  const isShaped =
    fields[1] === 'S' && fields[TOTAL_FIELD - 1] === 'T' && (fields.length - HEAD_FIELDS) % FIELDS_PER_WORD === 1;
  if (!isShaped || !Number.isFinite(total) || !Number.isInteger(frames) || frames <= 0) return NOTHING;
  const words: string[] = [];
  for (let at = HEAD_FIELDS + WORD_OFFSET; at < fields.length; at += FIELDS_PER_WORD) {
    const word = fields[at] ?? '';
    // Silences, noises and the grammar's empty steps: `<sil>`, `[NOISE]`, `++UM++`, `(NULL)`.
    if (!/^[<[(+]/.test(word)) words.push(word.replace(/\(\d+\)$/, ''));
  }
  return words.length === 0 ? NOTHING : { text: words.join(' '), scorePerFrame: total / frames };
}
