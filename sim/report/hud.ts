/** A page of the display as a small picture in SVG: its lines as the glasses show them. */
import { displayWidth } from '../../device/confirm/width.ts';
import type { SeenPage } from '../scenario/run.ts';
import { escaped } from './escape.ts';

const COLUMN_PX = 9;
const ROW_PX = 20;
const EDGE_PX = 10;
const LEAST_COLUMNS = 20;

/** Inline SVG with its time under it. */
export function hudFigure({ atMs, page }: SeenPage): string {
  const columns = Math.max(LEAST_COLUMNS, ...page.lines.map(displayWidth));
  const width = columns * COLUMN_PX + 2 * EDGE_PX;
  const height = Math.max(1, page.lines.length) * ROW_PX + 2 * EDGE_PX;
  const rows = page.lines.map(
    (line, i) =>
      `<text x="${EDGE_PX}" y="${EDGE_PX + (i + 1) * ROW_PX - 5}" xml:space="preserve">${escaped(line)}</text>`,
  );
  const count = page.count > 1 ? `, page ${page.index + 1} of ${page.count}` : '';
  const kind = page.title === '' ? 'message' : 'confirmation';
  const svg = `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img"><rect width="${width}" height="${height}" rx="8"/>${rows.join('')}</svg>`;
  return `<figure class="hud ${kind}">${svg}<figcaption>${(atMs / 1000).toFixed(1)} s${count}</figcaption></figure>`;
}
