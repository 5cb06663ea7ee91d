/** What one random world is like: everything that is drawn from its seed before it begins, so that a part can be left out. */
import { type Locale, PROFILES, type ProfileId } from '../../device/index.ts';
import type { Temper } from '../person.ts';
import { SeededRandom } from '../seeded-random.ts';
import { type Act, delegatedErrand } from './delegated-plan.ts';
import { ALL_FAULT_KINDS, ALL_FAULTS, FAULT_KINDS, FAULTS, type FaultKind } from './faults.ts';

/** What one wearer wants and does. */
export interface Errand {
  readonly temper: Temper;
  readonly order: string;
  /** To questions, where something is delegated. */
  readonly answers?: readonly string[];
  /** What is said later, where something is delegated. */
  readonly acts?: readonly Act[];
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
  /** Whether the wearers delegate: then the world goes on for hours after the storm. */
  readonly isDelegated?: boolean;
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
  return isDelegatedSeed(seed) ? delegatedPlanOf(seed, devices) : instantPlanOf(seed, devices);
}

/** Seeds that end in a number and a `d` are the worlds in which wearers delegate: a share of their own, because they are longer. */
export function isDelegatedSeed(seed: string): boolean {
  return /\dd$/.test(seed);
}

function instantPlanOf(seed: string, devices: number): Plan {
  const random = new SeededRandom(`plan ${seed}`);
  const one = <T>(list: readonly T[]): T => list[random.below(list.length)] as T;
  const locale: Locale = random.chance(0.5) ? 'zh-CN' : 'en-US';
  const display = one(Object.keys(PROFILES) as ProfileId[]);
  const errands = Array.from({ length: devices }, () => ({ temper: one(TEMPERS), order: one(ORDERS[locale]) }));
  const faults = Object.fromEntries(
    FAULT_KINDS.flatMap((kind) => {
      const strength = (1 + random.below(1_000)) / 1_000;
      return random.chance(FAULTS[kind].odds) ? [[kind, strength] as const] : [];
    }),
  );
  const sealed = random.chance(SEALED_ODDS) && { windowS: 60 + random.below(600) };
  const lookEvery = 1 + random.below(8);
  return { seed, locale, display, errands, faults, window: { fromMs: 0, toMs: STORM_MS }, sealed, lookEvery };
}

/** Half of the usual faults in each world, so that a delegation often gets far enough to be hurt where it is new. */
const USUAL_ODDS = 0.5;

function delegatedPlanOf(seed: string, devices: number): Plan {
  const random = new SeededRandom(`delegated plan ${seed}`);
  const locale: Locale = random.chance(0.3) ? 'zh-CN' : 'en-US';
  const profiles = Object.keys(PROFILES) as ProfileId[];
  const display = profiles[random.below(profiles.length)] as ProfileId;
  const errands = Array.from({ length: devices }, () => delegatedErrand(locale, random));
  const faults = Object.fromEntries(
    ALL_FAULT_KINDS.flatMap((kind) => {
      const strength = (1 + random.below(1_000)) / 1_000;
      const odds = ALL_FAULTS[kind].odds * (kind in FAULTS ? USUAL_ODDS : 1);
      return random.chance(odds) ? [[kind, strength] as const] : [];
    }),
  );
  const lookEvery = 1 + random.below(32);
  const window = { fromMs: 0, toMs: 2 * STORM_MS };
  // A link that changes its keys every few minutes for a day costs more than all the rest, and knows nothing of what it carries.
  return { seed, locale, display, errands, faults, window, sealed: false, lookEvery, isDelegated: true };
}
