/** Worlds in which one thing goes wrong or two, each aimed at a guard (T2, T5, T6, T7, T10, T13, T14, T16, T17, T18, T30). */
import { describe, expect, it, vi } from 'vitest';
import { AGENT_FAULT_KINDS, AIMED_FAULT_KINDS, type FaultKind } from '../../../sim/fuzz/faults.ts';
import { planOf } from '../../../sim/fuzz/plan.ts';
import { fuzzTenant } from '../../../sim/fuzz/seed-report.ts';
import { storm } from '../../../sim/fuzz/storm.ts';

vi.mock('../../../protocol/ed25519.ts', () => import('../../../sim/fuzz/fake-ed25519.ts'));

const TENANT = fuzzTenant(1);
const isOfAgents = (kind: string) => AGENT_FAULT_KINDS.some((one) => one === kind);
const OTHERS = AIMED_FAULT_KINDS.filter((kind) => !isOfAgents(kind));

const SELLERS = ['luna-coffee', 'paper-crane', 'tin-robot', 'damai', 'rail'];
const TRAIN = 'buy me a train ticket for tomorrow, a window seat, at most 600';

/** A world with nothing but this fault, as bad as it gets: of one purchase after the other, or of a delegated one. */
function worldOf(kind: FaultKind) {
  const plan = { ...planOf(`target-1ts${isOfAgents(kind) ? 'd' : ''}`), locale: 'en-US', display: 'oled-3' } as const;
  const errands = [{ temper: 'buy', order: TRAIN, answers: ['yes'] }] as const;
  return isOfAgents(kind)
    ? storm({ ...plan, sellers: SELLERS, errands, faults: { [kind]: 1 } }, TENANT)
    : storm({ ...plan, sellers: SELLERS, faults: { 'more-orders': 1, [kind]: 1 } }, TENANT);
}

describe('worlds with targets', () => {
  it('have one or two faults that are aimed at something, and wearers who buy', () => {
    const drawn = new Set<string>();
    for (let i = 0; i < 300; i += 1) {
      const { faults, errands } = planOf(`plan-${i}ts`);
      const kinds = Object.keys(faults).filter((kind) => kind !== 'more-orders');
      expect(errands.map(({ temper }) => temper)).toEqual(['buy']);
      expect(kinds.length).toBeGreaterThanOrEqual(1);
      expect(kinds.length).toBeLessThanOrEqual(2);
      for (const kind of Object.keys(faults)) drawn.add(kind);
    }
    expect([...drawn].sort()).toEqual([...OTHERS].sort());
    expect(planOf('plan-1ts')).toEqual(planOf('plan-1ts'));
  });

  it('hurt a payment of an agent in each world with delegations', () => {
    const first = Array.from({ length: 100 }, (_, i) => Object.keys(planOf(`plan-${i}tsd`).faults).filter(isOfAgents));
    expect(first.filter((kinds) => kinds.length !== 1)).toEqual([]);
    expect(new Set(first.flat())).toEqual(new Set(AGENT_FAULT_KINDS));
  });

  it.each([...OTHERS, ...AGENT_FAULT_KINDS])(
    '%s strikes in a world of its own, which holds every invariant',
    (kind) => {
      const { findings, strikes } = worldOf(kind);
      expect(findings).toEqual([]);
      expect(strikes.map((strike) => strike.kind)).toContain(kind);
    },
  );
});
