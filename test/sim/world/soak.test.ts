import { describe, expect, it } from 'vitest';
import { soak } from '../../../sim/soak.ts';
import { TENANT } from './play.ts';

const WORLDS = 300;
/** Every fault that the storm knows. */
const FAULTS = ['alteration', 'bounce', 'copy', 'crash', 'link', 'loss', 'replay', 'wear-off'];

describe('random worlds', { timeout: 600_000 }, () => {
  it(`hold every invariant in a storm and finish after it: ${WORLDS} seeds`, () => {
    const faults = new Map<string, number>();
    const endings = new Map<string, number>();
    for (let i = 0; i < WORLDS; i += 1) {
      const result = soak(`${i}`, TENANT);
      expect({ seed: result.seed, found: result.findings }).toEqual({ seed: `${i}`, found: [] });
      endings.set(result.ending, (endings.get(result.ending) ?? 0) + 1);
      for (const [fault, n] of result.faults) faults.set(fault, (faults.get(fault) ?? 0) + n);
    }
    const told = (counts: ReadonlyMap<string, number>) => [...counts].map(([what, n]) => `${n} × ${what}`).join(', ');
    console.info(`endings: ${told(endings)}\nfaults: ${told(faults)}`);
    expect([...faults.keys()].sort()).toEqual(FAULTS);
    expect(endings.get('finished: trade-finished')).toBeGreaterThan(WORLDS / 4);
  });

  it('are the same from the same seed', () => {
    const played = () => JSON.stringify({ ...soak('again', TENANT), faults: [...soak('again', TENANT).faults] });
    expect(played()).toBe(played());
  });
});
