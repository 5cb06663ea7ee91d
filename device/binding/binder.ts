/**
 * The binding at run time: brings events to it one at a time, keeps a token before anything says that there is one, makes
 * each step durable, then carries out its effects. It decides nothing itself; what happens is in `step.ts`.
 */
import { type BindingRequest, deviceTopic, type EpochMs, type SigningKey } from '../../protocol/index.ts';
import { StoreError } from '../errors.ts';
import { deviceReader } from '../link/device-reader.ts';
import { DropLog } from '../link/drop-log.ts';
import { Inbox } from '../link/inbox.ts';
import { sealOutgoing } from '../link/outgoing.ts';
import { OneAtATime } from '../one-at-a-time.ts';
import { OnePrompt } from '../one-prompt.ts';
import type { Clock, Journal, LinkState, Log, Random, Stop, Transport } from '../ports.ts';
import { readOrder } from '../purchase/locking.ts';
import type { DeviceSettings } from '../settings.ts';
import type { OrderTaken, Signer } from '../signer/port.ts';
import type { Locale } from '../voice/vocabulary.ts';
import { type BindingEffect, type BindingEvent, comesOnce } from './events.ts';
import { decodeBindingRecord, encodeBindingRecord } from './record.ts';
import { type Binding, wakeAt } from './state.ts';
import { step } from './step.ts';

/** Where the device keeps its payment token, sealed at rest (T19). */
export interface TokenStore {
  /** @throws DeviceError when it cannot be read. */
  read(): string | undefined;
  /** Replaces the one before, durably. @throws StoreError */
  write(token: string): void;
}

export interface BinderPorts {
  readonly clock: Clock;
  readonly random: Random;
  /** The binding's own; nothing else may write to it. */
  readonly journal: Journal;
  readonly tokens: TokenStore;
  readonly transport: Transport;
  readonly signer: Signer;
  readonly log: Log;
}

export interface Binder {
  readonly binding: Binding;
  /** Takes up what was under way and connects. @throws StoreError when the journal cannot be trusted. */
  start(): void;
  /** What the wearer wants bound; nothing while another binding is under way. */
  bind(request: BindingRequest, locale: Locale): void;
  /** Disconnects; `done` once. */
  stop(done: () => void): void;
}

/** Whose the binder's prompt is. */
const BINDING = 'binding';
const LIFETIME_S = 120;
/** How soon a step that could not be stored is tried again. */
const STORE_AGAIN_MS = 5_000;

/** @param observe hears of each durable step. */
export function createBinder(
  settings: DeviceSettings,
  agentKey: SigningKey,
  ports: BinderPorts,
  observe: (binding: Binding, event: BindingEvent) => void = () => {},
): Binder {
  return new DeviceBinder(settings, agentKey, ports, observe);
}

class DeviceBinder implements Binder {
  readonly #settings: DeviceSettings;
  readonly #key: SigningKey;
  readonly #ports: BinderPorts;
  readonly #observe: (binding: Binding, event: BindingEvent) => void;
  readonly #inbox: Inbox;
  readonly #drops: DropLog;
  readonly #work = new OneAtATime();
  readonly #prompt: OnePrompt;
  /** What could not be stored and will not come again, oldest first. */
  readonly #kept: BindingEvent[] = [];
  #binding: Binding = { at: 'idle' };
  #timer: Stop | undefined;

  constructor(
    settings: DeviceSettings,
    key: SigningKey,
    ports: BinderPorts,
    observe: (binding: Binding, event: BindingEvent) => void,
  ) {
    this.#settings = settings;
    this.#key = key;
    this.#ports = ports;
    this.#prompt = new OnePrompt(ports.signer);
    this.#observe = observe;
    this.#inbox = new Inbox(deviceReader(settings));
    this.#drops = new DropLog(ports.log);
  }

  get binding(): Binding {
    return this.#binding;
  }

  start(): void {
    this.#work.start();
    const last = this.#ports.journal.read().at(-1);
    if (last) this.#binding = decodeBindingRecord(last).binding;
    const { directory, device } = this.#settings;
    const topics = [deviceTopic(directory.tenant, device, 'down'), deviceTopic(directory.tenant, device, 'ctl')];
    this.#ports.transport.start(topics, {
      onState: (state) => this.#linkChanged(state),
      onMessage: (topic, payload, ack) => this.#work.run(() => this.#receive(topic, payload, ack)),
    });
    this.#work.run(() => this.#dispatch({ kind: 'restarted' }));
  }

  bind(request: BindingRequest, locale: Locale): void {
    this.#work.run(() => this.#dispatch({ kind: 'wish', request, locale }));
  }

  stop(done: () => void): void {
    this.#work.stop();
    this.#timer?.();
    this.#ports.signer.withdraw();
    this.#ports.transport.stop(done);
  }

  #linkChanged(state: LinkState): void {
    this.#ports.log.write('info', `link-${state}`);
    if (state !== 'connecting') this.#work.run(() => this.#dispatch({ kind: 'link', online: state === 'online' }));
  }

  #receive(topic: string, payload: Uint8Array, ack: () => void): void {
    const now = this.#ports.clock.now();
    const arrival = this.#inbox.open(new Uint8Array(payload), now, topic);
    if (arrival.kind === 'dropped') this.#drops.note(arrival.code, now);
    if (arrival.kind === 'frame') {
      const { frame } = arrival;
      if (frame.type === 'device-lock') this.#obey(frame.body.order);
      // Not acknowledged: the broker keeps it until the step can be stored.
      if (!this.#dispatch({ kind: 'frame', frame })) return;
      this.#inbox.remember(frame, now);
    }
    ack();
  }

  /** A device that is being bound can be lost, too (T18). */
  #obey(bytes: Uint8Array): void {
    const order = readOrder(bytes, this.#settings);
    if (!order) return;
    this.#ports.signer.takeOrder?.(bytes, (taken: OrderTaken) =>
      this.#work.run(() => {
        if (taken.answer !== 'order-signature') this.#publish(this.#seal({ type: 'lock-ack', body: order }));
        this.#dispatch({ kind: 'lock-order', taken });
      }),
    );
  }

  #seal(message: Extract<BindingEffect, { do: 'send' }>['message']): Uint8Array {
    const { clock, random } = this.#ports;
    const life = { now: clock.now(), lifetimeS: LIFETIME_S, random };
    return sealOutgoing(this.#settings.psp, message, this.#settings, this.#key, life).frame;
  }

  #publish(frame: Uint8Array): void {
    const { directory, device } = this.#settings;
    this.#ports.transport.publish(deviceTopic(directory.tenant, device, 'up'), frame, () => {});
  }

  /** Brings one event in, after those that are still waiting for the store. @returns whether it was taken. */
  #dispatch(event: BindingEvent): boolean {
    while (this.#kept[0] && this.#advance(this.#kept[0])) this.#kept.shift();
    const taken = this.#kept.length === 0 && this.#advance(event);
    if (!taken && comesOnce(event) && this.#kept.every(({ kind }) => kind !== event.kind)) this.#kept.push(event);
    return taken;
  }

  /** Step, keep, make durable, act: in this order, always. @returns false when it could not be kept; at most a prompt is closed then. */
  #advance(event: BindingEvent): boolean {
    const now = this.#ports.clock.now();
    const { state, effects } = step(this.#settings, this.#binding, event, now);
    const sent = effects.flatMap((effect) => (effect.do === 'send' ? [this.#seal(effect.message)] : []));
    const isNews = state !== this.#binding || effects.length > 0;
    if (isNews && !this.#keep(effects, encodeBindingRecord({ at: now, event: event.kind, sent, binding: state }))) {
      // A full store must not keep a prompt open for a hold (T17, T30).
      if (effects.some((effect) => effect.do === 'withdraw')) this.#prompt.cancel(BINDING);
      return false;
    }
    this.#binding = state;
    for (const frame of sent) this.#publish(frame);
    for (const effect of effects) this.#carryOut(effect);
    this.#setTimer(now);
    if (isNews) this.#observe(state, event);
    return true;
  }

  /** The token first: if the power goes in between, the same result comes again and writes the same token. */
  #keep(effects: readonly BindingEffect[], record: Uint8Array): boolean {
    const { tokens, journal, log, clock } = this.#ports;
    try {
      for (const effect of effects) if (effect.do === 'keep') tokens.write(effect.token);
      journal.append([record]);
      return true;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      log.write('error', error.code);
      this.#timer?.();
      this.#timer = clock.after(STORE_AGAIN_MS, () => this.#work.run(() => this.#dispatch({ kind: 'tick' })));
      return false;
    }
  }

  #carryOut(effect: BindingEffect): void {
    if (effect.do === 'confirm') {
      const { offer, locale } = effect;
      this.#prompt.confirm(BINDING, { kind: 'binding', offer, locale }, (answer) =>
        this.#work.run(() => this.#dispatch({ kind: 'signer', answer })),
      );
    }
    if (effect.do === 'withdraw') this.#prompt.withdraw(BINDING);
  }

  #setTimer(now: EpochMs): void {
    this.#timer?.();
    const { clock } = this.#ports;
    const at = wakeAt(this.#binding);
    const wake = () => this.#work.run(() => this.#dispatch({ kind: 'tick' }));
    this.#timer = at === undefined ? undefined : clock.after(Math.max(0, at - now), wake);
  }
}
