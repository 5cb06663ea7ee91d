import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseOrder } from '../../../device/voice/parse-order.ts';
import type { Locale, Names } from '../../../device/voice/vocabulary.ts';
import { railHouse } from '../../../sim/rail/railway.ts';
import { counterparts, shops, shopVocabulary } from '../../../sim/shops/index.ts';
import { damaiHouse } from '../../../sim/tickets/damai.ts';

/** Where Debian's pocketsphinx-en-us keeps its pronouncing dictionary. */
const DICTIONARY = '/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict';

const products = shops.flatMap((shop) => shop.products);
const houses = [damaiHouse, railHouse].map((house) => house(new Uint8Array(32)));
/** What each thing can be asked for with, wherever it is sold. */
const sold: readonly { readonly itemId: string; readonly options: Readonly<Record<string, readonly string[]>> }[] = [
  ...products.map(({ itemId, options }) => ({
    itemId,
    options: Object.fromEntries(
      options.map(({ optionId, choices }) => [optionId, choices.map(({ choiceId }) => choiceId)]),
    ),
  })),
  ...houses.map(({ itemId, sectionOption, sectionIds, seatKinds, always }) => {
    const kinds = Object.keys(seatKinds);
    return { itemId, options: { [sectionOption]: sectionIds, ...(kinds.length > 0 && { seat: kinds }), ...always } };
  }),
  { itemId: 'market-report', options: {} },
];
const locales: readonly Locale[] = ['zh-CN', 'en-US'];
/** The one word for two things: "two tickets for Saturday's concert" says which by another word. */
const TICKET: Readonly<Record<Locale, string>> = { 'zh-CN': '票', 'en-US': 'ticket' };

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
  test('names exactly the things that somebody sells', () => {
    expect(sorted(shopVocabulary.items.map(({ id }) => id))).toEqual(sorted(sold.map(({ itemId }) => itemId)));
    const apart = sold.map(({ itemId }) => itemId).filter((id) => !products.some(({ itemId }) => itemId === id));
    expect(counterparts.flatMap(({ itemIds }) => itemIds)).toEqual(apart);
  });

  test('names exactly the shops and counterparts there are', () => {
    expect(shopVocabulary.merchants.map(({ id }) => id)).toEqual([...shops, ...counterparts].map(({ id }) => id));
  });

  test('names exactly the choices that somebody offers', () => {
    const named = shopVocabulary.options.flatMap((option) => option.choices.map(({ id }) => `${option.id} ${id}`));
    const offered = sold.flatMap(({ options }) =>
      Object.entries(options).flatMap(([optionId, choices]) => choices.map((choiceId) => `${optionId} ${choiceId}`)),
    );
    expect(sorted(named)).toEqual(sorted(offered));
  });

  test('gives each thing exactly the options that it is sold with', () => {
    for (const item of shopVocabulary.items) {
      const offered = sold.filter(({ itemId }) => itemId === item.id).flatMap(({ options }) => Object.keys(options));
      expect(sorted(item.options), item.id).toEqual(sorted(offered));
    }
  });

  test('files every product under the category of its item', () => {
    const category = new Map(shopVocabulary.items.map((item) => [item.id, item.category]));
    for (const product of products) expect(product.category, product.sku).toBe(category.get(product.itemId));
    for (const house of houses) expect(house.category).toBe(category.get(house.itemId));
  });

  test('has every id once', () => {
    expect(sorted(things.map(({ id }) => id)).length).toBe(things.length);
  });

  test.each(locales)('has no word in %s that means two things, but for the ticket, which is asked about', (locale) => {
    const meanings = new Map<string, string[]>();
    for (const { id, names } of things) {
      for (const name of names[locale]) {
        const spoken = name.toLowerCase().replaceAll(' ', '');
        meanings.set(spoken, [...(meanings.get(spoken) ?? []), id]);
      }
    }
    const ambiguous = [...meanings].filter(([, ids]) => ids.length > 1);
    expect(ambiguous).toEqual([[TICKET[locale], ['item concert-ticket', 'item train-ticket']]]);
    const words = locale === 'zh-CN' ? `帮我点一份${TICKET[locale]}` : `order me one ${TICKET[locale]}`;
    expect(parseOrder(words, { vocabulary: shopVocabulary, currency: 'CNY' })).toMatchObject({
      kind: 'question',
      question: { kind: 'which-item', candidates: ['concert-ticket', 'train-ticket'] },
    });
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

  test.skipIf(!existsSync(DICTIONARY))('has English names that the offline recogniser can hear', () => {
    const known = new Set(
      readFileSync(DICTIONARY, 'utf8')
        .split('\n')
        .map((line) => line.slice(0, line.indexOf(' '))),
    );
    const isHeard = (name: string) =>
      name
        .toLowerCase()
        .split(' ')
        .every((word) => known.has(word));
    const unheard = things.filter(({ names }) => !isHeard(names['en-US'][0] ?? ''));
    // A brand is shown as it calls itself; it is heard by another of its names.
    expect(unheard.map(({ id }) => id)).toEqual(['merchant damai']);
    expect(unheard.filter(({ names }) => !names['en-US'].some(isHeard))).toEqual([]);
  });
});
