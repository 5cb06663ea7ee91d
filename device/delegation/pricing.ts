/**
 * A price that has left the tolerance comes back as a question (CID-CART-CFM, PAUSE_AND_NOTIFY). A yes allows nothing that
 * the credential does not; whatever is not a yes in time is a no.
 */
import { msOf, type PriceQuestion, secondsOf } from '../../protocol/index.ts';
import { leftMinor, readTerms } from './bounds.ts';
import type { DelegationEffect, DelegationStep } from './events.ts';
import { later, say, send, words } from './speech.ts';
import type { Asked, HeldDelegation } from './state.ts';
import { type Moment, type OfHeld, revised, type Situation, stay, without } from './transition.ts';

const ANSWER_MS = 20_000;
const MAX_TRIES = 2;

/** Whether a yes could lead to a payment inside the bounds: nobody is asked about another one (T13). */
function isAskable(body: PriceQuestion, state: HeldDelegation, { settings, now }: Situation): boolean {
  const { iac, sums } = state;
  const { allowedMerchants = [], forbiddenMerchants = [], maxSingleMinor } = iac.ext?.commerce ?? {};
  const terms = readTerms(iac);
  const { merchant, itemId, amountMinor } = body;
  return (
    state.at === 'active' &&
    body.until > secondsOf(now) &&
    iac.ext?.agentBehavior?.priceDeviationAction !== 'AUTO_CANCEL' &&
    body.currency === iac.currency &&
    settings.directory.nameOf(merchant, state.locale) !== undefined &&
    (allowedMerchants.length === 0 || allowedMerchants.includes(merchant)) &&
    !forbiddenMerchants.includes(merchant) &&
    (terms?.items === undefined || terms.items.some((item) => item.itemId === itemId)) &&
    amountMinor <= (maxSingleMinor ?? amountMinor) &&
    amountMinor <= leftMinor(sums.spentMinor, iac)
  );
}

function answer(
  state: HeldDelegation,
  requestId: PriceQuestion['requestId'],
  accept: boolean,
  agent: string,
): DelegationEffect {
  return send(agent, { type: 'price-answer', body: { requestId, delegationId: state.id, accept } });
}

export const takeQuestion: OfHeld<'price-question'> = (state, moment) => {
  const { settings, event } = moment;
  const { body } = event;
  if (event.from.party !== settings.agent) return undefined;
  const { asked, answered } = state;
  // The same question again: the answer may have been lost, and is the same.
  if (answered?.requestId === body.requestId)
    return stay(state, answer(state, body.requestId, answered.accept, settings.agent));
  if (asked?.body.requestId === body.requestId) return undefined;
  if (asked || !isAskable(body, state, moment))
    return stay(state, answer(state, body.requestId, false, settings.agent));
  return stay(revised(state, { asked: { step: 'waiting', body, tries: 0, until: msOf(body.until) } }));
};

export const askWearer: OfHeld<'turn'> = (state, { event, settings, now }) => {
  const { asked } = state;
  if (event.of !== 'talk' || asked?.step !== 'waiting' || now >= asked.until) return undefined;
  return speak(state, asked, { settings, now });
};

function speak(
  state: HeldDelegation,
  asked: Asked,
  { settings, now }: Pick<Situation, 'settings' | 'now'>,
): DelegationStep {
  const { phrases, name, amount, payee, locale } = words(state, settings);
  const { body } = asked;
  const until = Math.min(later(now, ANSWER_MS), msOf(body.until)) as Asked['until'];
  const text = phrases.price(name, payee(body.merchant), amount(body.amountMinor), amount(body.referenceMinor));
  return stay(
    revised(state, { asked: { step: 'open', body, tries: asked.tries + 1, until } }),
    say('delegation-price', text, locale),
    { do: 'listen-for', expect: 'reply', locale },
  );
}

export function hearAnswer(state: HeldDelegation, moment: Moment<'answer'>): DelegationStep | undefined {
  const { asked } = state;
  const { reply } = moment.event;
  if (asked?.step !== 'open') return undefined;
  if (reply.kind === 'yes') return conclude(state, asked, isAskable(asked.body, state, moment), moment);
  if (reply.kind === 'no' || reply.kind === 'cancel') return conclude(state, asked, false, moment);
  return asked.tries < MAX_TRIES ? speak(state, asked, moment) : conclude(state, asked, false, moment);
}

export const hearNothing: OfHeld<'unheard'> = (state, moment) => {
  const { asked } = state;
  if (asked?.step !== 'open') return undefined;
  return asked.tries < MAX_TRIES ? speak(state, asked, moment) : conclude(state, asked, false, moment);
};

function conclude(state: HeldDelegation, { body }: Asked, accept: boolean, { settings }: Situation): DelegationStep {
  const { phrases, locale } = words(state, settings);
  const { requestId } = body;
  return stay(
    revised(without(state, 'asked'), { answered: { requestId, accept } }),
    answer(state, requestId, accept, settings.agent),
    say('delegation-price', accept ? phrases.priceTaken() : phrases.priceLeft(), locale),
  );
}

/** Nothing was said in time, the wearer turned to something else, or there is nothing to buy any more. */
export function letGo(state: HeldDelegation, { settings, now }: Situation, isOver = false): DelegationStep | undefined {
  const { asked } = state;
  if (!asked || !(isOver || now >= asked.until || state.at !== 'active')) return undefined;
  const { requestId } = asked.body;
  return stay(
    revised(without(state, 'asked'), { answered: { requestId, accept: false } }),
    answer(state, requestId, false, settings.agent),
  );
}

/** After a restart the question is put once more: what was said to it is not known. */
export function askAnew(state: HeldDelegation): DelegationStep | undefined {
  const { asked } = state;
  if (asked?.step !== 'open') return undefined;
  return stay(revised(state, { asked: { ...asked, step: 'waiting' } }));
}
