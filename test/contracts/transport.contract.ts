import { expect } from 'vitest';
import type { LinkState, Transport } from '../../device/ports.ts';
import { contract } from './contract.ts';

export interface TransportStand {
  /** The transport of one client; the next one of the same name is its next start. */
  transport(client: string): Transport;
  /** Before each topic, so that claims may share a broker. */
  readonly prefix: string;
  /** Goes on until the condition holds; throws, or never ends, where it cannot come to hold. */
  until(condition: () => boolean): Promise<void>;
  /** Stops whatever still runs. */
  dispose(): Promise<void>;
}

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, value) => value);
const LARGEST_FRAME = new Uint8Array(4_096).fill(0xa5);

/** One client and all that its transport told it. */
class Client {
  readonly states: LinkState[] = [];
  readonly received: { readonly topic: string; readonly payload: Uint8Array; readonly ack: () => void }[] = [];
  closed = 0;
  readonly #stand: TransportStand;
  readonly #transport: Transport;

  constructor(stand: TransportStand, name: string) {
    this.#stand = stand;
    this.#transport = stand.transport(name);
  }

  /** @param acks whether each message counts as stored at once. */
  start(filters: readonly string[], acks: boolean, onOnline = () => {}): void {
    this.#transport.start(
      filters.map((filter) => this.#stand.prefix + filter),
      {
        onState: (state) => {
          this.states.push(state);
          if (state === 'online') onOnline();
        },
        onMessage: (topic, payload, ack) => {
          this.received.push({ topic: topic.slice(this.#stand.prefix.length), payload, ack });
          if (acks) ack();
        },
      },
    );
  }

  online(): Promise<void> {
    return this.#stand.until(() => this.states.at(-1) === 'online');
  }

  send(topic: string, payload: Uint8Array, acked = () => {}): void {
    this.#transport.publish(this.#stand.prefix + topic, payload, acked);
  }

  async publish(topic: string, payload: Uint8Array): Promise<void> {
    let taken = false;
    this.send(topic, payload, () => {
      taken = true;
    });
    await this.#stand.until(() => taken);
  }

  hears(count: number): Promise<void> {
    return this.#stand.until(() => this.received.length >= count);
  }

  async stop(): Promise<void> {
    this.#transport.stop(() => this.closed++);
    await this.#stand.until(() => this.closed > 0);
  }

  payloads(): Uint8Array[] {
    return this.received.map(({ payload }) => payload);
  }
}

async function started(stand: TransportStand, name: string, filters: readonly string[], acks = true): Promise<Client> {
  const client = new Client(stand, name);
  client.start(filters, acks);
  await client.online();
  return client;
}

export const transportContract = contract<TransportStand>('Transport', {
  'is online only when its subscriptions count: what is sent upon that arrives': async (stand) => {
    const service = await started(stand, 'service', []);
    // The broker has taken something of it: nothing of the service's own is still on the way.
    await service.publish('elsewhere', bytes(0));
    const device = new Client(stand, 'device');
    let sent = false;
    device.start(['down'], true, () => {
      if (!sent) service.send('down', bytes(1));
      sent = true;
    });
    await device.hears(1);
    expect(device.payloads()).toEqual([bytes(1)]);
  },

  'carries every byte, nothing at all and the largest frame, each to its topic, in order': async (stand) => {
    const device = await started(stand, 'device', ['a/down', 'b/down']);
    const service = await started(stand, 'service', []);
    const payloads = [EVERY_BYTE, new Uint8Array(0), LARGEST_FRAME, ...Array.from({ length: 20 }, (_, i) => bytes(i))];
    for (const [i, payload] of payloads.entries()) service.send(i % 2 === 0 ? 'a/down' : 'b/down', payload);
    await device.hears(payloads.length);
    expect(device.payloads()).toEqual(payloads);
    expect(device.received.map(({ topic }) => topic)).toEqual(
      payloads.map((_, i) => (i % 2 === 0 ? 'a/down' : 'b/down')),
    );
  },

  'T12: carries what the bytes were when they were handed over, and hands over bytes of its own': async (stand) => {
    const device = await started(stand, 'device', ['down'], false);
    const other = await started(stand, 'other', ['down'], false);
    const service = await started(stand, 'service', []);
    const mine = bytes(1, 2, 3);
    service.send('down', mine);
    mine.fill(9);
    await device.hears(1);
    expect(device.payloads()).toEqual([bytes(1, 2, 3)]);
    device.received[0]?.payload.fill(8);
    await other.hears(1);
    expect(other.payloads()).toEqual([bytes(1, 2, 3)]);
    await device.stop();
    const again = await started(stand, 'device', ['down']);
    await again.hears(1);
    expect(again.payloads()).toEqual([bytes(1, 2, 3)]);
  },

  'keeps what is published while there is no link, and says once when the broker has taken it': async (stand) => {
    const service = await started(stand, 'service', ['up']);
    const device = new Client(stand, 'device');
    let acked = 0;
    device.start([], true);
    device.send('up', bytes(7), () => acked++);
    expect([acked, device.states.includes('online')]).toEqual([0, false]);
    await service.hears(1);
    await device.publish('up', bytes(8));
    await service.hears(2);
    expect(acked).toBe(1);
    expect(service.payloads()).toEqual([bytes(7), bytes(8)]);
  },

  'T3: gets again after a new start what it did not acknowledge, and what came in between, and nothing else': async (
    stand,
  ) => {
    const device = await started(stand, 'device', ['down'], false);
    const service = await started(stand, 'service', []);
    await service.publish('down', bytes(1));
    await service.publish('down', bytes(2));
    await device.hears(2);
    device.received[0]?.ack();
    await device.stop();
    await service.publish('down', bytes(3));
    const again = await started(stand, 'device', ['down']);
    await service.publish('down', bytes(4));
    await again.hears(3);
    expect(again.payloads()).toEqual([bytes(2), bytes(3), bytes(4)]);
    await again.stop();
    const last = await started(stand, 'device', ['down']);
    await service.publish('down', bytes(5));
    await last.hears(1);
    expect(last.payloads()).toEqual([bytes(5)]);
  },

  'delivers by filters with a `+` level, and nothing that nobody subscribed to': async (stand) => {
    const service = await started(stand, 'service', ['+/up']);
    const device = await started(stand, 'device', []);
    for (const topic of ['x/down', 'x/up', 'x/y/up', 'up', 'z/up']) device.send(topic, bytes(1));
    await service.hears(2);
    await device.publish('last/up', bytes(2));
    await service.hears(3);
    expect(service.received.map(({ topic }) => topic)).toEqual(['x/up', 'z/up', 'last/up']);
  },

  'says closed once, and then nothing more: what comes later waits for the next start': async (stand) => {
    const device = await started(stand, 'device', ['down']);
    const service = await started(stand, 'service', []);
    await device.stop();
    const told = device.states.length;
    await service.publish('down', bytes(1));
    const again = await started(stand, 'device', ['down']);
    await again.hears(1);
    expect([device.closed, device.states.length, device.received.length]).toEqual([1, told, 0]);
  },

  'can be stopped before it is online, and never is': async (stand) => {
    const device = new Client(stand, 'device');
    device.start(['down'], true);
    await device.stop();
    // By the time another client has come all the way, this one would have too.
    await started(stand, 'other', []);
    expect([device.closed, device.states.includes('online')]).toEqual([1, false]);
  },

  'closes also where it was never started': async (stand) => {
    const device = new Client(stand, 'device');
    await device.stop();
    expect(device.closed).toBe(1);
  },
});

function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}
