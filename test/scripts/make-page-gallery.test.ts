import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { BitmapFont } from '../../device/adapters/raster-font.ts';
import { changedNames, galleryOf, htmlOf } from '../../scripts/make-page-gallery/gallery.ts';
import { goldenViews, installedFont } from '../../scripts/make-page-gallery/pages.ts';
import { pngOf } from '../../scripts/make-page-gallery/png.ts';

const dot: BitmapFont = { glyphOf: () => ({ widthPx: 8, rows: [0x10, ...new Array<number>(15).fill(0)] }) };
const views = goldenViews().filter(({ sample }) => sample === 'revoke');
const gallery = galleryOf(views, dot);
const NAME = 'revoke.oled-3.en-US';

describe('the gallery of golden pages', () => {
  it('holds every view as text, and its pages as pixels where it has some', () => {
    expect(Object.keys(gallery)).toEqual(views.map(({ name }) => name));
    expect(gallery[NAME]?.text).toContain('|Revoke for good     |');
    expect(gallery[NAME]?.pages.length).toBeGreaterThan(1);
    expect(gallery['revoke.voice.en-US']?.pages).toEqual([]);
  });

  it('finds the views that differ in text or pixels, are new or gone', () => {
    const one = gallery[NAME] ?? { text: '', pages: [] };
    const { 'revoke.voice.en-US': gone, ...rest } = gallery;
    expect(changedNames(gallery, { ...gallery })).toEqual([]);
    expect(changedNames(gallery, { ...rest, more: one })).toEqual(['more', 'revoke.voice.en-US']);
    expect(changedNames({ ...gallery, [NAME]: { ...one, text: '' } }, gallery)).toEqual([NAME]);
    expect(gone?.text).toContain('digest');
  });

  it('shows what differs first, was beside is, and needs no other file', () => {
    const one = gallery[NAME] ?? { text: '', pages: [] };
    const [page, ...others] = one.pages;
    if (!page) throw new Error('no page');
    const dark = { ...page, pixels: Buffer.alloc(Buffer.from(page.pixels, 'base64').length).toString('base64') };
    const html = htmlOf(gallery, { ...gallery, [NAME]: { text: `${one.text}<b>`, pages: [dark, ...others] } });
    expect(html).toContain('1 of 8 views differ');
    expect(html.indexOf(`id="${NAME}"`)).toBe(html.indexOf('id="'));
    expect(html).toMatch(/<h3>was<\/h3>.*<h3>is<\/h3>.*page 1: red was lit, green is/s);
    expect(html).toContain('&lt;b>');
    expect(html).not.toMatch(/<b>|(?:src|href)="(?!data:)/);
    expect(htmlOf(gallery)).toContain('8 views.');
  });
});

it('says that a font is not installed, so that tests of pixels can be skipped with the reason', () => {
  expect(installedFont('/nowhere/unifont.hex')).toBeUndefined();
});

describe('a PNG', () => {
  it('holds the pixels row by row, without a filter', () => {
    const png = pngOf({ widthPx: 9, heightPx: 2 }, 1, Uint8Array.of(0x80, 0x80, 0x01, 0x00), [0, 0, 0, 255, 255, 255]);
    expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([9, 2]);
    const at = png.indexOf('IDAT');
    const data = png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4));
    expect([...inflateSync(data)]).toEqual([0, 0x80, 0x80, 0, 0x01, 0x00]);
    expect(png.subarray(-12).toString('hex')).toBe('0000000049454e44ae426082');
  });
});
