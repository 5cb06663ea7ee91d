import { describe, expect, it } from 'vitest';
import { PowerCut } from '../../../sim/memory-journal.ts';
import type { Temper } from '../../../sim/person.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { begin, DEVICE, ending, expectSound } from '../../sim/world/play.ts';

const ENDINGS: Readonly<Record<Temper, string>> = {
  buy: 'finished: trade-finished',
  decline: 'declined: clicked',
  cancel: 'cancelled: said-cancel',
  'walk-away': 'timed-out: no-press',
  late: 'timed-out: no-press',
};

describe('a whole purchase with the signer behind HID', () => {
  it.each(Object.keys(ENDINGS) as Temper[])('ends as its wearer wants: %s', (temper) => {
    const play = begin({ seed: `hid ${temper}`, temper, signer: 'hid' }).settle();
    expect(ending(play)).toBe(ENDINGS[temper]);
    expect(play.world.record.signatures).toHaveLength(temper === 'buy' ? 1 : 0);
    expect(play.world.logs.filter(({ code }) => code === 'signer-attached')).not.toEqual([]);
    expectSound(play, temper);
  });

  it('T2, T26: pays once or not at all, wherever the power goes between the prompt and the confirmation', {
    timeout: 120_000,
  }, () => {
    let cuts = 0;
    for (let k = 1; ; k += 1) {
      let count = 0;
      let isCut = false;
      const play = begin({
        seed: 'hid crash',
        signer: 'hid',
        reorders: 2,
        onMoment(who, moment) {
          if (who !== DEVICE || !['present', 'sign', 'signed', 'store', 'stored'].includes(moment)) return;
          count += 1;
          if (count !== k) return;
          isCut = true;
          throw new PowerCut('power cut');
        },
      }).settle();
      if (!isCut) break;
      cuts += 1;
      expectSound(play, `cut ${k}`);
      expect({ k, end: ending(play), debits: play.world.debits.count }).toEqual({
        k,
        end: 'finished: trade-finished',
        debits: 1,
      });
    }
    expect(cuts).toBeGreaterThan(20);
  });

  it('T2, T16: storms of power cuts at any moment, wearers of any temper: every invariant holds', {
    timeout: 120_000,
  }, () => {
    const tempers = Object.keys(ENDINGS) as Temper[];
    let cuts = 0;
    for (let n = 0; n < 30; n += 1) {
      const random = new SeededRandom(`hid storm ${n}`);
      const play = begin({
        seed: `hid storm ${n}`,
        signer: 'hid',
        sealed: n % 3 === 0,
        temper: tempers[n % tempers.length] as Temper,
        locale: n % 2 ? 'zh-CN' : 'en-US',
        display: (['hud-480x640', 'oled-3', 'voice'] as const)[n % 3] as 'voice',
        reorders: 3,
        onMoment() {
          if (cuts >= (n + 1) * 3 || !random.chance(0.01)) return;
          cuts += 1;
          throw new PowerCut('power cut');
        },
      });
      play.settle();
      expectSound(play, `storm ${n}`);
    }
    expect(cuts).toBeGreaterThan(30);
  });
});
