/** Bitmap fonts in the .hex format of GNU Unifont: one line for each character, `0041:` and 16 rows of 8 or 16 pixels in hex. */
import { DeviceError } from '../errors.ts';

/** Rows of every glyph. */
export const GLYPH_HEIGHT_PX = 16;

export interface Glyph {
  readonly widthPx: 8 | 16;
  /** From the top; the leftmost pixel is the highest of `widthPx` bits. */
  readonly rows: readonly number[];
}

export interface BitmapFont {
  glyphOf(codePoint: number): Glyph | undefined;
}

const LINE = /^([0-9A-Fa-f]{4,6}):((?:[0-9A-Fa-f]{32}){1,2})$/;

/**
 * The font comes with the device or from the maker, as text of its file; glyphs are unpacked when they are first drawn.
 * @throws DeviceError `config-invalid` for a line that is no glyph.
 */
export function parseHexFont(text: string): BitmapFont {
  const spelt = new Map<number, string>();
  for (const [i, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const [, codePoint = '', rows = ''] = LINE.exec(line) ?? [];
    if (rows === '')
      throw new DeviceError('config-invalid', `line ${i + 1} of the font is no glyph`, 'give a font in .hex format');
    spelt.set(Number.parseInt(codePoint, 16), rows);
  }
  const known = new Map<number, Glyph | undefined>();
  return {
    glyphOf(codePoint) {
      if (!known.has(codePoint)) known.set(codePoint, unpacked(spelt.get(codePoint)));
      return known.get(codePoint);
    },
  };
}

function unpacked(spelling: string | undefined): Glyph | undefined {
  if (spelling === undefined) return undefined;
  const digits = spelling.length / GLYPH_HEIGHT_PX;
  const rows = Array.from({ length: GLYPH_HEIGHT_PX }, (_, row) =>
    Number.parseInt(spelling.slice(row * digits, (row + 1) * digits), 16),
  );
  return { widthPx: digits === 2 ? 8 : 16, rows };
}
