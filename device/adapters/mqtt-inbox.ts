import type { IPublishPacket } from 'mqtt';
import type { Log, TransportHandlers } from '../ports.ts';

/** No frame of ours is longer than 4 KiB; anything above this is not worth looking at (T21). */
const MAX_PAYLOAD_BYTES = 8192;
/** A broker that keeps sending without an acknowledgement is told nothing more; what is left comes again on the next connection. */
const MAX_UNACKNOWLEDGED = 256;

/**
 * Hands the messages of one connection up and acknowledges them, each only after its `ack` ran, all in the order in which
 * they came (MQTT 3.1.1 §4.6, [MQTT-4.6.0-2]). An `ack` that comes after the connection ended does nothing: the same packet id may
 * mean another message by then, and the broker sends the unacknowledged one again.
 */
export function openInbox(args: {
  readonly onMessage: TransportHandlers['onMessage'];
  readonly write: (packet: Uint8Array) => void;
  readonly isOpen: () => boolean;
  readonly log: Log;
}): (packet: IPublishPacket) => void {
  const { onMessage, write, isOpen, log } = args;
  const pending: { readonly id: number; acknowledged: boolean }[] = [];

  function flush(): void {
    if (!isOpen()) return;
    for (let first = pending[0]; first?.acknowledged; first = pending[0]) {
      pending.shift();
      // PUBACK with success: the same four bytes in both versions (MQTT 5.0 §3.4.2.1 lets success be left out).
      write(new Uint8Array([0x40, 2, first.id >> 8, first.id & 0xff]));
    }
  }

  return ({ topic, payload, qos, messageId }) => {
    if (pending.length >= MAX_UNACKNOWLEDGED) return;
    const entry = { id: messageId ?? 0, acknowledged: false };
    if (qos > 0) pending.push(entry);
    const ack = () => {
      entry.acknowledged = true;
      flush();
    };
    const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : new Uint8Array(payload);
    if (bytes.length <= MAX_PAYLOAD_BYTES) return onMessage(topic, bytes, ack);
    // Without an acknowledgement it would come back on every connection, for ever.
    log.write('warn', 'transport-too-large', { bytes: bytes.length });
    ack();
  };
}
