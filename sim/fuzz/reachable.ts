/**
 * All that can be reached, by kind: every state, ending, answer, refusal and code that the code knows. One that is not listed
 * here fails the compile, or a test where the code has no closed list of its own.
 */

import type { VoidReason } from '../../device/confirm/gate.ts';
import type { ByPress, ByWord, KnownAccount } from '../../device/delegation/account.ts';
import { DEVICE_ERROR_CODES, type DeviceErrorCode } from '../../device/errors.ts';
import type { Unheard } from '../../device/purchase/events.ts';
import type { CartFault, ChallengeFault, Outcome, Purchase } from '../../device/purchase/state.ts';
import type { OrderAnswer } from '../../device/signer/core.ts';
import type { ReadRefusal } from '../../device/signer/reading.ts';
import type { DelegationQuestion } from '../../device/voice/delegation/draft.ts';
import type { Question } from '../../device/voice/settle.ts';
import {
  type FrameBody,
  type NoOffer,
  PAYMENT_ERRORS,
  PROTOCOL_ERROR_CODES,
  type TaskState,
  type TradeState,
} from '../../protocol/index.ts';
import { REFUSALS } from '../cloud/refusals.ts';
import { DELEGATION_STATES } from '../delegation-states.ts';
import { PURCHASE_STATES } from '../purchase-states.ts';
import { ALL_FAULT_KINDS } from './faults.ts';
import { THREAT_IDS } from './threats.ts';

/** The members of a closed type, all of them: one too many or too few fails the compile. */
function namesOf<All extends string>(members: { readonly [Name in All]: true }): readonly All[] {
  return Object.keys(members) as All[];
}

const VOID_REASONS = namesOf<VoidReason>({
  ...{ 'wear-off': true, 'button-lost': true, 'link-lost': true, 'new-cart': true },
  ...{ restart: true, expired: true, locked: true, clock: true },
});

/** Why the signer shows nothing of what it was given; which of a text's letters it refuses is not told apart. */
const READ_REFUSALS = namesOf<Exclude<ReadRefusal, `${string}text:${string}`>>({
  ...{ 'challenge-signature': true, 'cart-signature': true, 'authorization-signature': true, 'offer-signature': true },
  ...{ 'draft-malformed': true, 'terms-differ': true, 'payee-unknown': true, 'amount-does-not-fit': true },
  ...{ 'amount-invalid': true, 'cannot-show': true, 'display-too-small': true, 'eta-invalid': true },
  ...{ 'order-no-invalid': true, 'payee-does-not-fit': true, 'quantity-invalid': true, 'too-long': true },
  'too-many-lines': true,
});
const SIGNER_FAILURES: readonly string[] = [
  ...READ_REFUSALS,
  ...['text', 'payee-text', 'signer-locked', 'signer-erased', 'nonce-used', 'nonces-full', 'store-full'],
];

/** What a service refuses, or the signer cannot do, is told by its own answer; an ending that follows from it does not tell it again. */
const TOLD = 'by another';

export function reasonOf(reason: string): string {
  if (PURCHASE_REFUSALS.includes(reason)) return reason;
  return reason in REFUSALS || SIGNER_FAILURES.includes(reason.replace(/text:.*$/, 'text')) ? TOLD : reason;
}

const PURCHASE_REFUSALS: readonly string[] = [
  ...namesOf<CartFault>({
    ...{ 'cart-signature': true, 'cart-payee': true, 'cart-intent': true, 'cart-lines': true, 'cart-total': true },
    ...{ 'cart-currency': true, 'cart-over-budget': true, 'cart-too-slow': true, 'cart-expired': true },
  }),
  ...namesOf<ChallengeFault>({ 'challenge-signature': true, 'challenge-terms': true, 'challenge-expired': true }),
  ...namesOf<Unheard>({ silence: true, 'too-long': true, 'not-understood': true, 'recogniser-failed': true }),
  ...namesOf<Question['kind']>({
    ...{ 'what-item': true, 'which-item': true, 'unknown-product': true, contradiction: true, 'which-choice': true },
    ...{ 'not-offered': true, 'too-many': true, 'how-many': true, 'which-limit': true, 'which-merchant': true },
    'leave-out': true,
  }),
  ...namesOf<NoOffer>({
    ...{ 'over-budget': true, 'all-closed': true, 'nobody-sells': true, 'out-of-stock': true },
    ...{ 'too-slow': true, 'out-of-range': true },
  }),
  ...['agent-unreachable', 'merchant-unreachable', 'psp-unreachable', 'signer-mismatch', 'trade-closed'],
  ...['psp-not-paid', 'psp-declined', 'psp-expired', 'psp-refused', TOLD],
];

type Ending = `${Outcome}: ${string}`;
const ENDINGS: readonly Ending[] = [
  'finished: trade-finished',
  'unknown: no-news-of-order',
  'declined: clicked',
  ...(['no-answer', 'no-choice', 'no-press'] as const).map((reason) => `timed-out: ${reason}` as const),
  ...['said-cancel', 'at-prompt', ...VOID_REASONS].map((reason) => `cancelled: ${reason}` as const),
  ...PURCHASE_REFUSALS.map((reason) => `refused: ${reason}` as const),
];

const DELEGATION_QUESTIONS: readonly string[] = namesOf<DelegationQuestion['kind']>({
  ...{ 'what-item': true, 'which-item': true, 'unknown-product': true, contradiction: true, 'which-choice': true },
  ...{ 'not-offered': true, 'too-many': true, 'how-many': true, 'which-limit': true, 'which-merchant': true },
  ...{ 'leave-out': true, 'which-one': true, 'how-much': true, 'foreign-amount': true, 'limit-scope': true },
  ...{ 'limits-disagree': true, 'which-merchants': true, 'merchant-both': true, 'category-both': true },
  ...{ 'until-when': true, 'which-end': true, 'end-before-start': true, 'date-past': true, 'no-such-day': true },
  ...{ 'which-day': true, 'which-half': true, 'too-long': true, 'never-due': true },
});
/** Asked three times, and no answer understood. */
const QUESTION = 'a question';

export function delegationReasonOf(reason: string): string {
  return DELEGATION_QUESTIONS.includes(reason) ? QUESTION : reasonOf(reason);
}

/** Of delegations that were never signed. */
const DELEGATION_ENDINGS = [
  'declined: at-prompt',
  'timed-out: no-answer',
  'timed-out: no-press',
  ...['said-cancel', 'at-prompt', 'other-words', TOLD, ...VOID_REASONS]
    .filter((reason) => reason !== 'new-cart')
    .map((reason) => `cancelled: ${reason}`),
  ...['not-understood', 'not-enrolled', 'too-much', 'challenge-signature', 'challenge-terms', 'challenge-expired'],
  ...['psp-unreachable', 'signer-mismatch', TOLD, QUESTION],
].map((reason) => (reason.includes(': ') ? reason : `refused: ${reason}`));

/** What a service drops with no answer, besides what is no frame. */
export const DROPS = [
  ...['answer-foreign', 'answer-unknown', 'checkpoint-forged', 'command-unknown', 'delegation-state'],
  ...['delegation-unknown', 'device-locked', 'device-retired', 'device-unknown', 'errand-unknown', 'key-forked'],
  ...[
    'ledger-waits',
    'lock-ack-differs',
    'notice-unknown',
    'order-notice-differs',
    'order-state',
    'paid-order-unknown',
  ],
  ...['price-invalid', 'product-unknown', 'rate-limited', 'receipt-forged', 'receipt-unsound', 'refund-foreign'],
  ...[
    'refund-forged',
    'refund-mismatch',
    'refund-refused',
    'refund-unknown',
    'reply-foreign',
    'reply-unknown',
    'status-unsound',
  ],
  'unhandled',
] as const;

/** What else is logged as a warning or an error. */
export const ALARMS = [
  ...['anchor-refused', 'journal-contradicts', 'journal-forked', 'journal-note-unreadable', 'link-flooded'],
  ...['journal-truncated', 'journal-altered', 'journal-base-unsigned', 'journal-checkpoint-forged'],
  ...['journal-rolled-back', 'recipient-key-forgotten', 'recipient-key-missing', 'recipient-key-not-erased'],
  ...['record-unmade', 'seal-no-recipient-key', 'signer-forked'],
] as const;

/** Those of a store; the other errors of a device are of its adapters, which these worlds do without. */
const STORE_CODES = DEVICE_ERROR_CODES.filter((code): code is Extract<DeviceErrorCode, `store-${string}`> =>
  code.startsWith('store-'),
);

export const REACHABLE = {
  state: PURCHASE_STATES,
  trade: namesOf<TradeState>({
    ...{ CREATE: true, WAIT_BUYER_PAY: true, WAIT_SELLER_FULFILLMENT: true, WAIT_BUYER_RECEIPT: true },
    ...{ TRADE_FINISHED: true, TRADE_CLOSED: true },
  }),
  ending: ENDINGS,
  signer: [
    ...['signed', 'declined', 'cancelled', 'timed-out'],
    ...VOID_REASONS.map((reason) => `void: ${reason}`),
    ...SIGNER_FAILURES.map((code) => `failed: ${code}`),
  ],
  'lock-order': namesOf<OrderAnswer>({ obeyed: true, 'order-signature': true, 'order-not-newer': true }),
  refusal: Object.keys(REFUSALS),
  logged: [...new Set([...PROTOCOL_ERROR_CODES, ...STORE_CODES, ...DROPS, ...ALARMS])],
  recovery: [
    ...['agent-restarted', 'merchant-restarted', 'psp-restarted', 'paid-and-restarted', 'recipient-key-rotated'],
    ...['unknown-payment-found', 'unknown-payment-void'],
    ...PURCHASE_STATES.map((state: Purchase['at']) => `device-restarted-in-${state}`),
  ],
  world: ['sealed', 'strange-titles'],
  fault: ALL_FAULT_KINDS,
  threat: THREAT_IDS,
  delegation: DELEGATION_STATES,
  'delegation-ending': DELEGATION_ENDINGS,
  delegated: [
    ...['paid', 'refunded', 'alarm', 'given-back', 'changed-by-wearer'],
    ...['price-question', 'price-accepted', 'price-declined'],
  ],
  task: namesOf<TaskState>({
    ...{ accepted: true, refused: true, watching: true, asking: true, buying: true, done: true, ended: true },
  }),
  account: namesOf<KnownAccount['state']>({ AVAILABLE: true, FROZEN: true, CANCELLED: true }),
  'account-asked': namesOf<ByWord | ByPress['operation']>({
    ...{ QUERY: true, FREEZE: true, CANCEL: true, UNFREEZE: true, TOP_UP: true },
  }),
  'account-failure': namesOf<NonNullable<FrameBody<'sub-account-result'>['failure']>>({
    ...{ AUTH_FAILED: true, NOT_OPENED: true, FROZEN: true, CANCELLED: true, INSUFFICIENT_BALANCE: true },
    ...{ BINDING_MISMATCH: true, KEY_INVALID: true, LIMIT_EXCEEDED: true },
  }),
  'payment-error': Object.keys(PAYMENT_ERRORS),
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Each as `kind:name`. */
export const ALL_REACHABLE: readonly string[] = Object.entries(REACHABLE).flatMap(([kind, names]) =>
  names.map((name) => `${kind}:${name}`),
);
