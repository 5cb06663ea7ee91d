import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectMqtt, type IClientOptions, MqttClient } from 'mqtt';
import type { DeviceError } from '../errors.ts';
import type { Log, Stop, TransportHandlers } from '../ports.ts';
import { errorFault, fault, reasonFault } from './mqtt-faults.ts';
import { openInbox } from './mqtt-inbox.ts';
import type { Outgoing } from './mqtt-outbox.ts';

/** One packet may take this much memory before it is complete; the client library itself would wait for 256 MiB. */
export const MAX_PACKET_BYTES = 256 * 1024;
/** Publishes on their way at a time, unless the broker asks for fewer. */
const PUBLISH_WINDOW = 16;
/** The packet id of the one SUBSCRIBE of a connection, outside the range of publishes. */
const SUBSCRIBE_ID = 65_535;

export interface ConnectionEvents {
  /** All subscriptions are granted: requests sent from now on can be answered. */
  onReady(connection: Connection): void;
  /** Once, when it is over, with the last fault that was seen. */
  onEnd(fault: DeviceError): void;
  /** The broker's answer to a publish. `refusedFor` is the MQTT 5 reason when it will never take it. */
  onSettled(packetId: number, refusedFor: number | undefined): void;
}

/** One network connection from CONNECT to its end. It never reconnects. */
export interface Connection {
  readonly window: number;
  send(message: Outgoing): void;
  /** Says DISCONNECT, so that the broker keeps the will to itself (MQTT 3.1.1 §3.14); `onEnd` follows. */
  disconnect(): void;
  /** Cuts the line. */
  destroy: Stop;
}

export interface ConnectionSettings {
  readonly url: string;
  readonly openStream?: (() => Duplex) | undefined;
  readonly client: IClientOptions;
  readonly publishProperties: { readonly contentType?: string; readonly messageExpiryInterval?: number };
}

/** Connects and subscribes. @throws whatever TLS setup throws for unusable certificates, before any event. */
export function openConnection(
  { url, openStream, client: options, publishProperties }: ConnectionSettings,
  subscriptions: readonly string[],
  { onMessage, log }: { onMessage: TransportHandlers['onMessage']; log: Log },
  events: ConnectionEvents,
): Connection {
  let nextId = SUBSCRIBE_ID;
  let open = true;
  let lastFault: DeviceError | undefined;
  const unsettled = new Set<number>([SUBSCRIBE_ID]);

  // The client library numbers packets by itself; ours keep their number over connections, as the standard asks.
  const messageIdProvider = {
    allocate: () => nextId,
    getLastAllocated: () => nextId,
    register: () => true,
    deallocate: () => {},
    clear: () => {},
  };
  const settings = { ...options, messageIdProvider };
  const client: MqttClient = openStream ? new MqttClient(openStream, settings) : connectMqtt(url, settings);

  // With Nagle's algorithm a publish that follows an acknowledgement waits for the broker's delayed ACK: 44 ms each time.
  if (client.stream instanceof Socket) client.stream.setNoDelay(true);

  const connection: Connection & { window: number } = {
    window: PUBLISH_WINDOW,
    send({ topic, payload, packetId, again }) {
      nextId = packetId;
      unsettled.add(packetId);
      const body = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
      const publish = { qos: 1, retain: false, dup: again, properties: publishProperties } as const;
      client.publish(topic, body, publish, (error) => {
        // Only the broker's own word settles a message; any other error is the end of the connection, and it goes again.
        const reason = error ? (error as { code?: unknown }).code : undefined;
        if (!open || (error && typeof reason !== 'number')) return;
        unsettled.delete(packetId);
        events.onSettled(packetId, typeof reason === 'number' ? reason : undefined);
      });
    },
    disconnect() {
      // Unanswered packets would hold the DISCONNECT back.
      for (const id of unsettled) client.removeOutgoingMessage(id);
      client.end(!client.connected);
    },
    // After `disconnect` the library ignores another `end`.
    destroy: () => client.stream.destroy(),
  };

  const receive = openInbox({ onMessage, write: (packet) => client.stream.write(packet), isOpen: () => open, log });
  client.handleMessage = (packet, done) => {
    receive(packet);
    // An error keeps the library from acknowledging; it goes on reading, so that answers and pings are never stuck behind
    // a message that is still being stored.
    done(new Error('acknowledged elsewhere'));
  };
  limitPacketSize(client, () => {
    lastFault = fault('transport-too-large', `a packet over ${MAX_PACKET_BYTES} bytes`);
    client.end(true);
  });

  client.on('connect', ({ properties }) => {
    connection.window = Math.min(PUBLISH_WINDOW, properties?.receiveMaximum ?? PUBLISH_WINDOW);
    // An empty SUBSCRIBE is a protocol error (MQTT 3.1.1 §3.8.3).
    if (subscriptions.length === 0) return events.onReady(connection);
    client.subscribe([...subscriptions], { qos: 1 }, (error, grants) => {
      unsettled.delete(SUBSCRIBE_ID);
      if (!open) return;
      if (error === null && grants?.every(({ qos }) => qos === 1)) return events.onReady(connection);
      lastFault = fault('transport-subscription-refused', 'a subscription was not granted with QoS 1');
      client.end(true);
    });
  });
  client.on('disconnect', ({ reasonCode }) => {
    lastFault = reasonFault(reasonCode ?? 0);
  });
  client.on('error', (error) => {
    lastFault ??= errorFault(error);
  });
  client.once('close', () => {
    open = false;
    client.end(true);
    events.onEnd(lastFault ?? fault('transport-network', 'the connection ended'));
  });
  return connection;
}

/** Counts what arrives until the library has made a whole packet of it. */
function limitPacketSize(client: MqttClient, exceeded: () => void): void {
  let bytes = 0;
  client.stream.on('data', (chunk: Uint8Array) => {
    bytes += chunk.length;
    if (bytes > MAX_PACKET_BYTES) exceeded();
  });
  client.on('packetreceive', () => {
    bytes = 0;
  });
}
