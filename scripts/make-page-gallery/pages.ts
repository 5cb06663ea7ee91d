/** The golden pages as text and as pixels. */
import { readFileSync } from 'node:fs';
import type { Bitmap, Panel } from '../../device/adapters/raster.ts';
import { rasterize } from '../../device/adapters/raster.ts';
import { type BitmapFont, parseHexFont } from '../../device/adapters/raster-font.ts';
import { type DisplayProfile, PROFILES, type ProfileId, type View } from '../../device/confirm/view.ts';
import { displayWidth } from '../../device/confirm/width.ts';
import type { Locale } from '../../device/voice/vocabulary.ts';
import { hex, sha256, utf8 } from '../../protocol/index.ts';
import { SAMPLES } from './samples.ts';

/** Where the Debian package `unifont` puts the one free bitmap font that has every character a wearer here may meet. */
export const FONT_FILE = '/usr/share/unifont/unifont.hex';

/** The panels behind the profiles that show something: pixels of the panel, and of one cell of the grid. */
export const PANELS: Readonly<Partial<Record<ProfileId, Panel>>> = {
  'hud-480x640': { widthPx: 480, heightPx: 640, cellWidthPx: 20, cellHeightPx: 45 },
  'oled-3': { widthPx: 160, heightPx: 48, cellWidthPx: 8, cellHeightPx: 16 },
  phone: { widthPx: 512, heightPx: 648, cellWidthPx: 16, cellHeightPx: 36 },
};

export interface GoldenView {
  readonly sample: string;
  /** `delegation.oled-3.zh-CN`. */
  readonly name: string;
  readonly profile: DisplayProfile;
  readonly panel: Panel | undefined;
  readonly view: View;
}

/** Every sample on every profile in both languages. */
export function goldenViews(): GoldenView[] {
  const locales: readonly Locale[] = ['zh-CN', 'en-US'];
  return Object.entries(SAMPLES).flatMap(([sample, compose]) =>
    (Object.keys(PROFILES) as ProfileId[]).flatMap((id) =>
      locales.map((locale) => {
        const composed = compose(locale, PROFILES[id]);
        if (!composed.ok) throw new Error(`${sample} has no view on ${id}: ${composed.reason}`);
        const name = `${sample}.${id}.${locale}`;
        return { sample, name, profile: PROFILES[id], panel: PANELS[id], view: composed.view };
      }),
    ),
  );
}

/** A frame of the profile's size around each page, so that a difference shows what a wearer would see. */
export function asText({ view, profile: { columns, rows } }: Pick<GoldenView, 'view' | 'profile'>): string {
  const pages = view.pages.map(({ lines, index, count, title }) => {
    const rule = `+${'-'.repeat(columns)}+`;
    const drawn = Array.from({ length: rows }, (_, row) => lines[row] ?? '');
    const framed = drawn.map((line) => `|${line}${' '.repeat(columns - displayWidth(line))}|`);
    return [`page ${index + 1} of ${count}: ${title}`, rule, ...framed, rule].join('\n');
  });
  return `${[...pages, ...view.spoken, `digest ${view.digest}`].join('\n')}\n`;
}

/** Each page of a view on its panel; none where the profile shows nothing. */
export function asPixels({ view, panel }: GoldenView, font: BitmapFont): Bitmap[] {
  return panel ? view.pages.map(({ lines }) => rasterize(lines, panel, font)) : [];
}

/** SHA-256 over size and pixels. */
export function pixelDigest({ widthPx, heightPx, bytes }: Bitmap): string {
  return hex(sha256(Buffer.concat([utf8(`${widthPx}x${heightPx}\n`), bytes])));
}

/** The font with the digest of its file, or `undefined` where it is not installed. */
export function installedFont(file = FONT_FILE): { readonly font: BitmapFont; readonly digest: string } | undefined {
  try {
    const bytes = readFileSync(file);
    return { font: parseHexFont(bytes.toString('utf8')), digest: hex(sha256(bytes)) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
