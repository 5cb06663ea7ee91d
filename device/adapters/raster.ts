/** Pages as pixels, for displays that have a frame buffer and no text of their own. */
import type { Page } from '../confirm/view.ts';
import { displayWidth, graphemes } from '../confirm/width.ts';
import type { Display } from '../ports.ts';
import { type BitmapFont, GLYPH_HEIGHT_PX, type Glyph } from './raster-font.ts';

/** Pixels of the panel and of one cell of the character grid; a cell has room for a glyph of 8 × 16. */
export interface Panel {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly cellWidthPx: number;
  readonly cellHeightPx: number;
}

/** One bit for each pixel, 1 is lit; the highest bit is the leftmost; each row begins with a byte of its own. */
export interface Bitmap {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly bytes: Uint8Array;
}

/** What a column of the grid is wide in a font's glyphs. */
const COLUMN_GLYPH_PX = 8;

/**
 * Draws the lines of one page from the top, each grapheme in the cells that the view counted for it: whatever stands beside
 * an amount, the amount's own pixels are the same (T8). A character without a glyph is a solid block, never a gap.
 * @throws Error for lines that the panel has no cells for: a view that was laid out for another profile is our own mistake.
 */
export function rasterize(lines: readonly string[], panel: Panel, font: BitmapFont): Bitmap {
  const canvas = new Canvas(panel);
  for (const [row, line] of lines.entries()) {
    let column = 0;
    for (const grapheme of graphemes(line)) {
      const columns = displayWidth(grapheme);
      canvas.draw(glyphsOf(grapheme, columns, font), { row, column, columns });
      column += columns;
    }
  }
  return canvas.bitmap;
}

export interface RasterDisplayParts {
  readonly panel: Panel;
  readonly font: BitmapFont;
  /** Takes a whole frame; a dark one clears the panel. */
  readonly send: (frame: Bitmap) => void;
}

/** A display that is a frame buffer. The page's title is not drawn: the grid has all that must be seen. */
export function rasterDisplay({ panel, font, send }: RasterDisplayParts): Display {
  return {
    show: ({ lines }: Page) => send(rasterize(lines, panel, font)),
    clear: () => send(rasterize([], panel, font)),
  };
}

/** Letter and marks, one upon the other; a solid block if one of them is missing or wider than the cells. */
function glyphsOf(grapheme: string, columns: number, font: BitmapFont): readonly Glyph[] {
  const room = columns * COLUMN_GLYPH_PX;
  const glyphs = Array.from(grapheme, (character) => font.glyphOf(character.codePointAt(0) ?? 0));
  return glyphs.every((glyph) => glyph !== undefined && glyph.widthPx <= room) ? (glyphs as Glyph[]) : [BLOCK];
}

const BLOCK: Glyph = { widthPx: 8, rows: Array.from({ length: GLYPH_HEIGHT_PX }, () => 0xff) };

interface Place {
  readonly row: number;
  readonly column: number;
  readonly columns: number;
}

class Canvas {
  readonly bitmap: Bitmap;
  readonly #panel: Panel;
  /** Pixels of the panel for one of a glyph. */
  readonly #scale: number;

  constructor(panel: Panel) {
    const { widthPx, heightPx, cellWidthPx, cellHeightPx } = panel;
    this.#panel = panel;
    this.#scale = Math.min(Math.floor(cellWidthPx / COLUMN_GLYPH_PX), Math.floor(cellHeightPx / GLYPH_HEIGHT_PX));
    if (this.#scale < 1) throw new Error('the cells of the panel are smaller than a glyph');
    this.bitmap = { widthPx, heightPx, bytes: new Uint8Array(Math.ceil(widthPx / 8) * heightPx) };
  }

  /** Glyphs stand in the middle of their first cell, so that a column begins at the same pixel whatever stands in it. */
  draw(glyphs: readonly Glyph[], { row, column, columns }: Place): void {
    const { cellWidthPx, cellHeightPx, widthPx, heightPx } = this.#panel;
    if ((column + columns) * cellWidthPx > widthPx || (row + 1) * cellHeightPx > heightPx)
      throw new Error('the page does not fit the panel');
    const left = column * cellWidthPx + Math.floor((cellWidthPx - COLUMN_GLYPH_PX * this.#scale) / 2);
    const top = row * cellHeightPx + Math.floor((cellHeightPx - GLYPH_HEIGHT_PX * this.#scale) / 2);
    for (const { widthPx: glyphWidthPx, rows } of glyphs)
      for (const [y, bits] of rows.entries())
        for (let x = 0; x < glyphWidthPx; x++)
          if ((bits >> (glyphWidthPx - 1 - x)) & 1) this.#light(left + x * this.#scale, top + y * this.#scale);
  }

  #light(left: number, top: number): void {
    const { widthPx, bytes } = this.bitmap;
    const stride = Math.ceil(widthPx / 8);
    for (let y = top; y < top + this.#scale; y++)
      for (let x = left; x < left + this.#scale; x++) {
        const at = y * stride + (x >> 3);
        bytes[at] = (bytes[at] ?? 0) | (0x80 >> (x & 7));
      }
  }
}
