import type { Button, ButtonEdge } from '../ports.ts';

/** One physical line for all who listen to it, with the memory of whether it can be read (`Button.listen`, T10). */
export interface EdgeFan {
  readonly listen: Button['listen'];
  /** The line gave an edge: whatever it was before, it can be read now. */
  edge(edge: ButtonEdge): void;
  /** The line can no longer be read. Told once, until edges return. */
  lose(): void;
}

/** @param isLost whether there is no line yet, as before a relay has connected. */
export function edgeFan(isLost = false): EdgeFan {
  const listeners = new Set<(told: ButtonEdge | 'lost') => void>();
  let lost = isLost;
  const tell = (told: ButtonEdge | 'lost') => {
    // One who was stopped by an earlier listener of the same edge is no longer told of it.
    for (const listener of [...listeners]) if (listeners.has(listener)) listener(told);
  };
  return {
    listen(onEdge, onLost) {
      const listener = (told: ButtonEdge | 'lost') => (told === 'lost' ? onLost() : onEdge(told));
      listeners.add(listener);
      if (lost) onLost();
      return () => void listeners.delete(listener);
    },
    edge(edge) {
      lost = false;
      tell(edge);
    },
    lose() {
      if (lost) return;
      lost = true;
      tell('lost');
    },
  };
}
