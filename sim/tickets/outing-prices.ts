/** What the tickets of one outing cost and how many there are, worked out once for each step of the house (CID-MER-CAT). */
import { type EpochMs, type Price, secondsOf } from '../../protocol/index.ts';
import { SHOP_CURRENCY } from '../cloud/offers.ts';
import type { House, Outing, Section } from './house.ts';
import { placeOf } from './seating.ts';
import type { SeatsHeld } from './seats-held.ts';
import { SeatsLeft } from './seats-left.ts';

/** One kind of ticket: a section, and which of its seats. */
interface Kind {
  readonly section: Section;
  readonly place: string;
  readonly choices: readonly string[];
  readonly columns?: readonly string[];
  /** Counted from the first look within the sale on. */
  left?: SeatsLeft;
  /** As last told: the same as long as nothing of it changes. */
  price?: Price;
}

export class OutingPrices {
  readonly #house: House;
  readonly #outing: Outing;
  readonly #held: SeatsHeld;
  readonly #kinds: readonly Kind[];
  /** For which moments, and how many changes of what is held, the prices are. */
  #from = 0;
  #until = 0;
  #changes = 0;
  #prices: readonly Price[] = [];

  constructor(house: House, outing: Outing, held: SeatsHeld) {
    this.#house = house;
    this.#outing = outing;
    this.#held = held;
    const kinds = Object.entries(house.seatKinds);
    this.#kinds = outing.sections.flatMap((section): readonly Kind[] => {
      const { choiceId } = section;
      const place = placeOf(outing, section);
      if (kinds.length === 0) return [{ section, place, choices: [choiceId] }];
      return kinds.map(([kind, columns]) => ({ section, place, choices: [choiceId, kind], columns }));
    });
  }

  /** @param step when the house last moved. */
  at(step: EpochMs): readonly Price[] {
    const { changes } = this.#held;
    if (this.#from <= step && step < this.#until && this.#changes === changes) return this.#prices;
    [this.#from, this.#until, this.#changes] = [step, this.#endOf(step), changes];
    this.#prices = this.#kinds.map((kind) => this.#priceOf(kind, step));
    return this.#prices;
  }

  /** Until when nothing moves: before the sale there are only the prices. */
  #endOf(step: EpochMs): number {
    const { stepMs, priceStepMs } = this.#house;
    const { onSaleAt } = this.#outing;
    if (step >= onSaleAt) return step + stepMs;
    return Math.min(onSaleAt, (Math.floor(step / priceStepMs) + 1) * priceStepMs);
  }

  /** Before the sale nothing can be had. */
  #priceOf(kind: Kind, step: EpochMs): Price {
    const { happensAt, onSaleAt } = this.#outing;
    const amountMinor = kind.section.priceMinor(step);
    const isAnnounced = step < onSaleAt;
    const available = isAnnounced ? 0 : this.#left(kind, step);
    const { price: last } = kind;
    const isSame = last?.amountMinor === amountMinor && last.available === available;
    if (isSame && (last.onSaleAt !== undefined) === isAnnounced) return last;
    kind.price = {
      itemId: this.#house.itemId,
      choices: kind.choices,
      amountMinor,
      currency: SHOP_CURRENCY,
      happensAt: secondsOf(happensAt),
      available,
      ...(isAnnounced && { onSaleAt: secondsOf(onSaleAt) }),
    };
    return kind.price;
  }

  #left(kind: Kind, step: EpochMs): number {
    kind.left ??= new SeatsLeft(kind.section, kind.columns);
    return kind.left.at(step, this.#held.at(kind.place));
  }
}
