/** One spoken text as a page for the display, wrapped to its grid. It is no confirmation: nothing can be signed from it. */
import type { DisplayProfile, Page } from './confirm/view.ts';
import { wrap } from './confirm/width.ts';

export function messagePage(text: string, { columns, rows }: DisplayProfile): Page {
  const lines = columns > 0 ? wrap(text, columns) : [];
  return { lines: lines.slice(0, rows), index: 0, count: 1, title: '' };
}
