import { describe, expect, it } from 'vitest';
import { graphemes } from '../../../device/confirm/width.ts';

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });
const cut = (text: string): string[] => Array.from(segmenter.segment(text), (part) => part.segment);

/** The characters of the plane that are cut without the host. */
function cutWithoutHost(): readonly string[] {
  const host = Intl.Segmenter.prototype.segment;
  Intl.Segmenter.prototype.segment = () => [] as never;
  try {
    const all = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code));
    return all.filter((letter) => graphemes(letter).length === 1);
  } finally {
    Intl.Segmenter.prototype.segment = host;
  }
}

describe('graphemes', () => {
  it('T9: which are cut without the host are those of the host, doubled and beside all others', () => {
    const plain = cutWithoutHost();
    expect(plain.length).toBeGreaterThan(20_000);
    for (let at = 0; at < plain.length; at += 256) {
      const text = plain
        .slice(at, at + 256)
        .map((letter) => `${letter}${letter}a咖`)
        .join('');
      expect(cut(text).join('|')).toBe(text.split('').join('|'));
      expect(graphemes(text).join('|')).toBe(text.split('').join('|'));
    }
  });

  it.each(['\r\n', 'e\u0301tude', '👩‍👩‍👧', '🇨🇳🇺🇸', '咖\ufe0f啡', '한국', 'ｶﾞ'])(
    'T9: keep %j together as the host does',
    (text) => {
      expect(graphemes(`x${text}`)).toEqual(cut(`x${text}`));
    },
  );
});
