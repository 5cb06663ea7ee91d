import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  asPixels,
  asText,
  FONT_FILE,
  goldenViews,
  installedFont,
  pixelDigest,
} from '../../../scripts/make-page-gallery/pages.ts';
import { SAMPLES } from '../../../scripts/make-page-gallery/samples.ts';

const UPDATE = process.env.UPDATE_GOLDEN === '1';
const views = goldenViews();
const samples = Object.keys(SAMPLES);
const fileOf = (name: string) => new URL(`golden/${name}`, import.meta.url);

interface PixelFile {
  /** SHA-256 of the font's file: other versions draw other pixels. */
  readonly font: string;
  readonly pages: Readonly<Record<string, string>>;
}

describe('golden pages (regenerate with UPDATE_GOLDEN=1 and read the difference)', () => {
  it.each(samples)('shows and says as before on every profile in both languages: %s', (sample) => {
    const golden = views.filter((view) => view.sample === sample);
    const text = golden.map((view) => `== ${view.name}\n${asText(view)}`).join('\n');
    if (UPDATE) writeFileSync(fileOf(`${sample}.txt`), text);
    expect(text).toBe(readFileSync(fileOf(`${sample}.txt`), 'utf8'));
  });

  it('T8, T9: lights the same pixels as before on every panel', (context) => {
    const installed = installedFont();
    if (!installed) return context.skip(`${FONT_FILE} is not there; the Debian package unifont has it`);
    const { font, digest } = installed;
    const pages = Object.fromEntries(
      views.flatMap((golden) =>
        asPixels(golden, font).map((page, i) => [`${golden.name}.${i + 1}`, pixelDigest(page)] as const),
      ),
    );
    if (UPDATE) writeFileSync(fileOf('pixels.json'), `${JSON.stringify({ font: digest, pages }, null, 2)}\n`);
    const golden = JSON.parse(readFileSync(fileOf('pixels.json'), 'utf8')) as PixelFile;
    if (golden.font !== digest) return context.skip('the installed unifont is not the version of the golden pixels');
    expect(pages).toEqual(golden.pages);
  });

  it('keeps no file that nothing makes any more', () => {
    expect(readdirSync(fileOf('')).sort()).toEqual([...samples.map((sample) => `${sample}.txt`), 'pixels.json'].sort());
  });
});
