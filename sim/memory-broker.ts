/**
 * An MQTT broker as a clock-driven model: QoS 1, persistent sessions, `+` filters, acknowledged delivery, and the faults a
 * real one has. It exists to be deterministic; the real brokers are tested beside it with the same agent code.
 */
import type { Clock, LinkState, Transport, TransportHandlers } from '../device/index.ts';
import { privateCopy } from './private-copy.ts';

/** What may happen to one delivery; the default is: once, after 1 ms, in order. */
export interface DeliveryPlan {
  /** One entry a copy: how many milliseconds later it arrives. Empty: lost until the session resumes. */
  readonly delaysMs: readonly number[];
}

export interface Delivery {
  readonly from: string;
  readonly to: string;
  readonly topic: string;
  readonly payload: Uint8Array;
}

interface Session {
  readonly client: string;
  /** What the broker knows the client wants. */
  filters: readonly string[];
  /** What the client wants, and says again when the broker has forgotten it. */
  wanted: readonly string[];
  /** Changes when the broker forgets the session: what was on its way to it is lost. */
  term: number;
  handlers: TransportHandlers | undefined;
  /** Whether the client can reach the broker at all; a client that starts without a link waits for it. */
  hasLink: boolean;
  online: boolean;
  /** Published to this session and not yet acknowledged, oldest first. */
  readonly unacked: Map<number, Delivery>;
  /** Publishes of this client that the broker has not taken yet. */
  readonly outbox: { topic: string; payload: Uint8Array; acked: () => void }[];
}

export class MemoryBroker {
  readonly #clock: Clock;
  readonly #sessions = new Map<string, Session>();
  /** Who gets what is published on a topic; worked out once until somebody subscribes. */
  readonly #routes = new Map<string, readonly Session[]>();
  #nextId = 0;
  /** Decides each delivery. */
  plan: (delivery: Delivery) => DeliveryPlan = () => ({ delaysMs: [1] });
  /** What a hostile broker makes of each copy on its way (T1). */
  alter: (delivery: Delivery) => Uint8Array = ({ payload }) => payload;
  /** Sees each message the broker has taken, once. */
  onPublish: (from: string, topic: string, payload: Uint8Array) => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The transport of one client. A client that starts again with the same name resumes its session. */
  transport(client: string): Transport {
    return {
      start: (filters, handlers) => this.#attach(client, filters, handlers),
      publish: (topic, payload, acked) => {
        const session = this.#session(client);
        session.outbox.push({ topic, payload: privateCopy(payload), acked });
        this.#clock.after(0, () => this.#takeFrom(session));
      },
      stop: (closed) => {
        this.detach(client);
        this.#clock.after(0, closed);
      },
    };
  }

  /** The client's process is gone: nothing of it is called again, its session stays. */
  detach(client: string): void {
    const session = this.#session(client);
    session.online = false;
    session.handlers = undefined;
    session.outbox.length = 0;
  }

  /** Cuts or restores the link of one client. What was not acknowledged is delivered again afterwards. */
  setOnline(client: string, online: boolean): void {
    const session = this.#session(client);
    session.hasLink = online;
    if (session.online === online || !session.handlers) return;
    session.online = online;
    session.handlers.onState(online ? 'online' : 'offline');
    if (online) this.#resume(session);
  }

  /**
   * The broker stops, and every link with it; it is back `downMs` later. Without its sessions it has forgotten who wanted
   * what and every message it had taken; the clients say again what they want.
   */
  restart(keepsSessions: boolean, downMs: number): void {
    this.#routes.clear();
    for (const session of this.#sessions.values()) {
      if (!keepsSessions) {
        session.term += 1;
        session.unacked.clear();
        session.filters = [];
      }
      // Each by itself: a client that dies of the news must not keep it from the others.
      this.#clock.after(0, () => this.setOnline(session.client, false));
      this.#clock.after(downMs, () => {
        if (session.handlers) this.#subscribe(session, session.wanted);
        this.setOnline(session.client, true);
      });
    }
  }

  #subscribe(session: Session, filters: readonly string[]): void {
    session.wanted = filters;
    session.filters = filters;
    this.#routes.clear();
  }

  #session(client: string): Session {
    const known = this.#sessions.get(client);
    if (known) return known;
    const session: Session = {
      client,
      filters: [],
      wanted: [],
      term: 0,
      handlers: undefined,
      hasLink: true,
      online: false,
      unacked: new Map(),
      outbox: [],
    };
    this.#sessions.set(client, session);
    return session;
  }

  #attach(client: string, filters: readonly string[], handlers: TransportHandlers): void {
    const session = this.#session(client);
    this.#subscribe(session, filters);
    session.handlers = handlers;
    this.#clock.after(1, () => {
      if (session.handlers !== handlers || session.online || !session.hasLink) return;
      session.online = true;
      this.#tell(session, 'online');
      this.#resume(session);
    });
  }

  #tell(session: Session, state: LinkState): void {
    session.handlers?.onState(state);
  }

  #resume(session: Session): void {
    for (const [id, delivery] of session.unacked) this.#deliver(session, id, delivery);
    this.#takeFrom(session);
  }

  #takeFrom(session: Session): void {
    while (session.online && session.outbox.length > 0) {
      const message = session.outbox.shift();
      if (!message) return;
      this.#route(session.client, message.topic, message.payload);
      message.acked();
    }
  }

  /** Puts a message into the broker as if `from` had published it, for tests that replay what they captured. */
  inject(from: string, topic: string, payload: Uint8Array): void {
    this.#route(from, topic, payload);
  }

  #route(from: string, topic: string, payload: Uint8Array): void {
    this.onPublish(from, topic, payload);
    for (const session of this.#receiversOf(topic)) {
      const id = this.#nextId++;
      const delivery = { from, to: session.client, topic, payload };
      session.unacked.set(id, delivery);
      this.#deliver(session, id, delivery);
    }
  }

  #receiversOf(topic: string): readonly Session[] {
    const known = this.#routes.get(topic);
    if (known) return known;
    const levels = topic.split('/');
    const receivers = [...this.#sessions.values()].filter(({ filters }) =>
      filters.some((one) => one === topic || (one.includes('+') && fits(one, levels))),
    );
    this.#routes.set(topic, receivers);
    return receivers;
  }

  #deliver(session: Session, id: number, delivery: Delivery): void {
    const { term } = session;
    for (const delayMs of this.plan(delivery).delaysMs) {
      this.#clock.after(delayMs, () => {
        const { handlers } = session;
        if (!session.online || !handlers || session.term !== term) return;
        handlers.onMessage(delivery.topic, privateCopy(this.alter(delivery)), () => session.unacked.delete(id));
      });
    }
  }
}

/** Whether a topic filter with `+` levels matches a topic. */
export function matches(filter: string, topic: string): boolean {
  return fits(filter, topic.split('/'));
}

function fits(filter: string, levels: readonly string[]): boolean {
  const wanted = filter.split('/');
  return wanted.length === levels.length && wanted.every((level, i) => level === '+' || level === levels[i]);
}
