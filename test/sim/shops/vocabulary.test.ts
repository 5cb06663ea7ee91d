import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Locale, Names } from '../../../device/voice/vocabulary.ts';
import { shops, shopVocabulary } from '../../../sim/shops/index.ts';

/** Where Debian's pocketsphinx-en-us keeps its pronouncing dictionary. */
const DICTIONARY = '/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict';

const products = shops.flatMap((shop) => shop.products);
const locales: readonly Locale[] = ['zh-CN', 'en-US'];

const things: readonly { readonly id: string; readonly names: Names }[] = [
  ...shopVocabulary.items.map(({ id, names }) => ({ id: `item ${id}`, names })),
  ...shopVocabulary.merchants.map(({ id, names }) => ({ id: `merchant ${id}`, names })),
  ...shopVocabulary.options.map(({ id, names }) => ({ id: `option ${id}`, names })),
  ...shopVocabulary.options.flatMap((option) =>
    option.choices.map(({ id, names }) => ({ id: `choice ${option.id} ${id}`, names })),
  ),
];

function sorted(ids: Iterable<string>): readonly string[] {
  return [...new Set(ids)].sort();
}

describe('the vocabulary', () => {
  test('names exactly the things that some shop sells', () => {
    expect(sorted(shopVocabulary.items.map(({ id }) => id))).toEqual(sorted(products.map(({ itemId }) => itemId)));
  });

  test('names exactly the shops there are', () => {
    expect(shopVocabulary.merchants.map(({ id }) => id)).toEqual(shops.map(({ id }) => id));
  });

  test('names exactly the choices that some product offers', () => {
    const named = shopVocabulary.options.flatMap((option) => option.choices.map(({ id }) => `${option.id} ${id}`));
    const offered = products.flatMap((product) =>
      product.options.flatMap((option) => option.choices.map(({ choiceId }) => `${option.optionId} ${choiceId}`)),
    );
    expect(sorted(named)).toEqual(sorted(offered));
  });

  test('gives each thing exactly the options that the shops offer for it', () => {
    for (const item of shopVocabulary.items) {
      const offered = products
        .filter(({ itemId }) => itemId === item.id)
        .flatMap((product) => product.options.map(({ optionId }) => optionId));
      expect(sorted(item.options), item.id).toEqual(sorted(offered));
    }
  });

  test('files every product under the category of its item', () => {
    const category = new Map(shopVocabulary.items.map((item) => [item.id, item.category]));
    for (const product of products) expect(product.category, product.sku).toBe(category.get(product.itemId));
  });

  test('has every id once', () => {
    expect(sorted(things.map(({ id }) => id)).length).toBe(things.length);
  });

  test.each(locales)('has no word in %s that means two things', (locale) => {
    const meanings = new Map<string, string[]>();
    for (const { id, names } of things) {
      for (const name of names[locale]) {
        const spoken = name.toLowerCase().replaceAll(' ', '');
        meanings.set(spoken, [...(meanings.get(spoken) ?? []), id]);
      }
    }
    expect([...meanings].filter(([, ids]) => ids.length > 1)).toEqual([]);
  });

  test.each(locales)('T8: has a clean name in %s for everything', (locale) => {
    for (const { id, names } of things) {
      expect(names[locale].length, id).toBeGreaterThan(0);
      for (const name of names[locale]) {
        expect(name, id).toBe(name.normalize('NFC').trim());
        expect(name, id).toMatch(locale === 'zh-CN' ? /^\p{Script=Han}+$/u : /^[A-Za-z]+( [A-Za-z]+)*$/);
      }
    }
  });

  test('understands the ways people say a large iced latte with less sugar', () => {
    const names = (id: string) => things.find((thing) => thing.id === id)?.names;
    expect(names('item iced-latte')?.['zh-CN']).toEqual(expect.arrayContaining(['冰拿铁', '拿铁冰']));
    expect(names('item iced-latte')?.['en-US']).toEqual(
      expect.arrayContaining(['iced latte', 'ice latte', 'iced cafe latte']),
    );
    expect(names('choice size large')?.['zh-CN']).toContain('大杯');
    expect(names('choice sugar less')?.['en-US']).toContain('less sugar');
    expect(names('choice sugar less')?.['zh-CN']).toContain('少糖');
  });

  test.skipIf(!existsSync(DICTIONARY))('shows only English names that the offline recogniser can hear', () => {
    const known = new Set(
      readFileSync(DICTIONARY, 'utf8')
        .split('\n')
        .map((line) => line.slice(0, line.indexOf(' '))),
    );
    const shown = things.flatMap(({ names }) => names['en-US'].slice(0, 1));
    const words = shown.flatMap((name) => name.toLowerCase().split(' '));
    expect(sorted(words.filter((word) => !known.has(word)))).toEqual([]);
  });
});
