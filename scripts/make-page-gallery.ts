/**
 * Writes all golden pages, as text and as pixels, into one HTML file for a person to look at, and beside it the same as
 * data. Given the data of an earlier run, the page begins with what differs from it, was beside is.
 *
 *   node dist/scripts/make-page-gallery.js FOLDER [EARLIER_FOLDER]
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Gallery, galleryOf, htmlOf } from './make-page-gallery/gallery.ts';
import { FONT_FILE, goldenViews, installedFont } from './make-page-gallery/pages.ts';

const DATA = 'pages.json';

function main([folder, earlier]: readonly string[]): number {
  const installed = installedFont();
  if (folder === undefined || !installed) {
    const why = folder === undefined ? 'say which folder to write to' : `${FONT_FILE} is not there: install unifont`;
    process.stderr.write(`make-page-gallery: ${why}\n`);
    return 2;
  }
  const gallery = galleryOf(goldenViews(), installed.font);
  const before = earlier === undefined ? undefined : (JSON.parse(readFileSync(join(earlier, DATA), 'utf8')) as Gallery);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, DATA), `${JSON.stringify(gallery)}\n`);
  writeFileSync(join(folder, 'index.html'), htmlOf(gallery, before));
  process.stdout.write(`${join(folder, 'index.html')}\n`);
  return 0;
}

process.exitCode = main(process.argv.slice(2));
