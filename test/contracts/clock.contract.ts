import fc from 'fast-check';
import { expect } from 'vitest';
import type { Clock } from '../../device/ports.ts';
import { contract } from './contract.ts';

export interface ClockStand {
  readonly clock: Clock;
  /** Lets this much time pass, in whole milliseconds. */
  pass(durationMs: number): void;
  dispose?(): void;
}

const DAY_MS = 86_400_000;

export const clockContract = contract<ClockStand>('Clock', {
  'stands still until time passes, and then tells exactly how much passed': ({ clock, pass }) => {
    const start = clock.now();
    expect(clock.now()).toBe(start);
    pass(1_234);
    expect(clock.now() - start).toBe(1_234);
  },

  'fires once, at its time and not a millisecond before': ({ clock, pass }) => {
    const start = clock.now();
    const firedAfterMs: number[] = [];
    clock.after(10, () => firedAfterMs.push(clock.now() - start));
    pass(9);
    expect(firedAfterMs).toEqual([]);
    pass(1);
    pass(1_000);
    expect(firedAfterMs).toEqual([10]);
  },

  'never fires before `after` has returned, not even with no delay': ({ clock, pass }) => {
    let returned = false;
    let early = false;
    clock.after(0, () => {
      early = !returned;
    });
    returned = true;
    pass(1);
    expect(early).toBe(false);
  },

  'fires in the order of time, and at one instant in the order of asking': ({ clock, pass }) => {
    const fired: string[] = [];
    clock.after(20, () => fired.push('late'));
    clock.after(10, () => fired.push('first'));
    clock.after(10, () => fired.push('second'));
    pass(20);
    expect(fired).toEqual(['first', 'second', 'late']);
  },

  'does not fire what was stopped, at whatever moment and however often': ({ clock, pass }) => {
    const fired: string[] = [];
    const stop = clock.after(10, () => fired.push('stopped at once'));
    stop();
    stop();
    let stopOther = () => {};
    clock.after(10, () => stopOther());
    stopOther = clock.after(10, () => fired.push('stopped at the same instant'));
    const stopLate = clock.after(5, () => fired.push('fired'));
    pass(10);
    stopLate();
    pass(100);
    expect(fired).toEqual(['fired']);
  },

  'takes alarms that an alarm sets': ({ clock, pass }) => {
    const start = clock.now();
    const ticksMs: number[] = [];
    const tick = () => {
      ticksMs.push(clock.now() - start);
      clock.after(10, tick);
    };
    clock.after(10, tick);
    pass(35);
    expect(ticksMs).toEqual([10, 20, 30]);
  },

  'T16: waits for forty days where it is asked to': ({ clock, pass }) => {
    let fired = 0;
    clock.after(40 * DAY_MS, () => fired++);
    pass(40 * DAY_MS - 1);
    expect(fired).toBe(0);
    pass(1);
    expect(fired).toBe(1);
  },

  'agrees with a sorted list through any course of alarms, stops and pauses': ({ clock, pass }) => {
    const alarm = fc.record({ delayMs: fc.integer({ min: 1, max: 30 }), isStopped: fc.boolean(), pauseMs: fc.nat(15) });
    fc.assert(
      fc.property(fc.array(alarm, { maxLength: 20 }), (alarms) => {
        const fired: number[] = [];
        const expected: { readonly at: number; readonly index: number }[] = [];
        for (const [index, { delayMs, isStopped, pauseMs }] of alarms.entries()) {
          const stop = clock.after(delayMs, () => fired.push(index));
          if (isStopped) stop();
          else expected.push({ at: clock.now() + delayMs, index });
          pass(pauseMs);
        }
        pass(30);
        expect(fired).toEqual(expected.sort((a, b) => a.at - b.at || a.index - b.index).map(({ index }) => index));
      }),
      { seed: 20_263, numRuns: 100 },
    );
  },
});
