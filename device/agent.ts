/**
 * The device runtime: brings events to the purchases one at a time, makes each step durable, then carries out its effects.
 * It decides nothing itself; what happens is in `purchase/step.ts`, how it is done is in the ports.
 */
import {
  deviceTopic,
  type EpochMs,
  isWellFormed,
  newId,
  peekFrame,
  type SigningKey,
  secondsOf,
} from '../protocol/index.ts';
import { Announcer } from './announcer.ts';
import { isOfBinding } from './binding/events.ts';
import type { DisplayProfile } from './confirm/view.ts';
import { StoreError } from './errors.ts';
import { interpret, takesOrders } from './interpret.ts';
import { decodeRecord, encodeRecord, type OutgoingFrame, type Purchases } from './journal-record.ts';
import { deviceReader } from './link/device-reader.ts';
import { DropLog } from './link/drop-log.ts';
import { Inbox } from './link/inbox.ts';
import { sealOutgoing } from './link/outgoing.ts';
import type { Ear, EarEvent } from './listening.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { OneEar } from './one-ear.ts';
import type { Clock, Display, Journal, LinkState, Log, Random, Speaker, Stop, Transport } from './ports.ts';
import { localeOf } from './purchase/ending.ts';
import { comesOnce, type Effect, type PurchaseEvent } from './purchase/events.ts';
import { readOrder } from './purchase/locking.ts';
import { advance, IDLE, nextWake } from './purchases.ts';
import type { DeviceSettings } from './settings.ts';
import type { Signer } from './signer/port.ts';

export interface AgentPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
  /** The words, apart from the journal, so that they can be forgotten while the journal stays. */
  readonly transcripts: Journal;
  readonly transport: Transport;
  readonly signer: Signer;
  readonly display: Display;
  readonly profile: DisplayProfile;
  readonly speaker: Speaker;
  readonly ear: Ear;
  readonly log: Log;
}

/** What an observer is told after each durable step. */
export interface AgentReport {
  readonly at: EpochMs;
  readonly event: PurchaseEvent;
  readonly purchases: Purchases;
  readonly sent: readonly OutgoingFrame[];
  readonly effects: readonly Effect[];
}

export interface Agent {
  /** Reads the journal, takes up what was under way, connects. @throws StoreError when the journal cannot be trusted. */
  start(): void;
  /** Opens the ear, as a wake word or a key does: for an order, or for what can be said to the purchase that is under way. */
  wake(): void;
  /** Takes words from elsewhere than the ear, for example a transcript that the device's own speech service pushed. */
  hear(event: EarEvent): void;
  readonly purchases: Purchases;
  /** Disconnects and closes the stores; `done` once. */
  stop(done: () => void): void;
}

/** A frame lives as long as the protocol allows: a broker may hold it while the other side is away. */
const LIFETIME_S = 120;
/** How soon a step that could not be stored is tried again. */
const STORE_AGAIN_MS = 5_000;

export function createAgent(
  settings: DeviceSettings,
  agentKey: SigningKey,
  ports: AgentPorts,
  observe: (report: AgentReport) => void = () => {},
): Agent {
  return new DeviceAgent(settings, agentKey, ports, observe);
}

class DeviceAgent implements Agent {
  readonly #settings: DeviceSettings;
  readonly #key: SigningKey;
  readonly #ports: AgentPorts;
  readonly #observe: (report: AgentReport) => void;
  readonly #inbox: Inbox;
  readonly #drops: DropLog;
  readonly #announcer: Announcer;
  readonly #ear: OneEar;
  readonly #work = new OneAtATime();
  /** What could not be stored and will not come again, oldest first. */
  readonly #kept: PurchaseEvent[] = [];
  #purchases: Purchases = IDLE;
  #timer: Stop | undefined;

  constructor(settings: DeviceSettings, key: SigningKey, ports: AgentPorts, observe: (report: AgentReport) => void) {
    this.#settings = settings;
    this.#key = key;
    this.#ports = ports;
    this.#observe = observe;
    this.#announcer = new Announcer(ports);
    this.#ear = new OneEar(ports.ear);
    this.#inbox = new Inbox(deviceReader(settings));
    this.#drops = new DropLog(ports.log);
  }

  get purchases(): Purchases {
    return this.#purchases;
  }

  start(): void {
    this.#work.start();
    const resend = this.#restore();
    const { directory, device } = this.#settings;
    const topics = [deviceTopic(directory.tenant, device, 'down'), deviceTopic(directory.tenant, device, 'ctl')];
    this.#ports.transport.start(topics, {
      onState: (state) => this.#linkChanged(state),
      onMessage: (topic, payload, ack) => this.#work.run(() => this.#receive(topic, payload, ack)),
    });
    for (const { topic, frame } of resend) this.#ports.transport.publish(topic, frame, () => {});
    this.#work.run(() => this.#dispatch({ kind: 'restarted' }));
  }

  wake(): void {
    this.#work.run(() => {
      const { current } = this.#purchases;
      const expect = takesOrders(current) || current.at === 'asking' ? 'order' : 'reply';
      this.#listen(expect, localeOf(current, this.#settings.locale));
    });
  }

  hear(event: EarEvent): void {
    this.#work.run(() => this.#heard(event));
  }

  stop(done: () => void): void {
    this.#work.stop();
    this.#timer?.();
    this.#ear.close();
    this.#ports.signer.withdraw();
    this.#ports.transport.stop(() => {
      this.#ports.journal.close();
      this.#ports.transcripts.close();
      done();
    });
  }

  /** Takes the last entry's state, and the frames that may not have left: they are sent again, byte for byte (T3). */
  #restore(): readonly OutgoingFrame[] {
    const now = this.#ports.clock.now();
    const resend: OutgoingFrame[] = [];
    for (const bytes of this.#ports.journal.read()) {
      const record = decodeRecord(bytes);
      this.#purchases = record.purchases;
      if (record.received) this.#inbox.remember(peekFrame(record.received), now);
      for (const out of record.sent) if (peekFrame(out.frame).exp > secondsOf(now)) resend.push(out);
    }
    return resend;
  }

  #receive(topic: string, payload: Uint8Array, ack: () => void): void {
    const now = this.#ports.clock.now();
    const exact = new Uint8Array(payload);
    const arrival = this.#inbox.open(exact, now, topic);
    if (arrival.kind === 'dropped') this.#drops.note(arrival.code, now);
    if (arrival.kind === 'frame' && !isOfBinding(arrival.frame)) {
      if (arrival.frame.type === 'device-lock') this.#obey(arrival.frame.body.order);
      // Not acknowledged: the broker keeps it until it can be stored.
      if (!this.#dispatch({ kind: 'frame', frame: arrival.frame }, exact)) return;
      this.#inbox.remember(arrival.frame, now);
    }
    ack();
  }

  /** Before anything is stored: a full store must not keep a lost device open (T18, T30). It comes again until acknowledged. */
  #obey(bytes: Uint8Array): void {
    const order = readOrder(bytes, this.#settings);
    if (!order) return;
    const { signer } = this.#ports;
    signer.takeOrder?.(bytes, (taken) => this.#work.run(() => this.#dispatch({ kind: 'lock-order', order, taken })));
  }

  #linkChanged(state: LinkState): void {
    this.#ports.log.write('info', `link-${state}`);
    if (state !== 'connecting') this.#work.run(() => this.#dispatch({ kind: 'link', online: state === 'online' }));
  }

  #heard(event: EarEvent): void {
    if (event.kind === 'unheard') {
      this.#dispatch({ kind: 'unheard', why: event.why });
      return;
    }
    const { random, transcripts } = this.#ports;
    const fresh = newId(random.bytes(16));
    const salt = newId(random.bytes(16));
    const hypotheses = event.hypotheses.filter(({ text }) => isWellFormed(text));
    const { current } = this.#purchases;
    const read = interpret(hypotheses, event.mode, current, this.#settings, { fresh, salt });
    if (!read.transcript || this.#store(transcripts, read.transcript)) this.#dispatch(read.event);
  }

  /** Brings one event in, after those that are still waiting for the store. @returns whether it was taken. */
  #dispatch(event: PurchaseEvent, received?: Uint8Array): boolean {
    while (this.#kept[0] && this.#advance(this.#kept[0])) this.#kept.shift();
    const taken = this.#kept.length === 0 && this.#advance(event, received);
    if (!taken && comesOnce(event) && this.#kept.every(({ kind }) => kind !== event.kind)) this.#kept.push(event);
    return taken;
  }

  /** Step, make durable, act: in this order, always. @returns false when it could not be made durable; then nothing has happened. */
  #advance(event: PurchaseEvent, received?: Uint8Array): boolean {
    const { clock, random, journal } = this.#ports;
    const now = clock.now();
    const step = advance(this.#settings, this.#purchases, event, now);
    const sent = step.effects.flatMap((effect) =>
      effect.do === 'send'
        ? [sealOutgoing(effect.to, effect.message, this.#settings, this.#key, { now, lifetimeS: LIFETIME_S, random })]
        : [],
    );
    const record = { at: now, event: event.kind, ...(received && { received }), sent, purchases: step.purchases };
    if ((step.changed || received) && !this.#store(journal, encodeRecord(record))) return false;
    const { current } = this.#purchases;
    this.#purchases = step.purchases;
    // Nobody is listened to longer than the state that wanted an answer; an order can be said in several.
    const both = [current, step.purchases.current];
    if (current.at !== step.purchases.current.at && !both.every(takesOrders)) this.#ear.close();
    for (const { topic, frame } of sent) this.#ports.transport.publish(topic, frame, () => {});
    for (const effect of step.effects) this.#carryOut(effect);
    if (step.purchases.current.at !== 'confirming') this.#announcer.release();
    this.#setTimer();
    this.#observe({ at: now, event, purchases: step.purchases, sent, effects: step.effects });
    return true;
  }

  /** A full or failing store stops the device from acting, never from trying again. */
  #store(journal: Journal, record: Uint8Array): boolean {
    try {
      journal.append([record]);
      return true;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#ports.log.write('error', error.code);
      this.#timer?.();
      this.#timer = this.#ports.clock.after(STORE_AGAIN_MS, () =>
        this.#work.run(() => this.#dispatch({ kind: 'tick' })),
      );
      return false;
    }
  }

  #carryOut(effect: Effect): void {
    const { signer } = this.#ports;
    if (effect.do === 'say') this.#announcer.say(effect, this.#purchases.current.at === 'confirming');
    if (effect.do === 'listen') this.#listen(effect.expect, effect.locale);
    if (effect.do === 'confirm')
      signer.confirm({ kind: 'payment', ...effect }, (answer) =>
        this.#work.run(() => this.#dispatch({ kind: 'signer', answer })),
      );
    if (effect.do === 'withdraw') signer.withdraw();
  }

  #listen(expect: 'order' | 'reply', locale: 'zh-CN' | 'en-US'): void {
    const { current } = this.#purchases;
    const offers = current.at === 'choosing' ? current.offers.length : 0;
    this.#ear.open({ expect, locale, offers }, (event, stillCounts) =>
      this.#work.run(() => {
        if (stillCounts()) this.#heard(event);
      }),
    );
  }

  #setTimer(): void {
    this.#timer?.();
    const { clock } = this.#ports;
    const at = nextWake(this.#purchases);
    this.#timer =
      at === undefined
        ? undefined
        : clock.after(Math.max(0, at - clock.now()), () => this.#work.run(() => this.#dispatch({ kind: 'tick' })));
  }
}
