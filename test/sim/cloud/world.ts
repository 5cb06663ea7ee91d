/** A clock, a broker and hands: as little around the services as they can run in. */
import { StoreError } from '../../../device/errors.ts';
import type { Clock, Journal, Log, Random, Transport, TransportHandlers } from '../../../device/ports.ts';
import { type EpochMs, sha256, utf8 } from '../../../protocol/index.ts';
import type { ServicePorts } from '../../../sim/cloud/index.ts';
import { demoTimeMs } from '../../../sim/shops/index.ts';

interface Timer {
  readonly at: number;
  readonly fire: () => void;
}

/** Stands still until it is told to go. */
export class HandClock implements Clock {
  #now: number = demoTimeMs;
  readonly #timers = new Set<Timer>();

  now(): EpochMs {
    return this.#now as EpochMs;
  }

  after(delayMs: number, fire: () => void) {
    const timer = { at: this.#now + delayMs, fire };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Goes on, running what is due on the way in order; `between` runs after each. A negative time is a clock set back. */
  advance(ms: number, between: () => void = () => {}): void {
    const until = this.#now + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.fire();
      between();
    }
    this.#now = until;
  }
}

interface Queued {
  readonly topic: string;
  readonly payload: Uint8Array;
}

interface Client {
  subscriptions: readonly string[];
  handlers: TransportHandlers | undefined;
  /** Not acknowledged yet; kept while the client is away. */
  readonly waiting: Queued[];
}

/** Delivers in order and at least once; how often, the test says. Seeing everything, it also is the wire tap. */
export class HandBroker {
  readonly #clients = new Map<string, Client>();
  readonly seen: Queued[] = [];
  /** How many copies of each message are delivered. */
  copies: () => number = () => 1;
  /** While set, what is published is neither taken nor passed on: the link is down. */
  isDown = false;

  transport(name: string): Transport {
    const client: Client = this.#clients.get(name) ?? { subscriptions: [], handlers: undefined, waiting: [] };
    this.#clients.set(name, client);
    return {
      start: (subscriptions, handlers) => {
        client.subscriptions = subscriptions;
        client.handlers = handlers;
        handlers.onState('online');
      },
      publish: (topic, payload, acked) => {
        if (this.isDown) return;
        this.publish(topic, payload);
        acked();
      },
      stop: (closed) => {
        client.handlers = undefined;
        closed();
      },
    };
  }

  /** The handlers of a client, for messages that go past the broker. */
  handlersOf(name: string): TransportHandlers {
    const handlers = this.#clients.get(name)?.handlers;
    if (handlers === undefined) throw new Error(`${name} is not connected`);
    return handlers;
  }

  publish(topic: string, payload: Uint8Array): void {
    this.seen.push({ topic, payload });
    for (const client of this.#clients.values()) {
      if (!client.subscriptions.some((filter) => matches(filter, topic))) continue;
      for (let copy = this.copies(); copy > 0; copy -= 1) client.waiting.push({ topic, payload: payload.slice() });
    }
  }

  /** Delivers until nobody has anything to say any more. */
  settle(): void {
    for (let moved = true; moved; ) {
      moved = false;
      for (const client of this.#clients.values()) moved = deliver(client) || moved;
    }
  }
}

/** Hands out all that waits; what is not acknowledged waits on, for the next start or the next round. */
function deliver(client: Client): boolean {
  if (client.handlers === undefined || client.waiting.length === 0) return false;
  const batch = client.waiting.splice(0);
  let acked = 0;
  const kept = batch.filter(({ topic, payload }) => {
    let isAcked = false;
    client.handlers?.onMessage(topic, payload, () => {
      isAcked = true;
    });
    acked += isAcked ? 1 : 0;
    return !isAcked;
  });
  client.waiting.unshift(...kept);
  return acked > 0;
}

function matches(filter: string, topic: string): boolean {
  const levels = topic.split('/');
  const wanted = filter.split('/');
  return levels.length === wanted.length && wanted.every((level, i) => level === '+' || level === levels[i]);
}

/** Survives the services that write to it. `isFull` refuses what comes. */
export class HandJournal implements Journal {
  readonly records: Uint8Array[] = [];
  isFull = false;

  read(): Uint8Array[] {
    return this.records.map((record) => record.slice());
  }

  append(records: readonly Uint8Array[]): void {
    if (this.isFull) throw new StoreError('store-full', 'the test says so', 'none');
    this.records.push(...records.map((record) => record.slice()));
  }

  close(): void {}
}

/** Never the same bytes twice, the same ones in each run. */
export function countingRandom(seed: string): Random {
  let count = 0;
  return { bytes: (length) => sha256(utf8(`${seed}/${count++}`)).slice(0, length) };
}

export class HandLog implements Log {
  readonly lines: string[] = [];

  write(level: string, code: string, detail: Readonly<Record<string, string | number | boolean>> = {}): void {
    this.lines.push(`${level} ${code} ${JSON.stringify(detail)}`);
  }
}

export interface HandPorts extends ServicePorts {
  readonly journal: HandJournal;
  readonly log: HandLog;
}

/** Ports of one party; `life` sets its randomness apart from that of its earlier lives. */
export function portsOf(
  name: string,
  shared: { readonly clock: HandClock; readonly broker: HandBroker },
  kept: { readonly journal: HandJournal; readonly life: number } = { journal: new HandJournal(), life: 0 },
): HandPorts {
  return {
    clock: shared.clock,
    random: countingRandom(`${name}/${kept.life}`),
    transport: shared.broker.transport(name),
    journal: kept.journal,
    log: new HandLog(),
  };
}
