import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PAYEE_LIMITS, safeText, TITLE_LIMITS } from '../../../device/confirm/text.ts';

const title = (raw: string) => safeText(raw, TITLE_LIMITS);
const reasonOf = (raw: string) => {
  const result = title(raw);
  return result.ok ? 'accepted' : result.reason;
};
const codePoint = String.fromCodePoint;

/** Every code point of a range, as texts. */
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => codePoint(from + i));

describe('safeText', () => {
  it.each([
    ['Large iced latte, less sugar (500 ml) – 50% off!', undefined],
    ['大杯冰拿铁【少糖】・约350克', undefined],
    ['茶の庭 ニューコーヒー', undefined],
    ['Café crème, jalapeño, Phở, Łódź, nǚ ér hóng', undefined],
    ['満月珈琲〇々：￥２５', undefined],
    ['  a \u00A0\u3000 b ', 'a b'],
    ['Cafe\u0301', 'Caf\u00E9'],
    ['\uF900', '\u8C48'],
    ['m\u0304 and n\u0308', undefined],
    ['𠮷野家', undefined],
  ])('shows %j', (raw, expected = raw) => {
    expect(title(raw)).toEqual({ ok: true, text: expected });
  });

  it.each([
    ['lone-surrogate', ['\uD800', '\uDC00', 'a\uDBFFb', '\uDC00\uD800']],
    ['noncharacter', ['\uFFFE', '\uFFFF', '\uFDD0', codePoint(0x1fffe), codePoint(0x10ffff)]],
    ['private-use', ['\uE000', '\uF8FF', codePoint(0xf0000), codePoint(0x10fffd)]],
    ['tag-character', range(0xe0000, 0xe007f)],
    ['variation-selector', [...range(0xfe00, 0xfe0f), codePoint(0xe0100), codePoint(0xe01ef), '\u180B']],
    ['bidi-control', [...range(0x202a, 0x202e), ...range(0x2066, 0x2069), '\u200E', '\u200F', '\u061C']],
    ['line-separator', ['\u2028', '\u2029']],
    ['control', [...range(0, 0x1f), ...range(0x7f, 0x9f)]],
    ['invisible', ['\u200B', '\u200C', '\u200D', '\u00AD', '\uFEFF', '\u2060', '\u034F', '\u3164', '\uFFF9', '\u115F']],
    ['unassigned', ['\u0378', codePoint(0x1fc00), codePoint(0x50000)]],
    ['emoji', ['😀', '🇨🇳', '👨', '⭐', '✅']],
    ['space', ['\u2003', '\u2009', '\u202F', '\u1680', '\u205F']],
    [
      'script',
      [
        'а',
        'α',
        'א',
        'ع',
        'ก',
        '한',
        '𝐀',
        'Ⅻ',
        'ᴀ',
        'ǃ',
        '⼀',
        '⺀',
        '٣',
        '१',
        '①',
        '⁄',
        '\u20E3',
        'a\u0336',
        'a\u0338',
      ],
    ],
  ])('T8: refuses %s wherever it stands', (reason, members) => {
    for (const member of members) {
      for (const raw of [member, `${member}latte`, `latte${member}`, `lat${member}te`, ` ${member} `]) {
        expect.soft([raw, reasonOf(raw)]).toEqual([raw, reason]);
      }
    }
  });

  it('T8: refuses right-to-left overrides around a price', () => {
    const controls = ['\u202E', '\u202D', '\u2067', '\u200F', '\u061C'];
    const prices = ['CNY 24.80', '¥1', '08.42 YNC', '0.01'];
    for (const control of controls) {
      for (const price of prices) {
        for (const raw of [`${control}${price}`, `${price}${control}`, `a ${control}${price}\u202C b`]) {
          expect.soft([raw, reasonOf(raw)]).toEqual([raw, 'bidi-control']);
        }
      }
    }
  });

  it('T8: refuses flags spelled with tag characters and keycaps', () => {
    const tagged = `latte${[...'gbeng'].map((letter) => codePoint(0xe0000 + letter.charCodeAt(0))).join('')}`;
    expect(reasonOf(tagged)).toBe('tag-character');
    expect(reasonOf('1\uFE0F\u20E3')).toBe('variation-selector');
    expect(reasonOf('👨\u200D👩')).toBe('invisible');
  });

  it('T8: refuses stacked marks, marks on digits, and a mark that would land on the text before it', () => {
    expect(reasonOf(`a${'\u0300'.repeat(1_000)}`)).toBe('too-many-marks');
    expect(reasonOf(`q${'\u0323\u0301\u0300'}`)).toBe('too-many-marks');
    expect(reasonOf('q\u0323\u0301')).toBe('accepted');
    expect(reasonOf('2\u03014.80')).toBe('stray-mark');
    expect(reasonOf('\u0301latte')).toBe('stray-mark');
    expect(reasonOf('店\u0301')).toBe('stray-mark');
  });

  it('T8: refuses what is empty and what nobody would read', () => {
    expect([reasonOf(''), reasonOf('   '), reasonOf('\u3000\u00A0')]).toEqual(['empty', 'empty', 'empty']);
    expect(reasonOf('a'.repeat(10_240))).toBe('too-long');
    expect(reasonOf('a'.repeat(1_025))).toBe('too-long');
    expect(reasonOf('a'.repeat(1_024))).toBe('accepted');
    expect(safeText('店'.repeat(97), PAYEE_LIMITS)).toEqual({ ok: false, reason: 'too-long' });
  });

  it('T8: lets nothing through that hides, reorders or is not composed, whatever comes in', () => {
    const anything = fc.array(
      fc.oneof(
        fc.integer({ min: 0, max: 0x10ffff }),
        fc.integer({ min: 0x20, max: 0x3100 }),
        fc.integer({ min: 0x20, max: 0x7e }),
        fc.integer({ min: 0x4e00, max: 0x9fff }),
      ),
      {
        maxLength: 6,
      },
    );
    let accepted = 0;
    fc.assert(
      fc.property(anything, (points) => {
        const result = title(points.map((point) => codePoint(point)).join(''));
        if (!result.ok) return;
        accepted += 1;
        expect(result.text).not.toMatch(
          /[\p{C}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/u,
        );
        expect(result.text).toMatch(
          /^[\p{scx=Latin}\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{sc=Common}\p{sc=Inherited}]+$/u,
        );
        expect(result.text).toBe(result.text.normalize('NFC').trim());
        expect(title(result.text)).toEqual(result);
      }),
      { seed: 8, numRuns: 20_000 },
    );
    expect(accepted).toBeGreaterThan(500);
  });
});
