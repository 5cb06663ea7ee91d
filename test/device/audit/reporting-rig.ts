/** A device that reports: the rig's runtime, its reporter and a simulated node, every disk and message in the test's hand. */
import { type Attested, readAttestations } from '../../../device/audit/attestations.ts';
import { DeviceReports } from '../../../device/audit/device-reports.ts';
import { Reporter } from '../../../device/audit/reporter.ts';
import { trustChain } from '../../../device/audit/trust-chain.ts';
import type { ChainWire, Journal } from '../../../device/ports.ts';
import {
  type AnchorAnswer,
  checkRecord,
  leafHash,
  type NoteSigner,
  openAnchor,
  openCheckpoint,
  type RecordCheck,
  type SigningKey,
  softSigningKey,
  utf8,
  type VerifyingKey,
  verifyInclusion,
} from '../../../protocol/index.ts';
import { type MemoryDisk, memoryDisk } from '../../../sim/memory-journal.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { createTrustNode, type TrustNode } from '../../../sim/trust-chain/node.ts';
import { type SimulatedWire, simulatedWire } from '../../../sim/trust-chain/simulated-wire.ts';
import { VirtualClock } from '../../../sim/virtual-clock.ts';
import { Rig, rigAfter } from '../agent-rig.ts';
import { deviceKey, START, settings } from '../builders.ts';

export const CHANNEL = 'act:channel:test';
const chainKey = softSigningKey(new Uint8Array(32).fill(77));
export const nodeSigner: NoteSigner = {
  name: 'chain.example.com/act',
  publicKey: chainKey.publicKey,
  sign: (message) => chainKey.sign(message),
};
export const verifyingKey = (key: SigningKey): VerifyingKey => key as SigningKey & { publicKey: Uint8Array };

/** A node on a disk of its own that knows the device. */
export function testNode(disk: MemoryDisk = memoryDisk(), signer: NoteSigner = nodeSigner): TrustNode {
  return createTrustNode({
    signer,
    keysOf: (submitter) => (submitter === settings.agentId ? [verifyingKey(deviceKey)] : []),
    channels: new Set([CHANNEL]),
    journal: disk.open(),
    log: { write: () => {} },
  });
}

export interface ReportingDisks {
  readonly journal: MemoryDisk;
  readonly transcripts: MemoryDisk;
  readonly attestations: MemoryDisk;
}

export const freshDisks = (): ReportingDisks => ({
  journal: memoryDisk(),
  transcripts: memoryDisk(),
  attestations: memoryDisk(),
});

export class ReportingRig {
  readonly clock: VirtualClock;
  readonly disks: ReportingDisks;
  readonly node: TrustNode;
  readonly wire: SimulatedWire;
  readonly rig: Rig;
  readonly reporter: Reporter;
  readonly reports: DeviceReports;
  readonly logged: string[] = [];
  /** Every byte that was sent to the node. */
  readonly asked: string[] = [];
  readonly askedAt: number[] = [];

  constructor(
    given: { disks?: ReportingDisks; node?: TrustNode; clock?: VirtualClock; seen?: string; seed?: string } = {},
    wrap: (wire: ChainWire) => ChainWire = (wire) => wire,
  ) {
    const { disks = freshDisks(), node = testNode(), clock = new VirtualClock(START), seen, seed = '' } = given;
    this.disks = disks;
    this.node = node;
    this.clock = clock;
    this.wire = simulatedWire(node, clock);
    const wire: ChainWire = {
      ask: (request, done) => {
        this.asked.push(JSON.stringify(request));
        this.askedAt.push(clock.now());
        this.rig?.trace.push(`ask ${request.method}`);
        return this.wire.ask(request, done);
      },
    };
    const log = { write: (level: string, code: string) => void this.logged.push(`${level} ${code}`) };
    const journal = disks.journal.open();
    this.reporter = new Reporter({
      store: this.#traced(disks.attestations.open()),
      chain: trustChain({ wire: wrap(wire), node: nodeSigner, clock, ...(seen !== undefined && { seen }) }),
      self: { id: settings.agentId, key: deviceKey },
      privacyChannel: CHANNEL,
      clock,
      random: new SeededRandom(`reports ${seed} ${disks.attestations.image().length}`),
      log,
    });
    this.reports = new DeviceReports({ journal, settings, reporter: this.reporter, clock });
    const followed: MemoryDisk = { ...disks.journal, open: () => this.reports.follow() };
    this.rig = new Rig({ journal: followed, transcripts: disks.transcripts }, clock);
  }

  #traced(store: Journal): Journal {
    return {
      ...store,
      append: (records) => {
        store.append(records);
        this.rig?.trace.push('record');
      },
    };
  }

  /** Starts, and lives through the first chapters of a purchase. */
  after(chapters: number): this {
    this.reports.start();
    rigAfter(chapters, this.rig);
    return this;
  }

  attested(): readonly Attested[] {
    return [...readAttestations({ read: () => storedRecords(this.disks.attestations) }).values()];
  }

  /** The power goes: what comes next are new lives on these disks. */
  crash(): ReportingDisks {
    this.reports.stop();
    for (const disk of Object.values(this.disks)) (disk as MemoryDisk).crash();
    return this.disks;
  }
}

/** What is on a disk, also while a journal is open on it. */
export function storedRecords(disk: MemoryDisk): Uint8Array[] {
  const copy = memoryDisk();
  copy.replace(disk.image());
  return copy.open().read();
}

/** TSD-ATT-SVF on one record, with its anchor as the proof under a signed head shows it. */
export function checked({ record, anchor, standing }: Attested, by: SigningKey = deviceKey): RecordCheck {
  const key = verifyingKey(by);
  let answer: AnchorAnswer = 'not-found';
  if (standing.at === 'anchored') {
    const head = openCheckpoint(standing.proof.checkpoint, nodeSigner);
    const isIn = verifyInclusion(leafHash(utf8(anchor)), standing.position, head, standing.proof.hashes);
    if (isIn) answer = { payloadHash: openAnchor(anchor, key).payloadHash };
  }
  return checkRecord(record, () => key.publicKey, answer);
}
