/** Makes a broken world smaller: fewer faults, a shorter storm, fewer devices, as long as the same thing is still broken. */
import { ALL_FAULT_KINDS } from './faults.ts';
import type { Plan } from './plan.ts';

/** The window is not cut finer than this, in milliseconds. */
const FINEST_MS = 100;

/** Says what is broken in the world of a plan, in a word; nothing where everything holds. */
export type Symptom = (plan: Plan) => string | undefined;

/** @returns the smallest plan that was found with the same symptom, and after how many worlds. */
export function shrink(plan: Plan, symptomOf: Symptom): { readonly plan: Plan; readonly worlds: number } {
  const symptom = symptomOf(plan);
  if (symptom === undefined) throw new RangeError('nothing is broken in this world');
  let worlds = 1;
  let best = plan;
  const take = (smaller: Plan): boolean => {
    worlds += 1;
    if (symptomOf(smaller) !== symptom) return false;
    best = smaller;
    return true;
  };
  for (const kind of ALL_FAULT_KINDS) {
    if (best.faults[kind] === undefined) continue;
    const { [kind]: _left, ...faults } = best.faults;
    take({ ...best, faults });
  }
  for (let step = best.window.toMs / 2; step >= FINEST_MS; step /= 2) {
    const { fromMs, toMs } = best.window;
    if (toMs - step > fromMs && take({ ...best, window: { fromMs, toMs: toMs - step } })) continue;
    if (fromMs + step < toMs) take({ ...best, window: { fromMs: fromMs + step, toMs } });
  }
  if (best.errands.length > 1) take({ ...best, errands: best.errands.slice(0, 1) });
  return { plan: best, worlds };
}
