import { epochMs } from '../../protocol/time.ts';
import type { Clock } from '../ports.ts';

/** The longest delay a Node timer takes; anything above would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. Delays count on its monotonic timer: setting the wall time neither hastens nor delays them (T16). */
export function systemClock(): Clock {
  return {
    now: () => epochMs(Date.now()),
    after(delayMs, fire) {
      let remainingMs = Math.max(0, delayMs);
      let timer: NodeJS.Timeout;
      const arm = () => {
        const partMs = Math.min(remainingMs, MAX_TIMER_MS);
        remainingMs -= partMs;
        timer = setTimeout(remainingMs > 0 ? arm : fire, partMs);
      };
      arm();
      return () => clearTimeout(timer);
    },
  };
}
