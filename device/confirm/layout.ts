/** Rows and pages of a character grid. Nothing here knows what the text means. */
import type { DisplayProfile } from './profiles.ts';
import { displayWidth } from './width.ts';

/** Rows that belong together and are never parted by a page break. */
export type Block = readonly string[];

/** `right` at the right edge of a row. A value that is too wide comes back as it is: {@link fits} tells. */
export function flushRight(right: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - displayWidth(right))) + right;
}

/** A label and its value: in one row if there is a space to spare between them, otherwise the value in a row below. */
export function pair(left: string, right: string, columns: number): Block {
  const room = columns - displayWidth(left);
  return displayWidth(right) < room ? [left + flushRight(right, room)] : [left, flushRight(right, columns)];
}

/** Fewer rows than this have no place for a heading with the page number. */
const ROWS_FOR_HEADING = 6;

export interface PageParts {
  /** At the top of each page that has room for it, with the page number. */
  readonly heading: string;
  /** First rows of the first page. */
  readonly first: Block;
  /** In this order, as many on a page as fit whole. */
  readonly body: readonly Block[];
  /** Last rows of the last page. */
  readonly closing: Block;
  /** Put before `closing` when the first page is no longer in sight. */
  readonly reminder: Block;
}

/** Whether rows that must share one page do. */
export function fitsOnePage(block: Block, { rows }: DisplayProfile): boolean {
  return block.length <= rows - (rows >= ROWS_FOR_HEADING ? 1 : 0);
}

/** Lays the parts out; `undefined` if some block is taller than a page or some row wider than the display. */
export function paginate(parts: PageParts, profile: DisplayProfile): string[][] | undefined {
  const { rows, columns } = profile;
  const headed = rows >= ROWS_FOR_HEADING;
  const room = headed ? rows - 1 : rows;
  const screens: string[][] = [];
  let screen = [...parts.first];
  const put = (block: Block) => {
    if (screen.length + block.length > room) {
      screens.push(screen);
      screen = [];
    }
    screen.push(...block);
  };
  for (const block of parts.body) put(block);
  const sameScreen = screens.length === 0 && screen.length + parts.closing.length <= room;
  put(sameScreen ? parts.closing : [...parts.reminder, ...parts.closing]);
  screens.push(screen);
  const pages = headed
    ? screens.map((lines, i) => [...pair(parts.heading, `${i + 1}/${screens.length}`, columns), ...lines])
    : screens;
  const fits = pages.every((lines) => lines.length <= rows && lines.every((line) => displayWidth(line) <= columns));
  return fits ? pages : undefined;
}
