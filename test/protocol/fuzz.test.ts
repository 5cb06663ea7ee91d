import { describe, expect, it } from 'vitest';
import { describeReport, fuzzProtocol, held } from '../../scripts/fuzz-protocol.ts';

/** One tick a reading: the slowest input is then the first, and the report the same in every run. */
function countingClock(): () => number {
  let reading = 0;
  return () => reading++;
}

describe('mutated input', () => {
  it('T1 T21: of 50,000 mutated frames, objects, bundles and bodies none is misread and nothing but a ProtocolError is thrown', () => {
    const report = fuzzProtocol({ mutations: 50_000, seed: 1 }, countingClock());
    expect(report.accepted.slice(0, 5)).toEqual([]);
    expect(report.foreign.slice(0, 5)).toEqual([]);
    expect(held(report)).toBe(true);
    // Every layer had its share: encoding, envelope, address, signature, declaration.
    for (const code of ['cbor-truncated', 'cose-malformed', 'frame-not-for-me', 'cose-signature', 'message-shape']) {
      expect(report.refusals.get(code) ?? 0, code).toBeGreaterThan(50);
    }
    expect(report.legalBodies).toBeGreaterThan(500);
    const judged = [...report.refusals.values()].reduce((sum, count) => sum + count, 0);
    expect(judged + report.unchanged + report.legalBodies).toBe(50_000);
    expect(describeReport(report, 1000)).toContain('altered and accepted: 0; exceptions other than ProtocolError: 0');
  });

  it('makes the same inputs from the same seed, and others from another', () => {
    const run = (seed: number) => fuzzProtocol({ mutations: 300, seed }, countingClock());
    expect(run(7)).toEqual(run(7));
    expect(run(7).refusals).not.toEqual(run(8).refusals);
  });
});
