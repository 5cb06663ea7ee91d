/** Words to an event. What words mean depends on where the purchase stands; nothing is guessed that was not said. */
import { digestOf, type Id16, utf8 } from '../protocol/index.ts';
import type { DelegationRead, DelegationWords } from './delegation/events.ts';
import { isTalking, localeOfDelegation } from './delegation/state.ts';
import { isClearRead, readForDelegation, type Talk } from './delegation/words.ts';
import type { Hypothesis } from './ports.ts';
import { localeOf } from './purchase/ending.ts';
import type { PurchaseEvent } from './purchase/events.ts';
import type { Heard, Purchase } from './purchase/state.ts';
import type { DeviceSettings } from './settings.ts';
import { type OrderParse, parseOrder } from './voice/parse-order.ts';
import { holdsRefusal, parseReply, type Reply } from './voice/parse-reply.ts';
import type { Locale } from './voice/vocabulary.ts';

/** The states in which new words are a new order. */
export function takesOrders(state: Purchase): boolean {
  return state.at === 'idle' || state.at === 'ended' || state.at === 'following' || state.at === 'unknown';
}

/**
 * Han characters mean Chinese; an order mixes in Latin names, never the other way round. An answer such as "2" or "latte"
 * is in the language of the question, and so is everything that follows from it.
 */
export function languageOf(
  words: string,
  state: Purchase,
  settings: DeviceSettings,
  delegating?: Pick<Delegating, 'focus'>,
): Locale {
  if (/\p{Script=Han}/u.test(words)) return 'zh-CN';
  const focus = delegating?.focus;
  if (focus && isTalking(focus)) return localeOfDelegation(focus, settings.locale);
  if (!takesOrders(state)) return localeOf(state, settings.locale);
  return /\p{Script=Latin}/u.test(words) ? 'en-US' : settings.locale;
}

/** What the delegations add to the meaning of words; absent where there are none. */
export type Delegating = Pick<Talk, 'focus' | 'isAnyRunning' | 'now'>;

type Reading =
  | { readonly kind: 'order'; readonly parse: OrderParse }
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'delegation'; readonly read: DelegationRead };

function read(words: string, state: Purchase, settings: DeviceSettings, delegating: Delegating | undefined): Reading {
  const talk = delegating && { ...delegating, purchase: state, takesOrders: takesOrders(state) };
  const delegation = talk && readForDelegation(words, talk, settings);
  return delegation ? { kind: 'delegation', read: delegation } : readForPurchase(words, state, settings);
}

function readForPurchase(words: string, state: Purchase, { vocabulary }: DeviceSettings): Reading {
  const order = (): OrderParse => {
    const pending = state.at === 'asking' && state.pending ? { pending: state.pending } : {};
    return parseOrder(words, { vocabulary, currency: 'CNY', ...pending });
  };
  if (takesOrders(state)) return { kind: 'order', parse: order() };
  const offers = state.at === 'choosing' ? state.offers.map((offer) => ({ merchantId: offer.merchant })) : [];
  const reply = parseReply(words, { vocabulary, offers });
  if (state.at === 'asking')
    return reply.kind === 'cancel' ? { kind: 'reply', reply } : { kind: 'order', parse: order() };
  if (state.at === 'summarising' && reply.kind === 'unclear') {
    const parse = order();
    if (parse.kind === 'draft') return { kind: 'order', parse };
  }
  return { kind: 'reply', reply };
}

function isClear(reading: Reading): boolean {
  if (reading.kind === 'delegation') return isClearRead(reading.read);
  if (reading.kind === 'reply') return reading.reply.kind !== 'unclear';
  return reading.parse.kind === 'draft' || reading.parse.kind === 'question';
}

/** "Not the second one" is heard as "the second one" too, which must not stand in for it. */
function refusesUnclearly({ words, reading }: { readonly words: string; readonly reading: Reading }): boolean {
  const isUnclear = reading.kind === 'delegation' ? !isClear(reading) : isUnclearReply(reading);
  return isUnclear && holdsRefusal(words);
}

function isUnclearReply(reading: Exclude<Reading, { kind: 'delegation' }>): boolean {
  return reading.kind === 'reply' && reading.reply.kind === 'unclear';
}

/** What is kept of one utterance apart from the journal, so that it can be forgotten while the journal stays. */
export interface Transcript {
  readonly ref: string;
  /** Hex; without it a digest of everyday words could be guessed by trying (T28). */
  readonly salt: Id16;
  readonly words: string;
  /** Hex: the salted digest of the sound, where that is kept. */
  readonly audio?: string;
}

export interface Interpretation {
  readonly event: PurchaseEvent | DelegationWords;
  /** The entry for the transcript store: the content that the intent's reference leads to and its digest is of (ADD-INT-ICS). */
  readonly transcript?: Uint8Array;
}

/**
 * The event for what was heard: the first hypothesis that means something here or refuses something, else the best one;
 * without any, that nothing was understood. The event has the digest of the words only.
 */
export function interpret(
  hypotheses: readonly Hypothesis[],
  mode: Heard['mode'],
  state: Purchase,
  settings: DeviceSettings,
  { fresh, salt, audio }: { readonly fresh: Id16; readonly salt: Id16; readonly audio?: string | undefined },
  delegating?: Delegating,
): Interpretation {
  const readings = hypotheses.map(({ text }) => ({ words: text, reading: read(text, state, settings, delegating) }));
  const best = readings.find((one) => isClear(one.reading) || refusesUnclearly(one)) ?? readings[0];
  if (!best) return { event: { kind: 'unheard', why: 'not-understood' } };
  const { words, reading } = best;
  const entry: Transcript = { ref: `words:${fresh}`, salt, words, ...(audio !== undefined && { audio }) };
  const transcript = utf8(JSON.stringify(entry));
  const locale = languageOf(words, state, settings, delegating);
  const heard: Heard = { digest: digestOf(transcript), contextRef: entry.ref, mode, locale };
  return { event: eventOf(reading, heard, fresh), transcript };
}

function eventOf(reading: Reading, heard: Heard, fresh: Id16): Interpretation['event'] {
  if (reading.kind === 'delegation') return { kind: 'delegation', read: reading.read, heard, fresh };
  if (reading.kind === 'order') return { kind: 'order', parse: reading.parse, heard, fresh };
  return { kind: 'reply', reply: reading.reply, heard };
}
