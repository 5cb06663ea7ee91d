/**
 * Between the PSP's machines and everybody else: each frame to the PSP goes to any machine, often to two; it comes late, out
 * of order, more than once, and at last, because who sent it sends it again until some machine has taken it.
 */
import { deviceTopic, serviceTopic } from '../../protocol/index.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import type { Gateway } from './gateway.ts';
import type { Witness } from './witness.ts';

/** @param after how much had happened in the ledger when it was sent. */
export type Receive = (payload: Uint8Array, after: number) => void;

const TWICE = 0.35;
const LATE = 0.08;
/** A frame that found nobody for so long has expired. */
const MAX_TRIES = 60;

export class GatewayNet {
  readonly #clock: VirtualClock;
  readonly #random: SeededRandom;
  readonly #ledger: Witness;
  readonly #receivers = new Map<string, Receive>();
  gateways: readonly Gateway[] = [];

  constructor(clock: VirtualClock, random: SeededRandom, ledger: Witness) {
    this.#clock = clock;
    this.#random = random;
    this.#ledger = ledger;
  }

  joinDevice(tenant: string, party: string, receive: Receive): void {
    for (const direction of ['down', 'ctl'] as const)
      this.#receivers.set(deviceTopic(tenant, party, direction), receive);
  }

  joinService(tenant: string, party: string, receive: Receive): void {
    this.#receivers.set(serviceTopic(tenant, party), receive);
  }

  toPsp(topic: string, frame: Uint8Array): void {
    const copies = this.#random.chance(TWICE) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) this.#carry(topic, frame, MAX_TRIES);
  }

  /** From a machine; it is taken once somebody has it, and lost where the machine dies before. */
  fromPsp(gateway: Gateway, topic: string, payload: Uint8Array, acked: () => void): void {
    const receive = this.#receivers.get(topic);
    const [{ life }, after] = [gateway, this.#ledger.happened.length];
    const attempt = (): void => {
      if (gateway.life !== life) return;
      if (!gateway.isOnline) {
        this.#clock.after(1_000, attempt);
        return;
      }
      acked();
      receive?.(payload, after);
      if (this.#random.chance(0.1)) this.#clock.after(this.#delay(), () => receive?.(payload, after));
    };
    this.#clock.after(this.#delay(), attempt);
  }

  #carry(topic: string, frame: Uint8Array, tries: number): void {
    const gateway = this.gateways[this.#random.below(this.gateways.length)] as Gateway;
    this.#clock.after(this.#delay(), () => {
      const isTaken = gateway.isOnline && gateway.deliver(topic, frame.slice());
      if (!isTaken && tries > 0) this.#clock.after(1_000, () => this.#carry(topic, frame, tries - 1));
    });
  }

  #delay(): number {
    const random = this.#random;
    return random.chance(LATE) ? random.below(5_000) : 1 + random.below(120);
  }
}
