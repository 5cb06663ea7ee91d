/** Bundles of what a device, a PSP, an agent and merchants have done together: the rules must hold for honest parties. */
import { describe, expect, it } from 'vitest';
import { encodeBundle } from '../../../device/audit/bundle.ts';
import { type BundleSources, collectBundle } from '../../../device/audit/bundle-collect.ts';
import { findOrder, readEntries } from '../../../device/audit/bundle-sources.ts';
import { verifyBundle } from '../../../device/audit/bundle-verify.ts';
import type { Ear } from '../../../device/index.ts';
import { secondsOf } from '../../../protocol/index.ts';
import { createTenant } from '../../../sim/cloud/index.ts';
import { MemoryBroker } from '../../../sim/memory-broker.ts';
import type { RunningDevice } from '../../../sim/running-device.ts';
import { VirtualClock } from '../../../sim/virtual-clock.ts';
import { DEMO_START, World } from '../../../sim/world.ts';
import { storedRecords } from './reporting-rig.ts';

const TENANT = createTenant(new Uint8Array(32).fill(9));
const DEAF: Ear = { listen: () => () => {} };
const DAY_MS = 24 * 3_600_000;

class Scene {
  readonly clock = new VirtualClock(DEMO_START);
  readonly #world: World;
  readonly #device: RunningDevice;

  constructor(words: string, answer?: string) {
    const net = new MemoryBroker(this.clock);
    const options = {
      seed: 'bundles',
      clock: this.clock,
      net,
      tenant: TENANT,
      locale: 'en-US',
      minuteMs: 1_000,
    } as const;
    this.#world = new World(options);
    this.#device = this.#world.startDevice(() => DEAF);
    for (let i = 0; i < 10_000 && !this.#world.isReady; i += 1) this.clock.step();
    this.say(words);
    if (answer !== undefined) this.say(answer);
    this.say('yes').hold();
  }

  say(text: string): this {
    this.#device.agent.hear({ kind: 'words', hypotheses: [{ text, confidence: 1 }], mode: 'VOICE' });
    this.clock.advance(1_000);
    return this;
  }

  /** Reads to the last page and holds. */
  hold(): this {
    for (let i = 0; i < 60; i += 1) {
      const { current } = this.#device.display;
      if (!current || current.index >= current.count - 1) break;
      this.clock.advance(2_500);
    }
    this.clock.advance(1_500);
    this.#device.button.press(1_000);
    this.clock.advance(5_000);
    return this;
  }

  /** What is wrong with, or missing from, the bundle of each payment; the PSP's own record of it is never on a device. */
  judged(): readonly (readonly string[])[] {
    const [secrets] = TENANT.devices;
    const entries = storedRecords(this.#world.disks.journal);
    const device = { party: secrets?.device ?? '', agentId: secrets?.agentId ?? '', directory: TENANT.directory };
    const sources: BundleSources = { device, entries, attested: [], checkpoints: [], witnesses: [] };
    return readEntries(entries).spends.map(({ orderNo }) => {
      const found = findOrder(entries, { orderNo });
      if (!found) throw new Error(`no order ${orderNo}`);
      const bundle = collectBundle(sources, found, secondsOf(this.clock.now()));
      const { faults, missing } = verifyBundle(encodeBundle(bundle));
      return [...faults, ...missing].filter((code) => code !== 'payment-record');
    });
  }
}

describe('T14, T17: the bundles of honest parties', () => {
  it('hold for each payment of a delegation that was paused, resumed and ended, in the order in which all that happened', () => {
    const scene = new Scene('every weekday before nine order an iced latte, at most 30 a day, for four weeks');
    scene.clock.advance(26 * 3_600_000);
    scene.say('pause everything').hold().say('resume everything').hold();
    scene.clock.advance(DAY_MS);
    expect(scene.judged()).toEqual([[], []]);
    scene.say('cancel the iced latte').hold();
    expect(scene.judged()).toEqual([[], []]);
  });

  it('hold for a payment of what goes on sale, which the agent itself ends', () => {
    const scene = new Scene(
      'get me two concert tickets when they go on sale, at most 1,280 each, only from Damai, until Sunday',
    );
    scene.clock.advance(DAY_MS);
    expect(scene.judged()).toEqual([[]]);
  });

  it('hold for many payments of a task without carts', () => {
    const scene = new Scene('prepare the market report, spend at most 50 on data', 'by friday');
    scene.clock.advance(3_600_000);
    const judged = scene.judged();
    expect(judged.length).toBeGreaterThan(1);
    expect(judged.flat()).toEqual([]);
  });
});
