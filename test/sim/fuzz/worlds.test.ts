import { describe, expect, it, vi } from 'vitest';
import { AIMED_FAULT_KINDS, ALL_FAULT_KINDS, FAULT_KINDS } from '../../../sim/fuzz/faults.ts';
import { planOf, seedOf } from '../../../sim/fuzz/plan.ts';
import { fuzzTenant, reportOf } from '../../../sim/fuzz/seed-report.ts';

vi.mock('../../../protocol/ed25519.ts', () => import('../../../sim/fuzz/fake-ed25519.ts'));
vi.mock('../../../protocol/hpke.ts', () => import('../../../sim/fuzz/fake-hpke.ts'));

/** A few of each kind, that a mistake shows at once: `npm test` plays twenty thousand outside, and asks what they have reached. */
const KINDS = [
  ['in a storm and after it', 40, ''],
  ['with few sellers', 40, 's'],
  ['where faults are aimed at single guards', 20, 'a'],
  ['where wearers delegate, over a storm and a day of peace', 12, 'd'],
  ['where wearers delegate and faults are aimed', 8, 'ad'],
] as const;
const TENANT = fuzzTenant(1);

describe('random worlds', { timeout: 600_000 }, () => {
  it.each(KINDS)('hold every invariant %s: %i seeds', (_kind, worlds, letters) => {
    for (let i = 0; i < worlds; i += 1) {
      const { seed, findings } = reportOf(`gate-${i}${letters}`, TENANT);
      expect({ seed, found: findings }).toEqual({ seed, found: [] });
    }
  });

  it('hold every invariant with three wearers in one world: 12 seeds', () => {
    const tenant = fuzzTenant(3);
    for (let i = 0; i < 12; i += 1) {
      const report = reportOf(`three-${i}`, tenant);
      expect({ seed: report.seed, found: report.findings }).toEqual({ seed: `three-${i}`, found: [] });
    }
  });

  // Whatever is sent, shown, stored or pressed otherwise than before changes these; then the new ones are taken over.
  it('are the same from the same seed: the trace hash says so, on every machine', () => {
    expect([reportOf('pinned-1', TENANT).hash, reportOf('pinned-2', TENANT).hash]).toEqual([
      'de1c0e0d6275a1eca81d1a6f88fd6afe855d5d58e406a82b5a2b0510e5bdcc91',
      '3bbad38ef47a42ee1f258adc46b48ab25610cf585bb78f85ff2c08291f7dadce',
    ]);
  });

  it('draw a plan out of the seed alone, with every fault in some of them', () => {
    expect(planOf('one')).toEqual(planOf('one'));
    expect(planOf('one')).not.toEqual(planOf('two'));
    const drawnIn = (kind: string) => [
      ...new Set(Array.from({ length: 500 }, (_, i) => Object.keys(planOf(`${i}${kind}`).faults)).flat()),
    ];
    expect(drawnIn('').sort()).toEqual([...FAULT_KINDS].sort());
    expect(drawnIn('d').filter((kind) => AIMED_FAULT_KINDS.some((one) => one === kind))).toEqual([]);
    const all = new Set([...drawnIn('d'), ...drawnIn('ad'), ...drawnIn('asd')]);
    expect([...all].sort()).toEqual([...ALL_FAULT_KINDS].sort());
  });

  it('are numbered so that some are aimed and some have targets, more of them where guards are tried, and all but a few are small', () => {
    const seeds = Array.from({ length: 21 }, (_, n) => seedOf('run', n, { isDelegated: n > 6 }));
    expect(seeds.slice(0, 8)).toEqual([
      'run-0',
      'run-1as',
      'run-2s',
      'run-3s',
      'run-4s',
      'run-5s',
      'run-6as',
      'run-7sd',
    ]);
    expect(seeds.slice(16)).toEqual(['run-16asd', 'run-17sd', 'run-18sd', 'run-19tsd', 'run-20sd']);
    const aimed = Array.from({ length: 5 }, (_, n) => seedOf('run', n, { isDelegated: n > 2, isAimed: true }));
    expect(aimed).toEqual(['run-0', 'run-1as', 'run-2s', 'run-3tsd', 'run-4tsd']);
  });
});
