/** Who wants to hear of prices and stock: told at once, then of each change until the watch ends (CID-MER-CAT). */
import {
  type Digest,
  type EpochMs,
  msOf,
  type Party,
  type Price,
  secondsOf,
  type WantedWindow,
} from '../../protocol/index.ts';
import type { FrameOf, Outgoing, Reaction } from './handler.ts';
import type { Seller } from './merchant-seller.ts';
import { refusal } from './refusals.ts';
import { contentOf, requestKey } from './requests.ts';

/** How many watches one agent may have at one merchant: every delegation that it acts under may want one of its own. */
export const MAX_WATCHES_PER_AGENT = 2_048;
/** Changes by orders are told together, at most so often. */
const TOGETHER_MS = 5_000;

interface Watch {
  readonly key: string;
  readonly content: Digest;
  readonly agent: Party;
  readonly requestId: FrameOf<'watch'>['body']['requestId'];
  readonly until: EpochMs;
  version: number;
  prices: readonly Price[];
}

/** Watches for the same things in the same window: they are looked up once. */
interface Group {
  readonly itemIds: readonly string[];
  readonly wanted: WantedWindow | undefined;
  readonly watches: Map<string, Watch>;
}

type Prices = Pick<Seller<unknown>, 'prices' | 'changesAt'>;

export class WatchDesk {
  readonly #seller: Prices;
  readonly #watches = new Map<string, Watch>();
  readonly #groups = new Map<string, Group>();
  readonly #byAgent = new Map<string, number>();
  /** When prices are looked up next. */
  #lookAt: EpochMs | undefined;

  constructor(seller: Prices) {
    this.#seller = seller;
  }

  watch(frame: FrameOf<'watch'>, now: EpochMs): Reaction {
    const { from, body } = frame;
    const known = this.#watches.get(requestKey(frame));
    if (known !== undefined && known.content !== contentOf(frame))
      return [refusal(from, body.requestId, 'repeated-request')];
    if (body.until <= secondsOf(now)) return [refusal(from, body.requestId, 'expired-request')];
    if (known !== undefined) return [newsOf(known)];
    if ((this.#byAgent.get(from.party) ?? 0) >= MAX_WATCHES_PER_AGENT) {
      this.#forgetEnded(now);
      if ((this.#byAgent.get(from.party) ?? 0) >= MAX_WATCHES_PER_AGENT)
        return [refusal(from, body.requestId, 'too-many-watches')];
    }
    return [newsOf(this.#add(frame, now))];
  }

  #add(frame: FrameOf<'watch'>, now: EpochMs): Watch {
    const { from, body } = frame;
    const watch: Watch = {
      key: requestKey(frame),
      content: contentOf(frame),
      agent: from,
      requestId: body.requestId,
      until: msOf(body.until),
      version: 1,
      prices: this.#seller.prices(body.itemIds, body.wanted, now),
    };
    const group = this.#group(body);
    group.watches.set(watch.key, watch);
    this.#watches.set(watch.key, watch);
    this.#byAgent.set(from.party, (this.#byAgent.get(from.party) ?? 0) + 1);
    this.#lookAt ??= this.#seller.changesAt(now);
    return watch;
  }

  #group({ itemIds, wanted }: FrameOf<'watch'>['body']): Group {
    const key = groupKey(itemIds, wanted);
    const group = this.#groups.get(key) ?? { itemIds, wanted, watches: new Map() };
    this.#groups.set(key, group);
    return group;
  }

  /** Somebody ordered, or gave back: those who watch are told soon. */
  changed(now: EpochMs): void {
    const soon = (now + TOGETHER_MS) as EpochMs;
    if (this.#lookAt !== undefined && soon < this.#lookAt) this.#lookAt = soon;
  }

  wakeAt(): EpochMs | undefined {
    return this.#lookAt;
  }

  tick(now: EpochMs): readonly Outgoing[] {
    if (this.#lookAt === undefined || now < this.#lookAt) return [];
    this.#forgetEnded(now);
    const sent: Outgoing[] = [];
    for (const { itemIds, wanted, watches } of this.#groups.values()) {
      const prices = this.#seller.prices(itemIds, wanted, now);
      for (const watch of watches.values()) {
        if (samePrices(watch.prices, prices)) continue;
        watch.prices = prices;
        watch.version += 1;
        sent.push(newsOf(watch));
      }
    }
    this.#lookAt = this.#watches.size === 0 ? undefined : this.#seller.changesAt(now);
    return sent;
  }

  #forgetEnded(now: EpochMs): void {
    for (const [key, group] of this.#groups) {
      for (const watch of group.watches.values()) if (watch.until <= now) this.#forget(watch, group);
      if (group.watches.size === 0) this.#groups.delete(key);
    }
  }

  #forget({ key, agent }: Watch, group: Group): void {
    group.watches.delete(key);
    this.#watches.delete(key);
    const left = (this.#byAgent.get(agent.party) ?? 0) - 1;
    if (left > 0) this.#byAgent.set(agent.party, left);
    else this.#byAgent.delete(agent.party);
  }
}

function groupKey(itemIds: readonly string[], wanted: WantedWindow | undefined): string {
  return `${itemIds.join()}/${wanted?.from ?? ''}/${wanted?.until ?? ''}`;
}

function newsOf({ agent, requestId, version, prices }: Watch): Outgoing {
  return { to: agent, message: { type: 'price-news', body: { requestId, version, prices } } };
}

function samePrices(one: readonly Price[], other: readonly Price[]): boolean {
  if (one === other) return true;
  return one.length === other.length && one.every((price, i) => samePrice(price, other[i] as Price));
}

function samePrice(one: Price, other: Price): boolean {
  return (
    one === other ||
    (one.amountMinor === other.amountMinor &&
      one.available === other.available &&
      one.onSaleAt === other.onSaleAt &&
      one.happensAt === other.happensAt &&
      one.itemId === other.itemId &&
      one.currency === other.currency &&
      one.choices.join() === other.choices.join())
  );
}
