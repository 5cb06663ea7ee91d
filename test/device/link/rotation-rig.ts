/** Parties with sealed transports on one broker, under virtual time: to let keys be replaced among them. */
import type { Clock, Log, Transport } from '../../../device/index.ts';
import { type SealedTransportParts, sealedTransport } from '../../../device/link/sealed-transport.ts';
import {
  allDevicesUp,
  deviceTopic,
  type EpochMs,
  hex,
  type Message,
  newId,
  recipientKeyPair,
  sealFrame,
  secondsOf,
  serviceTopic,
  signRecipientKey,
  softSigningKey,
} from '../../../protocol/index.ts';
import { createTenant, DEMO_START, MemoryBroker, SeededRandom, VirtualClock } from '../../../sim/index.ts';
import { type MemoryRecipientStores, memoryRecipientStores } from '../../../sim/memory-recipient-stores.ts';
import type { Recorder } from '../../../sim/tape/record.ts';

export const DAY_S = 86_400;
export const DAY_MS = DAY_S * 1000;
/** The first keys hold 90 days from the midnight before the worlds begin. */
export const TENANT = createTenant(new SeededRandom('rotation').bytes(32), {
  tenant: 'demo',
  devices: ['glasses-01', 'glasses-02'],
});
export type Name = 'glasses-01' | 'glasses-02' | 'psp' | 'agent';
export const PSP = { party: 'psp', role: 'psp' } as const;
/** Where the first device publishes. */
export const UP = deviceTopic('demo', 'glasses-01', 'up');
export const GLASSES = { party: 'glasses-01', role: 'device' } as const;

export interface RigParty {
  readonly name: Name;
  readonly transport: Transport;
  /** Frames that reached it, in hex. */
  readonly got: string[];
  readonly logs: string[];
  readonly stores: MemoryRecipientStores;
  /** Sets this party's own clock off by so much. */
  skew(ms: number): void;
  stop(): void;
}

export interface Published {
  readonly from: string;
  readonly topic: string;
  readonly payload: Uint8Array;
}

export interface StartOptions {
  readonly windowS?: number;
  readonly stores?: MemoryRecipientStores;
  readonly directory?: typeof TENANT.directory;
  /** Another session at the broker: what waited for the old one never comes. */
  readonly session?: string;
  /** Takes down what passes the ports of this party's link. */
  readonly recorder?: Pick<Recorder, 'link'>;
}

export class Rig {
  readonly clock = new VirtualClock(DEMO_START);
  readonly broker = new MemoryBroker(this.clock);
  readonly published: Published[] = [];
  #sent = 0;
  #starts = 0;

  constructor() {
    this.broker.onPublish = (from, topic, payload) => this.published.push({ from, topic, payload: payload.slice() });
  }

  start(name: Name, { windowS = 90 * DAY_S, directory = TENANT.directory, ...options }: StartOptions = {}): RigParty {
    const { clock: common } = this;
    let skewMs = 0;
    const clock: Clock = {
      now: () => (common.now() + skewMs) as EpochMs,
      after: (delayMs, fire) => common.after(delayMs, fire),
    };
    const skew = (ms: number) => {
      skewMs = ms;
    };
    const stores = options.stores ?? memoryRecipientStores();
    const [got, logs]: [string[], string[]] = [[], []];
    const log: Log = { write: (_level, code) => logs.push(code) };
    const device = TENANT.devices.find((one) => one.device === name);
    const role = device ? 'device' : (name as 'psp' | 'agent');
    const { frameSeed, recipientSeed } = device ?? TENANT[name as 'psp' | 'agent'];
    this.#starts += 1;
    const parts: SealedTransportParts = {
      self: { party: name, role },
      directory,
      frameKey: softSigningKey(frameSeed),
      enrolled: { key: recipientKeyPair(recipientSeed), ...TENANT.recipientKeysHold },
      stores,
      windowS,
      clock,
      random: new SeededRandom(`${name} ${this.#starts}`),
      log,
    };
    const plain = { inner: this.broker.transport(options.session ?? name), parts };
    const link = options.recorder?.link(plain) ?? plain;
    const transport = sealedTransport(link.inner, link.parts);
    const topics = device ? [deviceTopic('demo', name, 'down')] : [allDevicesUp('demo'), serviceTopic('demo', name)];
    transport.start(topics, {
      onState: () => {},
      onMessage: (_topic, payload, ack) => {
        got.push(hex(payload));
        ack();
      },
    });
    return { name, transport, got, logs, stores, skew, stop: () => transport.stop(() => {}) };
  }

  pass(ms: number): void {
    this.clock.advance(ms);
  }

  /** Sends a frame between the first glasses and the PSP and says whether it got there within a second. */
  reaches(from: RigParty, to: RigParty): boolean {
    const frame = this.frame(from.name === 'psp');
    const topic = deviceTopic('demo', GLASSES.party, from.name === 'psp' ? 'down' : 'up');
    from.transport.publish(topic, frame, () => {});
    this.pass(1_000);
    return to.got.includes(hex(frame));
  }

  /** A frame from the glasses to the PSP, or the other way. */
  frame(isFromPsp: boolean): Uint8Array {
    const [device] = TENANT.devices;
    if (!device) throw new Error('the tenant has a device');
    this.#sent += 1;
    const requestId = newId(new SeededRandom(`request ${this.#sent}`).bytes(16));
    const [from, to] = isFromPsp ? [PSP, GLASSES] : [GLASSES, PSP];
    const message: Message = isFromPsp
      ? { type: 'refusal', body: { requestId, category: 'STATE_CONFLICT', code: 'expired-request' } }
      : { type: 'pay-query', body: { requestId } };
    const key = softSigningKey(isFromPsp ? TENANT.psp.frameSeed : device.frameSeed);
    const life = {
      iat: secondsOf(this.clock.now()),
      lifetimeS: 60,
      cti: newId(new SeededRandom(`cti ${this.#sent}`).bytes(16)),
    };
    return sealFrame(message, { tenant: 'demo', from, to, session: device.session }, life, key);
  }

  /** What a party published since `mark` things had been published. */
  since(mark: number, from: Name): readonly Published[] {
    return this.published.slice(mark).filter((one) => one.from === from);
  }

  at(days: number): void {
    const day0 = TENANT.recipientKeysHold.notBefore * 1000;
    this.pass(day0 + days * DAY_MS - this.clock.now());
  }
}

/** A device and the PSP, connected, on the first day. */
export function pair() {
  const rig = new Rig();
  const [device, psp] = [rig.start('glasses-01'), rig.start('psp')];
  rig.pass(10);
  return { rig, device, psp };
}

/** What was published last on a topic. */
export const lastTo = (rig: Rig, topic: string) =>
  rig.published.filter((one) => one.topic === topic).at(-1)?.payload as Uint8Array;

/** A statement of the PSP, or of the first device, truly signed. */
export function statement(
  number: number,
  window: { notBefore: number; notAfter: number },
  by: { party: string; role: 'psp' | 'device' } = PSP,
  seed = by.role === 'psp' ? TENANT.psp.frameSeed : TENANT.devices[0]?.frameSeed,
): Uint8Array {
  const { publicKey } = recipientKeyPair(new SeededRandom(`statement ${number}`).bytes(32));
  const body = { ...by, publicKey, notBefore: window.notBefore, notAfter: window.notAfter } as never;
  return signRecipientKey(body, 'demo', softSigningKey(seed as Uint8Array));
}
