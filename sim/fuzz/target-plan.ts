/** Worlds in which nothing goes wrong but one thing or two, each aimed at a guard: there it happens again and again. */
import { CHINESE, ENGLISH } from '../person.ts';
import { SeededRandom } from '../seeded-random.ts';
import { AGENT_FAULT_KINDS, AIMED_FAULT_KINDS, DELEGATED_FAULT_KINDS, type FaultKind } from './faults.ts';
import { AGENT_FAULTS } from './faults-agent.ts';
import type { Errand, Plan } from './plan.ts';

const INSTANT_KINDS = AIMED_FAULT_KINDS.filter((kind) => !(kind in AGENT_FAULTS) && kind !== 'more-orders');
/** Beside what is aimed at payments; what is aimed at prompts has its own worlds. */
const BESIDE_KINDS: readonly FaultKind[] = [...DELEGATED_FAULT_KINDS, 'others-key', 'held-back', 'stranger'];

/** Long enough for several orders one after the other. */
const WINDOW_MS = 180_000;
/** In milliseconds: by then the bounds are confirmed. */
const CONFIRMED_MS = 30_000;
const BESIDE_ODDS = 0.5;

/** What a world with targets is, in place of what its plan would be: drawn apart as well. */
export function targeted(plan: Plan): Plan {
  const { seed, isDelegated, locale } = plan;
  const random = new SeededRandom(`plan ${seed} targets`);
  const strength = () => (501 + random.below(500)) / 1_000;
  const one = (kinds: readonly FaultKind[]) => [kinds[random.below(kinds.length)] as FaultKind, strength()] as const;
  const targets = isDelegated
    ? [one(AGENT_FAULT_KINDS), ...(random.chance(BESIDE_ODDS) ? [one(BESIDE_KINDS)] : [])]
    : [one(INSTANT_KINDS), one(INSTANT_KINDS)];
  if (isDelegated) return { ...plan, errands: plan.errands.map(undisturbed), faults: Object.fromEntries(targets) };
  const { order } = locale === 'zh-CN' ? CHINESE : ENGLISH;
  const errands = plan.errands.map((errand) => ({ ...errand, temper: 'buy', order }) as const);
  const faults = Object.fromEntries([['more-orders', strength()], ...targets]);
  return { ...plan, errands, faults, window: { fromMs: 0, toMs: WINDOW_MS } };
}

/** Nobody interrupts the bounds, so that they come into force. */
export function undisturbed({ answers = [], acts = [], ...errand }: Errand): Errand {
  const later = acts.map((act) => ({ ...act, afterMs: act.afterMs + CONFIRMED_MS }));
  return { ...errand, temper: 'buy', answers: answers.slice(0, 1), acts: later };
}
