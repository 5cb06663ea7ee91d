/** What one random world is like: everything that is drawn from its seed before it begins, so that a part can be left out. */
import { type Locale, PROFILES, type ProfileId } from '../../device/index.ts';
import type { Temper } from '../person.ts';
import { SeededRandom } from '../seeded-random.ts';
import { FAULTS, type FaultKind } from './faults.ts';

/** What one wearer wants and does. */
export interface Errand {
  readonly temper: Temper;
  readonly order: string;
}

export interface Plan {
  readonly seed: string;
  readonly locale: Locale;
  readonly display: ProfileId;
  /** One for each device; the first is the first device's. */
  readonly errands: readonly Errand[];
  /** How bad each fault is, above 0 and at most 1; those that are not named do not happen. */
  readonly faults: { readonly [K in FaultKind]?: number };
  /** When faults happen, in milliseconds from the beginning. Then there is peace, and everybody has to finish. */
  readonly window: { readonly fromMs: number; readonly toMs: number };
  /** Whether frames are sealed, and for how many seconds a recipient key holds. */
  readonly sealed: false | { readonly windowS: number };
  /** The checkers look after so many events. */
  readonly lookEvery: number;
}

const TEMPERS: readonly Temper[] = ['buy', 'buy', 'buy', 'buy', 'buy', 'decline', 'cancel', 'walk-away', 'late'];
const STORM_MS = 60_000;
/** Sealing costs several times what everything else in a world does. */
const SEALED_ODDS = 0.02;

const ORDERS: Readonly<Record<Locale, readonly string[]>> = {
  'en-US': [
    'order me a large iced latte, less sugar, under 25 yuan',
    'order me a large iced latte, less sugar, under 25 yuan',
    'order one latte',
    'order two lattes under 3 yuan',
    'order one latte from luna coffee',
    'order me something nice',
  ],
  'zh-CN': [
    '帮我点一杯大杯冰拿铁，少糖，二十五块以内',
    '帮我点一杯大杯冰拿铁，少糖，二十五块以内',
    '帮我点一杯拿铁',
    '帮我点两杯拿铁，三块以内',
    '来一份什么都行的',
  ],
};

/** The plan of a seed. @param devices how many wearers there are. */
export function planOf(seed: string, devices = 1): Plan {
  const random = new SeededRandom(`plan ${seed}`);
  const one = <T>(list: readonly T[]): T => list[random.below(list.length)] as T;
  const locale: Locale = random.chance(0.5) ? 'zh-CN' : 'en-US';
  const display = one(Object.keys(PROFILES) as ProfileId[]);
  const errands = Array.from({ length: devices }, () => ({ temper: one(TEMPERS), order: one(ORDERS[locale]) }));
  const faults = Object.fromEntries(
    (Object.keys(FAULTS) as FaultKind[]).flatMap((kind) => {
      const strength = (1 + random.below(1_000)) / 1_000;
      return random.chance(FAULTS[kind].odds) ? [[kind, strength] as const] : [];
    }),
  );
  const sealed = random.chance(SEALED_ODDS) && { windowS: 60 + random.below(600) };
  const lookEvery = 1 + random.below(8);
  return { seed, locale, display, errands, faults, window: { fromMs: 0, toMs: STORM_MS }, sealed, lookEvery };
}
