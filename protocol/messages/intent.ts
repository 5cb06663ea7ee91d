/** What the wearer asked for: ADD-INT-ICS (capture and confirmation) and CID-INT-XFR (transfer to who can serve it). */

import { currency, epochSeconds, locale, minor, minutes, place, quantity } from '../fields.ts';
import { agentId, digest, id16, partyId, paymentMethod, slug } from '../ids.ts';
import { list, oneOf, text, type WireValue, wireMap } from '../wire.ts';

/** The words stay on the device; their digest and where the device keeps them go out (ACT 2.1 ADD `conversation_history`). */
export const ConversationHistory = wireMap('conversation-history', {
  userIntentRawDigest: [1, digest],
  contextRef: [2, text(64, /^[a-z0-9:.-]+$/)],
  inputMode: [3, list(oneOf({ TEXT: 1, VOICE: 2, IMAGE: 3, INTERACTIVE_CARD: 4, OTHER: 5 }), 5, 1)],
});

/** Intent Structured Result (ACT 2.1 ADD-INT-ICS), made only after the wearer confirmed a summary of it. */
export const Isr = wireMap('isr', {
  conversationHistory: [1, ConversationHistory],
  intentId: [2, id16],
  delegationMode: [3, oneOf({ SPECIFIED: 1, BOUNDED: 2 })],
  validityStartTime: [4, epochSeconds],
  validityEndTime: [5, epochSeconds],
  maxTotalMinor: [6, minor],
  currency: [7, currency],
  allowedPaymentMethods: [8, list(paymentMethod, 4, 1)],
  agentId: [9, agentId],
  userConfirmationMethod: [10, oneOf({ VOICE: 1, BUTTON: 2 })],
  userConfirmationTimestamp: [11, epochSeconds],
});
export type Isr = WireValue<typeof Isr>;

export const ChosenOption = wireMap('chosen-option', { optionId: [1, slug], choiceId: [2, slug] });

/** One explicit need: a thing out of the vocabulary, how many, and how. */
export const NeedLine = wireMap('need-line', {
  itemId: [1, slug],
  quantity: [2, quantity],
  options: [3, list(ChosenOption, 8)],
});
export type NeedLine = WireValue<typeof NeedLine>;

/** device → agent: intent context request (CID-INT-XFR). */
export const IntentRequest = wireMap('intent', {
  requestId: [1, id16],
  isr: [2, Isr],
  locale: [3, locale],
  lines: [4, list(NeedLine, 8, 1)],
  merchantId: [5, partyId, 'optional'],
  deliverWithinMin: [6, minutes, 'optional'],
  place: [7, place],
});
export type IntentRequest = WireValue<typeof IntentRequest>;
