/** What one random world is like: everything that is drawn from its seed before it begins, so that a part can be left out. */
import { type Locale, PROFILES, type ProfileId } from '../../device/index.ts';
import type { Temper } from '../person.ts';
import { SeededRandom } from '../seeded-random.ts';
import { coffeeShops } from '../shops/coffee-shops.ts';
import { accountErrand } from './account-plan.ts';
import { type Act, delegatedErrand } from './delegated-plan.ts';
import {
  ACCOUNT_FAULT_KINDS,
  AIMED_FAULT_KINDS,
  ALL_FAULTS,
  DELEGATED_FAULT_KINDS,
  FAULT_KINDS,
  FAULTS,
  type FaultKind,
  STRANGE_FAULT_KINDS,
} from './faults.ts';
import { PROMPT_FAULTS } from './faults-prompt.ts';
import { rareOrder } from './rare-orders.ts';
import { strangeTitle } from './strange-titles.ts';
import { targeted, undisturbed } from './target-plan.ts';

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
  /** The only sellers there are, where not all are there. */
  readonly sellers?: readonly string[];
  /** What every shop calls everything, where it is not what it is. */
  readonly title?: string;
  /** How often the wearers order again when it came to nothing. */
  readonly reorders: number;
}

const TEMPERS: readonly Temper[] = ['buy', 'buy', 'buy', 'buy', 'buy', 'decline', 'cancel', 'walk-away', 'late'];
const STORM_MS = 60_000;
/** The most; small worlds may have fewer. */
const REORDERS = 2;
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
  const usual = isDelegatedSeed(seed) ? delegatedPlanOf(seed, devices) : instantPlanOf(seed, devices);
  const plan = withRare(withAccounts(small(aimed(usual))));
  return isTargetedSeed(seed) ? targeted(plan) : plan;
}

/** Seeds that end in a number and a `d` are the worlds in which wearers delegate: a share of their own, because they are longer. */
export function isDelegatedSeed(seed: string): boolean {
  return /\d[at]?s?d$/.test(seed);
}

/** Seeds with an `a` behind their number are the worlds with faults that are aimed at one guard or a few. */
export function isAimedSeed(seed: string): boolean {
  return /\das?d?$/.test(seed);
}

/** Seeds with a `t` there are the worlds with one or two of those faults and no others. */
export function isTargetedSeed(seed: string): boolean {
  return /\dts?d?$/.test(seed);
}

/** Seeds with an `s` are the worlds with few sellers: most of what there is happens in them, too, in a fraction of the time. */
export function isSmallSeed(seed: string): boolean {
  return /\d[at]?sd?$/.test(seed);
}

/** One of so many worlds of a run has all sellers. */
const WHOLE_EVERY = 12;

/** One of so many worlds has targets, which takes several times as long. */
const TARGETS_EVERY = 20;
/** Of five worlds, which are aimed, and which have targets where guards are being tried. */
const KINDS = ['', 'a', '', '', ''] as const;
const AIMED_KINDS = ['', 'a', '', 't', 't'] as const;

/** What the worlds of a run are like. */
export interface RunKind {
  readonly isDelegated?: boolean | undefined;
  /** Whether most worlds have faults that are aimed at single guards. */
  readonly isAimed?: boolean | undefined;
}

/** The n-th seed of a run, from 0. */
export function seedOf(run: string, n: number, { isDelegated = false, isAimed = false }: RunKind = {}): string {
  const usual = n % TARGETS_EVERY === TARGETS_EVERY - 1 ? 't' : KINDS[n % 5];
  const kind = isAimed ? AIMED_KINDS[n % 5] : usual;
  return `${run}-${n}${kind}${n % WHOLE_EVERY === 0 ? '' : 's'}${isDelegated ? 'd' : ''}`;
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
  const window = { fromMs: 0, toMs: STORM_MS };
  return { seed, locale, display, errands, faults, window, sealed, lookEvery, reorders: REORDERS };
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
    [...FAULT_KINDS, ...DELEGATED_FAULT_KINDS].flatMap((kind) => {
      const strength = (1 + random.below(1_000)) / 1_000;
      const odds = ALL_FAULTS[kind].odds * (kind in FAULTS ? USUAL_ODDS : 1);
      return random.chance(odds) ? [[kind, strength] as const] : [];
    }),
  );
  const lookEvery = 1 + random.below(32);
  const window = { fromMs: 0, toMs: 2 * STORM_MS };
  // A link that changes its keys every few minutes for a day costs more than all the rest, and knows nothing of what it carries.
  return { seed, locale, display, errands, faults, window, sealed: false, lookEvery, isDelegated: true, reorders: 0 };
}

/** Half of the aimed worlds have no others: there much happens that a storm would have cut short. */
const CALM_ODDS = 0.5;
/** What is delegated is confirmed once in a world, and all that is worth hurting comes after it. */
const AT_DELEGATION = 0.3;

/** What an aimed world has besides, and in place of, what its plan would be: drawn apart, from a stream of its own for each. */
function aimed(plan: Plan): Plan {
  const { seed, isDelegated } = plan;
  if (!isAimedSeed(seed)) return plan;
  const isCalm = new SeededRandom(`plan ${seed} calm`).chance(CALM_ODDS);
  const part = (kind: FaultKind) => (isDelegated && kind in PROMPT_FAULTS ? AT_DELEGATION : 1);
  const targets = drawn(seed, AIMED_FAULT_KINDS, part);
  const errands = isCalm && isDelegated ? plan.errands.map(undisturbed) : plan.errands;
  return { ...plan, errands, faults: { ...faultsLeft(plan, isCalm), ...targets } };
}

/** What a plan has of faults where it is calm: none of the usual ones. */
function faultsLeft({ faults }: Plan, isCalm: boolean): Plan['faults'] {
  return Object.fromEntries(Object.entries(faults).filter(([kind]) => !(isCalm && kind in FAULTS)));
}

const COFFEE_SHOPS = coffeeShops.map(({ id }) => id);
/** Those that deliver an iced latte to the wearer for what most of them want to spend. */
const GOOD_SHOPS = ['luna-coffee', 'paper-crane', 'tin-robot'];
const GOOD_ODDS = 0.8;
const OTHER_ODDS = 0.1;

/** What a small world is, in place of what its plan would be: drawn apart as well. */
function small(plan: Plan): Plan {
  const { seed, isDelegated, reorders } = plan;
  if (!isSmallSeed(seed)) return plan;
  const random = new SeededRandom(`plan ${seed} small`);
  const open = COFFEE_SHOPS.filter((id) => random.chance(GOOD_SHOPS.includes(id) ? GOOD_ODDS : OTHER_ODDS));
  if (isDelegated) return { ...plan, sellers: [...open, 'damai', 'rail'] };
  return { ...plan, sellers: open, reorders: random.below(reorders + 1) };
}

const ACCOUNT_ODDS = 0.25;

/** Some of the small worlds with delegations are about the accounts of agents: drawn apart once more. */
function withAccounts(plan: Plan): Plan {
  const { seed, locale, isDelegated } = plan;
  const random = new SeededRandom(`plan ${seed} accounts`);
  if (!isDelegated || !isSmallSeed(seed) || !random.chance(ACCOUNT_ODDS)) return plan;
  const isCalm = random.chance(CALM_ODDS);
  const errands = plan.errands.map(() => accountErrand(locale, random));
  return { ...plan, errands, faults: { ...faultsLeft(plan, isCalm), ...drawn(seed, ACCOUNT_FAULT_KINDS) } };
}

const RARE_ODDS = 0.2;
const RARE_WISH_ODDS = 0.05;
const TITLE_ODDS = 0.04;

/** In small worlds there are strange messages and texts as well, and now and then an order that comes to nothing. */
function withRare(plan: Plan): Plan {
  const { seed, locale, isDelegated } = plan;
  if (!isSmallSeed(seed)) return plan;
  const random = new SeededRandom(`plan ${seed} rare`);
  const said =
    random.chance(isDelegated ? RARE_WISH_ODDS : RARE_ODDS) && rareOrder(locale, isDelegated === true, random);
  const { sellers = plan.sellers, ...words } = said || {};
  const isTitled = !isDelegated && random.chance(TITLE_ODDS);
  return {
    ...plan,
    ...(sellers && { sellers }),
    ...(isTitled && { title: strangeTitle(random) }),
    errands: plan.errands.map((errand) => ({ ...errand, ...words })),
    faults: { ...plan.faults, ...drawn(seed, STRANGE_FAULT_KINDS) },
  };
}

/** Each from a stream of its own. @param part of its odds that a fault has here, all of them unless it says otherwise. */
function drawn(seed: string, kinds: readonly FaultKind[], part = (_kind: FaultKind) => 1): Plan['faults'] {
  return Object.fromEntries(
    kinds.flatMap((kind) => {
      const random = new SeededRandom(`plan ${seed} ${kind}`);
      const isDrawn = random.chance(ALL_FAULTS[kind].odds * part(kind));
      return isDrawn ? [[kind, (1 + random.below(1_000)) / 1_000] as const] : [];
    }),
  );
}
