import { describe, expect, it, vi } from 'vitest';
import { AIMED_FAULT_KINDS, ALL_FAULT_KINDS, FAULT_KINDS } from '../../../sim/fuzz/faults.ts';
import { planOf, seedOf } from '../../../sim/fuzz/plan.ts';
import { fuzzTenant, reportOf } from '../../../sim/fuzz/seed-report.ts';

vi.mock('../../../protocol/ed25519.ts', () => import('../../../sim/fuzz/fake-ed25519.ts'));

const WORLDS = 600;
/** Each takes as long as several others. */
const DELEGATED = 40;
const AIMED = 120;
const AIMED_DELEGATED = 20;
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

  it(`hold every invariant where faults are aimed at single guards: ${AIMED} seeds, and ${AIMED_DELEGATED} with delegations`, () => {
    const reached = new Set<string>();
    for (let i = 0; i < AIMED + AIMED_DELEGATED; i += 1) {
      const report = reportOf(`aimed-${i}${i < AIMED ? 'a' : 'ad'}`, TENANT);
      expect({ seed: report.seed, found: report.findings }).toEqual({ seed: report.seed, found: [] });
      for (const name of report.reached) reached.add(name);
    }
    // Requests in crowds take a payment to come from, which so few worlds need not have.
    const wanted = AIMED_FAULT_KINDS.filter((kind) => kind !== 'crowd-of-requests');
    expect(wanted.filter((kind) => !reached.has(`fault:${kind}`))).toEqual([]);
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
    const drawn = new Set(Array.from({ length: 500 }, (_, i) => Object.keys(planOf(`${i}`).faults)).flat());
    expect([...drawn].sort()).toEqual([...FAULT_KINDS].sort());
    const delegated = new Set(Array.from({ length: 500 }, (_, i) => Object.keys(planOf(`${i}d`).faults)).flat());
    const aimed = new Set(Array.from({ length: 500 }, (_, i) => Object.keys(planOf(`${i}ad`).faults)).flat());
    expect([...aimed].sort()).toEqual([...ALL_FAULT_KINDS].sort());
    expect([...delegated].filter((kind) => AIMED_FAULT_KINDS.some((one) => one === kind))).toEqual([]);
    expect([...delegated, ...AIMED_FAULT_KINDS].sort()).toEqual([...ALL_FAULT_KINDS].sort());
  });

  it('are numbered so that two of five are aimed', () => {
    const seeds = Array.from({ length: 5 }, (_, n) => seedOf('run', n, n > 2));
    expect(seeds).toEqual(['run-0', 'run-1a', 'run-2', 'run-3ad', 'run-4d']);
  });
});
