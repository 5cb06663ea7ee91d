/** Services in a world that report: what goes in and out of their transports, taken apart into steps. */
import type { Attested } from '../../../device/audit/attestations.ts';
import { readAttestations } from '../../../device/audit/attestations.ts';
import type { Reported } from '../../../device/audit/reported.ts';
import { Reporter } from '../../../device/audit/reporter.ts';
import { trustChain } from '../../../device/audit/trust-chain.ts';
import type { Clock, Transport } from '../../../device/ports.ts';
import {
  decodeCbor,
  type EpochMs,
  FRAMES,
  type Message,
  type OpenFrame,
  parseSign1,
  peekFrame,
  type Role,
  type SigningKey,
  utf8,
  type WireType,
} from '../../../protocol/index.ts';
import type { Outgoing } from '../../../sim/cloud/index.ts';
import { memoryDisk } from '../../../sim/memory-journal.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { createTrustNode, type TrustNode } from '../../../sim/trust-chain/node.ts';
import type { ServiceReports, ServiceStep } from '../../../sim/trust-chain/service-records.ts';
import { simulatedWire } from '../../../sim/trust-chain/simulated-wire.ts';
import { VirtualClock } from '../../../sim/virtual-clock.ts';
import { CHANNEL, nodeSigner, storedRecords, verifyingKey } from '../../device/audit/reporting-rig.ts';

function read(frame: Uint8Array): { readonly message: Message; readonly from: string; readonly to: string } {
  const { type, iss, aud } = peekFrame(frame);
  const body = (FRAMES[type].body as WireType<unknown>).decode(decodeCbor(parseSign1(frame).payload), type);
  return { message: { type, body } as Message, from: iss, to: aud };
}

/** A service's transport that tells each step of the service. */
export function stepping(
  transport: Transport,
  clock: Clock,
  roleOf: (party: string) => Role,
  take: (step: ServiceStep) => void,
): Transport {
  let step: { readonly frame: OpenFrame; readonly sent: Outgoing[] } | undefined;
  const party = (name: string) => ({ party: name, role: roleOf(name) });
  return {
    ...transport,
    start: (topics, { onState, onMessage }) =>
      transport.start(topics, {
        onState,
        onMessage: (topic, payload, ack) => {
          const { message, from } = read(payload);
          step = { frame: { ...message, from: party(from) } as OpenFrame, sent: [] };
          onMessage(topic, payload, ack);
          take({ at: clock.now(), ...step });
          step = undefined;
        },
      }),
    publish: (topic, payload, acked) => {
      const { message, to } = read(payload);
      const outgoing = { to: party(to), message };
      if (step) step.sent.push(outgoing);
      else take({ at: clock.now(), sent: [outgoing] });
      transport.publish(topic, payload, acked);
    },
    stop: (closed) => transport.stop(closed),
  };
}

/** One party's reports, its records and its anchors. */
export class Witnessed {
  readonly reported: Reported[] = [];
  readonly #disk = memoryDisk();
  readonly #clock: VirtualClock;
  readonly #reporter: Reporter;
  readonly #reports: ServiceReports;

  constructor(reports: ServiceReports, self: { readonly id: string; readonly key: SigningKey }, now: EpochMs) {
    this.#reports = reports;
    this.#clock = new VirtualClock(now);
    this.#reporter = new Reporter({
      ...{ self, store: this.#disk.open(), privacyChannel: CHANNEL, clock: this.#clock },
      random: new SeededRandom(self.id),
      chain: trustChain({ wire: simulatedWire(this.#node(self), this.#clock), node: nodeSigner, clock: this.#clock }),
      log: { write: () => {} },
    });
    this.#reporter.start();
  }

  #node(self: { readonly id: string; readonly key: SigningKey }): TrustNode {
    return createTrustNode({
      ...{ signer: nodeSigner, channels: new Set([CHANNEL]), journal: memoryDisk().open(), log: { write: () => {} } },
      keysOf: (submitter) => (submitter === self.id ? [verifyingKey(self.key)] : []),
    });
  }

  take = (step: ServiceStep): void => {
    const reported = this.#reports.take(step);
    for (const one of reported) this.#reporter.report(utf8(`${this.reported.push(one)}`), [one]);
  };

  attested(): readonly Attested[] {
    this.#clock.advance(3_600_000);
    return [...readAttestations({ read: () => storedRecords(this.#disk) }).values()];
  }
}
