import { epochMs } from '../../protocol/time.ts';
import type { Clock } from '../ports.ts';
import { systemClock } from './system-clock.ts';

/**
 * A clock that nobody can set: it starts at the wall time of its making and counts on a monotonic timer. For the signer,
 * which uses differences only; what time it is, it is told by its PSP (T16).
 */
export function monotonicClock(): Clock {
  const { now, after } = systemClock();
  const [startedAt, startedMs] = [now(), performance.now()];
  return { now: () => epochMs(startedAt + Math.floor(performance.now() - startedMs)), after };
}
