/** Offers come back and the wearer chooses one (CID-MER-CAT, CID-INT-XFR). */
import { type Currency, type EpochSeconds, type Offer, type Offers, totalOf } from '../../protocol/index.ts';
import type { Reply } from '../voice/parse-reply.ts';
import type { Locale } from '../voice/vocabulary.ts';
import { MAX_TRIES, requestOffers, SEEK_AGAIN_MS } from './asking.ts';
import { endUnpaid, later, requestIdFor, say, send } from './ending.ts';
import type { Effect, Step } from './events.ts';
import { phrases, reasonWord, spokenAmount } from './phrases.ts';
import type { Intent, PurchaseIn } from './state.ts';
import type { Situation, Transition } from './transition.ts';

export const CHOOSE_MS = 60_000;
export const CART_MS = 20_000;

/** What is wrong with one offer, or nothing. The agent's arithmetic and obedience are not trusted (design 2). */
function isSound(offer: Offer, intent: Intent, settings: Situation['settings']): boolean {
  return (
    offer.currency === settings.currency &&
    totalOf(offer) === offer.totalMinor &&
    offer.totalMinor <= intent.maxTotalMinor &&
    settings.directory.nameOf(offer.merchant, intent.heard.locale) !== undefined &&
    (intent.draft.merchantId === undefined || intent.draft.merchantId === offer.merchant) &&
    (intent.draft.deliverWithinMin === undefined || offer.etaMin <= intent.draft.deliverWithinMin)
  );
}

export const hearOffers: Transition<'seeking', 'offers'> = (state, moment) => {
  const { settings, event, now } = moment;
  if (event.body.requestId !== state.requestId) return undefined;
  const offers = event.body.offers.filter((offer) => isSound(offer, state.intent, settings));
  if (offers.length === 0) return noOffers(state, event.body, settings);
  const { intent, requestId } = state;
  return present({ at: 'choosing', intent, requestId, offers, tries: 1, until: later(now, CHOOSE_MS) }, moment);
};

function noOffers(state: PurchaseIn<'seeking'>, body: Offers, settings: Situation['settings']): Step {
  const { locale } = state.intent.heard;
  const none = body.none ?? 'nobody-sells';
  const detail =
    none === 'over-budget' && body.cheapestMinor !== undefined
      ? phrases(locale).overBudget(spokenAmount(body.cheapestMinor, settings.currency, locale))
      : none === 'all-closed' && body.opensAt !== undefined
        ? phrases(locale).opensAt(clockTime(body.opensAt))
        : undefined;
  return {
    state: { at: 'ended', outcome: 'refused', reason: none },
    effects: [say('no-offer', phrases(locale).noOffer(none, detail), locale)],
  };
}

/** HH:MM in UTC+8, where the shops are. */
function clockTime(seconds: EpochSeconds): string {
  const minuteOfDay = Math.floor((seconds + 8 * 3600) / 60) % 1440;
  return `${String(Math.floor(minuteOfDay / 60)).padStart(2, '0')}:${String(minuteOfDay % 60).padStart(2, '0')}`;
}

function present(state: PurchaseIn<'choosing'>, { settings }: Situation): Step {
  const { locale } = state.intent.heard;
  const spoken = state.offers.map((offer) => ({
    merchant: settings.directory.nameOf(offer.merchant, locale) ?? offer.merchant,
    total: spokenAmount(offer.totalMinor, offer.currency as Currency, locale),
    distanceM: offer.distanceM,
    etaMin: offer.etaMin,
    reason: offer.reasons[0] && reasonWord(offer.reasons[0], locale),
  }));
  return {
    state,
    effects: [say('offers', phrases(locale).offers(spoken), locale), { do: 'listen', expect: 'reply', locale }],
  };
}

export const repeatOffers: Transition<'choosing', 'unheard' | 'restarted'> = (state, moment) => {
  if (moment.now >= state.until) return endUnpaid(state, moment.settings, 'timed-out', 'no-choice');
  if (state.tries >= MAX_TRIES) return endUnpaid(state, moment.settings, 'refused', 'not-understood');
  return present({ ...state, tries: state.tries + 1 }, moment);
};

/** Which offer a reply means, if any. "Yes" and "that one" mean the recommended, the first. */
function chosen(reply: Reply, offers: readonly Offer[]): Offer | undefined {
  const least = (by: 'totalMinor' | 'etaMin') => [...offers].sort((a, b) => a[by] - b[by])[0];
  switch (reply.kind) {
    case 'yes':
      return offers[0];
    case 'choose':
      return offers[reply.index];
    case 'choose-merchant':
      return offers.find((offer) => offer.merchant === reply.merchantId);
    case 'cheapest':
      return least('totalMinor');
    case 'fastest':
      return least('etaMin');
    default:
      return undefined;
  }
}

export const choose: Transition<'choosing', 'reply'> = (state, moment) => {
  const { settings, now, event } = moment;
  if (event.reply.kind === 'cancel' || event.reply.kind === 'no')
    return endUnpaid(state, settings, 'cancelled', 'said-cancel');
  const offer = chosen(event.reply, state.offers);
  if (!offer) {
    if (state.tries >= MAX_TRIES) return endUnpaid(state, settings, 'refused', 'not-understood');
    return present({ ...state, tries: state.tries + 1 }, moment);
  }
  const { intent } = state;
  const { locale } = intent.heard;
  const requestId = requestIdFor(intent.intentId, `cart:${offer.offerId}`);
  const next = {
    at: 'carting',
    intent,
    requestId,
    offer,
    until: later(now, CART_MS),
    nextAt: later(now, SEEK_AGAIN_MS),
  } as const;
  const merchant = settings.directory.nameOf(offer.merchant, locale) ?? offer.merchant;
  return {
    state: next,
    effects: [say('ordering', phrases(locale).ordering(merchant), locale), selectOffer(next, settings, locale)],
  };
};

export function selectOffer(state: PurchaseIn<'carting'>, settings: Situation['settings'], locale: Locale): Effect {
  const { requestId, intent, offer } = state;
  const body = { requestId, intentId: intent.intentId, offerId: offer.offerId, locale };
  return send(settings.agent, { type: 'select', body });
}

export const seekRefused: Transition<'seeking', 'refusal'> = (state, { settings, event }) =>
  event.body.requestId === state.requestId && event.from.party === settings.agent
    ? endUnpaid(state, settings, 'refused', event.body.code)
    : undefined;

/** No answer yet: the same request again, until the time is over. */
export const seekAgain: Transition<'seeking', 'tick' | 'restarted'> = (state, moment) => {
  const { settings, now, event } = moment;
  if (now >= state.until) return endUnpaid(state, settings, 'refused', 'agent-unreachable');
  if (event.kind === 'tick' && now < state.nextAt) return undefined;
  return {
    state: { ...state, nextAt: later(now, SEEK_AGAIN_MS) },
    effects: [requestOffers(state.intent, moment)],
  };
};
