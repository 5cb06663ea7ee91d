/** T17, T18: glasses that were lost, in the whole world. Reported at T, nothing is paid that was not paid by then. */
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../../sim/memory-broker.ts';
import type { Play } from '../../../sim/play.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { begin, DEVICE, ending, expectSound, until } from './play.ts';

const DONE = 'finished: trade-finished';
const isLock = ({ topic }: Delivery) => topic.endsWith('/ctl');

/** What the operator of the PSP orders. */
function order(play: Play, words: string): void {
  play.attempt(() => expect(play.world.cloud.psp.command(`${words} ${DEVICE}`)).toBe('done'));
}

const paidSoFar = (play: Play) => play.world.debits.count;

/** The wearer, or whoever has the glasses, orders and presses. @returns how it ends. */
function orderAgain(play: Play): string {
  play.order();
  return ending(play.settle());
}

function said(play: Play, text: string): boolean {
  return play.world.record.presented.some((shown) => 'sentence' in shown && shown.sentence.includes(text));
}

describe('a lock while a purchase is under way', { timeout: 300_000 }, () => {
  const stages: readonly (readonly [string, readonly string[]])[] = [
    ['summarising', ['cancelled: locked']],
    ['seeking', ['cancelled: locked']],
    ['choosing', ['cancelled: locked']],
    ['carting', ['cancelled: locked']],
    ['requesting', ['cancelled: locked']],
    ['confirming', ['cancelled: locked']],
    ['settling', ['refused: psp-refused', 'refused: device-locked']],
    ['following', [DONE]],
  ];

  it.each(stages)('%s ends unpaid, unless it was paid before', (stage, ends) => {
    const play = until(begin({ seed: 'lost' }), stage);
    order(play, 'lock');
    const paid = paidSoFar(play);
    play.settle();
    expect(ends).toContain(ending(play));
    expect([stage, paidSoFar(play)]).toEqual([stage, paid]);
    expect(paid).toBe(stage === 'following' ? 1 : 0);
    play.run(() => said(play, 'It pays nothing'));
    expectSound(play, stage);
    expect(orderAgain(play)).toBe('refused: device-locked');
    expect(paidSoFar(play)).toBe(paid);
  });

  it('T17: at every tenth of a second of it, nothing is paid after T', () => {
    const ends = new Map<string, number>();
    for (let ms = 0; ms <= 12_000; ms += 100) {
      const play = begin({ seed: 'lost' });
      play.pass(ms);
      order(play, 'lock');
      const paid = paidSoFar(play);
      play.settle();
      expectSound(play, `${ms} ms`);
      expect([ms, paidSoFar(play)]).toEqual([ms, paid]);
      ends.set(ending(play), (ends.get(ending(play)) ?? 0) + 1);
    }
    console.info([...ends].map(([what, n]) => `${n} × ${what}`).join(', '));
    expect(ends.get('cancelled: locked')).toBeGreaterThan(20);
    expect(ends.get(DONE)).toBeGreaterThan(5);
  });

  it('is obeyed once, however often, late and in whatever order the orders come', () => {
    for (let n = 0; n < 12; n += 1) {
      const play = begin({ seed: `reorder ${n}` });
      const random = new SeededRandom(`reorder ${n}`);
      play.broker.plan = (delivery) => ({
        delaysMs: isLock(delivery) ? Array.from({ length: random.below(4) }, () => 1 + random.below(9_000)) : [1],
      });
      const orders = ['lock', 'unlock', 'lock', 'unlock', ...(n % 2 === 0 ? ['lock'] : [])];
      for (const words of orders) {
        play.pass(random.below(1_500));
        order(play, words);
      }
      play.settle();
      play.pass(900_000);
      play.broker.plan = () => ({ delaysMs: [1] });
      play.pass(600_000);
      const before = paidSoFar(play);
      expect([n, orderAgain(play)]).toEqual([n, n % 2 === 0 ? 'refused: device-locked' : DONE]);
      expect([n, paidSoFar(play) - before]).toEqual([n, n % 2]);
      expectSound(play, `${n}`);
    }
  });

  it('that is lost on the way keeps nothing from being refused: who signs unaware is not paid for', () => {
    const play = until(begin({ seed: 'thief' }), 'confirming');
    play.broker.plan = (delivery) => ({ delaysMs: isLock(delivery) ? [] : [1] });
    order(play, 'lock');
    play.settle();
    expect(ending(play)).toMatch(/^refused: (device-locked|psp-refused)$/);
    expect([paidSoFar(play), play.world.record.signatures.length]).toEqual([0, 1]);
    play.broker.plan = () => ({ delaysMs: [1] });
    play.pass(300_000);
    expect(said(play, 'It pays nothing')).toBe(true);
    expectSound(play, 'thief');
  });

  it('of a device that is away reaches it when it is back, before it has signed anything', () => {
    const play = begin({ seed: 'away' });
    play.settle();
    play.broker.setOnline(DEVICE, false);
    order(play, 'lock');
    play.pass(3_600_000);
    play.broker.setOnline(DEVICE, true);
    play.pass(5_000);
    expect(orderAgain(play)).toMatch(/^refused: (device-locked|signer-locked)$/);
    expect(play.world.record.signatures).toHaveLength(1);
    play.pass(300_000);
    expect(said(play, 'It pays nothing')).toBe(true);
  });
});

describe('T18: stolen glasses', { timeout: 120_000 }, () => {
  it('that were locked sign nothing, also when the PSP is out of the way', () => {
    const play = begin({ seed: 'stolen' });
    order(play, 'lock');
    play.settle();
    play.pass(10_000);
    const { device } = play;
    expect(device?.life.isOver).toBe(false);
    expect(play.world.record.signatures).toEqual([]);
    // Switched off and on again: the lock is on the signer's own disk.
    play.attempt(() => play.world.kill(DEVICE));
    play.run(() => play.device?.life.isOver === false);
    play.pass(1_000);
    order(play, 'unlock');
    // The PSP would pay again; the signer has not heard of it and asks nobody.
    play.broker.plan = (delivery) => ({ delaysMs: isLock(delivery) ? [60_000] : [1] });
    const end = orderAgain(play);
    expect([end, play.world.record.signatures.length, paidSoFar(play)]).toEqual(['refused: signer-locked', 0, 0]);
  });

  it('that were found pay again after the unlocking, also after a restart of everybody', () => {
    const play = begin({ seed: 'found' });
    order(play, 'lock');
    play.settle();
    play.pass(10_000);
    for (const party of [DEVICE, 'psp']) play.attempt(() => play.world.kill(party));
    play.run(() => play.device?.life.isOver === false && play.world.lives.dead.length === 0);
    play.pass(3_000);
    expect(orderAgain(play)).toMatch(/locked$/);
    order(play, 'unlock');
    play.pass(10_000);
    expect(said(play, 'is unlocked')).toBe(true);
    expect(orderAgain(play)).toBe(DONE);
    expectSound(play, 'found');
  });
});
