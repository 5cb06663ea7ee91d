import type { Log } from '../ports.ts';

/** More than a device has to say while its link is away; the layers above send again what they still need. */
const MAX_QUEUED = 256;
const LAST_PACKET_ID = 60_000;

export interface Outgoing {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly packetId: number;
  /** Whether an earlier connection tried already (MQTT 3.1.1 §3.3.1.1). */
  again: boolean;
}

interface Entry extends Outgoing {
  readonly acked: () => void;
  inFlight: boolean;
}

/** Publishes in order, kept over connections until the broker took them; at most a window of them is on its way at a time. */
export interface Outbox {
  add(topic: string, payload: Uint8Array, acked: () => void): void;
  /** Those to send now, oldest first, each marked as on its way. */
  due(window: number): Outgoing[];
  /** The broker took it, or (`taken` false) refused it for good. */
  settle(packetId: number, taken: boolean): void;
  /** The connection ended: what was on its way goes again, first and with the same packet ids ([MQTT-4.4.0-1]). */
  rewind(): void;
}

export function makeOutbox(log: Log): Outbox {
  const entries: Entry[] = [];
  let lastId = 0;

  function freeId(): number {
    do lastId = (lastId % LAST_PACKET_ID) + 1;
    while (entries.some(({ packetId }) => packetId === lastId));
    return lastId;
  }

  return {
    add(topic, payload, acked) {
      if (entries.length >= MAX_QUEUED) return log.write('warn', 'transport-queue-full', { queued: entries.length });
      entries.push({ topic, payload: payload.slice(), packetId: freeId(), again: false, acked, inFlight: false });
    },
    due(window) {
      const sent = entries.filter(({ inFlight }) => inFlight).length;
      const next = entries.filter(({ inFlight }) => !inFlight).slice(0, Math.max(0, window - sent));
      for (const entry of next) entry.inFlight = true;
      return next;
    },
    settle(packetId, taken) {
      const at = entries.findIndex((entry) => entry.packetId === packetId);
      const [entry] = at < 0 ? [] : entries.splice(at, 1);
      if (taken) entry?.acked();
    },
    rewind() {
      for (const entry of entries) {
        entry.again ||= entry.inFlight;
        entry.inFlight = false;
      }
    },
  };
}
