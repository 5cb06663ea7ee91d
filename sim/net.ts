/** The network of a world: one transport a client, and a record of every frame that went out. */

import type { Transport } from '../device/index.ts';
import { type FrameType, peekFrame } from '../protocol/index.ts';

export interface Net {
  /** The transport of one client; a client that starts again under the same name resumes its session. */
  transport(client: string): Transport;
}

/** One frame that a party handed to its transport. */
export interface FrameEntry {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly type: FrameType;
  readonly bytes: number;
}

/** Passes everything through and reports each publish. */
export function recorded(net: Net, now: () => number, onFrame: (frame: FrameEntry) => void): Net {
  return {
    transport(client) {
      const inner = net.transport(client);
      return {
        start: (topics, handlers) => inner.start(topics, handlers),
        publish(topic, payload, acked) {
          const { type, iss, aud } = peekFrame(payload);
          onFrame({ at: now(), from: iss, to: aud, type, bytes: payload.length });
          inner.publish(topic, payload, acked);
        },
        stop: (closed) => inner.stop(closed),
      };
    },
  };
}
