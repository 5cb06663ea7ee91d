import { describe, expect, it, vi } from 'vitest';
import { ALL_FAULT_KINDS, FAULT_KINDS } from '../../../sim/fuzz/faults.ts';
import { planOf } from '../../../sim/fuzz/plan.ts';
import { fuzzTenant, reportOf } from '../../../sim/fuzz/seed-report.ts';

vi.mock('../../../protocol/ed25519.ts', () => import('../../../sim/fuzz/fake-ed25519.ts'));

const WORLDS = 600;
/** Each takes as long as several others. */
const DELEGATED = 40;
const TENANT = fuzzTenant(1);

describe('random worlds', { timeout: 600_000 }, () => {
  it(`hold every invariant in a storm and finish after it: ${WORLDS} seeds, signatures faked`, () => {
    const reached = new Map<string, number>();
    for (let i = 0; i < WORLDS; i += 1) {
      const report = reportOf(`gate-${i}`, TENANT);
      expect({ seed: report.seed, found: report.findings }).toEqual({ seed: `gate-${i}`, found: [] });
      for (const name of report.reached) reached.set(name, (reached.get(name) ?? 0) + 1);
    }
    // What a run of this size always reaches; the whole table is for longer ones.
    const faults = [...reached.keys()].filter((name) => name.startsWith('fault:')).sort();
    expect(faults).toEqual(FAULT_KINDS.map((kind) => `fault:${kind}`).sort());
    expect(reached.get('ending:finished: trade-finished')).toBeGreaterThan(WORLDS / 5);
    console.info(
      [...reached]
        .map(([name, n]) => `${n} × ${name}`)
        .sort()
        .join(', '),
    );
  });

  it(`hold every invariant where wearers delegate, over a storm and a day of peace: ${DELEGATED} seeds`, () => {
    const reached = new Set<string>();
    for (let i = 0; i < DELEGATED; i += 1) {
      const report = reportOf(`gate-${i}d`, TENANT);
      expect({ seed: report.seed, found: report.findings }).toEqual({ seed: `gate-${i}d`, found: [] });
      for (const name of report.reached) reached.add(name);
    }
    const wanted = ['delegated:paid', 'delegated:given-back', 'delegation:active', 'delegation:revoked', 'task:done'];
    expect(wanted.filter((name) => !reached.has(name))).toEqual([]);
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
      '0dc504352d12cdcb92b87ec00c8c4015abb79fd3d9a93924f655f09fe03f6ef4',
      'ae57de18e31e75bddf2e1615c77c98fb89c05457cb983a0fd351ce3a36871f9b',
    ]);
  });

  it('draw a plan out of the seed alone, with every fault in some of them', () => {
    expect(planOf('one')).toEqual(planOf('one'));
    expect(planOf('one')).not.toEqual(planOf('two'));
    const drawn = new Set(Array.from({ length: 500 }, (_, i) => Object.keys(planOf(`${i}`).faults)).flat());
    expect([...drawn].sort()).toEqual([...FAULT_KINDS].sort());
    const delegated = new Set(Array.from({ length: 500 }, (_, i) => Object.keys(planOf(`${i}d`).faults)).flat());
    expect([...delegated].sort()).toEqual([...ALL_FAULT_KINDS].sort());
  });
});
