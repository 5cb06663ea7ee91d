/** From an intent to the offers message: ask every shop, compare, put it in the wearer's language (CID-MER-CAT, CID-INT-XFR). */
import {
  type EpochMs,
  type EpochSeconds,
  encodeCbor,
  FRAME_MAX_BYTES,
  type Offer,
  type Offers,
  secondsOf,
} from '../../protocol/index.ts';
import { Offer as OfferType } from '../../protocol/messages/offers.ts';
import { type Candidate, compareOffers, type NoOffer, type Quote, quoteShop, type Shop } from '../shops/index.ts';
import { customerOf } from './customer.ts';
import type { FrameOf } from './handler.ts';
import { lineTitle } from './titles.ts';

/** The only currency the shops sell in. */
export const SHOP_CURRENCY = 'CNY';
/** Prices are asked again when the cart is made; an offer only has to outlive the choosing. */
export const OFFERS_VALID_S = 300;
/** What a frame has room for beside header, signature and the rest of the message. */
const OFFERS_MAX_BYTES = FRAME_MAX_BYTES - 512;
/** The fewest minor units an order can be paid with. */
const LEAST_PAYABLE_MINOR = 1;

/**
 * Up to five offers, best first, or why there is none.
 * @param offerIdOf names the offer of a shop, at most 24 characters.
 */
export function offersFor(
  { body }: FrameOf<'intent'>,
  device: string,
  shops: readonly Shop[],
  offerIdOf: (merchant: string) => string,
  now: EpochMs,
): Offers {
  const customer = customerOf(device, body.place);
  const answers = shops
    .map((shop) => quoteShop(shop, body.lines, customer, now))
    .filter((answer) => answer.kind === 'unavailable' || answer.totalMinor >= LEAST_PAYABLE_MINOR);
  const comparison = compareOffers(answers, {
    maxTotalMinor: body.isr.maxTotalMinor,
    ...(body.merchantId !== undefined && { merchantId: body.merchantId }),
    ...(body.deliverWithinMin !== undefined && { deliverWithinMin: body.deliverWithinMin }),
  });
  const validUntil = Math.min(secondsOf(now) + OFFERS_VALID_S, body.isr.validityEndTime) as EpochSeconds;
  const base = { requestId: body.requestId, validUntil };
  if (comparison.kind === 'none') return { ...base, offers: [], ...whyNone(comparison.no) };
  const offers = comparison.candidates.map((candidate) =>
    offerOf(candidate, offerIdOf(candidate.quote.shopId), body.locale),
  );
  return { ...base, offers: whatFits(offers) };
}

function whyNone(no: NoOffer): Pick<Offers, 'none' | 'cheapestMinor' | 'opensAt'> {
  return {
    none: no.why,
    ...(no.why === 'over-budget' && { cheapestMinor: no.cheapestMinor }),
    ...(no.why === 'all-closed' && { opensAt: secondsOf(no.opensAtMs) }),
  };
}

function offerOf({ quote, reasons }: Candidate, offerId: string, locale: FrameOf<'intent'>['body']['locale']): Offer {
  return {
    offerId,
    merchant: quote.shopId,
    lines: quote.lines.map((line) => ({
      itemId: line.itemId,
      title: lineTitle(line.title, line.options, locale),
      quantity: line.quantity,
      amountMinor: line.amountMinor,
    })),
    discounts: discountsOf(quote),
    deliveryMinor: quote.deliveryMinor,
    totalMinor: quote.totalMinor,
    currency: SHOP_CURRENCY,
    distanceM: quote.distanceM,
    etaMin: quote.etaMin,
    reasons,
  };
}

/** The promotions of a quote as they stand on the wire. */
export function discountsOf(quote: Quote): Offer['discounts'] {
  return quote.discounts.map(({ couponId, amountMinor }) => ({ couponId, amountMinor }));
}

/** As many of the best offers as one frame holds; the first always does. */
function whatFits(offers: readonly Offer[]): readonly Offer[] {
  let bytes = 0;
  return offers.filter((offer) => {
    bytes += encodeCbor(OfferType.encode(offer, 'offer')).length;
    return bytes <= OFFERS_MAX_BYTES;
  });
}
