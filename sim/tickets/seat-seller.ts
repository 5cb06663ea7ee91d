/** A seller of seats: what is on sale when, who waits in line, which seats an order gets, and what they cost (CID-MER-CAT, CID-CART-CFM). */
import { type EpochMs, msOf, type Price, secondsOf, type WantedWindow } from '../../protocol/index.ts';
import type { FrameOf } from '../cloud/handler.ts';
import type { CartTerms, Quoted, Seller } from '../cloud/merchant-seller.ts';
import { SHOP_CURRENCY } from '../cloud/offers.ts';
import type { RefusalCode } from '../cloud/refusals.ts';
import { choiceName } from '../cloud/titles.ts';
import type { House, Outing } from './house.ts';
import { OutingPrices } from './outing-prices.ts';
import { type NeedLine, type SeatedLine, seatLines } from './seating.ts';
import { type HeldSeat, SeatsHeld } from './seats-held.ts';

type CartRequest = FrameOf<'cart-request'>['body'];

/** One person buys for a family, not for a trade. */
export const MAX_SEATS_PER_ORDER = 6;
/** As many as one message of news holds. */
const MAX_PRICES = 32;
/** How many outings are looked at for one piece of news, and for one order. */
const MAX_OUTINGS = 64;
/** How many outings' prices are kept; all are worked out again when there are more, with the same result. */
const KNOWN_OUTINGS = 2 * MAX_OUTINGS * MAX_PRICES;
/** Why nothing can be had, the most hopeful reason first. */
const REASONS = ['queueing', 'no-seat', 'not-on-sale', 'sold-out'] as const;

export class SeatSeller implements Seller<readonly HeldSeat[]> {
  readonly party: string;
  readonly #house: House;
  readonly #held = new SeatsHeld();
  /** By the code of the outing. */
  readonly #known = new Map<string, OutingPrices>();

  constructor(house: House) {
    this.party = house.party;
    this.#house = house;
  }

  /** The cheapest seats in the window, the earliest of those that cost the same: what the news told of is what is sold. */
  quote(body: CartRequest, now: EpochMs): Quoted<readonly HeldSeat[]> | RefusalCode {
    const refused = this.#refused(body.lines);
    if (refused !== undefined) return refused;
    const outings = this.#outings(body.wanted, now);
    if (outings.length === 0) return 'not-then';
    const reasons = new Set<(typeof REASONS)[number]>();
    let best: Quoted<readonly HeldSeat[]> | undefined;
    for (const outing of outings.slice(0, MAX_OUTINGS)) {
      const seated = this.#seated(outing, body, now);
      if (typeof seated === 'string') {
        reasons.add(seated);
        continue;
      }
      const quoted = this.#quoted(outing, seated, body.locale);
      if (best === undefined || quoted.terms.totalMinor < best.terms.totalMinor) best = quoted;
    }
    return best ?? REASONS.find((reason) => reasons.has(reason)) ?? 'sold-out';
  }

  #refused(lines: readonly NeedLine[]): RefusalCode | undefined {
    if (lines.some(({ itemId }) => itemId !== this.#house.itemId)) return 'not-sold';
    if (!lines.every((line) => this.#isOffered(line))) return 'option-not-offered';
    const seats = lines.reduce((sum, { quantity }) => sum + quantity, 0);
    return seats > MAX_SEATS_PER_ORDER ? 'too-many-seats' : undefined;
  }

  /** Each option once, and one that this house has. */
  #isOffered({ options }: NeedLine): boolean {
    const { sectionOption, sectionIds, seatKinds, always } = this.#house;
    const offered: ReadonlyMap<string, readonly string[]> = new Map([
      [sectionOption, sectionIds],
      ['seat', Object.keys(seatKinds)],
      ...Object.entries(always),
    ]);
    if (new Set(options.map(({ optionId }) => optionId)).size !== options.length) return false;
    return options.every(({ optionId, choiceId }) => offered.get(optionId)?.includes(choiceId) === true);
  }

  #seated(outing: Outing, body: CartRequest, now: EpochMs): readonly SeatedLine[] | (typeof REASONS)[number] {
    if (now < outing.onSaleAt) return 'not-on-sale';
    if (now < outing.onSaleAt + outing.queueMs(body.device)) return 'queueing';
    return seatLines(this.#house, outing, body.lines, this.#stepOf(now), this.#isHeld);
  }

  #quoted(outing: Outing, seated: readonly SeatedLine[], locale: CartRequest['locale']): Quoted<readonly HeldSeat[]> {
    const { itemId, category, sectionOption, etaMin, handOverMin } = this.#house;
    const lines = seated.map(({ need, section, seats, unitMinor }) => {
      const name = choiceName({ optionId: sectionOption, choiceId: section.choiceId }, locale);
      const where = this.#house.seatWords(
        section,
        seats.map(({ seat }) => seat),
        locale,
      );
      return {
        sku: `${outing.code}-${section.choiceId}`,
        title: `${outing.title[locale]} ${name} ${where}`,
        quantity: need.quantity,
        amountMinor: unitMinor * need.quantity,
        itemId,
        options: need.options,
      };
    });
    const totalMinor = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    const happensAt = secondsOf(outing.happensAt);
    const terms: CartTerms = {
      lines,
      discounts: [],
      deliveryMinor: 0,
      totalMinor,
      currency: SHOP_CURRENCY,
      etaMin,
      happensAt,
    };
    return { terms, goods: seated.flatMap(({ seats }) => seats), categories: [category], handOverMin };
  }

  reserve(orderNo: string, seats: readonly HeldSeat[]): RefusalCode | undefined {
    return this.#held.reserve(orderNo, seats) ? undefined : 'no-seat';
  }

  release(orderNo: string): void {
    this.#held.release(orderNo);
  }

  commit(orderNo: string): void {
    this.#held.commit(orderNo);
  }

  missingMinor(orderNo: string): number {
    return this.#held.withdrawnMinor(orderNo);
  }

  /** `withdraw ORDER-NO`: one seat of an order that is not handed over yet is out of use. */
  command(words: string): string {
    const [verb, orderNo, ...more] = words.split(' ');
    if (verb !== 'withdraw' || orderNo === undefined || more.length > 0) return 'command-unknown';
    return this.#held.withdraw(orderNo);
  }

  /** Those that can be had come first where there are more than the news holds. */
  prices(itemIds: readonly string[], wanted: WantedWindow | undefined, now: EpochMs): readonly Price[] {
    if (!itemIds.includes(this.#house.itemId)) return [];
    const all: Price[] = [];
    let available = 0;
    for (const outing of this.#outings(wanted, now).slice(0, MAX_OUTINGS)) {
      for (const price of this.#pricesOf(outing, now)) {
        all.push(price);
        available += price.available > 0 ? 1 : 0;
      }
      if (available >= MAX_PRICES) break;
    }
    if (all.length <= MAX_PRICES) return all;
    const best = [...all.filter((one) => one.available > 0), ...all.filter((one) => one.available === 0)];
    const told = new Set(best.slice(0, MAX_PRICES));
    return all.filter((one) => told.has(one));
  }

  #pricesOf(outing: Outing, now: EpochMs): readonly Price[] {
    const known = this.#known.get(outing.code);
    if (known !== undefined) return known.at(this.#stepOf(now));
    if (this.#known.size >= KNOWN_OUTINGS) this.#known.clear();
    const prices = new OutingPrices(this.#house, outing, this.#held);
    this.#known.set(outing.code, prices);
    return prices.at(this.#stepOf(now));
  }

  changesAt(now: EpochMs): EpochMs {
    return (this.#stepOf(now) + this.#house.stepMs) as EpochMs;
  }

  /** What can still be bought or will be, in the window, as far as it is known. */
  #outings(wanted: WantedWindow | undefined, now: EpochMs): readonly Outing[] {
    const known = now + this.#house.horizonMs;
    const from = Math.max(now, wanted === undefined ? now : msOf(wanted.from)) as EpochMs;
    const until = Math.min(known, wanted === undefined ? known : msOf(wanted.until)) as EpochMs;
    if (from >= until) return [];
    return this.#house.outings(from, until).filter(({ closesAt }) => now < closesAt);
  }

  #stepOf(now: EpochMs): EpochMs {
    return (Math.floor(now / this.#house.stepMs) * this.#house.stepMs) as EpochMs;
  }

  readonly #isHeld = (place: string, seat: number): boolean => this.#held.isHeld(place, seat);
}
