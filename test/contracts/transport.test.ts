import { afterAll, beforeAll, describe } from 'vitest';
import { mqttTransport } from '../../device/adapters/mqtt-transport.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import type { Transport } from '../../device/ports.ts';
import { epochMs } from '../../protocol/time.ts';
import { startEmbeddedBroker } from '../../sim/embedded/aedes-broker.ts';
import { aedesNet } from '../../sim/embedded/aedes-net.ts';
import { Pacer } from '../../sim/embedded/pacer.ts';
import { MemoryBroker } from '../../sim/memory-broker.ts';
import { SeededRandom } from '../../sim/seeded-random.ts';
import { VirtualClock } from '../../sim/virtual-clock.ts';
import { countingRandom } from '../helpers/counting-random.ts';
import { type Broker, freePorts, hasMosquitto, openConfig, startMosquitto } from '../helpers/mosquitto.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';
import { access } from '../helpers/transport-probe.ts';
import { notices, watching } from './contract.ts';
import { type TransportStand, transportContract } from './transport.contract.ts';

const START = epochMs(1_700_000_000_000);
const LIMIT_MS = 3_600_000;

/** @param bent what a deliberately wrong body makes of the right one. */
function memoryStand(bent: (inner: Transport, clock: VirtualClock) => Transport = (inner) => inner): TransportStand {
  const clock = new VirtualClock(START);
  const broker = new MemoryBroker(clock);
  return {
    prefix: '',
    transport: (client) => bent(broker.transport(client), clock),
    async until(condition) {
      while (!condition()) if (!clock.step()) throw new Error('it never happened');
    },
    dispose: async () => {},
  };
}

async function aedesStand(): Promise<TransportStand> {
  const clock = new VirtualClock(START);
  const broker = await startEmbeddedBroker();
  const pacer = new Pacer(clock, () => broker.activity);
  const net = aedesNet(broker, clock, new SeededRandom('contract'));
  const made: Transport[] = [];
  return {
    prefix: '',
    transport(client) {
      const transport = net.transport(client);
      made.push(transport);
      return transport;
    },
    async until(condition) {
      await pacer.run(condition, LIMIT_MS);
      if (!condition()) throw new Error('it never happened');
    },
    async dispose() {
      let running = made.length;
      for (const transport of made) transport.stop(() => running--);
      await pacer.run(() => running === 0, LIMIT_MS);
      await broker.close();
    },
  };
}

transportContract.holdsFor('the model of a broker, under virtual time', memoryStand);
transportContract.holdsFor('MQTT over the embedded broker, through streams in memory', aedesStand);

describe.skipIf(!hasMosquitto).each(['3.1.1', '5'] as const)('over Mosquitto', (mqttVersion) => {
  let directory: ReturnType<typeof temporaryDirectory>;
  let broker: Broker;
  let url: string;
  let stands = 0;

  beforeAll(async () => {
    directory = temporaryDirectory();
    const [port = 0] = await freePorts(1);
    url = `mqtt://127.0.0.1:${port}`;
    broker = await startMosquitto(directory.path, openConfig(port));
  });

  afterAll(async () => {
    await broker.stop();
    directory.remove();
  });

  transportContract.holdsFor(`MQTT ${mqttVersion} over Mosquitto`, () => {
    const prefix = `${stands++}/`;
    const { happened, until } = watching();
    const made: Transport[] = [];
    return {
      prefix,
      until,
      transport(client) {
        const inner = mqttTransport(
          { broker: access(url, { mqttVersion }), clientId: `${client}${prefix}` },
          { clock: systemClock(), random: countingRandom(client), log: { write: () => {} } },
        );
        made.push(inner);
        return observed(inner, happened);
      },
      dispose: async () => {
        await Promise.all(made.map((transport) => new Promise<void>((resolve) => transport.stop(resolve))));
      },
    };
  });
});

/** The same transport; `happened` runs after each of its calls. */
function observed(inner: Transport, happened: () => void): Transport {
  const then =
    <Args extends readonly unknown[]>(call: (...args: Args) => void) =>
    (...args: Args) => {
      call(...args);
      happened();
    };
  return {
    start: (filters, { onState, onMessage }) =>
      inner.start(filters, { onState: then(onState), onMessage: then(onMessage) }),
    publish: (topic, payload, acked) => inner.publish(topic, payload, then(acked)),
    stop: (closed) => inner.stop(then(closed)),
  };
}

describe('the contract of the transport', () => {
  /** A transport with one thing wrong. */
  const wrong = (flaw: (inner: Transport, clock: VirtualClock) => Partial<Transport>) => (): TransportStand =>
    memoryStand((inner, clock) => ({
      start: (filters, handlers) => inner.start(filters, handlers),
      publish: (topic, payload, acked) => inner.publish(topic, payload, acked),
      stop: (closed) => inner.stop(closed),
      ...flaw(inner, clock),
    }));

  notices(transportContract, [
    [
      'is online before it has subscribed',
      'is online only when its subscriptions count: what is sent upon that arrives',
      wrong((inner, clock) => ({
        start(filters, handlers) {
          clock.after(0, () => handlers.onState('online'));
          clock.after(5, () => inner.start(filters, handlers));
        },
      })),
    ],
    [
      'cuts payloads',
      'carries every byte, nothing at all and the largest frame, each to its topic, in order',
      wrong((inner) => ({ publish: (topic, payload, acked) => inner.publish(topic, payload.slice(0, 4_095), acked) })),
    ],
    [
      'sends bytes that are still the caller’s',
      'T12: carries what the bytes were when they were handed over, and hands over bytes of its own',
      wrong((inner, clock) => ({
        publish: (topic, payload, acked) => void clock.after(0, () => inner.publish(topic, payload, acked)),
      })),
    ],
    [
      'says at once that the broker has it',
      'keeps what is published while there is no link, and says once when the broker has taken it',
      wrong((inner) => ({
        publish(topic, payload, acked) {
          inner.publish(topic, payload, () => {});
          acked();
        },
      })),
    ],
    [
      'acknowledges what was only received',
      'T3: gets again after a new start what it did not acknowledge, and what came in between, and nothing else',
      wrong((inner) => ({
        start: (filters, { onState, onMessage }) =>
          inner.start(filters, {
            onState,
            onMessage(topic, payload, ack) {
              ack();
              onMessage(topic, payload, ack);
            },
          }),
      })),
    ],
    [
      'never acknowledges',
      'T3: gets again after a new start what it did not acknowledge, and what came in between, and nothing else',
      wrong((inner) => ({
        start: (filters, { onState, onMessage }) =>
          inner.start(filters, { onState, onMessage: (topic, payload) => onMessage(topic, payload, () => {}) }),
      })),
    ],
    [
      'says closed twice',
      'says closed once, and then nothing more: what comes later waits for the next start',
      wrong((inner, clock) => ({
        stop(closed) {
          inner.stop(closed);
          clock.after(0, closed);
        },
      })),
    ],
    [
      'goes on after it said closed',
      'says closed once, and then nothing more: what comes later waits for the next start',
      wrong((_inner, clock) => ({ stop: (closed) => void clock.after(0, closed) })),
    ],
    [
      'does not close what has not started',
      'closes also where it was never started',
      wrong(() => ({ stop: () => {} })),
    ],
  ]);
});
