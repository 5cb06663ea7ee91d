/** One wearer in a world with the device on their head: what they still want, and when they are content. */
import type { Purchase } from '../device/index.ts';
import { Person, type Script } from './person.ts';
import type { RunningDevice } from './running-device.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** How long the wearer waits before ordering again, in milliseconds. */
const AGAIN_MS = 5_000;
/** Longer than saying an order takes, or an ear waits for one. */
const HEARING_MS = 8_000;

export class Wearer {
  readonly device: string;
  readonly person: Person;
  /** The latest life of the device. */
  running: RunningDevice | undefined;
  readonly #clock: VirtualClock;
  #reorders: number;
  #orderAt: number | undefined;
  /** By then an order was heard, or was not. */
  #heardBy = 0;

  /** @param reorders how often the wearer orders again when a purchase ended unpaid. */
  constructor(device: string, script: Script, clock: VirtualClock, reorders: number) {
    this.device = device;
    this.person = new Person(script, clock);
    this.#clock = clock;
    this.#reorders = reorders;
  }

  get current(): Purchase {
    return this.running?.agent.purchases.current ?? { at: 'idle' };
  }

  /** Speaks an order. The device may die of it. */
  order(): void {
    this.person.again();
    this.#heardBy = this.#clock.now() + HEARING_MS;
    this.#clock.after(HEARING_MS, () => {});
    this.running?.agent.wake();
  }

  /** Whether all this wearer's purchases are over and no other is wanted. Who wants one says so when the time has come. */
  isContent(orderAgain: (wearer: Wearer) => void): boolean {
    const { running } = this;
    if (!running || running.life.isOver || this.#clock.now() < this.#heardBy) return false;
    const { current, background } = running.agent.purchases;
    const isOver = (current.at === 'idle' || current.at === 'ended') && background.length === 0;
    if (!isOver) this.#orderAt = undefined;
    if (!isOver || (current.at === 'ended' && current.paid) || this.#reorders === 0) return isOver;
    if (this.#orderAt === undefined) {
      this.#orderAt = this.#clock.now() + AGAIN_MS;
      this.#clock.after(AGAIN_MS, () => {});
    } else if (this.#clock.now() >= this.#orderAt) {
      this.#orderAt = undefined;
      this.#reorders -= 1;
      orderAgain(this);
    }
    return false;
  }
}
