import { describe, expect, it } from 'vitest';
import { Play } from '../../../sim/play.ts';

describe('T10, T16: the wall clock of a device is set while the wearer clicks', () => {
  it.each([700, 2_000, -700, 86_400_000])('by %i ms: a click is a click, and nothing is signed', (stepMs) => {
    let aheadMs = 0;
    const play = new Play({ seed: 'a step of the clock', temper: 'walk-away', clockAheadMs: () => aheadMs }).begin();
    play.run(() => play.current.at === 'confirming');
    expect(play.current.at).toBe('confirming');
    play.pass(1_500);
    const { button } = play.device ?? {};
    button?.edge('down');
    play.pass(100);
    aheadMs = stepMs;
    play.pass(120);
    button?.edge('up');
    play.pass(5_000);
    expect(play.world.record.signatures.length).toBe(0);
    expect(play.world.debits.count).toBe(0);
  });
});
