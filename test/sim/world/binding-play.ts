/** Bindings in a simulated world: the device's binder on its disks, its wearer, the PSP, and power cuts anywhere between. */
import { type Binder, type BinderPorts, createBinder } from '../../../device/binding/binder.ts';
import { isOver } from '../../../device/binding/state.ts';
import { createSignerCore, type DeviceSettings, PROFILES } from '../../../device/index.ts';
import { lockable } from '../../../device/signer/lockable.ts';
import { type BindingRequest, type EpochSeconds, newId, secondsOf, softSigningKey } from '../../../protocol/index.ts';
import { makeBody, makeSurfaces } from '../../../sim/body.ts';
import { bodyOf } from '../../../sim/checkers/facts.ts';
import { type DeviceSecrets, PAYMENT_METHOD, principalOf, type Tenant } from '../../../sim/cloud/index.ts';
import type { Life, OnMoment } from '../../../sim/life.ts';
import { MemoryBroker } from '../../../sim/memory-broker.ts';
import { memoryDisk, PowerCut } from '../../../sim/memory-journal.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import type { Recorder } from '../../../sim/tape/record.ts';
import { VirtualClock } from '../../../sim/virtual-clock.ts';
import { DEMO_START, World } from '../../../sim/world.ts';
import { TENANT } from './play.ts';

const RESTART_MS = 2_000;
const MOST_EVENTS = 50_000;

export interface BindingPlayOptions {
  readonly seed?: string;
  readonly tenant?: Tenant<DeviceSecrets>;
  /** The first of the tenant's where it is left out. */
  readonly device?: string;
  readonly account?: string;
  readonly onMoment?: OnMoment;
  /** Whether the wearer holds the button when asked; otherwise nothing is done. */
  readonly holds?: boolean;
  /** Takes down what passes the ports of each life of the binder. */
  readonly recorderOf?: (settings: DeviceSettings) => Recorder;
}

export class BindingPlay {
  readonly clock = new VirtualClock(DEMO_START);
  readonly broker = new MemoryBroker(this.clock);
  readonly world: World;
  readonly device: DeviceSecrets;
  readonly wire: { readonly topic: string; readonly payload: Uint8Array }[] = [];
  /** What the token store holds, and each token that was ever written to it. */
  token: string | undefined;
  readonly written: string[] = [];
  binder: Binder | undefined;
  readonly #disks = { binding: memoryDisk(), signer: memoryDisk() };
  readonly #random: SeededRandom;
  readonly #options: BindingPlayOptions;
  readonly #body;
  #life: Life | undefined;
  #lives = 0;
  #rebootAt: number | undefined;

  constructor(options: BindingPlayOptions = {}) {
    const { seed = 'binding', tenant = TENANT, onMoment = () => {} } = options;
    this.#options = options;
    this.#random = new SeededRandom(seed);
    const { clock, broker } = this;
    this.world = new World({ seed, clock, net: broker, minuteMs: 1_000, tenant, onMoment });
    const found = tenant.devices.find(({ device }) => device === options.device) ?? tenant.devices[0];
    if (!found) throw new Error('the tenant has no such device');
    this.device = found;
    this.#body = makeBody(clock, this.world.record, () => this.#life?.stamp());
    broker.onPublish = (_from, topic, payload) => this.wire.push({ topic, payload: payload.slice() });
    this.pass(50);
  }

  get state() {
    return this.binder?.binding ?? { at: 'idle' as const };
  }

  /** In a word: `bound`, `refused: code`, `expired`, or where it stands. */
  get ending(): string {
    const { state } = this;
    return state.at === 'refused' ? `refused: ${state.code}` : state.at;
  }

  /** The tokens that the PSP has ever issued for this device, as it said so. */
  get issued(): readonly string[] {
    const results = this.wire
      .filter(({ topic }) => topic.endsWith(`/${this.device.device}/down`))
      .map(({ payload }) => bodyOf(payload))
      .filter(({ type }) => type === 'bind-result')
      .flatMap(({ body }) => (typeof body.paymentToken === 'string' ? [body.paymentToken] : []));
    return [...new Set(results)];
  }

  wish(over: Partial<BindingRequest> = {}): BindingRequest {
    const { device, agentId, account = device } = this.device;
    const now = secondsOf(this.clock.now());
    const validUntil = (now + 90 * 86_400) as EpochSeconds;
    return {
      requestId: newId(this.#random.bytes(16)),
      delegatorIdentity: principalOf(account),
      agentId,
      methods: [PAYMENT_METHOD],
      limits: { currency: 'CNY', maxSingleMinor: 5_000, maxTotalMinor: 20_000, validUntil },
      createdAt: now,
      ...over,
    };
  }

  /** Starts the binder on the device's disks; after a crash, again. */
  boot(): void {
    this.#lives += 1;
    const { world, device: secrets, clock, broker } = this;
    const { device } = secrets;
    const life = world.lives.begin(device);
    this.#life = life;
    life.atEnd(() => {
      for (const disk of Object.values(this.#disks)) disk.crash();
    });
    const settings = { ...world.settings, device, agentId: secrets.agentId, session: secrets.session };
    const { display, speaker } = makeSurfaces(life, world.record);
    if (this.#options.holds ?? true)
      display.listen((page) => {
        if (page.title !== '' && page.index === page.count - 1)
          clock.after(1_300, () => this.#body.button.press(1_000));
      });
    const log = { write: () => {} };
    const core = createSignerCore({
      key: life.key(softSigningKey(secrets.confirmationSeed)),
      ...{ device, psp: settings.psp, directory: world.tenant.directory, profile: PROFILES['hud-480x640'] },
      ...{ clock: life.clock, display, speaker, log, wear: life.wear(this.#body.wear) },
      ...{ journal: life.journal('signer', this.#disks.signer.open()), button: life.button(this.#body.button) },
    });
    const ports: BinderPorts = {
      ...{ clock: life.clock, random: this.#random.fork(`life ${this.#lives}`), log },
      journal: life.journal('binding', this.#disks.binding.open()),
      tokens: this.#tokens(life),
      transport: life.transport(broker.transport(device)),
      signer: lockable(core, log),
    };
    const recorder = this.#options.recorderOf?.(settings);
    const key = softSigningKey(secrets.frameSeed);
    const taped = recorder?.binderPorts({ ...ports, transport: recorder.transport(ports.transport) }) ?? ports;
    const made = createBinder(settings, recorder?.key(key) ?? key, taped);
    this.binder = recorder?.binder(made) ?? made;
    this.binder.start();
  }

  #tokens(life: Life) {
    return {
      read: () => this.token,
      write: (token: string) => {
        life.pass('store', 'token');
        this.token = token;
        this.written.push(token);
        life.pass('stored', 'token');
      },
    };
  }

  /** Boots, and has the wearer ask for a binding. */
  begin(over: Partial<BindingRequest> = {}): this {
    const wish = this.wish(over);
    this.attempt(() => {
      this.boot();
      this.pass(20);
      this.binder?.bind(wish, 'en-US');
    });
    return this;
  }

  /** Does something from outside; who dies of it is started again, and asks again where nothing was under way. */
  attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
    }
    if (this.#life?.isOver && this.#rebootAt === undefined) this.#rebootSoon();
    const { dead } = this.world.lives;
    for (const party of dead) if (party !== this.device.device) this.world.restartService(party);
  }

  #rebootSoon(): void {
    this.#rebootAt = this.clock.now() + RESTART_MS;
    this.clock.after(RESTART_MS, () => {
      this.#rebootAt = undefined;
      this.boot();
      if (this.state.at === 'idle') this.binder?.bind(this.wish(), 'en-US');
    });
  }

  get #isOver(): boolean {
    return (
      this.#rebootAt === undefined && this.#life?.isOver === false && isOver(this.state) && this.state.at !== 'idle'
    );
  }

  /** Lets time pass until something is so. */
  run(done: () => boolean): this {
    for (let events = 0; !done(); events += 1) {
      if (events > MOST_EVENTS || this.clock.nextAt() === undefined) throw new Error(`stuck at ${this.ending}`);
      this.attempt(() => this.clock.step());
    }
    return this;
  }

  settle(): this {
    return this.run(() => this.#isOver);
  }

  pass(ms: number): void {
    const until = this.clock.now() + ms;
    for (let at = this.clock.nextAt(); at !== undefined && at <= until; at = this.clock.nextAt())
      this.attempt(() => this.clock.step());
    this.clock.advance(until - this.clock.now());
  }

  kill(): void {
    this.#life?.end();
    this.attempt(() => {});
  }

  /** Ends the binder's process in order, as when the agent is to run instead. */
  end(): void {
    this.binder?.stop(() => {});
    this.pass(10);
    this.#life?.end();
  }
}
