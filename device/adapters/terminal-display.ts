import type { Page } from '../confirm/view.ts';
import { displayWidth } from '../confirm/width.ts';
import type { Display } from '../ports.ts';
import { printable, type TextOutput } from './text-output.ts';

/**
 * Draws each page as a frame of `columns` columns, one below the other as on a printer: that reads the same on a terminal,
 * in a pipe and in a log. Nothing is cut here; a line too wide for the frame sticks out, for the view vouches for widths (T9).
 */
export function terminalDisplay({ output, columns }: { output: TextOutput; columns: number }): Display {
  let shown = false;
  return {
    show({ lines, index, count, title }: Page) {
      const caption = count > 1 ? `${printable(title)} ${index + 1}/${count}` : printable(title);
      const rows = lines.map((line) => `│${padded(` ${printable(line)}`, columns + 2, ' ')}│\n`);
      const top = `┌${padded(caption === '' ? '' : `─ ${caption} `, columns + 2, '─')}┐\n`;
      output.write(`${top}${rows.join('')}└${'─'.repeat(columns + 2)}┘\n`);
      shown = true;
    },
    clear() {
      // A printed page cannot be taken back; the line says that it no longer counts.
      if (shown) output.write(`╴${'╶'.repeat(columns + 2)}╴\n`);
      shown = false;
    },
  };
}

/** `fill` is one column wide and no letter, so the frame's own strokes do not count as wide. */
function padded(text: string, columns: number, fill: string): string {
  const width = displayWidth(text.replaceAll('─', '-'));
  return text + fill.repeat(Math.max(0, columns - width));
}
