/** From the pay request to the wearer's answer: PSD-PAY-INS steps 1 to 3, design 3 steps 6 to 9. */
import { type Challenge, msOf, openObject, ProtocolError, secondsOf } from '../../protocol/index.ts';
import { endUnpaid, later, NOT_FINAL, say, send } from './ending.ts';
import type { Effect, Step } from './events.ts';
import { phrases } from './phrases.ts';
import { QUERY_FIRST_MS, SETTLE_MS } from './settling.ts';
import type { ChallengeFault, CheckedChallenge, PurchaseIn } from './state.ts';
import type { Situation, Transition } from './transition.ts';

export const PSP_MS = 20_000;
export const PSP_AGAIN_MS = 4_000;

/** PSD-PAY-INS step 1. The same request id each time it is asked again, so that the PSP answers with what it had stored. */
export function askPsp(state: PurchaseIn<'requesting'>, settings: Situation['settings']): Effect {
  const { cart, digest } = state.cart;
  return send(settings.psp, {
    type: 'pay-request',
    body: {
      requestId: state.requestId,
      orderNo: cart.orderNo,
      paymentToken: settings.paymentToken,
      amountMinor: cart.totalMinor,
      currency: cart.currency,
      createdAt: secondsOf(state.intent.confirmedAt),
      agentId: settings.agentId,
      payee: cart.merchant,
      cartDigest: digest,
      method: settings.paymentMethod,
    },
  });
}

/** The challenge must say exactly what the cart says, to this device, from this device's PSP, and still be fresh. */
function faultOf(
  challenge: Challenge,
  signer: string,
  state: PurchaseIn<'requesting'>,
  { settings, now }: Situation,
): ChallengeFault | undefined {
  const { cart, digest } = state.cart;
  if (signer !== settings.psp) return 'challenge-signature';
  const same =
    challenge.amountMinor === cart.totalMinor &&
    challenge.currency === cart.currency &&
    challenge.payee === cart.merchant &&
    challenge.orderNo === cart.orderNo &&
    challenge.cartDigest === digest &&
    challenge.payer === settings.device;
  if (!same) return 'challenge-terms';
  return challenge.expiresAt <= secondsOf(now) ? 'challenge-expired' : undefined;
}

function openChallenge(
  bytes: Uint8Array,
  state: PurchaseIn<'requesting'>,
  moment: Situation,
): CheckedChallenge | ChallengeFault {
  try {
    const { trust, tenant } = moment.settings.directory;
    const { value, digest, signer } = openObject('challenge', bytes, { trust, tenant });
    return faultOf(value, signer.party, state, moment) ?? { challenge: value, bytes, digest };
  } catch (error) {
    if (error instanceof ProtocolError) return 'challenge-signature';
    throw error;
  }
}

export const checkChallenge: Transition<'requesting', 'challenge'> = (state, moment) => {
  const { settings, event } = moment;
  if (event.body.requestId !== state.requestId) return undefined;
  const checked = openChallenge(event.body.challenge, state, moment);
  if (typeof checked === 'string') return endUnpaid(state, settings, 'refused', checked);
  const { intent, cart, requestId } = state;
  const { locale } = intent.heard;
  // The signer times the prompt itself; this limit only holds when it never answers.
  const until = msOf(checked.challenge.expiresAt);
  return {
    state: { at: 'confirming', intent, cart, challenge: checked, requestId, until },
    effects: [
      { do: 'confirm', challenge: checked.bytes, cart: cart.bytes, locale },
      { do: 'listen', expect: 'reply', locale },
    ],
  };
};

/** The signer's one answer. Declined, cancelled, timed out, void and failed stay apart (design 5.6). */
export const answerOfSigner: Transition<'confirming', 'signer'> = (state, moment) => {
  const { settings, event } = moment;
  const { answer } = event;
  switch (answer.kind) {
    case 'signed':
      return isForThis(answer.signed, state, settings)
        ? sendConfirmation(state, answer.signed, moment)
        : endUnpaid(state, settings, 'refused', 'signer-mismatch');
    case 'declined':
      return endUnpaid(state, settings, 'declined', 'clicked');
    case 'cancelled':
      return endUnpaid(state, settings, 'cancelled', 'at-prompt');
    case 'timed-out':
      return endUnpaid(state, settings, 'timed-out', 'no-press');
    case 'void':
      return endUnpaid(state, settings, 'cancelled', answer.reason);
    case 'failed':
      return endUnpaid(state, settings, 'refused', answer.code);
  }
};

/** A signer outside this process is believed no more than a peer: it may answer late, or for another prompt (T2). */
function isForThis(
  confirmation: Uint8Array,
  { challenge }: PurchaseIn<'confirming'>,
  settings: Situation['settings'],
): boolean {
  const { trust, tenant } = settings.directory;
  try {
    const { value, signer } = openObject('confirmation', confirmation, { trust, tenant });
    return signer.party === settings.device && value.challengeDigest === challenge.digest;
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}

function sendConfirmation(
  state: PurchaseIn<'confirming'>,
  confirmation: Uint8Array,
  { settings, now }: Situation,
): Step {
  const { intent, cart, challenge, requestId } = state;
  const { locale } = intent.heard;
  const payment = { intent, cart, challenge, requestId, confirmation, attempts: 0 };
  return {
    state: { at: 'settling', payment, until: later(now, SETTLE_MS), nextAt: later(now, QUERY_FIRST_MS) },
    effects: [
      send(settings.psp, { type: 'confirm', body: { requestId, confirmation } }),
      say('paying', phrases(locale).paying(), locale),
    ],
  };
}

/** Cancelling is always possible and always wins over a press that has not been signed. */
export const leaveConfirming: Transition<'requesting' | 'confirming', 'reply'> = (state, { settings, event }) =>
  event.reply.kind === 'cancel' || event.reply.kind === 'no'
    ? endUnpaid(state, settings, 'cancelled', 'said-cancel')
    : undefined;

/** A prompt does not outlive the link: what could not be sent at once must not be signed (design 5.3). */
export const linkLost: Transition<'confirming', 'link'> = (state, { settings, event }) =>
  event.online ? undefined : endUnpaid(state, settings, 'cancelled', 'link-lost');

/** A prompt does not outlive its process either. Nothing was signed that left the device, so nothing was paid. */
export const voidOnRestart: Transition<'confirming', 'restarted'> = (state, { settings }) =>
  endUnpaid(state, settings, 'cancelled', 'restart');

export const payRefused: Transition<'requesting' | 'confirming', 'refusal'> = (state, { settings, event }) => {
  const { requestId, code } = event.body;
  if (requestId !== state.requestId || event.from.party !== settings.psp || code === NOT_FINAL) return undefined;
  return endUnpaid(state, settings, 'refused', code);
};

export const askPspAgain: Transition<'requesting', 'tick' | 'restarted'> = (state, { settings, now, event }) => {
  if (now >= state.until) return endUnpaid(state, settings, 'refused', 'psp-unreachable');
  if (event.kind === 'tick' && now < state.nextAt) return undefined;
  return { state: { ...state, nextAt: later(now, PSP_AGAIN_MS) }, effects: [askPsp(state, settings)] };
};
