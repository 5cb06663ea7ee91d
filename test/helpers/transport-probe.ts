import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type BrokerAccess, type MqttTransportOptions, mqttTransport } from '../../device/adapters/mqtt-transport.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import type { LinkState, LogLevel, Transport } from '../../device/ports.ts';
import { countingRandom } from './counting-random.ts';

export interface Received {
  readonly topic: string;
  readonly text: string;
  readonly ack: () => void;
}

export interface LogEntry {
  readonly level: LogLevel;
  readonly code: string;
  readonly detail: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** A transport with everything that came out of it, and promises for what is still to come. */
export interface Probe {
  readonly transport: Transport;
  readonly states: LinkState[];
  readonly received: Received[];
  readonly entries: LogEntry[];
  /** Waits until the condition holds; looked at whenever something happens. */
  until(condition: () => boolean): Promise<void>;
  online(): Promise<void>;
  publish(topic: string, text: string): Promise<void>;
  stop(): Promise<void>;
}

export function access(url: string, more: Partial<BrokerAccess> = {}): BrokerAccess {
  const times = { keepaliveSeconds: 30, reconnectMinMs: 10, reconnectMaxMs: 80, sessionExpirySeconds: 600 };
  return { url, mqttVersion: '5', ...times, ...more };
}

/** Starts a transport; `autoAck` acknowledges each message at once, as a device does whose journal took it. */
export function startProbe(options: MqttTransportOptions, topics: readonly string[], autoAck = true): Probe {
  const states: LinkState[] = [];
  const received: Received[] = [];
  const entries: LogEntry[] = [];
  const waiting = new Set<() => void>();
  const happened = () => {
    for (const look of waiting) look();
  };
  const log = {
    write(level: LogLevel, code: string, detail?: LogEntry['detail']) {
      entries.push({ level, code, detail });
      happened();
    },
  };
  const random = countingRandom(options.clientId);
  const transport = mqttTransport(options, { clock: systemClock(), random, log });

  function until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!condition()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  }

  transport.start(topics, {
    onState(state) {
      states.push(state);
      happened();
    },
    onMessage(topic, payload, ack) {
      received.push({ topic, text: new TextDecoder().decode(payload), ack });
      if (autoAck) ack();
      happened();
    },
  });
  return {
    transport,
    states,
    received,
    entries,
    until,
    online: () => until(() => states.at(-1) === 'online'),
    publish: (topic, text) =>
      new Promise((resolve) => transport.publish(topic, new TextEncoder().encode(text), resolve)),
    stop: () => new Promise((resolve) => transport.stop(resolve)),
  };
}

export interface Link {
  readonly port: number;
  /** Breaks every connection now, without a word to either side's MQTT. */
  cut(): void;
  close(): Promise<void>;
}

/** A loopback link to `targetPort` that can be cut. */
export async function startLink(targetPort: number): Promise<Link> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(targetPort, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}
