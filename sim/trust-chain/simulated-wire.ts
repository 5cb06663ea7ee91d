/** The way to a simulated node: its answers take some time, and it can be away. */
import type { ChainWire, Clock } from '../../device/ports.ts';
import { utf8 } from '../../protocol/index.ts';
import type { TrustNode } from './node.ts';

export interface SimulatedWire extends ChainWire {
  /** While false, nothing comes back. */
  isUp: boolean;
}

/** @param delayMs from a question to its answer. */
export function simulatedWire(node: Pick<TrustNode, 'answer'>, clock: Clock, delayMs = 20): SimulatedWire {
  return {
    isUp: true,
    ask(request, done) {
      return clock.after(delayMs, () => {
        if (!this.isUp) {
          done(undefined);
          return;
        }
        const { status, body } = node.answer(request);
        done({ status, body: utf8(body) });
      });
    },
  };
}
