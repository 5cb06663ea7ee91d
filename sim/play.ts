/** Whole purchases in a simulated world under virtual time, with everything that can go wrong as a hook. */
import type { Clock, Locale, ProfileId, Purchase, Transport } from '../device/index.ts';
import { breaches, breachesInTheEnd, type Circumstances, type Findings, Inspector } from './checkers.ts';
import type { DeviceSecrets, Tenant } from './cloud/index.ts';
import type { OnMoment } from './life.ts';
import { MemoryBroker } from './memory-broker.ts';
import { PowerCut } from './memory-journal.ts';
import { CHINESE, ENGLISH, type Person, type Script, type Temper } from './person.ts';
import { privateCopy } from './private-copy.ts';
import type { RunningDevice } from './running-device.ts';
import { VirtualClock } from './virtual-clock.ts';
import { Wearer } from './wearer.ts';
import { DEMO_START, World, type WorldOptions } from './world.ts';

/** What is as in a world, and what is played in it. */
export interface PlayOptions extends Pick<WorldOptions, 'equip' | 'ledger' | 'recorderOf' | 'sealed' | 'signer'> {
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
  /** How many of the tenant's devices have a wearer, the first ones; 1 unless a test says otherwise. */
  readonly wearers?: number;
  /** What the further wearers say and do, each by the place of its device, from 1. */
  readonly scriptOf?: (place: number) => Partial<Script>;
  readonly clockAheadMs?: (party: string) => number;
  /** The furthest `clockAheadMs` goes, in both directions. */
  readonly clocksApartMs?: number;
  readonly guise?: (party: string, transport: Transport, clock: Clock) => Transport;
  /** How long after one another the wearers speak their first orders, in milliseconds; all at once where it is left out. */
  readonly ordersApartMs?: number;
  /** After how many events the checkers look, again and again; absent: only when asked. */
  readonly lookEvery?: number;
}

/** A minute of cooking, in milliseconds: the end is near, but not at once. */
const MINUTE_MS = 1_000;
/** How long a crashed process stays away. */
const RESTART_MS = 2_000;
/** More than any purchase takes, in milliseconds, and in events for each device: beyond it something runs for ever. */
const MOST_MS = 6 * 3_600_000;
const MOST_EVENTS = 400_000;

export class Play {
  readonly clock = new VirtualClock(DEMO_START);
  readonly broker = new MemoryBroker(this.clock);
  readonly world: World;
  readonly about: Circumstances;
  readonly wearers: readonly Wearer[];
  readonly #first: Wearer;
  /** Called with each new life of a device, before anything happens to it. */
  onBoot: (device: RunningDevice) => void = () => {};
  /** Called after every event. */
  onEvent: () => void = () => {};
  /** How long a process that has just died stays away, in milliseconds. */
  restartAfterMs: (party: string) => number = () => RESTART_MS;
  faultsStoppedAt = 0;
  /** What the checkers have found so far, when they look along. */
  readonly inspector: Inspector | undefined;
  readonly #lookEvery: number;
  readonly #ordersApartMs: number;
  /** Events so far. */
  events = 0;
  readonly #reviving = new Set<string>();
  #crashes = 0;
  /** How much of the record has been looked through for movements of money. */
  #stored = 0;
  #found = 0;
  #isLedgerOld = false;

  constructor(options: PlayOptions) {
    const {
      seed,
      temper = 'buy',
      locale = 'en-US',
      display = 'hud-480x640',
      reorders = 0,
      scriptOf = () => ({}),
    } = options;
    const { clock, broker } = this;
    this.world = new World({
      ...worldOptions(options),
      seed,
      clock,
      net: broker,
      locale,
      display,
      minuteMs: MINUTE_MS,
    });
    const { tenant, deviceSecrets, record } = this.world;
    const script: Script = { ...(locale === 'zh-CN' ? CHINESE : ENGLISH), temper, ...options.script };
    this.wearers = tenant.devices
      .slice(0, options.wearers ?? 1)
      .map(
        ({ device }, place) => new Wearer(device, { ...script, ...(place > 0 && scriptOf(place)) }, clock, reorders),
      );
    this.#first = this.wearers[0] as Wearer;
    const others = this.wearers.slice(1).map(({ device }) => device);
    const { clocksApartMs = 0 } = options;
    const books = { spends: (id: string) => this.world.cloud.psp.delegations.spends(id) };
    this.about = { tenant, device: deviceSecrets.device, profile: display, locale, others, clocksApartMs, books };
    for (const { person } of this.wearers) record.words.push(...person.sayings);
    broker.onPublish = (_from, topic, payload) => record.wire.push({ topic, payload: privateCopy(payload) });
    this.#lookEvery = options.lookEvery ?? 0;
    this.#ordersApartMs = options.ordersApartMs ?? 0;
    this.inspector = options.lookEvery === undefined ? undefined : new Inspector(record, this.about);
  }

  /** The first wearer's. */
  get person(): Person {
    return this.#first.person;
  }

  get device(): RunningDevice | undefined {
    return this.#first.running;
  }

  get current(): Purchase {
    return this.#first.current;
  }

  /** Starts the devices, lets everybody connect, and has the wearers speak. */
  begin(): this {
    for (const wearer of this.wearers) this.attempt(() => this.#boot(wearer));
    this.run(() => this.world.isReady);
    for (const wearer of this.wearers) {
      this.order(wearer);
      if (this.#ordersApartMs > 0) this.pass(this.#ordersApartMs);
    }
    return this;
  }

  /** A wearer speaks an order. */
  order(wearer = this.#first): void {
    this.attempt(() => wearer.order());
  }

  #boot(wearer: Wearer): void {
    const { person } = wearer;
    const device = this.world.startDevice(
      (parts) => {
        person.again();
        return person.ear(parts.stateOf);
      },
      undefined,
      wearer.device,
    );
    wearer.running = device;
    person.watch(device.display, device.speaker, device.button);
    this.onBoot(device);
  }

  /** Does something in the world from outside; whoever dies of it is started again a little later. */
  attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
    }
    const { record } = this.world;
    if (record.crashes.length !== this.#crashes) this.#revive();
    // Money moves only behind an entry in the PSP's journal, or when the PSP relives it at a start.
    const psp = this.about.tenant.psp.party;
    for (; this.#stored < record.stored.length; this.#stored += 1)
      if (record.stored[this.#stored]?.party === psp) this.#isLedgerOld = true;
    if (record.found.length !== this.#found) this.#isLedgerOld = true;
    this.#found = record.found.length;
    record.isLedgerSeen = !this.world.lives.of(psp)?.isOver;
    if (!this.#isLedgerOld || !record.isLedgerSeen) return;
    this.#isLedgerOld = false;
    record.seeDebits(this.world.allDebits);
  }

  #revive(): void {
    this.#crashes = this.world.record.crashes.length;
    for (const party of this.world.lives.dead) {
      if (this.#reviving.has(party)) continue;
      this.#reviving.add(party);
      this.clock.after(this.restartAfterMs(party), () => {
        this.#reviving.delete(party);
        // Who dies again while starting is dead again.
        this.#crashes = -1;
        const wearer = this.wearers.find(({ device }) => device === party);
        if (wearer) this.#boot(wearer);
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
    this.events += 1;
    if (this.#lookEvery > 0 && this.events % this.#lookEvery === 0) this.inspector?.look();
    this.onEvent();
    return happened;
  }

  /** Lets time pass until something is so. @throws Error when it never is. */
  run(done: () => boolean, mostMs = MOST_MS): void {
    const until = this.clock.now() + mostMs;
    for (let events = 0; !done(); events += 1) {
      if (!this.step() || this.clock.now() > until || events > MOST_EVENTS * this.wearers.length)
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
    let content = 0;
    const isContent = (wearer: Wearer) => wearer.isContent((one) => this.order(one));
    this.run(() => {
      // One wearer after the other, so that a look costs the same however many there are.
      for (let next = this.wearers[content]; next && isContent(next); next = this.wearers[content]) content += 1;
      if (content < this.wearers.length) return false;
      content = this.wearers.findIndex((wearer) => !isContent(wearer));
      return content < 0;
    });
    return this;
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
    const end = { faultsStoppedAt: this.faultsStoppedAt, now: this.clock.now() };
    const { inspector } = this;
    if (!inspector) return breachesInTheEnd(this.world.record, this.about, end);
    inspector.lookAtTheEnd(end);
    return inspector.findings;
  }
}

/** What a play hands through to its world. */
function worldOptions({
  sealed,
  signer,
  tenant,
  onMoment,
  clockAheadMs,
  guise,
  equip,
  recorderOf,
  ledger,
}: PlayOptions) {
  return {
    ...(sealed && { sealed }),
    ...(signer && { signer }),
    ...(tenant && { tenant }),
    ...(onMoment && { onMoment }),
    ...(clockAheadMs && { clockAheadMs }),
    ...(guise && { guise }),
    ...(equip && { equip }),
    ...(recorderOf && { recorderOf }),
    ...(ledger && { ledger }),
  };
}
