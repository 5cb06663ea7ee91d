/** Lets a program end only after the broker has what it had to say. */
import type { Clock, Transport } from '../device/index.ts';

export interface CountingTransport extends Transport {
  /** Resolves when the broker has taken everything that was published until then, or after `timeoutMs`. */
  settled(timeoutMs: number): Promise<void>;
}

/** Wraps a transport; what it publishes is counted until the broker has taken it. */
export function countingTransport(inner: Transport, clock: Clock): CountingTransport {
  let open = 0;
  let allTaken: () => void = () => {};
  return {
    start: (topics, handlers) => inner.start(topics, handlers),
    stop: (closed) => inner.stop(closed),
    publish(topic, payload, acked) {
      open += 1;
      inner.publish(topic, payload, () => {
        open -= 1;
        acked();
        if (open === 0) allTaken();
      });
    },
    settled: (timeoutMs) =>
      new Promise((resolve) => {
        if (open === 0) return resolve();
        const giveUp = clock.after(timeoutMs, resolve);
        allTaken = () => {
          giveUp();
          resolve();
        };
      }),
  };
}
