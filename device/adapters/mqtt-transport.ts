import type { Duplex } from 'node:stream';
import type { IClientOptions } from 'mqtt';
import type { BrokerConfig } from '../config.ts';
import type { DeviceError } from '../errors.ts';
import type { Clock, LinkState, Log, Random, Stop, Transport, TransportHandlers } from '../ports.ts';
import { backoffMs } from './backoff.ts';
import { type Connection, type ConnectionSettings, MAX_PACKET_BYTES, openConnection } from './mqtt-connection.ts';
import { errorFault, needsPerson } from './mqtt-faults.ts';
import { makeOutbox } from './mqtt-outbox.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** How long the broker has to close its side after our DISCONNECT. */
const STOP_TIMEOUT_MS = 2_000;
/** A connection this old was a good one: the next loss starts over with the shortest waiting time. */
const SETTLED_MS = 5_000;
/** Messages a version 5 broker may send ahead of our acknowledgements. */
const RECEIVE_WINDOW = 32;

/** A broker as the configuration names it, with what its files hold. */
export interface BrokerAccess
  extends Pick<
    BrokerConfig,
    'url' | 'mqttVersion' | 'keepaliveSeconds' | 'reconnectMinMs' | 'reconnectMaxMs' | 'sessionExpirySeconds'
  > {
  readonly username?: string | undefined;
  readonly password?: Uint8Array | undefined;
  /** PEM. Without `ca` the system's authorities count; the server's certificate is always checked. */
  readonly ca?: Uint8Array | undefined;
  readonly cert?: Uint8Array | undefined;
  readonly key?: Uint8Array | undefined;
}

export interface MqttTransportOptions {
  readonly broker: BrokerAccess;
  /** Stable and unique: the broker keeps the session under it. */
  readonly clientId: string;
  /** What the broker says for us, with QoS 1 and not retained, when we vanish. */
  readonly will?: { readonly topic: string; readonly payload: Uint8Array } | undefined;
  /** Opens each connection's byte stream; without it `broker.url` is dialled. For brokers inside the process. */
  readonly openStream?: () => Duplex;
  /** MQTT 5 only. */
  readonly contentType?: string;
  /** MQTT 5 only: the broker drops what it could not deliver within this time. */
  readonly messageExpirySeconds?: number;
}

/** Transport over MQTT 3.1.1 or 5 by TCP, TLS or WebSocket. Its faults go to the log; it tries until it is stopped. */
export function mqttTransport(
  options: MqttTransportOptions,
  ports: { clock: Clock; random: Random; log: Log },
): Transport {
  const { clock, random, log } = ports;
  const { reconnectMinMs, reconnectMaxMs } = options.broker;
  const settings = settingsOf(options);
  const outbox = makeOutbox(log);
  let subscriptions: readonly string[] = [];
  let handlers: TransportHandlers | undefined;
  let state: LinkState | undefined;
  let current: Connection | undefined;
  let ready: Connection | undefined;
  let attempt = 0;
  let cancelRetry: Stop = () => {};
  let stopped: (() => void) | undefined;

  function enter(next: LinkState): void {
    if (next === state) return;
    state = next;
    handlers?.onState(next);
  }

  function pump(): void {
    const connection = ready;
    for (const message of connection ? outbox.due(connection.window) : []) connection?.send(message);
  }

  function open({ onMessage }: TransportHandlers): void {
    const openedAt = clock.now();
    enter('connecting');
    try {
      current = openConnection(
        settings,
        subscriptions,
        { onMessage, log },
        {
          onReady(connection) {
            ready = connection;
            log.write('info', 'transport-online');
            enter('online');
            pump();
          },
          onEnd(fault) {
            if (clock.now() - openedAt >= SETTLED_MS) attempt = 0;
            ended(fault);
          },
          onSettled(packetId, refusedFor) {
            if (refusedFor !== undefined) log.write('warn', 'transport-publish-refused', { reason: refusedFor });
            outbox.settle(packetId, refusedFor === undefined);
            pump();
          },
        },
      );
    } catch (error) {
      ended(errorFault(error));
    }
  }

  function ended(fault: DeviceError): void {
    current = undefined;
    ready = undefined;
    outbox.rewind();
    enter('offline');
    if (stopped !== undefined) {
      stopped();
      return;
    }
    const waitMs = needsPerson(fault) ? reconnectMaxMs : backoffMs(attempt++, reconnectMinMs, reconnectMaxMs, random);
    log.write('warn', fault.code, { reason: fault.message, hint: fault.hint, retryMs: waitMs });
    cancelRetry = clock.after(waitMs, () => handlers && open(handlers));
  }

  return {
    start(topics, given) {
      subscriptions = [...topics];
      handlers = given;
      open(given);
    },
    publish(topic, payload, acked) {
      outbox.add(topic, payload, acked);
      pump();
    },
    stop(closed) {
      cancelRetry();
      if (current === undefined) return closed();
      const giveUp = clock.after(STOP_TIMEOUT_MS, () => current?.destroy());
      stopped = () => {
        giveUp();
        closed();
      };
      current.disconnect();
    },
  };
}

function settingsOf({
  broker,
  openStream,
  clientId,
  will,
  contentType,
  messageExpirySeconds,
}: MqttTransportOptions): ConnectionSettings {
  const { ca, cert, key, username, password } = broker;
  const version5 = broker.mqttVersion === '5';
  const tls = { ca, cert, key };
  const client: IClientOptions = {
    clientId,
    clean: false,
    protocolVersion: version5 ? 5 : 4,
    keepalive: broker.keepaliveSeconds,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // A new connection is a new client: what the library would repeat, queue or subscribe again by itself is ours to decide.
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    timerVariant: 'native',
    rejectUnauthorized: true,
    ...Object.fromEntries(Object.entries(tls).flatMap(([name, pem]) => (pem ? [[name, Buffer.from(pem)]] : []))),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password: Buffer.from(password) }),
    ...(will === undefined
      ? {}
      : { will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: false } }),
    ...(version5
      ? {
          properties: {
            sessionExpiryInterval: broker.sessionExpirySeconds,
            receiveMaximum: RECEIVE_WINDOW,
            maximumPacketSize: MAX_PACKET_BYTES,
          },
        }
      : {}),
  };
  const publishProperties = {
    ...(contentType === undefined ? {} : { contentType }),
    ...(messageExpirySeconds === undefined ? {} : { messageExpiryInterval: messageExpirySeconds }),
  };
  return { url: broker.url, openStream, client, publishProperties };
}
