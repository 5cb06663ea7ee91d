/** One machine of the PSP: the whole service over its own journal and everybody's ledger, on lines that fail, through crashes. */
import type { Clock, Journal, Transport, TransportHandlers } from '../../device/ports.ts';
import type { EpochMs } from '../../protocol/index.ts';
import { type PspService, startPsp, type Tenant } from '../cloud/index.ts';
import { type LedgerStore, LedgerUnavailable } from '../ledger/store.ts';
import { PowerCut } from '../memory-journal.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import { type Outage, RUN_START } from './plan.ts';
import type { Witness } from './witness.ts';

/** How often the line to the ledger loses the question, the answer, and with the answer the machine that asked. */
const LOST = { question: 0.03, answer: 0.03, machine: 0.004 } as const;

export interface GatewayWorld {
  readonly tenant: Tenant;
  readonly clock: VirtualClock;
  readonly ledger: Witness;
  /** What stands between a machine and the ledger. */
  readonly rules: (store: LedgerStore) => LedgerStore;
  /** Whether the faults have stopped. */
  isCalm(): boolean;
  /** A frame leaves this machine. */
  publish(gateway: Gateway, topic: string, payload: Uint8Array, acked: () => void): void;
  /** Something was thrown that nothing should throw. */
  broke(gateway: number, error: unknown): void;
}

export interface GatewayOutages {
  readonly ledgerCuts: readonly Outage[];
  readonly netCuts: readonly Outage[];
}

/** What a machine keeps when it goes down. */
type Records = Uint8Array[];

export class Gateway {
  readonly number: number;
  readonly #world: GatewayWorld;
  readonly #outages: GatewayOutages;
  readonly #random: SeededRandom;
  readonly #records: Records = [];
  #life = 0;
  #service: PspService | undefined;
  #handlers: TransportHandlers | undefined;

  constructor(number: number, world: GatewayWorld, outages: GatewayOutages, random: SeededRandom) {
    this.number = number;
    this.#world = world;
    this.#outages = outages;
    this.#random = random;
  }

  get isUp(): boolean {
    return this.#service !== undefined;
  }

  /** Counts its starts. */
  get life(): number {
    return this.#life;
  }

  /** Whether it can be reached, and reach anybody. */
  get isOnline(): boolean {
    return this.isUp && !isDuring(this.#outages.netCuts, this.#world.clock.now());
  }

  start(): void {
    if (this.isUp) return;
    this.#life += 1;
    this.#alive(() => {
      const { tenant } = this.#world;
      this.#service = startPsp(tenant, this.#ports(), { ledger: this.#world.rules(this.#link()) });
    });
  }

  /** Everything in memory is lost; it starts again by itself after a while. */
  crash(downMs: number): void {
    this.#life += 1;
    this.#service = undefined;
    this.#handlers = undefined;
    this.#world.clock.after(downMs, () => this.start());
  }

  /** @returns whether the machine has taken it for good. */
  deliver(topic: string, payload: Uint8Array): boolean {
    let isTaken = false;
    this.#alive(() =>
      this.#handlers?.onMessage(topic, payload, () => {
        isTaken = true;
      }),
    );
    return isTaken;
  }

  /** @returns what the operator is told; nothing from a machine that is down or goes down meanwhile. */
  command(words: string): string | undefined {
    let said: string | undefined;
    this.#alive(() => {
      said = this.#service?.command(words);
    });
    return said;
  }

  #alive(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof PowerCut)) this.#world.broke(this.number, error);
      this.crash(500 + this.#random.below(5_000));
    }
  }

  #ports() {
    const life = this.#life;
    const isMine = () => life === this.#life;
    const { clock } = this.#world;
    const ownClock: Clock = {
      now: () => clock.now(),
      after: (delayMs, fire) => clock.after(delayMs, () => isMine() && this.#alive(fire)),
    };
    const transport: Transport = {
      start: (_subscriptions, handlers) => {
        this.#handlers = handlers;
      },
      publish: (topic, payload, acked) =>
        this.#world.publish(this, topic, payload, () => {
          if (isMine()) acked();
        }),
      stop: (closed) => closed(),
    };
    const log = { write: () => {} };
    return { clock: ownClock, random: this.#random, transport, journal: journalOver(this.#records), log };
  }

  /** What did not come back may have happened or not. */
  #link(): LedgerStore {
    return {
      transact: (work) => {
        const { clock, ledger, isCalm } = this.#world;
        if (isCalm()) return ledger.transact(this.number, work);
        const random = this.#random;
        const isCut = isDuring(this.#outages.ledgerCuts, clock.now());
        // When a line is cut, a question may already be on the other side.
        if (isCut ? !random.chance(0.2) : random.chance(LOST.question)) throw new LedgerUnavailable('lost');
        const result = ledger.transact(this.number, work);
        if (random.chance(LOST.machine)) throw new PowerCut('between the ledger and this machine');
        if (isCut || random.chance(LOST.answer)) throw new LedgerUnavailable('lost');
        return result;
      },
      close() {},
    };
  }
}

function journalOver(records: Records): Journal {
  return {
    read: () => records.map((record) => record.slice()),
    append: (more) => void records.push(...more.map((record) => record.slice())),
    close() {},
  };
}

function isDuring(outages: readonly Outage[], now: EpochMs): boolean {
  return outages.some(({ fromMs, untilMs }) => RUN_START + fromMs <= now && now < RUN_START + untilMs);
}
