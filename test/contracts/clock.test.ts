import { describe, vi } from 'vitest';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { epochMs } from '../../protocol/time.ts';
import { VirtualClock } from '../../sim/virtual-clock.ts';
import { manualClock } from '../helpers/manual-clock.ts';
import { playTimers, stopPlaying } from '../helpers/played-timers.ts';
import { type ClockStand, clockContract } from './clock.contract.ts';
import { notices } from './contract.ts';

const START = epochMs(1_700_000_000_000);

function virtualStand(): ClockStand & { readonly clock: VirtualClock } {
  const clock = new VirtualClock(START);
  return { clock, pass: (durationMs) => clock.advance(durationMs) };
}

clockContract.holdsFor('virtual', virtualStand);

clockContract.holdsFor('system, on the timers of Node as vitest plays them', () => {
  playTimers(START);
  return {
    clock: systemClock(),
    pass: (durationMs) => void vi.advanceTimersByTime(durationMs),
    dispose: stopPlaying,
  };
});

clockContract.holdsFor('the manual one of these tests', () => {
  const clock = manualClock(START);
  return { clock, pass: (durationMs) => clock.advance(durationMs) };
});

describe('the contract of the clock', () => {
  /** A virtual clock with one thing wrong. */
  const wrong = (after: (inner: VirtualClock) => VirtualClock['after']) => (): ClockStand => {
    const { clock: inner, pass } = virtualStand();
    return { clock: { now: () => inner.now(), after: after(inner) }, pass };
  };

  notices(clockContract, [
    [
      'fires early',
      'fires once, at its time and not a millisecond before',
      wrong((inner) => (delayMs, fire) => inner.after(delayMs - 1, fire)),
    ],
    [
      'fires inside `after`',
      'never fires before `after` has returned, not even with no delay',
      wrong((inner) => (delayMs, fire) => {
        if (delayMs > 0) return inner.after(delayMs, fire);
        fire();
        return () => {};
      }),
    ],
    [
      'cannot be stopped',
      'does not fire what was stopped, at whatever moment and however often',
      wrong((inner) => (delayMs, fire) => {
        inner.after(delayMs, fire);
        return () => {};
      }),
    ],
    [
      'repeats',
      'fires once, at its time and not a millisecond before',
      wrong((inner) => (delayMs, fire) => {
        inner.after(delayMs + 5, fire);
        return inner.after(delayMs, fire);
      }),
    ],
    [
      'takes delays modulo the range of a Node timer',
      'T16: waits for forty days where it is asked to',
      wrong((inner) => (delayMs, fire) => inner.after(delayMs > 2 ** 31 - 1 ? 1 : delayMs, fire)),
    ],
  ]);
});
