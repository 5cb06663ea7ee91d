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
      '0357a80e8f3bfab93b267fdbaf83d7606f2c44eba6f981b4bab120cb79707453',
      '37a67c536672c76edd3e79be90512e33d665f5637e401de9409afaa856a15d6f',
    ]);
  });
});
