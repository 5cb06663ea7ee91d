/** The prices of what one delegation wants: where the whole order is cheapest now, and what it cost when it was first seen. */
import type { EpochMs, Price } from '../../protocol/index.ts';
import { isAsWanted, optionsOf } from './agent-choices.ts';
import type { Task } from './agent-task.ts';
import type { Follower, Watched, Watches } from './agent-watches.ts';
import type { Outgoing } from './handler.ts';

/** One order as a merchant's prices make it. */
export interface Estimate {
  readonly merchant: string;
  readonly totalMinor: number;
  /** The first of its things, for who asks about it. */
  readonly itemId: string;
}

type Wanted = NonNullable<Task['mandate']['terms']['items']>[number];

export class TaskPrices {
  readonly #task: Task;
  readonly #watches: Watches;
  readonly #follower: Follower;

  constructor(task: Task, watches: Watches, follower: Follower) {
    this.#task = task;
    this.#watches = watches;
    this.#follower = follower;
  }

  follow(now: EpochMs): readonly Outgoing[] {
    return [...this.#all()].flatMap((watched) => this.#watches.follow(watched, this.#follower, now));
  }

  /** Of one merchant, or of all. */
  unfollow(merchant?: string): void {
    for (const watched of this.#all())
      if (merchant === undefined || watched.merchant === merchant) this.#watches.unfollow(watched, this.#follower);
  }

  /** From now on prices are told at which the whole order may cost no more than this. */
  arm(mostMinor: number): void {
    const quantities = new Map(this.#items.map(({ itemId, quantity }) => [itemId, quantity]));
    for (const watched of this.#all())
      this.#watches.arm(watched, this.#follower, Math.floor(mostMinor / (quantities.get(watched.itemId) ?? 1)));
  }

  disarm(): void {
    for (const watched of this.#all()) this.#watches.disarm(watched, this.#follower);
  }

  /** The cheapest order that can be had now. */
  best(): Estimate | undefined {
    return this.#cheapest(true);
  }

  /** The cheapest order by all prices told, whether or not it can be had. */
  asked(): Estimate | undefined {
    return this.#cheapest(false);
  }

  #cheapest(isToBeHad: boolean): Estimate | undefined {
    let best: Estimate | undefined;
    for (const merchant of this.#task.merchants) {
      const totalMinor = this.#totalAt(merchant, isToBeHad);
      if (totalMinor === undefined || (best !== undefined && best.totalMinor <= totalMinor)) continue;
      best = { merchant, totalMinor, itemId: this.#items[0]?.itemId ?? '' };
    }
    return best;
  }

  #totalAt(merchant: string, isToBeHad: boolean): number | undefined {
    let totalMinor = 0;
    for (const item of this.#items) {
      const prices = this.#watches.pricesOf(this.#watched(merchant, item.itemId)) ?? [];
      const fitting = prices.filter((price) => this.#fits(price, item) && (!isToBeHad || isEnough(price, item)));
      if (fitting.length === 0) return undefined;
      totalMinor += Math.min(...fitting.map(({ amountMinor }) => amountMinor)) * item.quantity;
    }
    return totalMinor;
  }

  #fits({ currency, choices, happensAt }: Price, { itemId, choices: wishes }: Wanted): boolean {
    const { iac, terms } = this.#task.mandate;
    const { wantedFrom, wantedUntil } = terms;
    const isThen =
      wantedFrom === undefined ||
      wantedUntil === undefined ||
      (happensAt !== undefined && wantedFrom <= happensAt && happensAt < wantedUntil);
    return isThen && currency === iac.currency && isAsWanted(itemId, choices, optionsOf(itemId, wishes) ?? []);
  }

  get #items(): readonly Wanted[] {
    return this.#task.mandate.terms.items ?? [];
  }

  *#all(): Generator<Watched> {
    for (const merchant of this.#task.merchants)
      for (const { itemId } of this.#items) yield this.#watched(merchant, itemId);
  }

  #watched(merchant: string, itemId: string): Watched {
    const { wantedFrom: from, wantedUntil: until } = this.#task.mandate.terms;
    const wanted = from !== undefined && until !== undefined ? { from, until } : undefined;
    return { merchant, itemId, wanted };
  }
}

function isEnough({ available }: Price, { quantity }: Wanted): boolean {
  return available >= quantity;
}
