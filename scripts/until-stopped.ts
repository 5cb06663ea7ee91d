/** A program runs until the system asks for an end; then it ends in order. */

/**
 * Resolves with the first SIGTERM or SIGINT from this call on. Later ones have no effect: an orderly end takes a few seconds
 * at most and must not be cut short by an impatient second key press.
 */
export function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve());
  });
}
