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

/** Pieces of utterances to be found wherever they stand. A table of the first two bytes spares nearly every comparison. */
class Pieces {
  readonly #byLength = new Map<number, Set<string>>();
  readonly #starts = new Uint8Array(65_536);

  constructor(words: readonly string[]) {
    for (const piece of words.flatMap(piecesOf)) {
      const same = this.#byLength.get(piece.length) ?? new Set();
      this.#byLength.set(piece.length, same.add(piece));
      this.#starts[piece.charCodeAt(0) * 256 + piece.charCodeAt(1)] = 1;
    }
  }

  areIn(bytes: Uint8Array): boolean {
    let text: string | undefined;
    for (let i = 0; i + 1 < bytes.length; i += 1) {
      if (this.#starts[(bytes[i] as number) * 256 + (bytes[i + 1] as number)] === 0) continue;
      text ??= textOf(bytes);
      for (const [length, pieces] of this.#byLength) if (pieces.has(text.slice(i, i + length))) return true;
    }
    return false;
  }
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
