import type { Random } from '../ports.ts';

/**
 * Milliseconds to wait before attempt `attempt` (0 for the first after a loss): at random between `minMs` and a bound that
 * doubles up to `maxMs`. The first one is jittered too, or every device of a restarted broker would come back at once.
 */
export function backoffMs(attempt: number, minMs: number, maxMs: number, random: Random): number {
  const boundMs = Math.min(maxMs, minMs * 2 ** (attempt + 1));
  const fraction = new DataView(random.bytes(4).buffer).getUint32(0) / 2 ** 32;
  return Math.round(minMs + fraction * (boundMs - minMs));
}
