import { describe, expect, it } from 'vitest';
import { FAULT_KINDS } from '../../../sim/fuzz/faults.ts';
import { type Plan, planOf } from '../../../sim/fuzz/plan.ts';
import { fuzzTenant, shrunkOf } from '../../../sim/fuzz/seed-report.ts';
import { shrink } from '../../../sim/fuzz/shrink.ts';

const ALL: Plan = {
  ...planOf('a broken one', 3),
  faults: Object.fromEntries(FAULT_KINDS.map((kind) => [kind, 0.5])),
};

describe('a broken world', () => {
  it('is made small: only the faults that break it, when they do, and one device', () => {
    const symptomOf = ({ faults, window }: Plan) =>
      faults.loss && faults.crash && window.fromMs <= 20_000 && window.toMs > 21_000 ? 'it broke' : undefined;
    const { plan, worlds } = shrink(ALL, symptomOf);
    expect(Object.keys(plan.faults).sort()).toEqual(['crash', 'loss']);
    expect(plan.errands).toHaveLength(1);
    expect(plan.window.fromMs).toBeGreaterThan(19_000);
    expect(plan.window.toMs).toBeLessThan(22_000);
    expect(worlds).toBeLessThan(60);
  });

  it('keeps its symptom: a smaller world with another one is not taken', () => {
    const symptomOf = ({ faults }: Plan) => (faults.loss ? 'the one' : 'another');
    expect(Object.keys(shrink(ALL, symptomOf).plan.faults)).toEqual(['loss']);
  });

  it('is asked for: a world in which everything holds is refused', () => {
    expect(() => shrink(ALL, () => undefined)).toThrow(RangeError);
    expect(() => shrunkOf('gate-1', fuzzTenant(1))).toThrow(RangeError);
  });
});
