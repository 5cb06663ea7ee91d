/** The endings before money moves, and the small helpers with which transitions speak, listen and send. */
import { digestOf, type EpochMs, hex, type Id16, type Message, utf8 } from '../../protocol/index.ts';
import type { Locale } from '../voice/vocabulary.ts';
import type { Effect, Step } from './events.ts';
import { type PhraseKey, phrases } from './phrases.ts';
import type { Outcome, Purchase, PurchaseIn } from './state.ts';
import type { Moment, Situation, Transition } from './transition.ts';

export function later(now: EpochMs, ms: number): EpochMs {
  return (now + ms) as EpochMs;
}

export function say(key: PhraseKey, text: string, locale: Locale): Effect {
  return { do: 'say', key, text, locale };
}

export function send(to: string, message: Message): Effect {
  return { do: 'send', to, message };
}

/**
 * A request id for one purpose of one purchase. It follows from the random intent id, so a step that is repeated after a
 * restart asks with the same id and the peer answers with what it had stored (T3).
 */
export function requestIdFor(intentId: Id16, purpose: string): Id16 {
  return digestOf(utf8(`${hex(utf8(intentId))}:${purpose}`)).slice(0, 32) as Id16;
}

/** The one refusal of a PSP that is not final: the merchant's notice may still be on its way, so the request is repeated. */
export const NOT_FINAL = 'order-unknown';

/** The language this purchase is held in. */
export function localeOf(state: Purchase, fallback: Locale): Locale {
  if ('intent' in state) return state.intent.heard.locale;
  if ('payment' in state) return state.payment.intent.heard.locale;
  if ('paid' in state && state.paid) return state.paid.intent.heard.locale;
  if ('heard' in state) return state.heard.locale;
  return 'locale' in state ? state.locale : fallback;
}

const FAREWELL = {
  declined: (locale: Locale) => phrases(locale).declined(),
  cancelled: (locale: Locale) => phrases(locale).cancelled(),
  'timed-out': (locale: Locale) => phrases(locale).timedOut(),
} as const;

/** Ends a purchase in which no money can have moved. An open payment request is withdrawn at the PSP, an open prompt at the signer. */
export function endUnpaid(
  state: Purchase,
  settings: Situation['settings'],
  outcome: Exclude<Outcome, 'finished' | 'unknown'>,
  reason: string,
): Step {
  const locale = localeOf(state, settings.locale);
  const farewell = outcome === 'refused' ? phrases(locale).refused(reason) : FAREWELL[outcome](locale);
  const effects: Effect[] = [];
  if (state.at === 'confirming') effects.push({ do: 'withdraw' });
  if (state.at === 'confirming' || state.at === 'requesting') {
    const cancelReason = outcome === 'refused' ? 'void' : outcome;
    effects.push(
      send(settings.psp, { type: 'pay-cancel', body: { requestId: state.requestId, reason: cancelReason } }),
    );
  }
  effects.push(say(outcome, farewell, locale));
  return { state: { at: 'ended', outcome, reason }, effects };
}

type Cancellable = 'seeking' | 'carting' | 'summarising' | 'choosing';

/** "Cancel" and "no" end a purchase wherever it stands before payment; other words do nothing here. */
export const cancelled: Transition<Cancellable, 'reply'> = (state, { settings, event }) =>
  event.reply.kind === 'cancel' || event.reply.kind === 'no'
    ? endUnpaid(state, settings, 'cancelled', 'said-cancel')
    : undefined;

/** Ends a state whose time is over; ticks that come earlier do nothing. */
export function timedOut(
  reason: string,
): (
  state: PurchaseIn<'asking' | 'summarising' | 'choosing' | 'confirming'>,
  moment: Moment<'tick'>,
) => Step | undefined {
  return (state, { settings, now }) =>
    now >= state.until ? endUnpaid(state, settings, 'timed-out', reason) : undefined;
}
