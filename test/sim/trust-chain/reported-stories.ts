/** One instant and one delegated story whose parties all report to one trust chain, as they are wired in `act-edge cloud`. */
import { type Attested, readAttestations } from '../../../device/audit/attestations.ts';
import { DeviceReports } from '../../../device/audit/device-reports.ts';
import { Reporter } from '../../../device/audit/reporter.ts';
import { trustChain } from '../../../device/audit/trust-chain.ts';
import type { ChainWire, Clock } from '../../../device/ports.ts';
import { type SigningKey, softSigningKey } from '../../../protocol/index.ts';
import { principalOf, type ServicePorts, wearerAccount } from '../../../sim/cloud/index.ts';
import { memoryLedger } from '../../../sim/ledger/memory-ledger.ts';
import { MemoryBroker } from '../../../sim/memory-broker.ts';
import { type MemoryDisk, memoryDisk } from '../../../sim/memory-journal.ts';
import type { Play } from '../../../sim/play.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { demoPlace } from '../../../sim/shops/index.ts';
import { MINUTE_MS, on, standsAt, type Tale, type Words } from '../../../sim/tales/tale.ts';
import { TaleStory } from '../../../sim/tales/tale-story.ts';
import { TaleWearer } from '../../../sim/tales/tale-wearer.ts';
import { tell } from '../../../sim/tales/tell.ts';
import { createTrustNode } from '../../../sim/trust-chain/node.ts';
import { ServiceReporting } from '../../../sim/trust-chain/reporting-handler.ts';
import { simulatedWire } from '../../../sim/trust-chain/simulated-wire.ts';
import { chainOptionsOf, chainSigner, privacyChannelOf, reportsOf } from '../../../sim/trust-chain/tenant-chain.ts';
import { VirtualClock } from '../../../sim/virtual-clock.ts';
import { DEMO_START, World } from '../../../sim/world.ts';
import { settingsOf } from '../../../sim/world-settings.ts';
import { storedRecords } from '../../device/audit/reporting-rig.ts';
import { begin, DEVICE, TENANT } from '../world/play.ts';

const QUIET = { write: () => {} };
const HOUR_MS = 60 * MINUTE_MS;
/** From the end of a purchase, for what is reported of it. */
export const PASSED_MS = MINUTE_MS;

interface Self {
  readonly id: string;
  readonly key: SigningKey;
}

/** The chain of the tenant, and the disk of records of each party of one world. */
export class ReportedWorld {
  readonly node = createTrustNode({ ...chainOptionsOf(TENANT), journal: memoryDisk().open(), log: QUIET });
  readonly disks = new Map<string, MemoryDisk>();
  /** Everything that was sent to the node. */
  readonly asked: string[] = [];
  /** While false, the node cannot be reached. */
  isUp = true;

  #reporter(party: string, self: Self, clock: Clock): Reporter {
    const disk = this.disks.get(party) ?? memoryDisk();
    this.disks.set(party, disk);
    // Whoever had it open has died.
    disk.crash();
    const wire = simulatedWire(this.node, clock);
    const ask: ChainWire['ask'] = (request, done) => {
      this.asked.push(JSON.stringify(request));
      wire.isUp = this.isUp;
      return wire.ask(request, done);
    };
    const chain = trustChain({ wire: { ask }, node: chainSigner(TENANT), clock });
    const random = new SeededRandom(`salts of ${party}`);
    const privacyChannel = privacyChannelOf(TENANT.tenant);
    return new Reporter({ store: disk.open(), chain, self, privacyChannel, clock, random, log: QUIET });
  }

  /** For a world's services. */
  equip = (party: string, ports: ServicePorts): ServicePorts => {
    const { reports, self } = reportsOf(TENANT, party);
    const { clock } = ports;
    const reporting = new ServiceReporting({ party, reports, reporter: this.#reporter(party, self, clock), clock });
    reporting.start();
    return { ...ports, around: (handler) => reporting.around(handler) };
  };

  /** What the device reports of all that its journal says by now, and an hour for it. */
  reportDevice(journal: MemoryDisk, clock: VirtualClock): void {
    const [secrets] = TENANT.devices;
    if (!secrets) throw new Error('no device');
    const self = { id: secrets.agentId, key: softSigningKey(secrets.frameSeed) };
    const settings = settingsOf(TENANT, secrets, 'en-US');
    const entries = storedRecords(journal);
    const read = { read: () => entries, append: () => {}, close: () => {} };
    new DeviceReports({ journal: read, settings, reporter: this.#reporter(DEVICE, self, clock), clock }).start();
    clock.advance(HOUR_MS);
  }

  attested(party: string): readonly Attested[] {
    const disk = this.disks.get(party);
    return disk ? [...readAttestations({ read: () => storedRecords(disk) }).values()] : [];
  }
}

/** A purchase that the wearer makes. @param isUp whether the node can be reached meanwhile. */
export function playInstant(isUp = true): { readonly reported: ReportedWorld; readonly play: Play } {
  const reported = new ReportedWorld();
  reported.isUp = isUp;
  const play = begin({ seed: 'reported instant', equip: reported.equip }).settle();
  play.pass(PASSED_MS);
  reported.reportDevice(play.world.disks.journal, new VirtualClock(play.clock.now()));
  return { reported, play };
}

const say = (words: string) => ({ do: 'say', words: { 'en-US': words, 'zh-CN': words } }) as const;
const both = (words: string): Words => ({ 'en-US': words, 'zh-CN': words });
const WISH = 'order my coffee every weekday before nine, at most 30 a day, from luna otter and paper crane';
const TICKETS = "get me two tickets for Saturday's concert when they go on sale, at most 1,280 each, only from Damai";

/** Bought, paused, resumed, cancelled; tickets, given back by the agent, one paid back; a third one runs out. */
const STORY: Tale = {
  summary: 'all that can become of a delegation',
  acts: [
    say(WISH),
    { do: 'wait-until', at: on(1, 15) },
    say('pause everything'),
    { do: 'wait', until: standsAt('suspended'), mostMs: MINUTE_MS },
    say('resume the coffee'),
    { do: 'wait', until: standsAt('active'), mostMs: MINUTE_MS },
    say('cancel the coffee'),
    { do: 'wait', until: standsAt('revoked'), mostMs: MINUTE_MS },
    say(TICKETS),
    { do: 'wait', until: ({ spends }) => spends.length > 1, mostMs: 200 * HOUR_MS },
    { do: 'wait', until: standsAt('revoked'), mostMs: MINUTE_MS },
    {
      do: 'operate',
      merchant: 'damai',
      command: ({ spends }) => `withdraw ${spends[1]?.orderNo ?? '-'}`,
      told: 'one seat is lost',
    },
    { do: 'wait', until: ({ refunds }) => refunds.length > 0, mostMs: HOUR_MS },
    say(WISH),
    { do: 'wait', until: standsAt('active'), mostMs: HOUR_MS },
    say('pause everything'),
    { do: 'wait', until: standsAt('expired'), mostMs: 30 * 24 * HOUR_MS },
    { do: 'wait', until: () => false, mostMs: HOUR_MS },
  ],
  answers: ['an iced latte', 'for two weeks', 'an iced latte', 'for two days'].map(both),
  atPrices: [],
  claims: [],
};

/** The delegated story, with a ledger that outlives the PSP. */
export async function playDelegated(): Promise<{
  readonly reported: ReportedWorld;
  readonly told: TaleStory;
  /** Starts a service again, with a chain and a disk of records to report to, and lets an hour pass. */
  readonly restart: (party: string, to: ReportedWorld) => void;
}> {
  const reported = new ReportedWorld();
  let current = reported;
  const [clock, ledger] = [new VirtualClock(DEMO_START), memoryLedger()];
  const world = new World({
    ...{ seed: 'reported delegated', clock, net: new MemoryBroker(clock), locale: 'en-US', tenant: TENANT },
    equip: (party, ports) => current.equip(party, ports),
    ledger: () => ledger,
  });
  const told = new TaleStory(world, () => {});
  const wearer = new TaleWearer({ tale: STORY, locale: 'en-US', temper: 'buy', clock, heard: () => {} });
  const device = world.startDevice(
    () => wearer.ear(() => device.agent),
    (report) => told.observe(report),
  );
  told.follow(device);
  wearer.watch(device);
  const pass = async (done: () => boolean, mostMs: number) => {
    for (const until = clock.now() + mostMs; !done() && clock.now() <= until && clock.nextAt() !== undefined; )
      clock.step();
  };
  await tell(STORY, { world, clock, device, wearer, told, pass });
  reported.reportDevice(world.disks.journal, new VirtualClock(clock.now()));
  const restart = (party: string, to: ReportedWorld) => {
    world.kill(party);
    current = to;
    world.restartService(party);
    clock.advance(HOUR_MS);
  };
  return { reported, told, restart };
}

/** What may stand in no record and no anchor: who the wearer is, what pays, where to, what was said and bought. */
export function canaries(): readonly string[] {
  const [{ paymentToken, session } = { paymentToken: '', session: '' }] = TENANT.devices;
  const place = [demoPlace.latE6, demoPlace.lonE6].map((e6) => `${Math.round(e6 / 1000)}`);
  const words = `${WISH} ${TICKETS}`.split(/[ ,]+/).filter((word) => word.length > 5 && word !== 'coffee');
  const goods = ['iced', 'latte', 'Otter', 'Damai'];
  return [paymentToken, session, principalOf(DEVICE), wearerAccount(DEVICE), ...place, ...words, ...goods];
}
