/** What the wearer answered to a binding is not lost where it could not be stored at once. */
import { describe, expect, it } from 'vitest';
import { StoreError } from '../../../device/errors.ts';
import { BindingPlay } from './binding-play.ts';

/** A play whose binding disk is full from the wearer's answer on, for as many attempts to store as `times` says. */
function full(times: number): BindingPlay {
  let left = times;
  const play: BindingPlay = new BindingPlay({
    onMoment(party, moment, disk) {
      if (party !== play.device.device || moment !== 'store' || disk !== 'binding') return;
      if (play.state.at !== 'confirming' || left === 0) return;
      left -= 1;
      throw new StoreError('store-full', 'the binding journal', 'free some space');
    },
  });
  return play.begin();
}

describe('a binding whose disk is full when the wearer answers', () => {
  it.each([1, 3])('T2: sends the consent that was held for, once it is stored after %i attempts', (times) => {
    const play = full(times).settle();
    expect(play.ending).toBe('bound');
    expect(play.world.record.signatures).toHaveLength(1);
    expect(play.issued).toHaveLength(1);
  });

  it('T17: signs nothing after the link was lost at the prompt, though that could not be stored', () => {
    const play = full(Number.POSITIVE_INFINITY);
    play.run(() => play.state.at === 'confirming');
    play.broker.setOnline(play.device.device, false);
    play.pass(100);
    play.broker.setOnline(play.device.device, true);
    play.pass(20_000);
    expect(play.world.record.signatures).toEqual([]);
  });
});
