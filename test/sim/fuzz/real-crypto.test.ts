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
      '305036e89b0cb58b9268158b92aee6e551cec2c69e3d54c53f7d65a15c22739f',
      '5e995db729392bc664987d4fc9dc5d61c040177be3b8bd701f400239c7ff62e0',
    ]);
  });
});
