/** Capture, clarify, confirm (ACT 2.1 ADD-INT-ICS): questions until the order is complete, then one summary to say yes to. */
import { type Isr, secondsOf } from '../../protocol/index.ts';
import { askQuestion } from '../voice/questions.ts';
import type { IntentDraft, Locale } from '../voice/vocabulary.ts';
import { endUnpaid, later, localeOf, requestIdFor, say, send } from './ending.ts';
import type { Effect, Step } from './events.ts';
import { phrases, spokenAmount, spokenOrder } from './phrases.ts';
import type { Intent, Purchase, PurchaseIn } from './state.ts';
import type { Situation, Transition } from './transition.ts';

export const ANSWER_MS = 20_000;
export const SEEK_MS = 20_000;
export const SEEK_AGAIN_MS = 5_000;
/** How often the same thing is asked before the device gives up. */
export const MAX_TRIES = 3;
/** What one intent request has room for (CID-INT-XFR). */
export const MAX_LINES = 8;
/** How long what the wearer asked for stays valid. */
const INTENT_VALIDITY_S = 900;

type Hearing = 'idle' | 'asking' | 'summarising';

export const understand: Transition<Hearing, 'order'> = (state, moment) => {
  const { parse, heard, fresh } = moment.event;
  if (parse.kind === 'draft') {
    if (parse.draft.lines.length > MAX_LINES) return unheard(state, moment, 'too-long', heard.locale);
    const next = { at: 'summarising', intentId: fresh, draft: parse.draft, heard, tries: 1 } as const;
    return summarise(next, moment);
  }
  if (parse.kind === 'question') {
    const again = state.at === 'asking' && state.question?.kind === parse.question.kind;
    const tries = again ? state.tries + 1 : 1;
    if (tries > MAX_TRIES) return endUnpaid(state, moment.settings, 'refused', parse.question.kind);
    const { question, pending } = parse;
    return ask({ at: 'asking', question, pending, tries, locale: heard.locale, until: moment.now }, moment);
  }
  return unheard(state, moment, 'not-understood', heard.locale);
};

export const unheardOrder: Transition<'idle' | 'asking', 'unheard'> = (state, moment) =>
  unheard(state, moment, moment.event.why, localeOf(state, moment.settings.locale));

function unheard(state: Purchase, moment: Situation, why: string, locale: Locale): Step {
  const tries = state.at === 'asking' ? state.tries + 1 : 1;
  if (tries > MAX_TRIES) return endUnpaid(state, moment.settings, 'refused', why);
  const kept = state.at === 'asking' ? state : { question: undefined, pending: undefined };
  const next: PurchaseIn<'asking'> = {
    at: 'asking',
    ...(kept.question && { question: kept.question }),
    ...(kept.pending && { pending: kept.pending }),
    tries,
    locale,
    until: later(moment.now, ANSWER_MS),
  };
  return {
    state: next,
    effects: [say('unheard', phrases(locale).unheard(why), locale), { do: 'listen', expect: 'order', locale }],
  };
}

function ask(state: PurchaseIn<'asking'>, { settings, now }: Situation): Step {
  const { locale, question } = state;
  const text = question
    ? askQuestion(question, locale, settings.vocabulary)
    : phrases(locale).unheard('not-understood');
  return {
    state: { ...state, until: later(now, ANSWER_MS) },
    effects: [say('question', text, locale), { do: 'listen', expect: 'order', locale }],
  };
}

/** Words that were no order while a question was open: "cancel" ends it, anything else is asked again. */
export const answerQuestion: Transition<'asking', 'reply'> = (state, moment) => {
  const { reply } = moment.event;
  if (reply.kind === 'cancel' || reply.kind === 'no')
    return endUnpaid(state, moment.settings, 'cancelled', 'said-cancel');
  if (state.tries >= MAX_TRIES) return endUnpaid(state, moment.settings, 'refused', 'not-understood');
  return ask({ ...state, tries: state.tries + 1 }, moment);
};

export const repeatQuestion: Transition<'asking', 'restarted'> = (state, moment) =>
  moment.now >= state.until ? endUnpaid(state, moment.settings, 'timed-out', 'no-answer') : ask(state, moment);

/** Everything that will be asked of the shops is said before it is confirmed: things, shop, time (ADD-INT-ICS). */
function wholeOrder(draft: IntentDraft, { vocabulary, directory }: Situation['settings'], locale: Locale): string {
  const { merchantId, deliverWithinMin } = draft;
  const words = phrases(locale);
  const from = merchantId === undefined ? '' : words.from(directory.nameOf(merchantId, locale) ?? merchantId);
  const within = deliverWithinMin === undefined ? '' : words.within(deliverWithinMin);
  return `${spokenOrder(draft, vocabulary, locale)}${from}${within}`;
}

/** No budget named, or one above the device's cap: the cap holds, and the summary says the amount aloud. */
function budgetOf(draft: IntentDraft, { settings }: Situation): number {
  return Math.min(draft.maxTotalMinor ?? settings.orderCapMinor, settings.orderCapMinor);
}

function summarise(state: Omit<PurchaseIn<'summarising'>, 'until'>, moment: Situation): Step {
  const { settings, now } = moment;
  const { locale } = state.heard;
  const most = spokenAmount(budgetOf(state.draft, moment), settings.currency, locale);
  const text = phrases(locale).summary(wholeOrder(state.draft, settings, locale), most);
  return {
    state: { ...state, until: later(now, ANSWER_MS) },
    effects: [say('summary', text, locale), { do: 'listen', expect: 'reply', locale }],
  };
}

export const repeatSummary: Transition<'summarising', 'unheard' | 'restarted'> = (state, moment) => {
  if (moment.now >= state.until) return endUnpaid(state, moment.settings, 'timed-out', 'no-answer');
  if (state.tries >= MAX_TRIES) return endUnpaid(state, moment.settings, 'refused', 'not-understood');
  return summarise({ ...state, tries: state.tries + 1 }, moment);
};

export const confirmSummary: Transition<'summarising', 'reply'> = (state, moment) => {
  const { settings, now, event } = moment;
  if (event.reply.kind === 'cancel' || event.reply.kind === 'no')
    return endUnpaid(state, settings, 'cancelled', 'said-cancel');
  if (event.reply.kind !== 'yes') {
    if (state.tries >= MAX_TRIES) return endUnpaid(state, settings, 'refused', 'not-understood');
    return summarise({ ...state, tries: state.tries + 1 }, moment);
  }
  const { intentId, draft, heard } = state;
  const intent: Intent = { intentId, draft, heard, maxTotalMinor: budgetOf(draft, moment), confirmedAt: now };
  const requestId = requestIdFor(intentId, 'seek');
  return {
    state: { at: 'seeking', intent, requestId, until: later(now, SEEK_MS), nextAt: later(now, SEEK_AGAIN_MS) },
    effects: [say('seeking', phrases(heard.locale).seeking(), heard.locale), requestOffers(intent, moment)],
  };
};

/** The final ISR: digest and reference of the words, never the words (ADD-INT-ICS). */
export function isrOf(
  intent: Intent,
  settings: Pick<Situation['settings'], 'agentId' | 'currency' | 'paymentMethod'>,
): Isr {
  const { heard, confirmedAt } = intent;
  const start = secondsOf(confirmedAt);
  return {
    conversationHistory: {
      userIntentRawDigest: heard.digest,
      contextRef: heard.contextRef,
      inputMode: [heard.mode],
    },
    intentId: intent.intentId,
    delegationMode: 'SPECIFIED',
    validityStartTime: start,
    validityEndTime: (start + INTENT_VALIDITY_S) as typeof start,
    maxTotalMinor: intent.maxTotalMinor,
    currency: settings.currency,
    allowedPaymentMethods: [settings.paymentMethod],
    agentId: settings.agentId,
    userConfirmationMethod: 'VOICE',
    userConfirmationTimestamp: start,
  };
}

/** The intent context request (CID-INT-XFR). */
export function requestOffers(intent: Intent, { settings }: Situation): Effect {
  const { draft, heard } = intent;
  return send(settings.agent, {
    type: 'intent',
    body: {
      requestId: requestIdFor(intent.intentId, 'seek'),
      isr: isrOf(intent, settings),
      locale: heard.locale,
      lines: draft.lines,
      ...(draft.merchantId !== undefined && { merchantId: draft.merchantId }),
      ...(draft.deliverWithinMin !== undefined && { deliverWithinMin: draft.deliverWithinMin }),
      place: settings.place,
    },
  });
}
