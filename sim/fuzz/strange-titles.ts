/** Things that are called what they are not: a seller's text would hide, turn round or push out of sight what matters (T8, T9). */
import type { DeviceSecrets, Tenant } from '../cloud/index.ts';
import type { SeededRandom } from '../seeded-random.ts';

const TITLES = [
  'Iced latte \u202e00.0 YNC\u202c',
  'Iced\u200b latte\u2060',
  'Iced l\u0430tte',
  `Iced latte${'\u0301'.repeat(80)}`,
  '\u51b0'.repeat(96),
  'Iced latte\u2028CNY 0.01',
  '\ue000 latte',
  `${'W'.repeat(90)} 0.01`,
];

export function strangeTitle(random: SeededRandom): string {
  return TITLES[random.below(TITLES.length)] as string;
}

/** The same tenant where every shop calls everything so. */
export function withTitle(tenant: Tenant<DeviceSecrets>, title: string): Tenant<DeviceSecrets> {
  const named = { 'zh-CN': title, 'en-US': title };
  const shops = tenant.shops.map((shop) => ({
    ...shop,
    products: shop.products.map((product) => ({ ...product, title: named })),
  }));
  return { ...tenant, shops };
}
