/** Whatever happens on the way, in the end each event has one record and each record one anchor. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PowerCut } from '../../../sim/memory-journal.ts';
import { VirtualClock } from '../../../sim/virtual-clock.ts';
import { STORY } from '../agent-rig.ts';
import { START } from '../builders.ts';
import { checked, freshDisks, ReportingRig, testNode } from './reporting-rig.ts';

type Trouble =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'chain'; readonly isUp: boolean }
  | { readonly kind: 'disk'; readonly isFull: boolean }
  | { readonly kind: 'cut'; readonly part: number }
  | { readonly kind: 'crash' }
  | { readonly kind: 'clock'; readonly ms: number };

const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 40_000 }) }) },
  fc.record({ kind: fc.constant('chain' as const), isUp: fc.boolean() }),
  fc.record({ kind: fc.constant('disk' as const), isFull: fc.boolean() }),
  fc.record({ kind: fc.constant('cut' as const), part: fc.nat(1_000) }),
  fc.record({ kind: fc.constant('crash' as const) }),
  fc.record({ kind: fc.constant('clock' as const), ms: fc.integer({ min: -3_600_000, max: 3_600_000 }) }),
);

/** The life of a device's reports on one set of disks, with one node. */
class Life {
  readonly #disks = freshDisks();
  readonly node = testNode();
  readonly #clock = new VirtualClock(START);
  #stand = this.#born();
  #isFull = false;

  #born(): ReportingRig {
    return new ReportingRig({ disks: this.#disks, node: this.node, clock: this.#clock });
  }

  get stand(): ReportingRig {
    return this.#stand;
  }

  crash(): void {
    this.#stand.crash();
    const { isUp } = this.#stand.wire;
    this.#stand = this.#born();
    this.#stand.wire.isUp = isUp;
    this.#stand.reports.start();
  }

  meet(trouble: Trouble): void {
    const { attestations } = this.#disks;
    if (trouble.kind === 'chain') this.#stand.wire.isUp = trouble.isUp;
    if (trouble.kind === 'disk') this.#isFull = trouble.isFull;
    attestations.setFull(this.#isFull);
    if (trouble.kind === 'cut') attestations.crashInNextAppend((bound) => trouble.part % bound);
    if (trouble.kind === 'clock') this.#clock.jump(trouble.ms);
    if (trouble.kind === 'crash') this.crash();
    if (trouble.kind === 'wait') this.wait(trouble.ms);
  }

  wait(ms: number): void {
    try {
      this.#clock.advance(ms);
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      this.crash();
    }
  }
}

it('after outages, full disks, power cuts and clocks that jump, nothing is lost, doubled or unproved', () => {
  fc.assert(
    fc.property(fc.array(trouble, { maxLength: 25 }), (troubles) => {
      const life = new Life();
      // The purchase itself is not in question here: it is over before the trouble begins.
      life.stand.after(STORY.length);
      for (const one of troubles) life.meet(one);
      life.meet({ kind: 'disk', isFull: false });
      life.meet({ kind: 'chain', isUp: true });
      life.wait(1_300_000);
      life.wait(1_300_000);
      const { stand, node } = life;
      expect(stand.attested().map((one) => checked(one).conclusion)).toEqual(Array(5).fill('VERIFIED'));
      expect(node.size).toBe(5);
      const places = stand.attested().map(({ standing }) => (standing.at === 'anchored' ? standing.position : -1));
      expect(places).toEqual([0, 1, 2, 3, 4]);
    }),
    { seed: 27, numRuns: 25 },
  );
});
