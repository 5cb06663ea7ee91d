/**
 * A whole world on one clock: a wearer with glasses, shops, an agent, a PSP, a broker. The device and the services are the
 * same code as in production; only the bodies of their ports are made here.
 */

import { auditOf } from '../device/audit/device-audit.ts';
import {
  type Agent,
  type AgentReport,
  type Clock,
  createAgent,
  createSignerCore,
  type DeviceSettings,
  type Ear,
  type Log,
  type LogLevel,
  PROFILES,
  type Transport,
} from '../device/index.ts';
import { lockable } from '../device/signer/lockable.ts';
import { type EpochMs, epochMs } from '../protocol/index.ts';
import { type Body, type DeviceDisks, makeBody, makeDisks, makeSurfaces } from './body.ts';
import {
  type Cloud,
  createTenant,
  type Debit,
  type DeviceSecrets,
  type ServicePorts,
  type Tenant,
  wearerAccount,
} from './cloud/index.ts';
import { keyOf } from './cloud/key-of.ts';
import { signerBehindHid } from './hid-signer.ts';
import { memoryLedger } from './ledger/memory-ledger.ts';
import { type MemoryDisk, memoryDisk } from './memory-journal.ts';
import type { MemoryRecipientStores } from './memory-recipient-stores.ts';
import { type FrameEntry, type Net, recorded } from './net.ts';
import type { EarParts, RunningDevice } from './running-device.ts';
import { sealedNet } from './sealed-net.ts';
import { SeededRandom } from './seeded-random.ts';
import { demoTimeMs } from './shops/index.ts';
import { watchedBooks } from './watched-books.ts';
import { type DebitSum, debitsOfDevices, sumOf } from './world-debits.ts';
import { WorldLives } from './world-lives.ts';
import type { WorldOptions } from './world-options.ts';
import { WorldRecord } from './world-record.ts';
import { WorldServices } from './world-services.ts';
import { settingsOf } from './world-settings.ts';

export type { DeviceDisks } from './body.ts';
export type { EarParts, RunningDevice } from './running-device.ts';
export type { WorldOptions } from './world-options.ts';

export const DEMO_START: EpochMs = epochMs(demoTimeMs);

export interface LogEntry {
  readonly party: string;
  readonly level: LogLevel;
  readonly code: string;
}

export class World {
  readonly tenant: Tenant<DeviceSecrets>;
  readonly random: SeededRandom;
  readonly clock: Clock;
  readonly frames: FrameEntry[] = [];
  readonly logs: LogEntry[] = [];
  readonly record = new WorldRecord();
  readonly lives: WorldLives;
  readonly serviceDisks = new Map<string, MemoryDisk>();
  readonly recipientStores = new Map<string, MemoryRecipientStores>();
  readonly #deviceDisks = new Map<string, DeviceDisks>();
  readonly #bodies = new Map<string, Body>();
  readonly #net: Net;
  readonly #options: WorldOptions;
  /** Who has reached the broker. */
  readonly #ready = new Set<string>();
  readonly #services: WorldServices;
  onFrame: (frame: FrameEntry) => void = () => {};

  constructor(options: WorldOptions) {
    const { seed, clock, net, minuteMs = 60_000, desk, ledger = memoryLedger } = options;
    this.#options = options;
    this.clock = clock;
    this.random = new SeededRandom(seed);
    const tenantSeed = this.random.bytes(32);
    this.tenant = options.tenant ?? createTenant(tenantSeed);
    this.#net = recorded(
      options.sealed ? this.#sealed(net, options.sealed) : net,
      () => clock.now(),
      (frame) => {
        this.frames.push(frame);
        this.onFrame(frame);
      },
    );
    const { onMoment, clockAheadMs } = options;
    this.lives = new WorldLives({ clock, record: this.record, onMoment, clockAheadMs });
    const books = () =>
      watchedBooks(ledger(), (id, posting) => this.record.seePosting({ ...posting, id, at: clock.now() }));
    const services = { minuteMs, desk, ledger: books };
    this.#services = new WorldServices(this.tenant, (party) => this.#servicePorts(party), services);
  }

  #sealed(net: Net, how: true | { readonly windowS: number }): Net {
    const { clock, recipientStores: stores } = this;
    const reached = (party: string, moment: 'store' | 'stored', disk: string) =>
      this.lives.of(party)?.pass(moment, disk);
    const parts = {
      ...{ clock, stores, reached },
      random: this.random.fork('seals'),
      logOf: (party: string) => this.#log(party),
    };
    return sealedNet(net, this.tenant, how === true ? parts : { ...parts, ...how });
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

  #settingsOf(secrets: DeviceSecrets): DeviceSettings {
    return settingsOf(this.tenant, secrets, this.#options.locale ?? 'en-US');
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
    const life = this.lives.begin(settings.device);
    const { clock } = life;
    const disks = this.disksOf(settings.device);
    life.atEnd(() => {
      for (const disk of Object.values(disks)) disk.crash();
    });
    const { button, wear } = this.#bodyOf(settings.device);
    const { display, speaker } = makeSurfaces(life, this.record);
    const profile = PROFILES[this.#options.display ?? 'hud-480x640'];
    const log = this.#log(settings.device);
    const signer = createSignerCore({
      key: life.key(keyOf(secrets.confirmationSeed)),
      device: settings.device,
      psp: settings.psp,
      directory: this.tenant.directory,
      profile,
      clock: life.steadyClock,
      journal: life.journal('signer', disks.signer.open()),
      button: life.button(button),
      display,
      speaker,
      wear: life.wear(wear),
      log,
    });
    const audit = auditOf(settings, keyOf(secrets.frameSeed), {
      ...{ clock, random: this.random.fork('audit'), log },
      journal: life.journal('journal', disks.journal.open()),
      checkpoints: life.journal('checkpoints', disks.checkpoints.open()),
    });
    const ports = {
      clock,
      random: this.random.fork('device'),
      journal: audit.journal,
      audit,
      transcripts: life.journal('transcripts', disks.transcripts.open()),
      transport: life.transport(this.#net.transport(settings.device)),
      signer:
        this.#options.signer === 'hid'
          ? signerBehindHid(signer, { clock: life.steadyClock, random: this.random.fork('hid'), log })
          : lockable(signer, log),
      display,
      profile,
      speaker,
      ear: life.ear(earOf({ clock, stateOf: () => agent.purchases.current.at })),
      log,
    };
    const recorder = this.#options.recorderOf?.(settings);
    const key = keyOf(secrets.frameSeed);
    const taped = recorder?.ports({ ...ports, transport: recorder.transport(ports.transport) }) ?? ports;
    const made = createAgent(settings, recorder?.key(key) ?? key, taped, (report) => {
      const { event, purchases } = report;
      this.record.steps.push({ ...life.stamp(), event, purchases });
      observe(report);
    });
    const agent: Agent = recorder?.agent(made) ?? made;
    agent.start();
    return { agent, button, display, speaker, wear, life };
  }

  #bodyOf(device: string): Body {
    const known = this.#bodies.get(device);
    if (known) return known;
    const body = makeBody(this.clock, this.record, () => this.lives.of(device)?.stamp());
    this.#bodies.set(device, body);
    return body;
  }

  /** Ends a process where it stands. Its disks and its session at the broker stay. */
  kill(party: string): void {
    this.lives.of(party)?.end();
  }

  /** Starts a service again on its disk. @throws PowerCut when its life ends during the start. */
  restartService(party: string): void {
    this.#services.restart(party);
  }

  /** Whether all parties have reached the broker. */
  get isReady(): boolean {
    const { merchants, counterparts, devices } = this.tenant;
    return this.#ready.size === merchants.length + counterparts.length + devices.length + 2;
  }

  /** Sum and number of what was really debited, out of the PSP's own ledger. */
  get debits(): DebitSum {
    return sumOf(this.debitsOf(this.deviceSecrets.device));
  }

  /** The debits of all devices' accounts. */
  get allDebits(): readonly Debit[] {
    return debitsOfDevices(this.tenant, this.cloud.psp.ledger);
  }

  debitsOf(device: string): readonly Debit[] {
    return this.cloud.psp.ledger.debits(wearerAccount(device));
  }

  #servicePorts(party: string): ServicePorts {
    const life = this.lives.begin(party);
    const { guise = (_party: string, transport: Transport) => transport } = this.#options;
    const { equip = (_party: string, ports: ServicePorts) => ports } = this.#options;
    const disk = this.serviceDisks.get(party) ?? memoryDisk();
    this.serviceDisks.set(party, disk);
    life.atEnd(() => disk.crash());
    return equip(party, {
      clock: life.clock,
      random: this.random.fork(party),
      transport: guise(party, life.transport(this.#net.transport(party)), life.clock),
      journal: life.journal('journal', disk.open()),
      log: this.#log(party),
    });
  }

  #log(party: string): Log {
    return {
      write: (level, code) => {
        this.logs.push({ party, level, code });
        if (code === 'link-online') this.#ready.add(party);
      },
    };
  }
}
