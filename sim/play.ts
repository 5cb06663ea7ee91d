/** A whole purchase in a simulated world under virtual time, with everything that can go wrong as a hook. */
import type { Locale, ProfileId, Purchase } from '../device/index.ts';
import { breaches, breachesInTheEnd, type Circumstances, type Findings } from './checkers.ts';
import type { DeviceSecrets, Tenant } from './cloud/index.ts';
import type { OnMoment } from './life.ts';
import { MemoryBroker } from './memory-broker.ts';
import { PowerCut } from './memory-journal.ts';
import { CHINESE, ENGLISH, Person, type Script, type Temper } from './person.ts';
import { VirtualClock } from './virtual-clock.ts';
import { DEMO_START, type RunningDevice, World } from './world.ts';

export interface PlayOptions {
  readonly seed: string;
  readonly temper?: Temper;
  readonly locale?: Locale;
  readonly display?: ProfileId;
  /** Saves the making of keys where many worlds are played; absent: out of the seed. */
  readonly tenant?: Tenant<DeviceSecrets>;
  readonly onMoment?: OnMoment;
  /** How often the wearer orders again when a purchase ended unpaid. */
  readonly reorders?: number;
  /** Changes to what the wearer says. */
  readonly script?: Partial<Script>;
}

/** A minute of cooking, in milliseconds: the end is near, but not at once. */
const MINUTE_MS = 1_000;
/** How long a crashed process stays away. */
const RESTART_MS = 2_000;
/** How long the wearer waits before ordering again. */
const AGAIN_MS = 5_000;
/** Longer than saying an order takes, or an ear waits for one. */
const HEARING_MS = 8_000;
/** More than any purchase takes, in milliseconds and in events: beyond it something runs for ever. */
const MOST_MS = 6 * 3_600_000;
const MOST_EVENTS = 400_000;

export class Play {
  readonly clock = new VirtualClock(DEMO_START);
  readonly broker = new MemoryBroker(this.clock);
  readonly world: World;
  readonly person: Person;
  readonly about: Circumstances;
  /** The latest life of the device. */
  device: RunningDevice | undefined;
  /** Called with each new life of the device, before anything happens to it. */
  onBoot: (device: RunningDevice) => void = () => {};
  /** Called after every event. */
  onEvent: () => void = () => {};
  faultsStoppedAt = 0;
  #reorders: number;
  #orderAt: number | undefined;
  /** By then an order was heard, or was not. */
  #heardBy = 0;
  readonly #reviving = new Set<string>();

  constructor(options: PlayOptions) {
    const { seed, temper = 'buy', locale = 'en-US', display = 'hud-480x640', tenant, onMoment, reorders = 0 } = options;
    const { clock, broker } = this;
    this.world = new World({
      seed,
      clock,
      net: broker,
      locale,
      display,
      minuteMs: MINUTE_MS,
      ...(tenant && { tenant }),
      ...(onMoment && { onMoment }),
    });
    const script: Script = { ...(locale === 'zh-CN' ? CHINESE : ENGLISH), temper, ...options.script };
    this.person = new Person(script, clock);
    this.#reorders = reorders;
    this.about = { tenant: this.world.tenant, device: this.world.deviceSecrets.device, profile: display, locale };
    this.world.record.words.push(script.order, script.choice, ...script.answers);
    broker.onPublish = (_from, topic, payload) => this.world.record.wire.push({ topic, payload: payload.slice() });
  }

  get current(): Purchase {
    return this.device?.agent.purchases.current ?? { at: 'idle' };
  }

  /** Starts the device, lets everybody connect, and has the wearer speak. */
  begin(): this {
    this.attempt(() => this.#boot());
    this.run(() => this.world.isReady);
    this.order();
    return this;
  }

  /** The wearer speaks an order. */
  order(): void {
    this.person.again();
    this.#heardBy = this.clock.now() + HEARING_MS;
    this.clock.after(HEARING_MS, () => {});
    this.attempt(() => this.device?.agent.wake());
  }

  #boot(): void {
    const device = this.world.startDevice((parts) => {
      this.person.again();
      return this.person.ear(parts.stateOf);
    });
    this.device = device;
    this.person.watch(device.display, device.speaker, device.button);
    this.onBoot(device);
  }

  /** Does something in the world from outside; whoever dies of it is started again a little later. */
  attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
    }
    this.#revive();
    this.world.record.seeDebits(this.world.debitsOf(this.about.device));
  }

  #revive(): void {
    for (const party of this.world.dead) {
      if (this.#reviving.has(party)) continue;
      this.#reviving.add(party);
      this.clock.after(RESTART_MS, () => {
        this.#reviving.delete(party);
        if (party === this.about.device) this.#boot();
        else this.world.restartService(party);
      });
    }
  }

  /** One event. @returns false when nothing is set to happen any more. */
  step(): boolean {
    let happened = false;
    this.attempt(() => {
      // Set before: an event in which somebody dies has happened, too.
      happened = this.clock.nextAt() !== undefined;
      this.clock.step();
    });
    this.onEvent();
    return happened;
  }

  /** Lets time pass until something is so. @throws Error when it never is. */
  run(done: () => boolean, mostMs = MOST_MS): void {
    const until = this.clock.now() + mostMs;
    for (let events = 0; !done(); events += 1) {
      if (!this.step() || this.clock.now() > until || events > MOST_EVENTS)
        throw new Error(`the world does not get there: ${this.current.at} after ${events} events`);
    }
  }

  /** Lets a span of time pass. */
  pass(ms: number): void {
    const until = this.clock.now() + ms;
    for (let at = this.clock.nextAt(); at !== undefined && at <= until; at = this.clock.nextAt()) this.step();
    this.clock.advance(until - this.clock.now());
  }

  /** Until every purchase is over, ordering again where that is still to be done. */
  settle(): this {
    this.run(() => this.#isOver());
    return this;
  }

  #isOver(): boolean {
    const { device } = this;
    if (!device || device.life.isOver || this.clock.now() < this.#heardBy) return false;
    const { current, background } = device.agent.purchases;
    const isOver = (current.at === 'idle' || current.at === 'ended') && background.length === 0;
    if (!isOver) this.#orderAt = undefined;
    if (!isOver || (current.at === 'ended' && current.paid) || this.#reorders === 0) return isOver;
    this.#orderAt ??= this.clock.now() + AGAIN_MS;
    if (this.clock.now() < this.#orderAt) {
      this.clock.after(this.#orderAt - this.clock.now(), () => {});
    } else {
      this.#orderAt = undefined;
      this.#reorders -= 1;
      this.order();
    }
    return false;
  }

  /** Every message that the broker would hand to somebody who subscribes only now. */
  probeRetained(): void {
    const { record } = this.world;
    // What is still under way is no retained message.
    this.pass(1_000);
    const topics = [...new Set(record.wire.map(({ topic }) => topic))];
    const curious = this.broker.transport('curious');
    let isListening = true;
    curious.start(topics, {
      onState: () => {},
      onMessage: (topic) => {
        if (isListening) record.retained.push(topic);
      },
    });
    this.pass(10);
    isListening = false;
    curious.stop(() => {});
  }

  /** What must always hold, so far. The record only grows, so what was broken once is still seen later. */
  breaches(): Findings {
    return breaches(this.world.record, this.about);
  }

  /** What must hold in the end, after {@link settle}. */
  verdict(): Findings {
    const now = this.clock.now();
    return breachesInTheEnd(this.world.record, this.about, { faultsStoppedAt: this.faultsStoppedAt, now });
  }
}
