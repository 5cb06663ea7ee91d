import type { Clock } from '../../device/ports.ts';
import { epochMs } from '../../protocol/time.ts';

/** A clock that moves only when told to. */
export function manualClock(startMs = 0): Clock & { advance(byMs: number): void } {
  let nowMs = startMs;
  let pending: { readonly atMs: number; readonly fire: () => void }[] = [];
  return {
    now: () => epochMs(nowMs),
    after(delayMs, fire) {
      const timer = { atMs: nowMs + delayMs, fire };
      pending.push(timer);
      return () => {
        pending = pending.filter((other) => other !== timer);
      };
    },
    advance(byMs) {
      const endMs = nowMs + byMs;
      for (;;) {
        const [next] = pending.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
        if (next === undefined) break;
        pending = pending.filter((other) => other !== next);
        nowMs = next.atMs;
        next.fire();
      }
      nowMs = endMs;
    },
  };
}
