import { epochMs } from '../../protocol/time.ts';
import type { Clock } from '../ports.ts';

/** The longest delay a Node timer takes; anything above would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * The machine's clock. Delays count on its monotonic timer: setting the wall time neither hastens nor delays them (T16).
 *
 * What is due waits until the input that was there has been read: between two alarms, of which one sets the other, Node reads all
 * that had come before the first one. By itself it runs timers first after a stall, and the end of a hold would be told before the
 * release that came during it (T10).
 */
export function systemClock(): Clock {
  return {
    now: () => epochMs(Date.now()),
    after(delayMs, fire) {
      let remainingMs = Math.max(0, delayMs);
      let timer: NodeJS.Timeout;
      let turn: NodeJS.Immediate | undefined;
      const due = () => {
        turn = setImmediate(fire);
      };
      const arm = () => {
        const partMs = Math.min(remainingMs, MAX_TIMER_MS);
        remainingMs -= partMs;
        timer = setTimeout(remainingMs > 0 ? arm : due, partMs);
      };
      arm();
      return () => {
        clearTimeout(timer);
        clearImmediate(turn);
      };
    },
  };
}
