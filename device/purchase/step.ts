/**
 * The instant purchase on one page (ACT 2.1 level L1, PSD-PAY-INS; design 3). A pure function: what a purchase does next
 * depends on where it stands, what happened and what time it is. An event that has no entry here changes nothing (T4).
 */
import type { EpochMs } from '../../protocol/index.ts';
import type { DeviceSettings } from '../settings.ts';
import { answerQuestion, confirmSummary, repeatQuestion, repeatSummary, understand, unheardOrder } from './asking.ts';
import { cartAgain, cartRefused, checkCart, replacedCart } from './carting.ts';
import { choose, hearOffers, repeatOffers, seekAgain, seekRefused } from './choosing.ts';
import {
  answerOfSigner,
  askPspAgain,
  checkChallenge,
  leaveConfirming,
  linkLost,
  payRefused,
  voidOnRestart,
} from './confirming.ts';
import { cancelled, timedOut } from './ending.ts';
import type { PurchaseEvent, Step } from './events.ts';
import { followOn, followUp, queryOrder } from './following.ts';
import { lockedOut } from './locking.ts';
import { queryPayment, settle, settleByStatus, settlementRefused } from './settling.ts';
import type { Purchase } from './state.ts';
import type { EventKey, Moment, Transition } from './transition.ts';

type Flow = { readonly [At in Purchase['at']]: { readonly [K in EventKey]?: Transition<At, K> } };

const FLOW: Flow = {
  idle: { order: understand, unheard: unheardOrder },
  asking: {
    order: understand,
    reply: answerQuestion,
    unheard: unheardOrder,
    tick: timedOut('no-answer'),
    restarted: repeatQuestion,
    'lock-order': lockedOut,
  },
  summarising: {
    order: understand,
    reply: confirmSummary,
    unheard: repeatSummary,
    tick: timedOut('no-answer'),
    restarted: repeatSummary,
    'lock-order': lockedOut,
  },
  seeking: {
    offers: hearOffers,
    refusal: seekRefused,
    reply: cancelled,
    tick: seekAgain,
    restarted: seekAgain,
    'lock-order': lockedOut,
  },
  choosing: {
    reply: choose,
    unheard: repeatOffers,
    tick: timedOut('no-choice'),
    restarted: repeatOffers,
    'lock-order': lockedOut,
  },
  carting: {
    cart: checkCart,
    refusal: cartRefused,
    reply: cancelled,
    tick: cartAgain,
    restarted: cartAgain,
    'lock-order': lockedOut,
  },
  requesting: {
    challenge: checkChallenge,
    cart: replacedCart,
    refusal: payRefused,
    reply: leaveConfirming,
    tick: askPspAgain,
    restarted: askPspAgain,
    'lock-order': lockedOut,
  },
  confirming: {
    signer: answerOfSigner,
    cart: replacedCart,
    refusal: payRefused,
    reply: leaveConfirming,
    link: linkLost,
    tick: timedOut('no-press'),
    restarted: voidOnRestart,
    'lock-order': lockedOut,
  },
  settling: {
    receipt: settle,
    'pay-status': settleByStatus,
    refusal: settlementRefused,
    tick: queryPayment,
    restarted: queryPayment,
  },
  unknown: {
    receipt: settle,
    'pay-status': settleByStatus,
    refusal: settlementRefused,
    tick: queryPayment,
    restarted: queryPayment,
  },
  following: { fulfilment: followUp, tick: queryOrder, restarted: followOn },
  ended: {},
};

/** The next state and what to do, in order. The caller makes the step durable before it carries out any effect. */
export function step(settings: DeviceSettings, state: Purchase, event: PurchaseEvent, now: EpochMs): Step {
  const key: EventKey = event.kind === 'frame' ? event.frame.type : event.kind;
  const transition = FLOW[state.at][key] as Transition<Purchase['at'], EventKey> | undefined;
  const moment = { settings, now, event: event.kind === 'frame' ? event.frame : event } as Moment<EventKey>;
  return transition?.(state as never, moment) ?? { state, effects: [] };
}
