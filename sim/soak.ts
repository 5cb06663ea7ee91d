/** A world in which everything that can go wrong does so at random, out of one seed; then the faults stop and everybody finishes. */
import { PROFILES, type ProfileId } from '../device/index.ts';
import { deviceTopic } from '../protocol/index.ts';
import type { Findings } from './checkers.ts';
import type { DeviceSecrets, Tenant } from './cloud/index.ts';
import { PowerCut } from './memory-journal.ts';
import type { Temper } from './person.ts';
import { Play } from './play.ts';
import { SeededRandom } from './seeded-random.ts';

export interface SoakResult {
  readonly seed: string;
  readonly findings: Findings;
  /** How the last purchase ended. */
  readonly ending: string;
  readonly debits: number;
  /** What went wrong in it, by kind. */
  readonly faults: ReadonlyMap<string, number>;
}

/** How likely or how bad each fault is in one world. */
interface Weather {
  readonly copies: number;
  readonly delayMs: number;
  readonly loss: number;
  readonly alteration: number;
  readonly replay: number;
  /** At each moment of each process, out of a million. */
  readonly crash: number;
  readonly linkLoss: number;
  readonly bounce: number;
  readonly wearOff: number;
}

const TEMPERS: readonly Temper[] = ['buy', 'buy', 'buy', 'buy', 'decline', 'cancel', 'walk-away', 'late'];
/** Faults last this long; then there is peace, and liveness is asked for. */
const STORM_MS = 60_000;
const GUST_MS = 250;
/** How often the wearer orders again in the end. */
const REORDERS = 2;

function weatherOf(random: SeededRandom): Weather {
  const some = (most: number) => (random.chance(0.5) ? 0 : (random.below(1_000) / 1_000) * most);
  return {
    copies: 1 + random.below(4),
    delayMs: 1 + random.below([5, 300, 6_000][random.below(3)] ?? 5),
    loss: some(0.2),
    alteration: some(0.2),
    replay: some(0.5),
    crash: some(0.03),
    linkLoss: some(0.05),
    bounce: some(0.5),
    wearOff: some(0.02),
  };
}

/** Plays one world. The same seed gives the same world. @param tenant shared among worlds, because keys take time to make. */
export function soak(seed: string, tenant: Tenant<DeviceSecrets>): SoakResult {
  return new Storm(seed, tenant).run();
}

class Storm {
  readonly #seed: string;
  readonly #random: SeededRandom;
  readonly #weather: Weather;
  readonly #play: Play;
  readonly #faults = new Map<string, number>();
  #isOver = false;

  constructor(seed: string, tenant: Tenant<DeviceSecrets>) {
    this.#seed = seed;
    const random = new SeededRandom(`soak ${seed}`);
    this.#random = random;
    this.#weather = weatherOf(random);
    const profiles = Object.keys(PROFILES) as ProfileId[];
    const display = profiles[random.below(profiles.length)] ?? 'phone';
    const temper = TEMPERS[random.below(TEMPERS.length)] ?? 'buy';
    const locale = random.chance(0.5) ? 'zh-CN' : 'en-US';
    this.#play = new Play({
      seed,
      tenant,
      temper,
      display,
      locale,
      reorders: REORDERS,
      onMoment: (party, moment, disk) => {
        if (this.#isOver || !random.chance(this.#weather.crash)) return;
        this.#count('crash');
        if (moment !== 'store' || random.chance(0.5)) throw new PowerCut('power cut');
        this.#diskOf(party, disk)?.crashInNextAppend((bound) => random.below(bound));
      },
    });
  }

  #count(fault: string): void {
    this.#faults.set(fault, (this.#faults.get(fault) ?? 0) + 1);
  }

  #diskOf(party: string, disk: string | undefined) {
    const { world, about } = this.#play;
    return party === about.device ? world.disks[disk as 'journal'] : world.serviceDisks.get(party);
  }

  run(): SoakResult {
    const play = this.#play;
    this.#network();
    play.onEvent = () => {
      if (!this.#isOver && play.clock.now() >= play.faultsStoppedAt) this.#calm();
    };
    play.faultsStoppedAt = play.clock.now() + STORM_MS;
    this.#gust();
    play.begin();
    if (!this.#isOver) play.run(() => this.#isOver);
    play.settle();
    const { current } = play;
    const ending = current.at === 'ended' ? `${current.outcome}: ${current.reason}` : current.at;
    return {
      seed: this.#seed,
      findings: play.verdict(),
      ending,
      debits: play.world.debits.count,
      faults: this.#faults,
    };
  }

  /** Copies, delays, losses and alterations of single deliveries. */
  #network(): void {
    const { broker } = this.#play;
    const random = this.#random;
    const { copies, delayMs, loss, alteration } = this.#weather;
    broker.plan = () => {
      if (this.#isOver) return { delaysMs: [1] };
      if (random.chance(loss)) {
        this.#count('loss');
        return { delaysMs: [] };
      }
      const n = 1 + random.below(copies);
      if (n > 1) this.#count('copy');
      return { delaysMs: Array.from({ length: n }, () => 1 + random.below(delayMs)) };
    };
    broker.alter = ({ payload }) => {
      if (this.#isOver || !random.chance(alteration)) return payload;
      this.#count('alteration');
      const altered = payload.slice(0, random.chance(0.8) ? payload.length : random.below(payload.length));
      const at = random.below(Math.max(1, altered.length));
      if (at < altered.length) altered[at] = (altered[at] ?? 0) ^ (1 + random.below(255));
      return altered;
    };
  }

  /** What happens from outside, a few times a second. */
  #gust(): void {
    const play = this.#play;
    const random = this.#random;
    const { linkLoss, replay, bounce, wearOff } = this.#weather;
    if (this.#isOver) return;
    if (random.chance(linkLoss)) this.#cutLink();
    if (random.chance(replay)) this.#replay();
    if (random.chance(bounce)) {
      this.#count('bounce');
      const button = play.device?.button;
      const at = random.below(GUST_MS);
      play.clock.after(at, () => button?.edge('down'));
      play.clock.after(at + 1 + random.below(45), () => button?.edge('up'));
    }
    if (random.chance(wearOff)) {
      this.#count('wear-off');
      play.device?.wear.set(false);
      play.clock.after(random.below(8_000), () => play.device?.wear.set(true));
    }
    play.clock.after(GUST_MS, () => this.#gust());
  }

  #cutLink(): void {
    const { broker, clock, about } = this.#play;
    const random = this.#random;
    const { psp, agent, merchants } = about.tenant;
    const parties = [about.device, about.device, psp.party, agent.party, merchants[0]?.party ?? agent.party];
    const party = parties[random.below(parties.length)] ?? about.device;
    this.#count('link');
    clock.after(0, () => broker.setOnline(party, false));
    clock.after(1 + random.below(20_000), () => broker.setOnline(party, true));
  }

  /** A captured frame again, on its own topic or on the device's. */
  #replay(): void {
    const { broker, world, about } = this.#play;
    const { wire } = world.record;
    const random = this.#random;
    const frame = wire[random.below(Math.max(1, wire.length))];
    if (!frame) return;
    this.#count('replay');
    const topic = random.chance(0.5) ? frame.topic : deviceTopic(about.tenant.tenant, about.device, 'down');
    broker.inject('attacker', topic, frame.payload);
  }

  /** The faults stop: links are back, the device is worn, and what the broker had lost it delivers. */
  #calm(): void {
    this.#isOver = true;
    const { broker, device, about, clock } = this.#play;
    const { psp, agent, merchants } = about.tenant;
    this.#play.faultsStoppedAt = clock.now();
    device?.wear.set(true);
    device?.button.edge('up');
    for (const party of [about.device, psp.party, agent.party, ...merchants.map((one) => one.party)]) {
      clock.after(0, () => broker.setOnline(party, false));
      clock.after(1, () => broker.setOnline(party, true));
    }
  }
}
