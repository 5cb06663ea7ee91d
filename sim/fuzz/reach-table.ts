/**
 * What a long enough run must have reached; a run that has not proves little about it, and fails. Everything else that can be
 * reached at all stands in test/sim/fuzz/elsewhere.ts, with the reason and the test that reaches it.
 */
import { PURCHASE_STATES } from '../purchase-states.ts';
import {
  ACCOUNT_FAULT_KINDS,
  AGENT_FAULT_KINDS,
  AIMED_FAULT_KINDS,
  DELEGATED_FAULT_KINDS,
  FAULT_KINDS,
  type FaultKind,
  STRANGE_FAULT_KINDS,
} from './faults.ts';
import { REACHABLE } from './reachable.ts';
import { STRANGE_KINDS } from './strange-bytes.ts';

/** From so many seeds on, one wearer each, everything in {@link MUST_REACH} must have occurred. */
export const REACH_SEEDS = 4_000;
/** The same for worlds in which wearers delegate, and {@link DELEGATED_MUST_REACH}. */
export const DELEGATED_REACH_SEEDS = 2_000;

type Kind = keyof typeof REACHABLE;

const marks = (kind: Kind, names: readonly string[]): readonly string[] => names.map((name) => `${kind}:${name}`);

/** What only a payment under a delegation, or something about one, can suffer. */
const ONLY_DELEGATED: ReadonlySet<FaultKind> = new Set([
  ...DELEGATED_FAULT_KINDS,
  ...ACCOUNT_FAULT_KINDS,
  ...AGENT_FAULT_KINDS,
  'withdrawn-order',
] as const);

const PLAIN_FAULTS = [...FAULT_KINDS, ...AIMED_FAULT_KINDS, ...STRANGE_FAULT_KINDS].filter(
  (kind) => !ONLY_DELEGATED.has(kind),
);

/** As merchants told them. */
const TRADES = ['WAIT_SELLER_FULFILLMENT', 'WAIT_BUYER_RECEIPT', 'TRADE_FINISHED'];

const REFUSED = [
  ...['cart-payee', 'cart-signature', 'cart-total', 'challenge-signature', 'challenge-terms'],
  ...['silence', 'not-understood', 'what-item', 'which-item', 'unknown-product', 'contradiction', 'which-choice'],
  ...['not-offered', 'too-many', 'how-many', 'which-limit', 'which-merchant', 'leave-out'],
  ...['over-budget', 'all-closed', 'nobody-sells', 'out-of-stock', 'too-slow', 'out-of-range'],
  ...['merchant-unreachable', 'psp-unreachable', 'by another'],
];

const ENDINGS = [
  'finished: trade-finished',
  'declined: clicked',
  'timed-out: no-press',
  ...['said-cancel', 'new-cart', 'link-lost', 'wear-off', 'restart', 'locked'].map((reason) => `cancelled: ${reason}`),
  ...REFUSED.map((reason) => `refused: ${reason}`),
];

const RECOVERIES = [
  ...['agent-restarted', 'merchant-restarted', 'psp-restarted', 'paid-and-restarted', 'recipient-key-rotated'],
  'unknown-payment-found',
  ...PURCHASE_STATES.filter((state) => !['asking', 'confirming', 'unknown'].includes(state)).map(
    (state) => `device-restarted-in-${state}`,
  ),
];

const PLAIN_THREATS = [
  ...['T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'T8', 'T9', 'T10', 'T13', 'T16', 'T18', 'T20', 'T21', 'T23'],
  ...['T24', 'T25', 'T26', 'T28', 'T29', 'T30'],
];

export const MUST_REACH: readonly string[] = [
  ...marks('fault', PLAIN_FAULTS),
  ...marks('threat', PLAIN_THREATS),
  ...marks('world', REACHABLE.world),
  ...marks('state', PURCHASE_STATES),
  ...marks('trade', TRADES),
  ...marks('ending', ENDINGS),
  ...marks('signer', ['signed', 'declined', 'timed-out', 'failed: nonce-used', 'failed: text']),
  ...marks('signer', ['void: wear-off', 'void: locked']),
  ...marks('lock-order', ['obeyed']),
  ...marks('refusal', ['cancelled', 'not-sold', 'option-not-offered', 'order-unknown']),
  ...marks('refusal', ['out-of-range', 'repeated-request', 'challenge-mismatch']),
  ...marks('logged', STRANGE_KINDS),
  ...marks('logged', ['cose-signature', 'frame-not-for-me', 'frame-wrong-sender', 'message-shape', 'store-full']),
  ...marks('logged', ['link-flooded']),
  ...marks('recovery', RECOVERIES),
];

const DELEGATION_ENDINGS = [
  'declined: at-prompt',
  'timed-out: no-press',
  ...['said-cancel', 'wear-off', 'button-lost', 'link-lost', 'restart', 'locked'].map((why) => `cancelled: ${why}`),
  ...['a question', 'not-understood'].map((why) => `refused: ${why}`),
];

const PAYMENT_ERRORS_REACHED = [
  ...['AGENT_MISMATCH', 'EXECUTION_FAILED', 'IAC_INVALID', 'IAC_REVOKED', 'IAC_SUSPENDED', 'INSUFFICIENT_BALANCE'],
  ...['METHOD_NOT_ALLOWED', 'MODE_NOT_BOUNDED', 'ORDER_MISMATCH', 'REQUEST_EXPIRED', 'REQUEST_REPEATED'],
  ...['SINGLE_LIMIT_EXCEEDED', 'SUB_ACCOUNT_INVALID', 'TOKEN_INVALID', 'TOTAL_LIMIT_EXCEEDED'],
];

/** The same for worlds in which wearers delegate: seeds that end in `d`. */
export const DELEGATED_MUST_REACH: readonly string[] = [
  ...marks('fault', [...ONLY_DELEGATED]),
  ...marks('threat', ['T13', 'T14', 'T17', 'T29']),
  ...marks('delegation', ['drafting', 'summarising', 'requesting', 'confirming', 'issuing', 'active', 'suspended']),
  ...marks('delegation', ['revoked', 'ended']),
  ...marks('delegation-ending', DELEGATION_ENDINGS),
  ...marks('delegated', ['paid', 'refunded', 'given-back', 'changed-by-wearer', 'price-question', 'price-declined']),
  ...marks('task', ['accepted', 'refused', 'watching', 'asking', 'buying', 'done', 'ended']),
  ...marks('account', REACHABLE.account),
  ...marks('account-asked', REACHABLE['account-asked']),
  ...marks('account-failure', ['CANCELLED']),
  ...marks('signer', ['void: new-cart', 'void: button-lost']),
  ...marks('lock-order', ['order-not-newer']),
  ...marks('refusal', ['unknown-request']),
  ...marks('logged', ['delegation-state', 'delegation-unknown', 'ledger-waits', 'lock-ack-differs']),
  ...marks('logged', ['notice-unknown', 'reply-unknown']),
  ...marks('payment-error', PAYMENT_ERRORS_REACHED),
];

/** What a run has not reached although it must. @param reached names with counts. */
export function missingReach(
  reached: ReadonlyMap<string, number>,
  must: readonly string[] = MUST_REACH,
): readonly string[] {
  return must.filter((name) => !reached.has(name));
}
