import fc from 'fast-check';
import { expect, it } from 'vitest';
import { utf8 } from '../../../protocol/index.ts';
import type { Reading } from '../../../sim/checkers/reading.ts';
import { noWordsOnTheWire } from '../../../sim/checkers/wire.ts';

/** What the checker finds when one message with these bytes has gone out. */
function findings(words: readonly string[], payload: Uint8Array) {
  const record = { words, sent: [], wire: [{ topic: 'act/t', payload }] };
  const since =
    <T>(list: (all: typeof record) => readonly T[]) =>
    () =>
      list(record);
  return noWordsOnTheWire({ record, since } as unknown as Reading)();
}

const around = fc.uint8Array({ maxLength: 40 });
const said = [
  ['buy me two tickets for the concert', 14],
  ['帮我买两张周六的演唱会门票', 5],
  // A piece of this may be as short as five bytes.
  ['买 AB12 CD34 的票', 5],
] as const;

it.each(said)('T28: a piece of “%s” is found wherever it stands, and a shorter one is not', (text, length) => {
  const others = said.map(([one]) => one);
  fc.assert(
    fc.property(around, around, fc.nat(), (before, behind, place) => {
      const start = place % (text.length - length + 1);
      const payload = Buffer.concat([before, utf8(text.slice(start, start + length)), behind]);
      expect(findings([text], payload)).toHaveLength(1);
      expect(findings(others, payload)).toHaveLength(1);
    }),
  );
});

it.each(said)('T28: what “%s” shares with a title by accident is no finding', (text, length) => {
  for (let start = 0; start + length <= text.length; start += 1) {
    const short = utf8(text.slice(start, start + length - 1));
    expect(findings([text], Buffer.concat([Uint8Array.of(0), short, Uint8Array.of(0)]))).toEqual([]);
  }
});
