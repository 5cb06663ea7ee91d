/** The words that order from these shops; the device's parser and the recogniser's grammar are compiled from it. */
import type { Vocabulary } from '../../device/voice/vocabulary.ts';
import { shops } from './catalogue.ts';
import { counterparts } from './counterparts.ts';
import { shopItems } from './items.ts';
import { shopOptions } from './options.ts';

export const shopVocabulary: Vocabulary = {
  items: shopItems,
  options: shopOptions,
  merchants: [...shops, ...counterparts].map((shop) => ({
    id: shop.id,
    names: {
      'zh-CN': [shop.title['zh-CN'], ...shop.aliases['zh-CN']],
      'en-US': [shop.title['en-US'], ...shop.aliases['en-US']],
    },
  })),
};
