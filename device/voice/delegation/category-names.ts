/** What the categories of vocabularies are called; the ids themselves are understood as English words. */
import type { Vocabulary } from '../vocabulary.ts';
import { phraseTable, type Reader } from './phrase-table.ts';

const NAMES: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  bakery: ['烘焙|糕点|点心', 'bakery|pastries|baked goods'],
  breakfast: ['早餐|早点', 'breakfast'],
  chocolate: ['巧克力', 'chocolate'],
  coffee: ['咖啡', 'coffee'],
  data: ['数据', 'data'],
  dessert: ['甜品|甜点', 'dessert|sweets'],
  drinks: ['饮料|饮品', 'drink|drinks|beverage'],
  fruit: ['水果', 'fruit'],
  meal: ['正餐|饭|餐', 'meal|food'],
  noodles: ['面条|面', 'noodles'],
  rail: ['火车|铁路|车票', 'rail|trains|rail travel'],
  service: ['服务', 'service'],
  snack: ['零食|小吃', 'snack'],
  tea: ['茶', 'tea'],
  tickets: ['门票|票', 'tickets|events'],
};

/** Categories of items that a task is for rather than an order: the agent chooses what to buy for it (ACT 2.1 ADD `BOUNDED`). */
export const SERVICE_CATEGORIES: ReadonlySet<string> = new Set(['data', 'service']);

/** Id and phrases of every category `vocabulary` has. */
export function categoryPhrases(vocabulary: Vocabulary): readonly (readonly [id: string, phrases: string])[] {
  const ids = [...new Set(vocabulary.items.map((item) => item.category))];
  return ids.map((id) => [id, [id.replaceAll('-', ' '), ...(NAMES[id] ?? [])].join('|')]);
}

const compiled = new WeakMap<Vocabulary, Reader<string>>();

/** Reads the categories that `vocabulary` has. Compiled once per vocabulary object; vocabularies are immutable. */
export function categoryReader(vocabulary: Vocabulary): Reader<string> {
  const known = compiled.get(vocabulary);
  if (known) return known;
  const reader = phraseTable(categoryPhrases(vocabulary));
  compiled.set(vocabulary, reader);
  return reader;
}

/** What a category is called in one language: its id where nothing better is known. */
export function categoryName(id: string, locale: 'zh-CN' | 'en-US'): string {
  const names = NAMES[id]?.[locale === 'zh-CN' ? 0 : 1];
  return names?.split('|')[0] ?? id;
}
