/** The broker learns no words and keeps nothing (T28). */
import { utf8 } from '../../protocol/index.ts';
import type { Checker } from './facts.ts';

/** So much of an utterance, in a row, is no accident: titles on the wire share shorter pieces with it. */
const PIECE = { latin: 14, han: 5 } as const;

export const noWordsOnTheWire: Checker = ({ wire, sent, words }) => {
  const pieces = words.flatMap((text) => piecesOf(text));
  return [...wire, ...sent].flatMap(({ payload, topic }) => {
    const text = latin1(payload) + latin1(utf8(topic));
    const leak = pieces.find((piece) => text.includes(piece));
    return leak === undefined ? [] : ['words of the wearer are on the wire'];
  });
};

function piecesOf(text: string): readonly string[] {
  const length = /\p{Script=Han}/u.test(text) ? PIECE.han : PIECE.latin;
  const starts = Array.from({ length: Math.max(0, text.length - length + 1) }, (_, i) => i);
  return starts.map((i) => latin1(utf8(text.slice(i, i + length))));
}

/** One character a byte, so that pieces are found wherever they stand. */
function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

export const nothingRetained: Checker = ({ retained }) =>
  retained.map((topic) => `the broker had kept a message on ${topic}`);
