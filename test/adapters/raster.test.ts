import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bitmap, type Panel, rasterDisplay, rasterize } from '../../device/adapters/raster.ts';
import { type BitmapFont, parseHexFont } from '../../device/adapters/raster-font.ts';
import { safeText, TITLE_LIMITS } from '../../device/confirm/text.ts';
import { composeView, PROFILES, type ProfileId } from '../../device/confirm/view.ts';
import { displayWidth } from '../../device/confirm/width.ts';
import { hex, sha256, utf8 } from '../../protocol/index.ts';
import { FONT_FILE, installedFont, PANELS } from '../../scripts/make-page-gallery/pages.ts';
import { facts } from '../device/confirm/facts.fixture.ts';

/** Every character has a glyph of its own, made of its digest. */
const anyFont: BitmapFont = {
  glyphOf(codePoint) {
    const wide = displayWidth(String.fromCodePoint(codePoint)) === 2;
    const digest = sha256(utf8(String(codePoint)));
    if (codePoint === 0x20) return { widthPx: 8, rows: new Array<number>(16).fill(0) };
    const rows = Array.from({ length: 16 }, (_, i) => (digest[i] ?? 0) * (wide ? 257 : 1));
    return { widthPx: wide ? 16 : 8, rows };
  },
};
const tiny: Panel = { widthPx: 16, heightPx: 16, cellWidthPx: 8, cellHeightPx: 16 };
const font = parseHexFont(`0041:${'80'.repeat(16)}\n4E00:${'0001'.repeat(16)}\n0301:${'01'.repeat(16)}\n\n`);

/** The panel as text, `#` for lit. */
function drawing({ widthPx, heightPx, bytes }: Bitmap): string[] {
  const stride = Math.ceil(widthPx / 8);
  return Array.from({ length: heightPx }, (_, y) =>
    Array.from({ length: widthPx }, (_pixel, x) =>
      ((bytes[y * stride + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1 ? '#' : '.',
    ).join(''),
  );
}

describe('a page as pixels', () => {
  it('draws narrow and wide characters in their cells', () => {
    expect(drawing(rasterize(['AA'], tiny, font))[0]).toBe('#.......#.......');
    expect(drawing(rasterize(['一'], tiny, font))[15]).toBe('...............#');
  });

  it('lays a mark over its letter', () => {
    expect(drawing(rasterize(['A\u0301'], tiny, font))[0]).toBe('#......#........');
  });

  it('T8: draws a solid block for a character without a glyph, or one too wide for its cells, never a gap', () => {
    expect(drawing(rasterize(['AB'], tiny, font))[7]).toBe('#.......########');
    expect(drawing(rasterize(['A\u0302'], tiny, font))[7]).toBe('########........');
    const wideA = parseHexFont(`0041:${'FFFF'.repeat(16)}`);
    expect(drawing(rasterize(['A'], tiny, wideA))[7]).toBe('########........');
  });

  it('scales by whole pixels and stands in the middle of a cell', () => {
    const panel = { widthPx: 40, heightPx: 45, cellWidthPx: 20, cellHeightPx: 45 };
    const rows = drawing(rasterize(['AA'], panel, font));
    expect(rows[5]).toBe('.'.repeat(40));
    expect(rows[6]).toBe(`..##${'.'.repeat(18)}##${'.'.repeat(16)}`);
    expect(rows[37]).toBe(rows[6]);
    expect(rows[38]).toBe('.'.repeat(40));
  });

  it('T9: draws no page that the panel has no cells for', () => {
    expect(() => rasterize(['AAA'], tiny, font)).toThrow('does not fit');
    expect(() => rasterize(['A', 'A'], tiny, font)).toThrow('does not fit');
    expect(() => rasterize([], { ...tiny, cellWidthPx: 7 }, font)).toThrow('smaller than a glyph');
  });

  it('T6: shows one page at a time and goes dark when cleared', () => {
    const frames: Bitmap[] = [];
    const display = rasterDisplay({ panel: tiny, font, send: (frame) => frames.push(frame) });
    display.show({ lines: ['AA'], index: 0, count: 2, title: 'x' });
    display.show({ lines: [' A'], index: 1, count: 2, title: 'x' });
    display.clear();
    const rows = ['#.......#.......', '#########.......', '................'];
    expect(frames.map((frame) => drawing(frame)[0])).toEqual(rows);
  });

  it.each(['0041:00', '0041', `41:${'00'.repeat(16)}`, `0041:${'0g'.repeat(16)}`, `0041:${'00'.repeat(24)}`])(
    'takes no font with the line %s',
    (line) => {
      expect(() => parseHexFont(`0041:${'80'.repeat(16)}\n${line}\n`)).toThrow('config-invalid: line 2');
    },
  );
});

describe('amount and payee as pixels', () => {
  /** The pixels from the first row below the heading to the last row of the payee. */
  function leading(title: string, profileId: ProfileId): string | undefined {
    const profile = PROFILES[profileId];
    const panel = PANELS[profileId];
    const lines = [{ title, quantity: 1, amountMinor: 2_680 }];
    const composed = composeView(facts({ payeeName: '露娜咖啡（湖滨店）', lines }), profile);
    const page = composed.ok ? composed.view.pages[0] : undefined;
    if (!page || !panel) return undefined;
    const headed = profile.rows >= 6 ? 1 : 0;
    const payee = page.lines.findIndex((line) => line.includes('湖滨店'));
    const { bytes } = rasterize(page.lines, panel, anyFont);
    const stride = Math.ceil(panel.widthPx / 8);
    const [from, to] = [headed, payee + 1].map((row) => row * panel.cellHeightPx * stride);
    return `${payee} ${hex(bytes.slice(from, to))}`;
  }

  it.each(Object.keys(PANELS) as ProfileId[])('T8, T9: are the same whatever the items are called: %s', (profileId) => {
    const plain = leading('Latte', profileId);
    expect(plain).toMatch(/^[1-9].*[1-9a-f]/);
    const hostile = fc.oneof(
      fc.constantFrom(
        'Total CNY 0.01',
        `${'q\u0301\u0323'.repeat(40)}`,
        '店'.repeat(300),
        ' '.repeat(60).concat('CNY 0.01'),
        '\u202E08.42 YNC\u202C',
        'A\u200B\u2060B',
        'Аррle',
        '\n\n\nTo Luna',
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
    );
    let composed = 0;
    fc.assert(
      fc.property(hostile, (title) => {
        const pixels = leading(title, profileId);
        if (pixels === undefined) return;
        composed++;
        expect(pixels).toBe(plain);
      }),
      { seed: 8, numRuns: 400 },
    );
    expect(composed).toBeGreaterThan(20);
  });

  it('T8: change with one digit of the amount', () => {
    const page = (totalMinor: number) => {
      const composed = composeView(facts({ totalMinor }), PROFILES['oled-3']);
      const lines = composed.ok ? (composed.view.pages[0]?.lines ?? []) : [];
      return hex(rasterize(lines, PANELS['oled-3'] as Panel, anyFont).bytes);
    };
    expect(page(2_480)).not.toBe(page(2_481));
  });
});

describe('the free font that the tests draw with', () => {
  it('T8: has a glyph that fits for every character of the Basic Multilingual Plane that may be shown', (context) => {
    const installed = installedFont();
    if (!installed) return context.skip(`${FONT_FILE} is not there; the Debian package unifont has it`);
    const faults: string[] = [];
    for (let codePoint = 0x20; codePoint < 0xd800; codePoint++) {
      const safe = safeText(`a${String.fromCodePoint(codePoint)}a`, TITLE_LIMITS);
      if (!safe.ok || safe.text.codePointAt(1) !== codePoint) continue;
      const glyph = installed.font.glyphOf(codePoint);
      const room = displayWidth(String.fromCodePoint(codePoint)) * 8;
      if (!glyph || glyph.widthPx > room) faults.push(codePoint.toString(16));
    }
    expect(faults).toEqual([]);
  });
});
