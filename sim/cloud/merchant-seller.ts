/** What an order desk has to know of whoever sells through it: a shop with shelves, a house with seats, a railway. */
import type { EpochMs, EpochSeconds, ObjectValue, Price, WantedWindow } from '../../protocol/index.ts';
import type { FrameOf } from './handler.ts';
import type { RefusalCode } from './refusals.ts';

/** What of a cart the seller decides; order number, intent and lock are the desk's. */
export type CartTerms = Pick<
  ObjectValue<'cart'>,
  'lines' | 'discounts' | 'deliveryMinor' | 'totalMinor' | 'currency' | 'etaMin' | 'happensAt'
>;

/** An offer that can be had now; `goods` is what would be set aside for it. */
export interface Quoted<Goods> {
  readonly terms: CartTerms;
  readonly goods: Goods;
  /** Of what is in the cart, each once (PSD-PAY-DEL merchant range). */
  readonly categories: readonly string[];
  /** Minutes from the payment to the hand-over, at most `terms.etaMin`. */
  readonly handOverMin: number;
}

/** What happens with goods that are set aside goes by order number; an order number stands for one set of goods for good. */
export interface Seller<Goods> {
  /** The merchant's party id. */
  readonly party: string;
  /** The price and what is there as of now, or the reason against it (CID-CART-CFM). */
  quote(request: FrameOf<'cart-request'>['body'], now: EpochMs): Quoted<Goods> | RefusalCode;
  /** Sets the goods aside, all of them. @returns the reason against it. */
  reserve(orderNo: string, goods: Goods): RefusalCode | undefined;
  /** Goods that were set aside and not handed over can be had again. */
  release(orderNo: string): void;
  /** The goods are handed over for good. */
  commit(orderNo: string): void;
  /** How much of the price was for what cannot be handed over any more; 0 where all is there. Minor units. */
  missingMinor(orderNo: string): number;
  /** What each of these things costs now, in the window they are wanted in; at most 32 prices (CID-MER-CAT). */
  prices(itemIds: readonly string[], wanted: WantedWindow | undefined, now: EpochMs): readonly Price[];
  /** When prices may change next without anybody ordering; later than `now`. */
  changesAt(now: EpochMs): EpochMs;
  /** What the operator orders: `done`, or the code of why not. Absent where there is nothing to order. */
  command?(words: string): string;
}

/** The window of a `wanted`, in the program's time. */
export function isWanted(wanted: WantedWindow | undefined, at: EpochSeconds): boolean {
  return wanted === undefined || (wanted.from <= at && at < wanted.until);
}
