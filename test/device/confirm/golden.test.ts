import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type DisplayProfile, PROFILES, type View } from '../../../device/confirm/view.ts';
import { displayWidth } from '../../../device/confirm/width.ts';
import type { Locale } from '../../../device/voice/vocabulary.ts';
import { facts, viewOf } from './facts.fixture.ts';

const ORDERS = {
  'en-US': facts({
    payeeName: 'Luna Coffee & Bakery, Lakeside',
    lines: [
      { title: 'Large iced latte, less sugar, oat milk', quantity: 1, amountMinor: 2_680 },
      { title: 'Croissant', quantity: 2, amountMinor: 2_400 },
    ],
    totalMinor: 4_880,
  }),
  'zh-CN': facts({
    locale: 'zh-CN',
    payeeName: '露娜咖啡（湖滨店）',
    lines: [
      { title: '大杯冰拿铁，少糖，换燕麦奶，加一份浓缩', quantity: 1, amountMinor: 2_680 },
      { title: '可颂', quantity: 2, amountMinor: 2_400 },
    ],
    totalMinor: 4_880,
  }),
};

/** A frame of the profile's size around each page, so that a diff shows what a wearer would see. */
function asText(view: View, { columns, rows }: DisplayProfile): string {
  const pages = view.pages.map(({ lines, index, count, title }) => {
    const rule = `+${'-'.repeat(columns)}+`;
    const drawn = Array.from({ length: rows }, (_, row) => lines[row] ?? '');
    const framed = drawn.map((line) => `|${line}${' '.repeat(columns - displayWidth(line))}|`);
    return [`page ${index + 1} of ${count}: ${title}`, rule, ...framed, rule].join('\n');
  });
  return `${[...pages, ...view.spoken, `digest ${view.digest}`].join('\n')}\n`;
}

describe('golden pages (regenerate with UPDATE_GOLDEN=1 and read the difference)', () => {
  for (const profile of Object.values(PROFILES)) {
    for (const locale of ['zh-CN', 'en-US'] satisfies Locale[]) {
      it(`shows the order as before on ${profile.id} in ${locale}`, () => {
        const file = new URL(`golden/${profile.id}.${locale}.txt`, import.meta.url);
        const text = asText(viewOf(ORDERS[locale], profile), profile);
        if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text);
        expect(text).toBe(readFileSync(file, 'utf8'));
      });
    }
  }
});
