/**
 * The device runtime: brings events to the purchases one at a time, makes each step durable, then carries out its effects.
 * It decides nothing itself; what happens is in `purchase/step.ts`, how it is done is in the ports.
 */
import { deviceTopic, isWellFormed, type Message, newId, peekFrame, type SigningKey } from '../protocol/index.ts';
import type { Agent, AgentPorts, AgentReport } from './agent-ports.ts';
import { beginsSomething, isWitnessed } from './audit/moments.ts';
import { isOfBinding } from './binding/events.ts';
import { beginGeneration, Generation } from './carry-over.ts';
import { DelegationDesk } from './delegation/desk.ts';
import { type AgentEvent, comesOnceAtAll, isOfDelegations } from './delegation/many.ts';
import type { Delegations } from './delegation/record.ts';
import { isTalking } from './delegation/state.ts';
import { StoreError } from './errors.ts';
import { Hands } from './hands.ts';
import { interpret, languageOf, takesOrders } from './interpret.ts';
import { decodeRecord, encodeRecord, type OutgoingFrame, type Purchases } from './journal-record.ts';
import { deviceReader } from './link/device-reader.ts';
import { DropLog } from './link/drop-log.ts';
import { Inbox } from './link/inbox.ts';
import { sealOutgoing } from './link/outgoing.ts';
import type { EarEvent } from './listening.ts';
import { OneAtATime } from './one-at-a-time.ts';
import type { Journal, LinkState, Stop } from './ports.ts';
import { readOrder } from './purchase/locking.ts';
import { phrases } from './purchase/phrases.ts';
import { advance, IDLE, nextWake, type PurchasesStep } from './purchases.ts';
import type { DeviceSettings } from './settings.ts';

/** A frame lives as long as the protocol allows: a broker may hold it while the other side is away. */
const LIFETIME_S = 120;
/** How soon a step that could not be stored is tried again. */
const STORE_AGAIN_MS = 5_000;
const NEVER = Number.POSITIVE_INFINITY;

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
  readonly #hands: Hands;
  #desk: DelegationDesk;
  readonly #generation = new Generation();
  readonly #work = new OneAtATime();
  /** What could not be stored and will not come again, oldest first. */
  readonly #kept: AgentEvent[] = [];
  #purchases: Purchases = IDLE;
  #timer: Stop | undefined;

  constructor(settings: DeviceSettings, key: SigningKey, ports: AgentPorts, observe: (report: AgentReport) => void) {
    this.#settings = settings;
    this.#key = key;
    this.#ports = ports;
    this.#observe = observe;
    this.#desk = new DelegationDesk(settings);
    this.#hands = new Hands(
      ports,
      (event, stillCounts) => this.#work.run(() => stillCounts() && this.#heard(event)),
      (event) => this.#work.run(() => this.#dispatch(event)),
    );
    this.#inbox = new Inbox(deviceReader(settings));
    this.#drops = new DropLog(ports.log);
  }

  get purchases(): Purchases {
    return this.#purchases;
  }

  get delegations(): Delegations {
    return this.#desk.delegations;
  }

  start(): void {
    this.#work.start();
    const resend = this.#restore();
    this.#closeOff();
    const { directory, device } = this.#settings;
    const topics = [deviceTopic(directory.tenant, device, 'down'), deviceTopic(directory.tenant, device, 'ctl')];
    this.#ports.transport.start(topics, {
      onState: (state) => this.#linkChanged(state),
      onMessage: (topic, payload, ack) => this.#work.run(() => this.#receive(topic, payload, ack)),
    });
    this.#publish(resend);
    // Outside the journal: a record of each checkpoint would make the next one due.
    this.#ports.audit?.connect((message) => this.#publish([this.#seal(this.#settings.psp, message)]));
    this.#work.run(() => this.#dispatch({ kind: 'restarted' }));
  }

  wake(): void {
    this.#work.run(() =>
      this.#hands.wake({ purchase: this.#purchases.current, focus: this.#desk.focus }, this.#settings.locale),
    );
  }

  hear(event: EarEvent): void {
    this.#work.run(() => this.#heard(event));
  }

  stop(done: () => void): void {
    this.#work.stop();
    this.#timer?.();
    this.#hands.close();
    this.#ports.audit?.stop();
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
    for (const bytes of this.#ports.journal.read()) {
      const record = decodeRecord(bytes);
      this.#purchases = record.purchases;
      this.#desk.take(record);
      this.#generation.take(record, bytes.length);
      const seen = [...(record.carried?.seen ?? []), ...(record.received ? [peekFrame(record.received)] : [])];
      for (const head of seen) this.#inbox.remember(head, now);
    }
    return this.#generation.sentBefore(now);
  }

  /** Begins a new generation of the journal once the present one is full and nobody waits for an answer. */
  #closeOff(): void {
    const { clock, journal, audit, log } = this.#ports;
    const [purchases, now] = [this.#purchases, clock.now()];
    const isBusy = !takesOrders(purchases.current) || this.#desk.focus !== undefined || this.#kept.length > 0;
    if (!this.#generation.isFull || isBusy || audit?.history.kind !== 'sound') return;
    const frames = { sent: this.#generation.sentBefore(now), seen: this.#inbox.remembered(now) };
    const base = audit.journal.tree.frontier();
    const standing = { at: now, purchases, memory: this.#desk.memory, ...frames, base };
    const entries = beginGeneration(journal, standing, log);
    if (!entries) {
      this.#generation.putOff();
      return;
    }
    this.#desk = new DelegationDesk(this.#settings);
    for (const entry of entries) {
      this.#desk.take(entry);
      this.#generation.take(entry, 0);
    }
  }

  #receive(topic: string, payload: Uint8Array, ack: () => void): void {
    const now = this.#ports.clock.now();
    const exact = new Uint8Array(payload);
    const arrival = this.#inbox.open(exact, now, topic);
    if (arrival.kind === 'dropped') this.#drops.note(arrival.code, now);
    if (arrival.kind === 'frame' && arrival.frame.type === 'journal-cosignature')
      this.#ports.audit?.answered(arrival.frame.body);
    else if (arrival.kind === 'frame' && !isOfBinding(arrival.frame)) {
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
    const { focus, isAnyRunning } = this.#desk;
    if (event.kind === 'unheard') {
      // Silence at a delegation's prompt is no order that was not understood.
      const isOfDelegation = focus !== undefined && (isTalking(focus) || this.#hands.listensForDelegation);
      const kind = isOfDelegation ? 'delegation-unheard' : 'unheard';
      this.#dispatch({ kind, why: event.why });
      return;
    }
    const { clock, random, transcripts, audit } = this.#ports;
    const ids = { fresh: newId(random.bytes(16)), salt: newId(random.bytes(16)), audio: event.audio };
    const hypotheses = event.hypotheses.filter(({ text }) => isWellFormed(text));
    const { current } = this.#purchases;
    const delegating = { focus, isAnyRunning, now: clock.now() };
    const read = interpret(hypotheses, event.mode, current, this.#settings, ids, delegating);
    if (audit?.history.kind === 'broken' && beginsSomething(read.event, current)) {
      const locale = languageOf(hypotheses[0]?.text ?? '', current, this.#settings);
      const text = phrases(locale).historyBroken();
      this.#hands.carryOut({ do: 'say', key: 'history-broken', text, locale }, current);
    } else if (!read.transcript || this.#store(transcripts, read.transcript)) this.#dispatch(read.event);
    else this.#hands.endPrompts(this.#propose(read.event).effects);
  }

  /** Brings one event in, after those that are still waiting for the store. @returns whether it was taken. */
  #dispatch(event: AgentEvent, received?: Uint8Array): boolean {
    while (this.#kept[0] && this.#advance(this.#kept[0])) this.#kept.shift();
    if (this.#kept.length > 0) this.#hands.endPrompts(this.#propose(event).effects);
    const taken = this.#kept.length === 0 && this.#advance(event, received);
    if (!taken && comesOnceAtAll(event) && this.#kept.every(({ kind }) => kind !== event.kind)) this.#kept.push(event);
    return taken;
  }

  /** Step, make durable, act: in this order, always. @returns false when it could not be made durable; at most a prompt is closed then. */
  #advance(event: AgentEvent, received?: Uint8Array): boolean {
    const { journal, audit } = this.#ports;
    const before = { purchase: this.#purchases.current, focus: this.#desk.focus };
    const { now, purchases, changed, notes, effects } = this.#propose(event);
    const sent = effects.flatMap((effect) => (effect.do === 'send' ? [this.#seal(effect.to, effect.message)] : []));
    const record = {
      ...{ at: now, event: event.kind, ...(received && { received }), sent, purchases },
      ...(notes && { delegations: notes }),
    };
    const isNews = changed || received || notes || sent.length > 0;
    const bytes = isNews ? encodeRecord(record) : undefined;
    if (bytes && !this.#store(journal, bytes)) {
      this.#hands.endPrompts(effects);
      return false;
    }
    if (bytes) this.#generation.take(record, bytes.length);
    this.#purchases = purchases;
    this.#desk.take(record);
    const { current } = purchases;
    this.#hands.stopListening(before, { purchase: current, focus: this.#desk.focus });
    this.#publish(sent);
    if (isWitnessed(event)) audit?.checkpoint();
    for (const effect of effects) this.#hands.carryOut(effect, current);
    this.#hands.release(current);
    this.#setTimer();
    this.#observe({ at: now, event, purchases, delegations: this.delegations, sent, effects });
    // Not before a frame that came is remembered: what is not carried over would be acted on again (T3).
    this.#work.run(() => this.#closeOff());
    return true;
  }

  #seal(to: string, message: Message): OutgoingFrame {
    const { clock, random } = this.#ports;
    return sealOutgoing(to, message, this.#settings, this.#key, { now: clock.now(), lifetimeS: LIFETIME_S, random });
  }

  #publish(frames: readonly OutgoingFrame[]): void {
    for (const { topic, frame } of frames) this.#ports.transport.publish(topic, frame, () => {});
  }

  /** What an event comes to; nothing of it is so yet. */
  #propose(event: AgentEvent) {
    const now = this.#ports.clock.now();
    const unmoved: PurchasesStep = { purchases: this.#purchases, effects: [], changed: false };
    const step = isOfDelegations(event) ? unmoved : advance(this.#settings, this.#purchases, event, now);
    const { notes, effects } = this.#desk.propose(event, step.purchases, now);
    return { ...step, now, notes, effects: [...step.effects, ...effects] };
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

  #setTimer(): void {
    this.#timer?.();
    const { clock } = this.#ports;
    const at = Math.min(nextWake(this.#purchases) ?? NEVER, this.#desk.nextWake ?? NEVER);
    const tick = () => this.#work.run(() => this.#dispatch({ kind: 'tick' }));
    this.#timer = at === NEVER ? undefined : clock.after(Math.max(0, at - clock.now()), tick);
  }
}
