/** Small words the catalogue is written with, so that its files read as price lists. */
import { fromIsoUtc, msOf } from '../../protocol/time.ts';
import { shopItems } from './items.ts';
import type { OpenDay, OpenWeek, Product, ProductOption, Title } from './types.ts';

/** The coupons of the catalogue run for these two years unless they say otherwise. */
export const twoYears = {
  validFromMs: msOf(fromIsoUtc('2025-12-31T16:00:00Z')),
  validUntilMs: msOf(fromIsoUtc('2027-12-31T16:00:00Z')),
} as const;

export function title(zh: string, en: string): Title {
  return { 'zh-CN': zh, 'en-US': en };
}

/** A day's windows from pairs of `HH:MM`; `24:00` is the end of the day. */
export function hours(...windows: readonly (readonly [from: string, to: string])[]): OpenDay {
  return windows.map(([from, to]) => ({ fromMin: minuteOfDay(from), toMin: minuteOfDay(to) }));
}

function minuteOfDay(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
}

export function everyDay(day: OpenDay): OpenWeek {
  return [day, day, day, day, day, day, day];
}

/** An option with its surcharges in minor units. The first choice is the default. */
export function option(optionId: string, surcharges: Readonly<Record<string, number>>): ProductOption {
  const choices = Object.entries(surcharges).map(([choiceId, surchargeMinor]) => ({ choiceId, surchargeMinor }));
  return { optionId, defaultChoiceId: choices[0]?.choiceId ?? '', choices };
}

interface ProductTerms {
  readonly options?: readonly ProductOption[];
  readonly stock?: number;
  readonly maxPerOrder?: number;
  /** Only where the shop calls it something else than the vocabulary does. */
  readonly title?: Title;
}

/** One line of a price list; category and title come from the item. @throws Error for an item that does not exist. */
export function product(sku: string, itemId: string, priceMinor: number, terms: ProductTerms = {}): Product {
  const item = shopItems.find((candidate) => candidate.id === itemId);
  if (item === undefined) throw new Error(`${sku}: there is no item ${itemId}`);
  return {
    sku,
    itemId,
    title: terms.title ?? title(item.names['zh-CN'][0] ?? '', item.names['en-US'][0] ?? ''),
    category: item.category,
    priceMinor,
    options: terms.options ?? [],
    stock: terms.stock ?? 60,
    maxPerOrder: terms.maxPerOrder ?? 10,
  };
}

/** Sugar for coffee: none unless asked for. */
export const coffeeSugar = option('sugar', { none: 0, less: 0, half: 0, regular: 0, extra: 0 });
/** Sugar for tea: regular unless asked otherwise. */
export const teaSugar = option('sugar', { regular: 0, none: 0, less: 0, half: 0, extra: 0 });
export const ice = option('ice', { regular: 0, less: 0, none: 0 });
export const hotOrIced = option('temperature', { hot: 0, warm: 0, iced: 0 });
export const icedOrHot = option('temperature', { iced: 0, warm: 0, hot: 0 });
export const roomOrWarm = option('temperature', { room: 0, warm: 0 });
export const chilledOrRoom = option('temperature', { iced: 0, room: 0 });
export const spice = option('spice', { none: 0, mild: 0, medium: 0, extra: 0 });
export const cilantro = option('cilantro', { regular: 0, none: 0 });
