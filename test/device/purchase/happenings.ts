/** One event of every kind that can reach a purchase, with when it comes, and a short way of saying what came of it. */
import type { Effect, PurchaseEvent, Step } from '../../../device/purchase/events.ts';
import type { Purchase } from '../../../device/purchase/state.ts';
import { step } from '../../../device/purchase/step.ts';
import type { Reply } from '../../../device/voice/parse-reply.ts';
import { type EpochMs, FRAMES, type FrameType, type Message } from '../../../protocol/index.ts';
import {
  AGENT,
  at,
  CART_ID,
  cartBytes,
  confirmationBytes,
  draft,
  heard,
  id,
  MERCHANT,
  messages,
  opened,
  PAY_ID,
  PSP,
  SEEK_ID,
  START,
  settings,
} from '../builders.ts';

export interface Happening {
  readonly event: PurchaseEvent;
  /** When it comes, given the state it comes to. */
  readonly when: (state: Purchase) => EpochMs;
}

const soon = () => at(1_000);
const whenNext = (state: Purchase) => ('nextAt' in state ? state.nextAt : at(1_000));
const whenOver = (state: Purchase) => ('until' in state ? state.until : at(3_600_000));

export function frame(message: Message, from: string): PurchaseEvent {
  return { kind: 'frame', frame: opened(message, from) };
}

export function reply(said: Reply): PurchaseEvent {
  return { kind: 'reply', reply: said, heard: heard() };
}

const orders = {
  'order: complete': { kind: 'draft', draft: draft() },
  'order: with a question': {
    kind: 'question',
    question: { kind: 'what-item', quantity: 2 },
    pending: {
      question: { kind: 'what-item', quantity: 2 },
      order: {
        lines: [],
        limitsMinor: [],
        amountsMinor: [],
        foreign: false,
        perPiece: false,
        merchantIds: [],
        minutes: [],
        extras: [],
      },
    },
  },
  'order: none': { kind: 'not-an-order' },
} as const;

const replies: Readonly<Record<string, Reply>> = {
  'reply: yes': { kind: 'yes' },
  'reply: no': { kind: 'no' },
  'reply: cancel': { kind: 'cancel' },
  'reply: repeat': { kind: 'repeat' },
  'reply: the second': { kind: 'choose', index: 1 },
  'reply: a shop': { kind: 'choose-merchant', merchantId: MERCHANT },
  'reply: cheapest': { kind: 'cheapest' },
  'reply: fastest': { kind: 'fastest' },
  'reply: unclear': { kind: 'unclear' },
};

const answers = {
  'signer: signed': { kind: 'signed', signed: confirmationBytes(), method: 'hold-simulated' },
  'signer: declined': { kind: 'declined' },
  'signer: cancelled': { kind: 'cancelled' },
  'signer: timed out': { kind: 'timed-out' },
  'signer: void': { kind: 'void', reason: 'wear-off' },
  'signer: failed': { kind: 'failed', code: 'payee-unknown' },
} as const;

/** Frames of a type that has no place in the device's flow; whatever they carry, they do nothing. */
const OUT_OF_PLACE = (Object.keys(FRAMES) as FrameType[]).filter((type) =>
  (FRAMES[type].to as readonly string[]).every((role) => role !== 'device'),
);

const frames: Readonly<Record<string, PurchaseEvent>> = {
  'frame: offers': frame(messages.offers(), AGENT),
  'frame: cart': frame(messages.cart(), AGENT),
  'frame: another cart': frame(messages.cart(cartBytes({ totalMinor: 2_300, deliveryMinor: 120 })), AGENT),
  'frame: challenge': frame(messages.challenge(), PSP),
  'frame: receipt': frame(messages.receipt(), PSP),
  'frame: paid': frame(messages.paidStatus(), PSP),
  'frame: awaiting confirmation': frame(messages.payStatus('awaiting-confirmation'), PSP),
  'frame: unknown request': frame(messages.payStatus('unknown-request'), PSP),
  'frame: payment declined': frame(messages.payStatus('declined'), PSP),
  'frame: payment expired': frame(messages.payStatus('expired'), PSP),
  'frame: payment refused': frame(messages.payStatus('refused'), PSP),
  'frame: being prepared': frame(messages.fulfilment(1, 'WAIT_SELLER_FULFILLMENT'), MERCHANT),
  'frame: finished': frame(messages.fulfilment(3, 'TRADE_FINISHED'), MERCHANT),
  'frame: closed': frame(messages.fulfilment(2, 'TRADE_CLOSED'), MERCHANT),
  'frame: refusal of the search': frame(messages.refusal(SEEK_ID, 'intent-expired'), AGENT),
  'frame: refusal of the choice': frame(messages.refusal(CART_ID, 'out-of-stock'), AGENT),
  'frame: refusal of the payment': frame(messages.refusal(PAY_ID, 'insufficient-balance'), PSP),
  'frame: order not known yet': frame(messages.refusal(PAY_ID, 'order-unknown'), PSP),
  'frame: refusal of the payment by the agent': frame(messages.refusal(PAY_ID, 'bad-token'), AGENT),
  'frame: refusal of something else': frame(messages.refusal(id('else'), 'bad-token'), PSP),
  ...Object.fromEntries(
    OUT_OF_PLACE.map((type) => [`frame: ${type}`, frame({ type, body: { requestId: PAY_ID } } as never, PSP)]),
  ),
};

export const HAPPENINGS: Readonly<Record<string, Happening>> = {
  ...mapped(orders, (parse) => ({ kind: 'order', parse, heard: heard(), fresh: id('fresh') })),
  ...mapped(replies, reply),
  'unheard: silence': { event: { kind: 'unheard', why: 'silence' }, when: soon },
  ...mapped(frames, (event) => event),
  ...mapped(answers, (answer) => ({ kind: 'signer', answer })),
  'link: lost': { event: { kind: 'link', online: false }, when: soon },
  'link: back': { event: { kind: 'link', online: true }, when: soon },
  'tick: early': { event: { kind: 'tick' }, when: () => START },
  'tick: next': { event: { kind: 'tick' }, when: whenNext },
  'tick: over': { event: { kind: 'tick' }, when: whenOver },
  'restarted: early': { event: { kind: 'restarted' }, when: soon },
  'restarted: over': { event: { kind: 'restarted' }, when: whenOver },
};

function mapped<T>(table: Readonly<Record<string, T>>, eventOf: (value: T) => PurchaseEvent) {
  return Object.fromEntries(
    Object.entries(table).map(([name, value]) => [name, { event: eventOf(value), when: soon }]),
  );
}

export function happen(state: Purchase, { event, when }: Happening): Step {
  return step(settings, state, event, when(state));
}

export function sayEffect(effect: Effect): string {
  if (effect.do === 'send') return `${effect.message.type} to ${effect.to}`;
  if (effect.do === 'say') return `say ${effect.key}`;
  return effect.do === 'listen' ? `listen for ${effect.expect}` : effect.do;
}

/** "state: effect, effect". */
export function told({ state, effects }: Step): string {
  const where = state.at === 'ended' ? `ended ${state.outcome} (${state.reason})` : state.at;
  return [where, effects.map(sayEffect).join(', ')].filter(Boolean).join(': ');
}
