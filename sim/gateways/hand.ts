/** Somebody who talks to the PSP: seals and opens frames under its own key. */
import {
  deviceTopic,
  FRAME_MAX_LIFETIME_S,
  type Message,
  newId,
  type OpenFrame,
  openFrame,
  type Party,
  ProtocolError,
  SERVICE_SESSION,
  type SessionId,
  type SigningKey,
  sealFrame,
  secondsOf,
  serviceTopic,
  softSigningKey,
} from '../../protocol/index.ts';
import type { Tenant } from '../cloud/index.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import type { GatewayNet } from './net.ts';

export interface HandWorld {
  readonly tenant: Tenant;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly net: GatewayNet;
}

const PSP: Party = { party: 'psp', role: 'psp' };

export class Hand {
  readonly #world: HandWorld;
  readonly #self: Party;
  readonly #key: SigningKey;
  readonly #session: SessionId;

  /** @param session of a device; services have none of their own. */
  constructor(
    world: HandWorld,
    self: Party,
    frameSeed: Uint8Array,
    hear: (frame: OpenFrame, after: number) => void,
    session = SERVICE_SESSION,
  ) {
    this.#world = world;
    this.#self = self;
    this.#key = softSigningKey(frameSeed);
    this.#session = session;
    const { tenant, net } = world;
    const receive = (payload: Uint8Array, after: number): void => {
      const frame = this.#open(payload);
      if (frame) hear(frame, after);
    };
    if (self.role === 'device') net.joinDevice(tenant.tenant, self.party, receive);
    else net.joinService(tenant.tenant, self.party, receive);
  }

  say(message: Message): void {
    const { tenant, clock, random, net } = this.#world;
    const address = { tenant: tenant.tenant, from: this.#self, to: PSP, session: this.#session };
    const life = { iat: secondsOf(clock.now()), lifetimeS: FRAME_MAX_LIFETIME_S, cti: newId(random.bytes(16)) };
    const frame = sealFrame(message, address, life, this.#key);
    const isDevice = this.#self.role === 'device';
    net.toPsp(
      isDevice ? deviceTopic(tenant.tenant, this.#self.party, 'up') : serviceTopic(tenant.tenant, PSP.party),
      frame,
    );
  }

  /** What is too old by now is nothing. */
  #open(payload: Uint8Array): OpenFrame | undefined {
    const { tenant, clock } = this.#world;
    const { trust } = tenant.directory;
    const reader = { tenant: tenant.tenant, self: this.#self, trust, sessionOf: () => this.#session };
    try {
      return openFrame(payload, reader, secondsOf(clock.now()));
    } catch (error) {
      if (error instanceof ProtocolError && error.code === 'frame-expired') return undefined;
      throw error;
    }
  }
}
