/** Parties moved by hand: a device, a merchant, a PSP that say exactly what the test makes them say. */
import {
  deviceTopic,
  type FrameAddress,
  type FrameType,
  hex,
  type Message,
  newId,
  type OpenFrame,
  openFrame,
  type Party,
  ProtocolError,
  SERVICE_SESSION,
  type SessionId,
  sealFrame,
  secondsOf,
  serviceTopic,
  softSigningKey,
} from '../../../protocol/index.ts';
import type { Tenant } from '../../../sim/cloud/index.ts';
import { countingRandom, type HandBroker, type HandClock } from './world.ts';

export type Heard<T extends FrameType> = Extract<OpenFrame, { type: T }>;

const keys = new Map<string, ReturnType<typeof softSigningKey>>();

/** Keys are made once: a test that builds a thousand stages would spend its time on nothing else. */
export function keyOf(seed: Uint8Array): ReturnType<typeof softSigningKey> {
  const key = keys.get(hex(seed)) ?? softSigningKey(seed);
  keys.set(hex(seed), key);
  return key;
}

export class Hand {
  readonly self: Party;
  readonly heard: OpenFrame[] = [];
  readonly #tenant: Tenant;
  readonly #key: ReturnType<typeof softSigningKey>;
  readonly #session: SessionId;
  readonly #clock: HandClock;
  readonly #broker: HandBroker;
  readonly #random;

  constructor(
    shared: { readonly tenant: Tenant; readonly clock: HandClock; readonly broker: HandBroker },
    self: Party,
    keys: { readonly frameSeed: Uint8Array; readonly session?: SessionId },
  ) {
    this.self = self;
    this.#tenant = shared.tenant;
    this.#clock = shared.clock;
    this.#broker = shared.broker;
    this.#key = keyOf(keys.frameSeed);
    this.#session = keys.session ?? SERVICE_SESSION;
    this.#random = countingRandom(`hand ${self.party}`);
    const { tenant } = shared.tenant;
    const own = (direction: 'down' | 'ctl') => deviceTopic(tenant, self.party, direction);
    const inboxes = self.role === 'device' ? [own('down'), own('ctl')] : [serviceTopic(tenant, self.party)];
    shared.broker.transport(`hand ${self.party}`).start(inboxes, {
      onState: () => {},
      onMessage: (_topic, payload, ack) => {
        const reader = {
          tenant,
          self,
          trust: shared.tenant.directory.trust,
          sessionOf: () => this.#session,
        };
        ack();
        try {
          this.heard.push(openFrame(payload, reader, secondsOf(this.#clock.now())));
        } catch (error) {
          // What the network brings again too late is nothing to a hand, as it is nothing to a device.
          if (!(error instanceof ProtocolError) || error.code !== 'frame-expired') throw error;
        }
      },
    });
  }

  /** A sealed frame, not sent. */
  seal(
    to: Party,
    message: Message,
    other: Partial<FrameAddress> = {},
    cti = newId(this.#random.bytes(16)),
  ): Uint8Array {
    const address = { tenant: this.#tenant.tenant, from: this.self, to, session: this.#session, ...other };
    const life = { iat: secondsOf(this.#clock.now()), lifetimeS: 120, cti };
    return sealFrame(message, address, life, this.#key);
  }

  /** Publishes where this party publishes. */
  put(to: Party, frame: Uint8Array): void {
    const { tenant } = this.#tenant;
    const { party, role } = this.self;
    this.#broker.publish(role === 'device' ? deviceTopic(tenant, party, 'up') : serviceTopic(tenant, to.party), frame);
    this.#broker.settle();
  }

  /** Sends and lets everybody answer. @returns the frame. */
  say(to: Party, message: Message): Uint8Array {
    const frame = this.seal(to, message);
    this.put(to, frame);
    return frame;
  }

  /** The last frame heard, which must be of this type. */
  last<T extends FrameType>(type: T): Heard<T> {
    const frame = this.heard.at(-1);
    if (frame?.type !== type) throw new Error(`heard ${describe(frame)} instead of ${type}`);
    return frame as Heard<T>;
  }

  /** The newest frame of this type; others may have come after it. */
  latest<T extends FrameType>(type: T): Heard<T> {
    return this.all(type).at(-1) ?? this.last(type);
  }

  all<T extends FrameType>(type: T): Heard<T>[] {
    return this.heard.filter((frame): frame is Heard<T> => frame.type === type);
  }
}

function describe(frame: OpenFrame | undefined): string {
  if (frame === undefined) return 'nothing';
  return frame.type === 'refusal' ? `refusal ${frame.body.code}` : frame.type;
}
