import { describe, expect, test } from 'vitest';
import { parseOrder } from '../../../device/voice/parse-order.ts';
import type { Locale, Vocabulary } from '../../../device/voice/vocabulary.ts';
import { shopVocabulary } from '../../../sim/shops/index.ts';

const locales: readonly Locale[] = ['zh-CN', 'en-US'];
const { items, options, merchants } = shopVocabulary;

/** What the device makes of the words; the draft alone when it has no question. */
function understood(words: string): unknown {
  const parse = parseOrder(words, { vocabulary: shopVocabulary, currency: 'CNY' });
  return parse.kind === 'draft' ? parse.draft : parse;
}

/** The last such item: milk tea with pearls is a thing of its own, and so is an iced latte. */
function shownItemWith(optionId: string): Vocabulary['items'][number] {
  const item = items.findLast((candidate) => candidate.options.includes(optionId));
  if (item === undefined) throw new Error(`nothing has the option ${optionId}`);
  return item;
}

describe.each(locales)('the device, told in %s', (locale) => {
  const chinese = locale === 'zh-CN';

  test('any name of one thing, orders that thing and nothing more', () => {
    const shared = (name: string) => items.filter(({ names }) => names[locale].includes(name)).length > 1;
    for (const { id, names } of items) {
      for (const name of names[locale].filter((one) => !shared(one))) {
        const words = chinese ? `帮我点一份${name}` : `order me one ${name}`;
        expect(understood(words), words).toEqual({ lines: [{ itemId: id, quantity: 1, options: [] }] });
      }
    }
  });

  test('any name of a choice, orders the thing that way', () => {
    for (const option of options) {
      const item = shownItemWith(option.id);
      for (const { id, names } of option.choices) {
        for (const name of names[locale]) {
          const words = chinese
            ? `来一份${item.names[locale][0]}，${name}`
            : `order one ${item.names[locale][0]}, ${name}`;
          const line = { itemId: item.id, quantity: 1, options: [{ optionId: option.id, choiceId: id }] };
          expect(understood(words), words).toEqual({ lines: [line] });
        }
      }
    }
  });

  test('any name of a shop, orders there', () => {
    for (const { id, names } of merchants) {
      for (const name of names[locale]) {
        const words = chinese ? `在${name}点一杯拿铁` : `order one latte from ${name}`;
        expect(understood(words), words).toEqual({
          lines: [{ itemId: 'latte', quantity: 1, options: [] }],
          merchantId: id,
        });
      }
    }
  });
});
