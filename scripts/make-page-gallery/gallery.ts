/** A set of golden pages as data that can be kept, and as one HTML file in which a person sees what has changed. */
import type { Bitmap } from '../../device/adapters/raster.ts';
import type { BitmapFont } from '../../device/adapters/raster-font.ts';
import { asPixels, asText, type GoldenView } from './pages.ts';
import { pngOf } from './png.ts';

/** One view. Pixels are base64 of the bitmap's bytes. */
export interface GalleryEntry {
  readonly text: string;
  readonly pages: readonly { readonly widthPx: number; readonly heightPx: number; readonly pixels: string }[];
}

/** By the name of the view. */
export type Gallery = Readonly<Record<string, GalleryEntry>>;

export function galleryOf(views: readonly GoldenView[], font: BitmapFont): Gallery {
  return Object.fromEntries(
    views.map((golden) => {
      const pages = asPixels(golden, font).map(({ widthPx, heightPx, bytes }) => {
        return { widthPx, heightPx, pixels: Buffer.from(bytes).toString('base64') };
      });
      return [golden.name, { text: asText(golden), pages }];
    }),
  );
}

/** The views that are not alike, those of one set only included. */
export function changedNames(before: Gallery, after: Gallery): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name])).sort();
}

const STYLE = `
body { font: 15px sans-serif; background: #ddd; margin: 1em }
section { background: #fff; margin: 1em 0; padding: .5em 1em }
pre { font: 13px/1.2 monospace; background: #f4f4f4; padding: .5em; overflow-x: auto }
figure { display: inline-block; margin: .3em; vertical-align: top }
img { border: 1px solid #888; max-height: 320px; image-rendering: pixelated }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1em }
`;

/** The whole page; what differs from `before` comes first, was beside is, with the pixels that differ. */
export function htmlOf(after: Gallery, before?: Gallery): string {
  const changed = before ? changedNames(before, after) : [];
  const differences = changed.map((name) => sectionOf(name, difference(before?.[name], after[name])));
  const rest = Object.entries(after).filter(([name]) => !changed.includes(name));
  const summary = before ? `${changed.length} of ${Object.keys(after).length} views differ` : `${rest.length} views`;
  const sections = rest.map(([name, entry]) => sectionOf(name, shown(entry)));
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Golden pages</title><style>${STYLE}</style>
<h1>Golden pages</h1><p>${summary}.</p>
${[...differences, ...sections].join('\n')}
</html>
`;
}

function sectionOf(name: string, content: string): string {
  return `<section id="${name}"><h2>${name}</h2>${content}</section>`;
}

function shown(entry: GalleryEntry | undefined): string {
  if (!entry) return '<p>not there</p>';
  const images = entry.pages.map((page) => figure(lit(page)));
  const text = `<pre>${escaped(entry.text)}</pre>`;
  return images.length === 0 ? text : `${images.join('')}<details><summary>text</summary>${text}</details>`;
}

function difference(before: GalleryEntry | undefined, after: GalleryEntry | undefined): string {
  const both = (after?.pages ?? []).flatMap((page, i) => {
    const earlier = before?.pages[i];
    return earlier && earlier.pixels !== page.pixels && earlier.widthPx === page.widthPx
      ? [figure(compared(lit(earlier), lit(page)), `page ${i + 1}: red was lit, green is`)]
      : [];
  });
  const lines = new Set(before?.text.split('\n'));
  const news = (after?.text.split('\n') ?? []).filter((line) => !lines.has(line)).join('\n');
  return `<div class="pair"><div><h3>was</h3>${shown(before)}</div><div><h3>is</h3>${shown(after)}</div></div>
<h3>new lines</h3><pre>${escaped(news)}</pre>${both.join('')}`;
}

function lit({ widthPx, heightPx, pixels }: GalleryEntry['pages'][number]): Bitmap {
  return { widthPx, heightPx, bytes: Buffer.from(pixels, 'base64') };
}

/** Dark, and lit as on a green waveguide display. */
const PANEL_COLOURS = [0x10, 0x18, 0x10, 0x90, 0xff, 0x90];
/** Dark in both, lit in the earlier one, lit in the later one, lit in both. */
const COMPARED_COLOURS = [0x10, 0x10, 0x10, 0xff, 0x40, 0x40, 0x40, 0xff, 0x40, 0xb0, 0xb0, 0xb0];

interface Picture {
  readonly png: Buffer;
  readonly widthPx: number;
  readonly heightPx: number;
}

function figure(picture: Bitmap | Picture, caption = ''): string {
  const { widthPx, heightPx } = picture;
  const png = 'png' in picture ? picture.png : pngOf(picture, 1, picture.bytes, PANEL_COLOURS);
  const source = `data:image/png;base64,${png.toString('base64')}`;
  const below = caption === '' ? '' : `<figcaption>${caption}</figcaption>`;
  return `<figure><img width="${widthPx}" height="${heightPx}" style="width:auto" src="${source}" alt="">${below}</figure>`;
}

/** Two bits for each pixel: the earlier panel's in the lower one. */
function compared(before: Bitmap, after: Bitmap): Picture {
  const { widthPx, heightPx } = after;
  const stride = Math.ceil((widthPx * 2) / 8);
  const bytes = new Uint8Array(stride * heightPx);
  for (let y = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++) {
      const index = litAt(before, x, y) + 2 * litAt(after, x, y);
      const at = y * stride + (x >> 2);
      bytes[at] = (bytes[at] ?? 0) | (index << (6 - 2 * (x & 3)));
    }
  return { widthPx, heightPx, png: pngOf({ widthPx, heightPx }, 2, bytes, COMPARED_COLOURS) };
}

function litAt({ widthPx, bytes }: Bitmap, x: number, y: number): number {
  return ((bytes[y * Math.ceil(widthPx / 8) + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
