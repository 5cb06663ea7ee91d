/** Which seats are set aside or sold by this desk, by order number: an order number stands for one set of seats for good (T3). */
export interface HeldSeat {
  /** Outing and section. */
  readonly place: string;
  readonly seat: number;
  readonly priceMinor: number;
}

interface Holding {
  readonly seats: readonly HeldSeat[];
  state: 'reserved' | 'released' | 'committed';
  /** How many of the seats, the last ones first, the house has taken out of use. */
  withdrawn: number;
}

const NONE: ReadonlySet<number> = new Set();

export class SeatsHeld {
  readonly #orders = new Map<string, Holding>();
  readonly #places = new Map<string, Set<number>>();
  #changes = 0;

  /** Counts up with each change. */
  get changes(): number {
    return this.#changes;
  }

  /** The seats of one section that are set aside or sold. */
  at(place: string): ReadonlySet<number> {
    return this.#places.get(place) ?? NONE;
  }

  isHeld(place: string, seat: number): boolean {
    return this.at(place).has(seat);
  }

  /** Sets all of them aside, or none when one is somebody else's or the order number is used. */
  reserve(orderNo: string, seats: readonly HeldSeat[]): boolean {
    if (this.#orders.has(orderNo) || seats.some(({ place, seat }) => this.isHeld(place, seat))) return false;
    for (const { place, seat } of seats) {
      const held = this.#places.get(place) ?? new Set();
      this.#places.set(place, held.add(seat));
    }
    this.#orders.set(orderNo, { seats, state: 'reserved', withdrawn: 0 });
    this.#changes += 1;
    return true;
  }

  /** Gives seats back that were not handed over; those out of use stay away. */
  release(orderNo: string): void {
    const holding = this.#orders.get(orderNo);
    if (holding?.state !== 'reserved') return;
    holding.state = 'released';
    const usable = holding.seats.slice(0, holding.seats.length - holding.withdrawn);
    for (const { place, seat } of usable) this.#places.get(place)?.delete(seat);
    this.#changes += 1;
  }

  commit(orderNo: string): void {
    const holding = this.#orders.get(orderNo);
    if (holding?.state === 'reserved') holding.state = 'committed';
  }

  /** Takes one more seat of an order out of use. @returns the code of why not. */
  withdraw(orderNo: string): 'done' | 'order-unknown' | 'order-state' {
    const holding = this.#orders.get(orderNo);
    if (holding === undefined) return 'order-unknown';
    if (holding.state !== 'reserved' || holding.withdrawn === holding.seats.length) return 'order-state';
    holding.withdrawn += 1;
    return 'done';
  }

  /** What was asked for the seats that are out of use. */
  withdrawnMinor(orderNo: string): number {
    const holding = this.#orders.get(orderNo);
    if (holding === undefined) return 0;
    const kept = holding.seats.length - holding.withdrawn;
    return holding.seats.slice(kept).reduce((sum, { priceMinor }) => sum + priceMinor, 0);
  }
}
