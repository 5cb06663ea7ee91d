/** Prices that merchants tell: one watch for each thing at each merchant, shared by all delegations that want it. */
import { type EpochMs, type EpochSeconds, type Id16, type Price, secondsOf, type Watch } from '../../protocol/index.ts';
import type { Alarms } from './agent-alarms.ts';
import { derivedId } from './derive.ts';
import type { FrameOf, Outgoing, Reaction } from './handler.ts';

/** What is watched, and where. */
export interface Watched {
  readonly merchant: string;
  readonly itemId: string;
  readonly wanted: Watch['wanted'];
}

export interface Follower {
  /** Prices have changed to where they may matter to this one. */
  onPrice(now: EpochMs): readonly Outgoing[];
}

interface Armed {
  readonly follower: Follower;
  /** The most that one of the thing may cost. */
  readonly mostMinor: number;
}

interface Open {
  readonly watched: Watched;
  readonly followers: Set<Follower>;
  /** Whoever would act now, the one that may pay most first: a price too high for one is too high for all behind it. */
  armed: readonly Armed[];
  requestId: Id16;
  request: Outgoing;
  round: number;
  tries: number;
  version: number;
  prices: readonly Price[] | undefined;
}

/** A watch lasts a day; then it is asked for again. */
const WATCH_S = 86_400;
const AGAIN_MS = 10_000;
const AGAIN_MAX_MS = 600_000;

export class Watches {
  readonly #secret: Uint8Array;
  readonly #alarms: Alarms;
  readonly #open = new Map<string, Open>();
  readonly #byRequest = new Map<Id16, Open>();

  constructor(secret: Uint8Array, alarms: Alarms) {
    this.#secret = secret;
    this.#alarms = alarms;
  }

  /** What a merchant asks, as last told; `undefined` before the first news. */
  pricesOf(watched: Watched): readonly Price[] | undefined {
    return this.#open.get(keyOf(watched))?.prices;
  }

  /** From now on the follower hears of the first price and, while it is armed, of those that it could pay. */
  follow(watched: Watched, follower: Follower, now: EpochMs): readonly Outgoing[] {
    const known = this.#open.get(keyOf(watched));
    known?.followers.add(follower);
    if (known !== undefined) return [];
    const open = this.#ask(watched, 0, now);
    const first = { ...open, followers: new Set([follower]), armed: [], tries: 0 };
    this.#open.set(keyOf(watched), first);
    this.#byRequest.set(first.requestId, first);
    return this.#send(first, now);
  }

  unfollow(watched: Watched, follower: Follower): void {
    const open = this.#open.get(keyOf(watched));
    if (open === undefined) return;
    this.disarm(watched, follower);
    open.followers.delete(follower);
    if (open.followers.size > 0) return;
    this.#open.delete(keyOf(watched));
    this.#byRequest.delete(open.requestId);
    this.#alarms.clear(alarmOf(watched));
  }

  arm(watched: Watched, follower: Follower, mostMinor: number): void {
    this.disarm(watched, follower);
    const open = this.#open.get(keyOf(watched));
    if (open === undefined) return;
    const behind = firstBelow(open.armed, mostMinor);
    open.armed = [...open.armed.slice(0, behind), { follower, mostMinor }, ...open.armed.slice(behind)];
  }

  disarm(watched: Watched, follower: Follower): void {
    const open = this.#open.get(keyOf(watched));
    if (open?.armed.some((one) => one.follower === follower))
      open.armed = open.armed.filter((one) => one.follower !== follower);
  }

  /** T4: the newest version counts, whenever it arrives; T5: only the merchant that was asked can answer. */
  news({ from, body }: FrameOf<'price-news'>, now: EpochMs): Reaction {
    const open = this.#byRequest.get(body.requestId);
    if (open === undefined) return { drop: 'reply-unknown' };
    if (open.watched.merchant !== from.party) return { drop: 'reply-foreign' };
    if (body.version <= open.version) return [];
    const isFirst = open.prices === undefined;
    open.version = body.version;
    open.prices = body.prices.filter(({ itemId }) => itemId === open.watched.itemId);
    this.#alarms.set(alarmOf(open.watched), renewalAt(open), (at) => this.#renew(open, at));
    return [...whoHears(open, isFirst)].flatMap((follower) => follower.onPrice(now));
  }

  #renew(open: Open, now: EpochMs): readonly Outgoing[] {
    this.#byRequest.delete(open.requestId);
    Object.assign(open, this.#ask(open.watched, open.round + 1, now), { prices: open.prices, tries: 0 });
    this.#byRequest.set(open.requestId, open);
    return this.#send(open, now);
  }

  #ask(watched: Watched, round: number, now: EpochMs) {
    const { merchant, itemId, wanted } = watched;
    // Whoever watched this before and stopped had other ids: the time sets them apart.
    const requestId = derivedId(this.#secret, 'watch', keyOf(watched), String(round), String(now));
    const until = (secondsOf(now) + WATCH_S) as EpochSeconds;
    const body: Watch = { requestId, itemIds: [itemId], until, ...(wanted !== undefined && { wanted }) };
    const request: Outgoing = { to: { party: merchant, role: 'merchant' }, message: { type: 'watch', body } };
    return { watched, requestId, request, round, version: 0, prices: undefined };
  }

  /** Until the first news of it. */
  #send(open: Open, now: EpochMs): readonly Outgoing[] {
    const again = Math.min(AGAIN_MS * 2 ** open.tries, AGAIN_MAX_MS);
    open.tries += 1;
    this.#alarms.set(alarmOf(open.watched), (now + again) as EpochMs, (at) => this.#send(open, at));
    return [open.request];
  }
}

function keyOf({ merchant, itemId, wanted }: Watched): string {
  return `${merchant}/${itemId}/${wanted?.from ?? ''}-${wanted?.until ?? ''}`;
}

function alarmOf(watched: Watched): string {
  return `watch/${keyOf(watched)}`;
}

function renewalAt({ request }: Open): EpochMs {
  const until = request.message.type === 'watch' ? request.message.body.until : 0;
  return (until * 1000) as EpochMs;
}

/** How many of the armed may pay at least this. */
function firstBelow(armed: readonly Armed[], mostMinor: number): number {
  let [low, high] = [0, armed.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((armed[middle] as Armed).mostMinor >= mostMinor) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Those that see a price for the first time, and the armed ones that could pay the least price there is. */
function whoHears(open: Open, isFirst: boolean): ReadonlySet<Follower> {
  const hears = new Set<Follower>(isFirst ? open.followers : []);
  const offered = (open.prices ?? []).filter(({ available }) => available > 0).map(({ amountMinor }) => amountMinor);
  const least = Math.min(...offered);
  for (const { follower } of open.armed.slice(0, firstBelow(open.armed, least))) hears.add(follower);
  return hears;
}
