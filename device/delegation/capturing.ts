/** Capture, clarify, confirm (ACT 2.1 ADD-INT-ICS): questions until nothing that bounds is missing, then one summary to say yes to. */
import type { EpochMs, Id16 } from '../../protocol/index.ts';
import type { Locale } from '../voice/vocabulary.ts';
import { planOf } from './credential.ts';
import type { DelegationEffect, DelegationStep } from './events.ts';
import { askPsp, REQUEST_AGAIN_MS, REQUEST_MS } from './issuing.ts';
import { delegationPhrases } from './phrases.ts';
import { later, say } from './speech.ts';
import type { DelegationIn, DelegationOutcome } from './state.ts';
import type { Moment, Situation, Transition } from './transition.ts';

const ANSWER_MS = 20_000;
/** How often the same thing is asked before the device gives up. */
const MAX_TRIES = 3;

type Capturing = 'drafting' | 'summarising';

/** Before the first word was understood. */
export function blank(id: Id16, locale: Locale, now: EpochMs): DelegationIn<'drafting'> {
  return { at: 'drafting', id, locale, tries: 0, until: later(now, ANSWER_MS) };
}

/** Ends what was never signed. */
export function endUnsigned(
  id: Id16,
  outcome: DelegationOutcome,
  reason: string,
  locale: Locale,
  ...effects: readonly DelegationEffect[]
): DelegationStep {
  const text = delegationPhrases(locale).notMade(reason);
  return {
    state: { at: 'ended', id, outcome, reason },
    effects: [...effects, say('delegation-not-made', text, locale)],
  };
}

export const understand: Transition<Capturing, 'wish'> = (state, moment) => {
  const { parse, heard } = moment.event;
  if (parse.kind === 'draft')
    return summarise({ at: 'summarising', id: state.id, draft: parse.draft, heard, tries: 1 }, moment);
  const isAgain = state.at === 'drafting' && state.question?.kind === parse.question.kind;
  const tries = isAgain ? state.tries + 1 : 1;
  if (tries > MAX_TRIES) return endUnsigned(state.id, 'refused', parse.question.kind, heard.locale);
  const { question, pending } = parse;
  return ask(
    { at: 'drafting', id: state.id, locale: heard.locale, question, pending, tries, until: moment.now },
    moment,
  );
};

function ask(state: DelegationIn<'drafting'>, { settings, now }: Situation): DelegationStep {
  const { locale, question } = state;
  const text = question
    ? settings.delegation?.voice.question(question, locale, settings.vocabulary)
    : delegationPhrases(locale).unheard();
  return {
    state: { ...state, until: later(now, ANSWER_MS) },
    effects: [
      say('delegation-question', text ?? delegationPhrases(locale).unheard(), locale),
      { do: 'listen-for', expect: 'order', locale },
    ],
  };
}

function summarise(state: Omit<DelegationIn<'summarising'>, 'until'>, { settings, now }: Situation): DelegationStep {
  const { locale } = state.heard;
  const summary = settings.delegation?.voice.summarise(state.draft, settings.vocabulary, locale) ?? '';
  return {
    state: { ...state, until: later(now, ANSWER_MS) },
    effects: [say('delegation-summary', summary, locale), { do: 'listen-for', expect: 'reply', locale }],
  };
}

/** Words that answer nothing while a question is open: "cancel" ends it, anything else is asked again. */
export const answerQuestion: Transition<'drafting', 'answer'> = (state, moment) => {
  const { reply, heard } = moment.event;
  if (reply.kind === 'cancel' || reply.kind === 'no')
    return endUnsigned(state.id, 'cancelled', 'said-cancel', heard.locale);
  return askOnceMore(state, moment);
};

export const unheardQuestion: Transition<'drafting', 'unheard'> = (state, moment) => askOnceMore(state, moment);

function askOnceMore(state: DelegationIn<'drafting'>, moment: Situation): DelegationStep {
  if (state.tries >= MAX_TRIES) return endUnsigned(state.id, 'refused', 'not-understood', state.locale);
  return ask({ ...state, tries: state.tries + 1 }, moment);
}

/** The words are not in the journal (T28), so what they had left open cannot be asked once more. */
export const lostWords: Transition<'drafting', 'restarted'> = ({ id, locale }) => ({
  state: { at: 'ended', id, outcome: 'cancelled', reason: 'restart' },
  effects: [say('delegation-unheard', delegationPhrases(locale).lost(), locale)],
});

export const confirmSummary: Transition<'summarising', 'answer'> = (state, moment) => {
  const { reply } = moment.event;
  const { id, heard } = state;
  if (reply.kind === 'cancel' || reply.kind === 'no') return endUnsigned(id, 'cancelled', 'said-cancel', heard.locale);
  if (reply.kind !== 'yes') return summariseOnceMore(state, moment);
  return request(state, moment);
};

export const repeatSummary: Transition<'summarising', 'unheard' | 'restarted'> = (state, moment) =>
  moment.now >= state.until
    ? endUnsigned(state.id, 'timed-out', 'no-answer', state.heard.locale)
    : summariseOnceMore(state, moment);

function summariseOnceMore(state: DelegationIn<'summarising'>, moment: Situation): DelegationStep {
  if (state.tries >= MAX_TRIES) return endUnsigned(state.id, 'refused', 'not-understood', state.heard.locale);
  return summarise({ ...state, tries: state.tries + 1 }, moment);
}

/** The final ISR is confirmed; its confirmation starts the issuing, and nothing is asked twice (ADD-INT-ICS). */
function request(state: DelegationIn<'summarising'>, { settings, now }: Moment<'answer'>): DelegationStep {
  const { id, heard } = state;
  const plan = planOf(state, settings, now);
  if (typeof plan === 'string') return endUnsigned(id, 'refused', plan, heard.locale);
  return {
    state: { at: 'requesting', id, plan, until: later(now, REQUEST_MS), nextAt: later(now, REQUEST_AGAIN_MS) },
    effects: [
      say('delegation-checking', delegationPhrases(heard.locale).checking(), heard.locale),
      askPsp(plan, settings),
    ],
  };
}

export const unanswered: Transition<Capturing, 'tick'> = (state, { now, settings }) => {
  if (now < state.until) return undefined;
  const locale = state.at === 'drafting' ? state.locale : (state.heard.locale ?? settings.locale);
  return endUnsigned(state.id, 'timed-out', 'no-answer', locale);
};

/** The wearer talks of something else: nothing is said, as what they talk of now is answered. */
export const dropped: Transition<Capturing, 'dropped'> = ({ id }) => ({
  state: { at: 'ended', id, outcome: 'cancelled', reason: 'other-words' },
  effects: [],
});

export const lockedOut: Transition<Capturing, 'lock-order'> = (state, { event, settings }) => {
  const locale = state.at === 'drafting' ? state.locale : (state.heard.locale ?? settings.locale);
  return event.taken.isLocked ? endUnsigned(state.id, 'cancelled', 'device-locked', locale) : undefined;
};
