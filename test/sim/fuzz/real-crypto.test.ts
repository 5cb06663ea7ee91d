import { describe, expect, it } from 'vitest';
import { fuzzTenant, reportOf } from '../../../sim/fuzz/seed-report.ts';

const WORLDS = 25;
const TENANT = fuzzTenant(1);

describe('random worlds with real signatures', { timeout: 300_000 }, () => {
  it(`hold every invariant: ${WORLDS} seeds`, () => {
    for (let i = 0; i < WORLDS; i += 1) {
      const report = reportOf(`real-${i}`, TENANT);
      expect({ seed: report.seed, found: report.findings }).toEqual({ seed: `real-${i}`, found: [] });
    }
  });

  // Whatever is sent, shown, stored or pressed otherwise than before changes these; then the new ones are taken over.
  it('are the same from the same seed: the trace hash says so, on every machine', () => {
    expect([reportOf('pinned-1', TENANT).hash, reportOf('pinned-2', TENANT).hash]).toEqual([
      '29b8d0fff4af58a3a5e763ff48a94ca69f13bb43742006557f1cd169d038dfd9',
      '3008c1de92651c0a9f828d7977e0e25cf1e06720fe13eb4bda4114a0a23dd64b',
    ]);
  });
});
