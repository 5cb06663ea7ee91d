/**
 * A whole world on one clock: a wearer with glasses, shops, an agent, a PSP, a broker. The device and the services are the
 * same code as in production; only the bodies of their ports are made here.
 */

import {
  type Agent,
  type AgentReport,
  type Clock,
  createAgent,
  createSoftSigner,
  type DeviceSettings,
  type Ear,
  type Locale,
  type Log,
  type LogLevel,
  PROFILES,
  type ProfileId,
} from '../device/index.ts';
import { type EpochMs, epochMs, softSigningKey } from '../protocol/index.ts';
import { type Body, type DeviceDisks, makeBody, makeDisks, makeSurfaces } from './body.ts';
import {
  type Cloud,
  createTenant,
  type Debit,
  type DeviceSecrets,
  PAYMENT_METHOD,
  type ServicePorts,
  type Tenant,
  wearerAccount,
} from './cloud/index.ts';
import type { VirtualButton, VirtualDisplay, VirtualSpeaker, VirtualWearSensor } from './hardware.ts';
import { Life, type OnMoment } from './life.ts';
import { type MemoryDisk, memoryDisk } from './memory-journal.ts';
import { type FrameEntry, type Net, recorded } from './net.ts';
import { sealedNet } from './sealed-net.ts';
import { SeededRandom } from './seeded-random.ts';
import { demoPlace, demoTimeMs, shopVocabulary } from './shops/index.ts';
import { WorldRecord } from './world-record.ts';
import { WorldServices } from './world-services.ts';

export type { DeviceDisks } from './body.ts';

export const DEMO_START: EpochMs = epochMs(demoTimeMs);
/** The most one order may cost in a simulated world, in minor units of CNY. */
const ORDER_CAP_MINOR = 20_000;

export interface LogEntry {
  readonly party: string;
  readonly level: LogLevel;
  readonly code: string;
}

export interface WorldOptions {
  readonly seed: string;
  readonly clock: Clock;
  readonly net: Net;
  readonly locale?: Locale;
  readonly display?: ProfileId;
  /** How long a minute of cooking and riding takes; 60,000 unless a test wants less. */
  readonly minuteMs?: number;
  /** Whether frames are sealed, as the real programs always do; tests that look at frames on the broker leave it out. */
  readonly sealed?: boolean;
  /** Who takes part; absent: a tenant with one device, out of the seed. */
  readonly tenant?: Tenant<DeviceSecrets>;
  /** Where processes die; nowhere unless a test says so. */
  readonly onMoment?: OnMoment;
}

/** One run of the device process, from its start until it is stopped or crashes. */
export interface RunningDevice {
  readonly agent: Agent;
  readonly button: VirtualButton;
  readonly display: VirtualDisplay;
  readonly speaker: VirtualSpeaker;
  readonly wear: VirtualWearSensor;
  readonly life: Life;
}

/** What the world gives a wearer's ear to work with. */
export interface EarParts {
  readonly clock: Clock;
  stateOf(): Agent['purchases']['current']['at'];
}

export class World {
  readonly tenant: Tenant<DeviceSecrets>;
  readonly random: SeededRandom;
  readonly clock: Clock;
  readonly frames: FrameEntry[] = [];
  readonly logs: LogEntry[] = [];
  readonly record = new WorldRecord();
  readonly serviceDisks = new Map<string, MemoryDisk>();
  readonly #deviceDisks = new Map<string, DeviceDisks>();
  readonly #bodies = new Map<string, Body>();
  readonly #net: Net;
  readonly #options: WorldOptions;
  /** The latest life of each party. */
  readonly #lives = new Map<string, Life>();
  readonly #services: WorldServices;
  onFrame: (frame: FrameEntry) => void = () => {};

  constructor(options: WorldOptions) {
    const { seed, clock, net, minuteMs = 60_000 } = options;
    this.#options = options;
    this.clock = clock;
    this.random = new SeededRandom(seed);
    const tenantSeed = this.random.bytes(32);
    this.tenant = options.tenant ?? createTenant(tenantSeed);
    this.#net = recorded(
      options.sealed ? this.#sealed(net) : net,
      () => clock.now(),
      (frame) => {
        this.frames.push(frame);
        this.onFrame(frame);
      },
    );
    this.#services = new WorldServices(this.tenant, (party) => this.#servicePorts(party), minuteMs);
  }

  #sealed(net: Net): Net {
    const random = this.random.fork('seals');
    return sealedNet(net, this.tenant, { clock: this.clock, random, logOf: (party) => this.#log(party) });
  }

  /** The services as they run now; one that was started again is another one. */
  get cloud(): Cloud {
    return this.#services.cloud;
  }

  get deviceSecrets(): DeviceSecrets {
    return this.#secretsOf(undefined);
  }

  get settings(): DeviceSettings {
    return this.#settingsOf(this.deviceSecrets);
  }

  get disks(): DeviceDisks {
    return this.disksOf(this.deviceSecrets.device);
  }

  disksOf(device: string): DeviceDisks {
    const known = this.#deviceDisks.get(device);
    if (known) return known;
    const disks = makeDisks();
    this.#deviceDisks.set(device, disks);
    return disks;
  }

  #secretsOf(device: string | undefined): DeviceSecrets {
    const { devices } = this.tenant;
    const secrets = device === undefined ? devices[0] : devices.find((one) => one.device === device);
    if (!secrets) throw new Error('the tenant has no such device');
    return secrets;
  }

  #settingsOf({ device, agentId, session, paymentToken }: DeviceSecrets): DeviceSettings {
    return {
      device,
      agentId,
      session,
      paymentToken,
      paymentMethod: PAYMENT_METHOD,
      locale: this.#options.locale ?? 'en-US',
      directory: this.tenant.directory,
      agent: this.tenant.agent.party,
      psp: this.tenant.psp.party,
      currency: 'CNY',
      orderCapMinor: ORDER_CAP_MINOR,
      place: { latitudeE3: Math.round(demoPlace.latE6 / 1000), longitudeE3: Math.round(demoPlace.lonE6 / 1000) },
      vocabulary: shopVocabulary,
    };
  }

  /**
   * Starts the device process on the device's disks; after a crash, again.
   * @param name which of the tenant's devices; the first where it is left out.
   * @throws PowerCut when its life ends during the start.
   */
  startDevice(
    earOf: (parts: EarParts) => Ear,
    observe: (report: AgentReport) => void = () => {},
    name?: string,
  ): RunningDevice {
    const secrets = this.#secretsOf(name);
    const settings = this.#settingsOf(secrets);
    const life = this.#begin(settings.device);
    const { clock } = life;
    const disks = this.disksOf(settings.device);
    life.atEnd(() => {
      for (const disk of [disks.journal, disks.transcripts, disks.signer]) disk.crash();
    });
    const { button, wear } = this.#bodyOf(settings.device);
    const { display, speaker } = makeSurfaces(life, this.record);
    const profile = PROFILES[this.#options.display ?? 'hud-480x640'];
    const log = this.#log(settings.device);
    const signer = createSoftSigner({
      key: life.key(softSigningKey(secrets.confirmationSeed)),
      device: settings.device,
      psp: settings.psp,
      directory: this.tenant.directory,
      profile,
      clock,
      journal: life.journal('signer', disks.signer.open()),
      button: life.button(button),
      display,
      speaker,
      wear: life.wear(wear),
      log,
    });
    const ports = {
      clock,
      random: this.random.fork('device'),
      journal: life.journal('journal', disks.journal.open()),
      transcripts: life.journal('transcripts', disks.transcripts.open()),
      transport: life.transport(this.#net.transport(settings.device)),
      signer,
      display,
      profile,
      speaker,
      ear: earOf({ clock, stateOf: () => agent.purchases.current.at }),
      log,
    };
    const agent: Agent = createAgent(settings, softSigningKey(secrets.frameSeed), ports, (report) => {
      const { event, purchases } = report;
      this.record.steps.push({ ...life.stamp(), event, purchases });
      observe(report);
    });
    agent.start();
    return { agent, button, display, speaker, wear, life };
  }

  #bodyOf(device: string): Body {
    const known = this.#bodies.get(device);
    if (known) return known;
    const body = makeBody(this.clock, this.record, () => this.#lives.get(device)?.stamp());
    this.#bodies.set(device, body);
    return body;
  }

  /** Ends a process where it stands. Its disks and its session at the broker stay. */
  kill(party: string): void {
    this.#lives.get(party)?.end();
  }

  /** Whose process is gone and was not started again. */
  get dead(): readonly string[] {
    return [...this.#lives.values()].filter(({ isOver }) => isOver).map(({ party }) => party);
  }

  /** Starts a service again on its disk. @throws PowerCut when its life ends during the start. */
  restartService(party: string): void {
    this.#services.restart(party);
  }

  /** Whether all parties have reached the broker. */
  get isReady(): boolean {
    const parties = this.tenant.merchants.length + this.tenant.devices.length + 2;
    return new Set(this.logs.filter(({ code }) => code === 'link-online').map(({ party }) => party)).size === parties;
  }

  /** Sum and number of what was really debited, out of the PSP's own ledger. */
  get debits(): { readonly count: number; readonly totalMinor: number } {
    const debits = this.debitsOf(this.deviceSecrets.device);
    return { count: debits.length, totalMinor: debits.reduce((sum, debit) => sum + debit.amountMinor, 0) };
  }

  debitsOf(device: string): readonly Debit[] {
    return this.cloud.psp.ledger.debits(wearerAccount(device));
  }

  #begin(party: string): Life {
    const number = (this.#lives.get(party)?.number ?? 0) + 1;
    const { clock, record } = this;
    const { onMoment = () => {} } = this.#options;
    const life = new Life({ party, number, clock, record, onMoment });
    this.#lives.set(party, life);
    return life;
  }

  #servicePorts(party: string): ServicePorts {
    const life = this.#begin(party);
    const disk = this.serviceDisks.get(party) ?? memoryDisk();
    this.serviceDisks.set(party, disk);
    life.atEnd(() => disk.crash());
    return {
      clock: life.clock,
      random: this.random.fork(party),
      transport: life.transport(this.#net.transport(party)),
      journal: life.journal('journal', disk.open()),
      log: this.#log(party),
    };
  }

  #log(party: string): Log {
    return { write: (level, code) => this.logs.push({ party, level, code }) };
  }
}
