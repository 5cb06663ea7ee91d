/** After the confirmation has left: paid exactly once, not paid, or unknown and then resolved by query. Never a blind retry. */
import {
  CLOCK_SKEW_S,
  digestOf,
  type EpochSeconds,
  openObject,
  type PayState,
  ProtocolError,
  type Receipt,
} from '../../protocol/index.ts';
import { later, NOT_FINAL, say, send } from './ending.ts';
import type { Effect, Step } from './events.ts';
import { FOLLOW_MS, QUERY_ORDER_FIRST_MS } from './following.ts';
import { phrases, spokenAmount } from './phrases.ts';
import type { Paid, Payment, Purchase } from './state.ts';
import type { Situation, Transition } from './transition.ts';

/** How long an answer may take before the wearer is told that the outcome is unknown. */
export const SETTLE_MS = 20_000;
export const QUERY_FIRST_MS = 3_000;
const QUERY_MAX_MS = 30_000;

type Settling = Extract<Purchase, { payment: Payment }>;

/** Whether this receipt is the PSP's word for exactly this payment (T29). */
function opens(bytes: Uint8Array, payment: Payment, { settings }: Situation): Receipt | undefined {
  try {
    const { trust, tenant } = settings.directory;
    const { value, signer } = openObject('receipt', bytes, { trust, tenant });
    const { cart } = payment.cart;
    const fits =
      signer.party === settings.psp &&
      value.confirmationDigest === digestOf(payment.confirmation) &&
      value.orderNo === cart.orderNo &&
      value.amountMinor === cart.totalMinor &&
      value.currency === cart.currency &&
      value.payee === cart.merchant;
    return fits ? value : undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function paid(state: Settling, receiptBytes: Uint8Array, moment: Situation): Step | undefined {
  const { intent, cart, challenge, confirmation } = state.payment;
  const receipt = opens(receiptBytes, state.payment, moment);
  if (!receipt) return undefined;
  const { locale } = intent.heard;
  const result: Paid = { intent, cart, challenge, confirmation, receipt, receiptBytes };
  const amount = spokenAmount(receipt.amountMinor, receipt.currency, locale);
  const payee = moment.settings.directory.nameOf(receipt.payee, locale) ?? receipt.payee;
  return {
    state: {
      at: 'following',
      paid: result,
      trade: { state: 'WAIT_BUYER_PAY', version: 0 },
      until: later(moment.now, FOLLOW_MS),
      nextAt: later(moment.now, QUERY_ORDER_FIRST_MS),
    },
    effects: [say('paid', phrases(locale).paid(amount, payee), locale)],
  };
}

export const settle: Transition<'settling' | 'unknown', 'receipt'> = (state, moment) =>
  moment.event.body.requestId === state.payment.requestId ? paid(state, moment.event.body.receipt, moment) : undefined;

/**
 * "Never heard of it" is final when the PSP said so after the challenge and every copy of the confirmation were out of time.
 * What counts is when it said so, by its own clock: an older word that comes late, or a clock of ours that runs ahead, must
 * not turn a payment into none (T4, T16).
 */
function saidTooLateToBePaid(saidAt: EpochSeconds, { challenge }: Payment): boolean {
  return saidAt > challenge.challenge.expiresAt + 2 * CLOCK_SKEW_S;
}

function notPaid(state: Settling, reason: string): Step {
  const { locale } = state.payment.intent.heard;
  return {
    state: { at: 'ended', outcome: 'refused', reason },
    effects: [say('not-paid', phrases(locale).notPaid(), locale)],
  };
}

const NOT_PAID: readonly PayState[] = ['declined', 'expired', 'refused'];

export const settleByStatus: Transition<'settling' | 'unknown', 'pay-status'> = (state, moment) => {
  const { body, iat } = moment.event;
  if (body.requestId !== state.payment.requestId) return undefined;
  if (body.state === 'paid' && body.receipt) return paid(state, body.receipt, moment);
  if (NOT_PAID.includes(body.state)) return notPaid(state, `psp-${body.state}`);
  if (body.state === 'unknown-request' && saidTooLateToBePaid(iat, state.payment))
    return notPaid(state, 'psp-not-paid');
  // The PSP has not seen the confirmation. It is the same signed object for the same nonce: it can only be used once.
  if (body.state === 'awaiting-confirmation') return { state, effects: [confirmAgain(state.payment, moment)] };
  return undefined;
};

function confirmAgain({ requestId, confirmation }: Payment, { settings }: Situation): Effect {
  return send(settings.psp, { type: 'confirm', body: { requestId, confirmation } });
}

/** A refusal by the PSP says that it has not debited and never will; but for one, which is about the time before the challenge and only late (T4). */
export const settlementRefused: Transition<'settling' | 'unknown', 'refusal'> = (state, { settings, event }) =>
  event.body.requestId === state.payment.requestId && event.from.party === settings.psp && event.body.code !== NOT_FINAL
    ? notPaid(state, event.body.code)
    : undefined;

/** Asks by request id, ever more slowly. After a while the wearer is told; asking goes on until there is an answer. */
export const queryPayment: Transition<'settling' | 'unknown', 'tick' | 'restarted'> = (state, moment) => {
  const { settings, now, event } = moment;
  const declareUnknown = state.at === 'settling' && now >= state.until;
  if (event.kind === 'tick' && now < state.nextAt && !declareUnknown) return undefined;
  const attempts = state.payment.attempts + 1;
  const payment = { ...state.payment, attempts };
  const nextAt = later(now, Math.min(QUERY_FIRST_MS * 2 ** Math.min(attempts, 8), QUERY_MAX_MS));
  const { locale } = payment.intent.heard;
  const query = send(settings.psp, { type: 'pay-query', body: { requestId: payment.requestId } });
  if (!declareUnknown) return { state: { ...state, payment, nextAt }, effects: [query] };
  return {
    state: { at: 'unknown', payment, nextAt },
    effects: [query, say('unknown', phrases(locale).unknown(), locale)],
  };
};
