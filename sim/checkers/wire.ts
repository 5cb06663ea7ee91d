/** The broker learns no words and keeps nothing (T28). */
import { utf8 } from '../../protocol/index.ts';
import { textOf } from './facts.ts';
import type { Watching } from './reading.ts';

/** So much of an utterance, in a row, is no accident: titles on the wire share shorter pieces with it. */
const PIECE = { latin: 14, han: 5 } as const;

export const noWordsOnTheWire: Watching = ({ record, since }) => {
  const lists = [since(({ wire }) => wire), since(({ sent }) => sent)];
  const words = since(({ words: all }) => all);
  let search = new Pieces([]);
  return () => {
    if (words().length > 0) search = new Pieces(record.words);
    return lists
      .flatMap((take) => take())
      .filter(({ payload, topic }) => search.areIn(payload) || search.areIn(utf8(topic)))
      .map(() => 'words of the wearer are on the wire');
  };
};

/** So many bytes, in a row, are looked up at once. */
const GRAM = 4;

/**
 * Pieces of utterances to be found wherever they stand. A piece is so long that one of every few places in a row is within it, so
 * only these are looked at; a table of what can stand there spares nearly every comparison.
 */
class Pieces {
  readonly #byLength = new Map<number, Set<string>>();
  readonly #grams = new Uint8Array(65_536);
  readonly #step: number;

  constructor(words: readonly string[]) {
    const pieces = words.flatMap(piecesOf);
    this.#step = pieces.reduce((least, { length }) => Math.min(least, length), Number.POSITIVE_INFINITY) - GRAM + 1;
    for (const piece of pieces) {
      const same = this.#byLength.get(piece.length) ?? new Set();
      this.#byLength.set(piece.length, same.add(piece));
      const bytes = Buffer.from(piece, 'latin1');
      for (let i = 0; i + GRAM <= bytes.length; i += 1) this.#grams[gramAt(bytes, i)] = 1;
    }
  }

  areIn(bytes: Uint8Array): boolean {
    let text: string | undefined;
    for (let i = 0; i + GRAM <= bytes.length; i += this.#step) {
      if (this.#grams[gramAt(bytes, i)] === 0) continue;
      text ??= textOf(bytes);
      if (this.#areAround(text, i)) return true;
    }
    return false;
  }

  /** Whether a piece holds what stands at this place. */
  #areAround(text: string, place: number): boolean {
    for (const [length, pieces] of this.#byLength)
      for (let start = Math.max(0, place + GRAM - length); start <= place; start += 1)
        if (pieces.has(text.slice(start, start + length))) return true;
    return false;
  }
}

/** Four bytes in a row as 16 bits; others may come to the same. */
function gramAt(bytes: Uint8Array, i: number): number {
  const [a, b, c, d] = [bytes[i] as number, bytes[i + 1] as number, bytes[i + 2] as number, bytes[i + 3] as number];
  return Math.imul(a | (b << 8) | (c << 16) | (d << 24), 0x9e3779b1) >>> 16;
}

function piecesOf(text: string): readonly string[] {
  const length = /\p{Script=Han}/u.test(text) ? PIECE.han : PIECE.latin;
  const starts = Array.from({ length: Math.max(0, text.length - length + 1) }, (_, i) => i);
  return starts.map((i) => textOf(utf8(text.slice(i, i + length))));
}

export const nothingRetained: Watching = ({ since }) => {
  const retained = since(({ retained: all }) => all);
  return () => retained().map((topic) => `the broker had kept a message on ${topic}`);
};
