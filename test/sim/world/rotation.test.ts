import { describe, expect, it } from 'vitest';
import { PowerCut } from '../../../sim/memory-journal.ts';
import type { Play } from '../../../sim/play.ts';
import { begin, DEVICE, ending, expectSound, TENANT } from './play.ts';

/** An hour: the next key is due after 40 minutes, the old one is gone after 63. */
const WINDOW_S = 3_600;
const TURN_MS = (WINDOW_S * 1000 * 2) / 3;
const SERVICES = [TENANT.agent, TENANT.psp, ...TENANT.merchants, ...TENANT.counterparts];
const PARTIES = [DEVICE, ...SERVICES.map(({ party }) => party)];

const heldBy = (play: Play) => PARTIES.map((party) => play.world.recipientStores.get(party)?.held ?? []);

/** Orders once more, and expects it to be bought. */
function buyAgain(play: Play, what: string): void {
  play.order();
  play.settle();
  expect(`${what}: ${ending(play)}`).toBe(`${what}: finished: trade-finished`);
}

describe('T28: a sealed world in which every party changes its keys', () => {
  it('goes on buying over two changes of all of them, with nothing left of the first keys', () => {
    const play = begin({ sealed: { windowS: WINDOW_S } }).settle();
    expect(ending(play)).toBe('finished: trade-finished');
    const first = heldBy(play).flat();
    expect(first).toHaveLength(PARTIES.length);
    for (const turn of ['one change later', 'two changes later']) {
      play.pass(TURN_MS + 60_000);
      buyAgain(play, turn);
    }
    const third = heldBy(play);
    expect(third.every((held) => held.length >= 1 && held.length <= 2)).toBe(true);
    expect(third.flat().filter((kid) => first.includes(kid))).toEqual([]);
    expect(play.world.debits.count).toBe(3);
    expectSound(play, 'two changes');
  });

  it('buys on when each party dies around each write of a key: before it is kept, before it is told, before it is acknowledged', () => {
    let armed = false;
    const died = new Set<string>();
    const play = begin({
      sealed: { windowS: WINDOW_S },
      onMoment(party, at, disk) {
        const moment = `${party} ${at} ${disk}`;
        if (!armed || (disk !== 'recipient-keys' && disk !== 'statements') || died.has(moment)) return;
        died.add(moment);
        throw new PowerCut('at a change of keys');
      },
    }).settle();
    armed = true;
    for (const turn of ['one change later', 'two changes later']) {
      play.pass(TURN_MS + 60_000);
      buyAgain(play, turn);
    }
    expect(died.size).toBe(PARTIES.length * 4);
    expect(play.world.debits.count).toBe(3);
    expectSound(play, 'deaths at changes of keys');
  });

  it('buys on when the glasses were without a link while all others changed their keys', () => {
    const play = begin({ sealed: { windowS: WINDOW_S } }).settle();
    play.pass(TURN_MS - 10 * 60_000);
    play.broker.setOnline(DEVICE, false);
    play.pass(20 * 60_000);
    play.broker.setOnline(DEVICE, true);
    play.pass(60_000);
    buyAgain(play, 'back again');
    expectSound(play, 'without a link');
  });
});
