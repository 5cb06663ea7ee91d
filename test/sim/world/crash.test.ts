import { describe, expect, it } from 'vitest';
import type { Moment } from '../../../sim/life.ts';
import { type MemoryDisk, PowerCut } from '../../../sim/memory-journal.ts';
import type { Play } from '../../../sim/play.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { begin, DEVICE, ending, expectSound, TENANT } from './play.ts';

/** Where the power goes: the moment's number in the lives of one party, from 1. */
interface Cut {
  readonly party: string;
  readonly at: readonly number[];
  /** Present: only stores count, and a part of what is stored arrives, as this seed decides. */
  readonly tornBy?: string;
}

interface Crashed {
  readonly play: Play;
  /** What was going on when the power went. */
  readonly moments: readonly Moment[];
}

function disksOf(play: Play, party: string, disk: string | undefined): MemoryDisk | undefined {
  if (party !== DEVICE) return play.world.serviceDisks.get(party);
  return play.world.disks[disk as 'journal'];
}

function crashed({ party, at, tornBy }: Cut): Crashed {
  const moments: Moment[] = [];
  let count = 0;
  const random = new SeededRandom(`${tornBy}`);
  const play: { it?: Play } = {};
  play.it = begin({
    seed: `crash ${party}`,
    reorders: 2,
    onMoment(who, moment, disk) {
      if (who !== party || (tornBy !== undefined && moment !== 'store')) return;
      count += 1;
      if (!at.includes(count)) return;
      moments.push(moment);
      if (tornBy === undefined) throw new PowerCut('power cut');
      if (play.it) disksOf(play.it, party, disk)?.crashInNextAppend((bound) => random.below(bound));
    },
  });
  return { play: play.it.settle(), moments };
}

/** Paid once, with a receipt, and delivered; if need be only after the wearer has ordered again. */
function expectPaidOnce({ play, moments }: Crashed, what: string): void {
  expectSound(play, `${what} (${moments.join(', ')})`);
  expect({ what, end: ending(play), debits: play.world.debits.count }).toEqual({
    what,
    end: 'finished: trade-finished',
    debits: 1,
  });
}

/** Cuts the power at the first moment, at the second, … until a run passes with no cut left. */
function walk(cutAt: (k: number) => Cut): Map<Moment, number> {
  const walked = new Map<Moment, number>();
  for (let k = 1; ; k += 1) {
    const cut = cutAt(k);
    const run = crashed(cut);
    if (run.moments.length < cut.at.length) return walked;
    expectPaidOnce(run, `${cut.party} at ${cut.at.join(' and ')}`);
    for (const moment of run.moments) walked.set(moment, (walked.get(moment) ?? 0) + 1);
  }
}

const told = (walked: ReadonlyMap<Moment, number>) => [...walked].map(([moment, n]) => `${n} × ${moment}`).join(', ');
const sum = (walked: ReadonlyMap<Moment, number>) => [...walked.values()].reduce((a, b) => a + b, 0);

/** All moments there are; every walk of the device has to meet each of them. */
const MOMENTS: readonly Moment[] = [
  'ack',
  'acked',
  'present',
  'send',
  'sent',
  'sign',
  'signed',
  'store',
  'stored',
  'taken',
];
const OF_SERVICES = MOMENTS.filter((moment) => !['present', 'sign', 'signed'].includes(moment));

describe('T2, T26: a power cut at every moment of a purchase', { timeout: 300_000 }, () => {
  it('of the device: paid once with a receipt, or not at all and ordered again', () => {
    const walked = walk((k) => ({ party: DEVICE, at: [k] }));
    console.info(`device: ${sum(walked)} moments (${told(walked)})`);
    expect(sum(walked)).toBeGreaterThan(60);
    expect([...walked.keys()].sort()).toEqual(MOMENTS);
  });

  it.each(['a', 'b', 'c', 'd'])('of the device, with a torn write on the disk (%s)', (tornBy) => {
    const walked = walk((k) => ({ party: DEVICE, at: [k], tornBy }));
    console.info(`device, torn by ${tornBy}: ${sum(walked)} writes`);
    expect(sum(walked)).toBeGreaterThan(10);
  });

  it.each([1, 3, 9])('of the device, and again %i moments later', (gap) => {
    const walked = walk((k) => ({ party: DEVICE, at: [k, k + gap] }));
    console.info(`device, twice, ${gap} moments apart: ${sum(walked) / 2} pairs`);
    expect(sum(walked)).toBeGreaterThan(100);
  });

  it('of the PSP', () => {
    const whole = walk((k) => ({ party: TENANT.psp.party, at: [k] }));
    const torn = walk((k) => ({ party: TENANT.psp.party, at: [k], tornBy: 'psp' }));
    const twice = walk((k) => ({ party: TENANT.psp.party, at: [k, k + 2] }));
    console.info(`PSP: ${sum(whole)} moments (${told(whole)}), ${sum(torn)} torn, ${sum(twice) / 2} pairs`);
    expect([...whole.keys()].sort()).toEqual(OF_SERVICES);
  });

  it.each([TENANT.agent.party, 'luna-coffee'])('of another service: %s', (party) => {
    const whole = walk((k) => ({ party, at: [k] }));
    const torn = walk((k) => ({ party, at: [k], tornBy: party }));
    console.info(`${party}: ${sum(whole)} moments (${told(whole)}), ${sum(torn)} torn`);
    expect([...whole.keys()].sort()).toEqual(OF_SERVICES);
  });

  it('of device and PSP together, at every moment of the device', () => {
    let walked = 0;
    for (let k = 1; ; k += 1) {
      let count = 0;
      let wasCut = false;
      const play = begin({
        seed: 'both',
        reorders: 2,
        onMoment(party) {
          if (party === DEVICE) count += 1;
          if (party !== DEVICE || count !== k) return;
          wasCut = true;
          throw new PowerCut('power cut');
        },
      });
      play.onEvent = () => {
        if (wasCut && play.device?.life.isOver) play.world.kill(TENANT.psp.party);
      };
      play.settle();
      if (!wasCut) break;
      expectPaidOnce({ play, moments: [] }, `both at ${k}`);
      walked = k;
    }
    console.info(`device and PSP: ${walked} moments`);
    expect(walked).toBeGreaterThan(60);
  });
});
