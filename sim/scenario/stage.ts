/** The world of one scenario while it is played: a wearer whose mouth and finger the steps move, and everything that can fail. */
import type { Ear, EarEvent, Purchase } from '../../device/index.ts';
import { peekFrame } from '../../protocol/index.ts';
import type { DeviceDisks } from '../body.ts';
import { breachesInTheEnd, type Circumstances, type Findings } from '../checkers.ts';
import { isAtRest } from '../delegation-states.ts';
import { VirtualButton } from '../hardware.ts';
import type { Moment } from '../life.ts';
import { MemoryBroker } from '../memory-broker.ts';
import { PowerCut } from '../memory-journal.ts';
import { Story } from '../story.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { DEMO_START, type RunningDevice, World } from '../world.ts';
import { FrameFaults } from './frame-faults.ts';
import { PromptWatch } from './prompt-watch.ts';
import type { ScenarioWorld } from './schema.ts';
import { ScriptedEar } from './scripted-ear.ts';
import { tenantOf } from './setting.ts';
import { untilTimeOfDayMs } from './units.ts';

/** A minute of cooking, in milliseconds: the end is near, but not at once. */
const MINUTE_MS = 1_000;
/** How long a process without power stays away. */
const RESTART_MS = 2_000;
/** Longer than any purchase is followed. */
const MOST_MS = 6 * 3_600_000;
const MOST_EVENTS = 400_000;

const DISKS = ['journal', 'checkpoints', 'transcripts', 'signer'] as const satisfies readonly (keyof DeviceDisks)[];
type DiskImages = Readonly<Record<(typeof DISKS)[number], Uint8Array>>;

/** The other device is there, and nobody speaks to it. */
const SILENCE: Ear = { listen: () => () => {} };

interface Cut {
  readonly party: string;
  readonly moment: Moment;
  left: number;
}

export class Stage {
  readonly clock = new VirtualClock(DEMO_START);
  readonly world: World;
  readonly ear: ScriptedEar;
  readonly faults: FrameFaults;
  readonly prompt: PromptWatch;
  readonly story: Story;
  readonly broker: MemoryBroker;
  readonly about: Circumstances;
  readonly startedAt: number;
  device: RunningDevice | undefined;
  faultsStoppedAt = 0;
  /** Places in the record from which on `see`, `hear` and `sent` look: the wearer's latest act. */
  since = { presented: 0, published: 0 };
  readonly #cuts: Cut[] = [];
  readonly #reviving = new Set<string>();
  readonly #images = new Map<string, DiskImages>();
  #told = 0;

  /** @throws SettingError for a shop or an item that is not there. */
  constructor(seed: string, setting: ScenarioWorld = {}) {
    const { locale = 'en-US', display = 'hud-480x640', time } = setting;
    const { clock } = this;
    if (time !== undefined) clock.advance(untilTimeOfDayMs(clock.now(), time));
    this.startedAt = clock.now();
    this.broker = new MemoryBroker(clock);
    const onMoment = (party: string, moment: Moment) => this.#reach(party, moment);
    const parts = { seed, clock, net: this.broker, locale, display, minuteMs: MINUTE_MS, onMoment };
    this.world = new World({ ...parts, tenant: tenantOf(setting) });
    this.ear = new ScriptedEar(clock);
    this.faults = new FrameFaults(this.world, this.broker);
    this.prompt = new PromptWatch(clock);
    this.story = new Story(this.world, () => {});
    const { tenant, deviceSecrets } = this.world;
    const others = tenant.devices.slice(1).map(({ device }) => device);
    const books = { spends: (id: string) => this.world.cloud.psp.delegations.spends(id) };
    this.about = { tenant, device: deviceSecrets.device, profile: display, locale, others, books };
    this.attempt(() => this.#boot());
    for (const other of others) this.world.startDevice(() => SILENCE, undefined, other);
    this.until(() => this.world.isReady, MOST_MS);
  }

  get current(): Purchase {
    return this.device?.agent.purchases.current ?? { at: 'idle' };
  }

  /** A party as scenarios name it. @returns nothing for a name that is nobody's. */
  partyOf(name: string): string | undefined {
    if (name === 'device') return this.about.device;
    const { agent, psp, merchants } = this.world.tenant;
    return [agent, psp, ...merchants].find(({ party }) => party === name)?.party;
  }

  #reach(party: string, moment: Moment): void {
    for (const cut of this.#cuts) {
      if (cut.party !== party || cut.moment !== moment) continue;
      cut.left -= 1;
      if (cut.left === 0) throw new PowerCut('power cut');
    }
  }

  /** The power of a party goes at a moment to come. */
  cutPowerAt(party: string, moment: Moment, nth: number): void {
    this.#cuts.push({ party, moment, left: nth });
  }

  #boot(): void {
    this.ear.forget();
    const isFirst = this.device === undefined;
    const device = this.world.startDevice(() => this.ear);
    this.device = device;
    // The button is the same in all lives; it is told of once.
    this.story.follow(isFirst ? device : { ...device, button: new VirtualButton(this.clock) });
    this.prompt.follow(device);
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
    this.#tell();
  }

  #revive(): void {
    for (const party of this.world.lives.dead) {
      if (this.#reviving.has(party)) continue;
      this.#reviving.add(party);
      this.story.add('end', `the power of ${party} is gone`);
      this.clock.after(RESTART_MS, () => {
        this.#reviving.delete(party);
        this.faultsStoppedAt = this.clock.now();
        this.story.add('end', `${party} is back`);
        if (party === this.about.device) this.#boot();
        else this.world.restartService(party);
      });
    }
  }

  /** The device's own reports, as far as the story has not told them. */
  #tell(): void {
    const { steps } = this.world.record;
    for (; this.#told < steps.length; this.#told += 1) {
      const step = steps[this.#told];
      if (step) this.story.observe(step);
    }
  }

  #step(): void {
    this.attempt(() => this.clock.step());
  }

  /** Lets time pass until something is so, but no longer than this. @returns whether it is. */
  until(done: () => boolean, mostMs: number): boolean {
    const end = this.clock.now() + mostMs;
    for (let events = 0; !done(); events += 1) {
      const at = this.clock.nextAt();
      if (at === undefined || at > end || events > MOST_EVENTS) return false;
      this.#step();
    }
    return true;
  }

  pass(ms: number): void {
    const until = this.clock.now() + ms;
    for (let at = this.clock.nextAt(); at !== undefined && at <= until; at = this.clock.nextAt()) this.#step();
    this.clock.advance(until - this.clock.now());
  }

  /** Until every purchase is over, and no delegation waits for an answer. @returns whether it is so. */
  settle(): boolean {
    return this.until(() => {
      const { device } = this;
      if (!device || device.life.isOver) return false;
      const { current, background } = device.agent.purchases;
      return (
        (current.at === 'idle' || current.at === 'ended') &&
        background.length === 0 &&
        isAtRest(device.agent.delegations)
      );
    }, MOST_MS);
  }

  /** From now on is since the wearer's latest act. */
  act(): void {
    this.since = { presented: this.world.record.presented.length, published: this.faults.published.length };
  }

  /** Words reach the device's ear; they may be on no wire. */
  speak(event: EarEvent, then: () => void): void {
    const words = event.kind === 'words' ? event.hypotheses.map(({ text }) => text) : [];
    // Short words such as "yes" may well be bytes of something else.
    this.world.record.words.push(...words.filter((text) => text.length > 8));
    this.story.add('wearer', event.kind === 'words' ? `“${words[0]}”` : `is not heard (${event.why})`);
    this.ear.take(event, then);
  }

  keepDisks(name: string): void {
    const { disks } = this.world;
    const images = Object.fromEntries(DISKS.map((disk) => [disk, disks[disk].image()])) as DiskImages;
    this.#images.set(name, images);
  }

  /** The device is switched off and on with other disks in it. @returns whether there is such a copy. */
  useDisks(name: string): boolean {
    const images = this.#images.get(name);
    if (!images) return false;
    this.world.kill(this.about.device);
    for (const disk of DISKS) this.world.disks[disk].replace(images[disk]);
    this.attempt(() => {});
    return true;
  }

  /** Codes of all refusals that services have sent, in order. */
  get refusals(): readonly string[] {
    return this.faults.refusals;
  }

  /** How many frames of a type were published from a place in the list on. */
  countOf(type: string, from = 0): number {
    return this.faults.published.slice(from).filter(({ payload }) => peekFrame(payload).type === type).length;
  }

  verdict(): Findings {
    const end = { faultsStoppedAt: this.faultsStoppedAt, now: this.clock.now() };
    return breachesInTheEnd(this.world.record, this.about, end);
  }
}
