/** What a service sends: addressed, sealed, numbered, and remembered until the broker has taken it. */
import type { Random, Transport } from '../../device/ports.ts';
import {
  deviceTopic,
  type EpochMs,
  FRAME_MAX_LIFETIME_S,
  newId,
  type Party,
  SERVICE_SESSION,
  type SigningKey,
  sealFrame,
  secondsOf,
  serviceTopic,
} from '../../protocol/index.ts';
import type { Outgoing } from './handler.ts';
import type { SessionOf } from './inbox.ts';

export interface OutboxOptions {
  readonly tenant: string;
  readonly self: Party;
  readonly frameKey: SigningKey;
  readonly sessionOf: SessionOf;
  readonly random: Random;
  readonly transport: Transport;
}

/**
 * Numbers count every message the service ever produced. As handlers are deterministic, a restarted service produces the
 * same numbers from its journal and sends again only what the broker may not have taken.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  #next = 0;
  /** Numbers the broker has not taken yet, ascending. */
  readonly #open = new Set<number>();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Every number below this one is done with. */
  get takenBelow(): number {
    return this.#open.values().next().value ?? this.#next;
  }

  /** Takes the next number, for a message that was produced. It is open until the broker has taken the message. */
  number(): number {
    this.#open.add(this.#next);
    return this.#next++;
  }

  /** The message with this number need not be sent any more. */
  done(number: number): void {
    this.#open.delete(number);
  }

  /** Seals and publishes. A device that is no longer enrolled gets nothing. */
  send(number: number, { to, message }: Outgoing, now: EpochMs): void {
    const { tenant, self, frameKey, sessionOf, random, transport } = this.#options;
    const session = to.role === 'device' ? sessionOf(to.party) : SERVICE_SESSION;
    if (session === undefined) {
      this.done(number);
      return;
    }
    const life = { iat: secondsOf(now), lifetimeS: FRAME_MAX_LIFETIME_S, cti: newId(random.bytes(16)) };
    const frame = sealFrame(message, { tenant, from: self, to, session }, life, frameKey);
    // A lock order has a topic of its own, which a flood on the other does not fill (T30).
    const direction = message.type === 'device-lock' ? 'ctl' : 'down';
    const topic = to.role === 'device' ? deviceTopic(tenant, to.party, direction) : serviceTopic(tenant, to.party);
    transport.publish(topic, frame, () => this.done(number));
  }
}
