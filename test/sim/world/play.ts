/** Plays purchases for the tests of the whole world: one tenant for all of them, and the verdict in one word. */
import { expect } from 'vitest';
import { createTenant } from '../../../sim/cloud/index.ts';
import { Play, type PlayOptions } from '../../../sim/play.ts';

/** Making keys is most of what a world costs. */
export const TENANT = createTenant(new Uint8Array(32).fill(7));
export const DEVICE = 'glasses-01';

export function begin(options: Partial<PlayOptions> = {}): Play {
  return new Play({ seed: 'world', tenant: TENANT, ...options }).begin();
}

/** How the last purchase ended, in words. */
export function ending({ current }: Play): string {
  return current.at === 'ended' ? `${current.outcome}: ${current.reason}` : current.at;
}

/** No invariant was broken, and nothing is open any more. `what` names the run for whoever has to find the cause. */
export function expectSound(play: Play, what: string): void {
  expect({ what, found: play.verdict() }).toEqual({ what, found: [] });
}

/** Plays on until the device is in a state. */
export function until(play: Play, at: string): Play {
  play.run(() => play.current.at === at);
  return play;
}
