import { vi } from 'vitest';

/**
 * Plays Node's timers for a body that uses them. Input is not played, so nothing has to be read before what is due: its turn
 * comes at once, where the player of vitest would let a millisecond pass.
 */
export function playTimers(now?: number): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], ...(now === undefined ? {} : { now }) });
  vi.stubGlobal('setImmediate', (fire: () => void) => void fire());
}

/** Gives back the real ones. */
export function stopPlaying(): void {
  vi.useRealTimers();
  vi.unstubAllGlobals();
}
