/**
 * What a long enough run must have reached; a run that has not proves little about it, and fails. What these worlds cannot
 * reach, or not often enough to demand it, is listed with the reason.
 */
import { PURCHASE_STATES } from '../purchase-states.ts';
import { AIMED_FAULT_KINDS, DELEGATED_FAULT_KINDS, FAULT_KINDS } from './faults.ts';

/** From so many seeds on, one wearer each, everything in {@link MUST_REACH} must have occurred. */
export const REACH_SEEDS = 2_000;

/** An outcome that stays unknown comes once in some hundred worlds ({@link NOT_DEMANDED}). */
const STATES = PURCHASE_STATES.filter((state) => state !== 'unknown');

const ENDINGS = [
  'finished: trade-finished',
  'declined: clicked',
  'cancelled: said-cancel',
  'cancelled: link-lost',
  'cancelled: wear-off',
  'cancelled: button-lost',
  'cancelled: restart',
  'timed-out: no-press',
  'refused: not-understood',
  'refused: silence',
  'refused: over-budget',
  'refused: agent-unreachable',
  'refused: merchant-unreachable',
  'refused: psp-unreachable',
  'refused: cart-signature',
] as const;

const REFUSALS = [
  'cbor-bad-key',
  'cbor-bad-utf8',
  'cbor-key-order',
  'cbor-malformed',
  'cbor-not-canonical',
  'cbor-simple',
  'cbor-tag',
  'cbor-trailing',
  'cbor-truncated',
  'cose-header',
  'cose-kid',
  'cose-malformed',
  'cose-signature',
  'frame-lifetime',
  'frame-not-for-me',
  'frame-unknown-type',
  'frame-wrong-sender',
  'link-flooded',
  'store-full',
  'time-range',
] as const;

const RECOVERIES = [
  'agent-restarted',
  'merchant-restarted',
  'psp-restarted',
  'paid-and-restarted',
  'recipient-key-rotated',
  ...STATES.filter((state) => state !== 'confirming').map((state) => `device-restarted-in-${state}`),
] as const;

export const MUST_REACH: readonly string[] = [
  ...[...FAULT_KINDS, ...AIMED_FAULT_KINDS]
    .filter((kind) => kind !== 'crowd-of-requests')
    .map((kind) => `fault:${kind}`),
  ...STATES.map((state) => `state:${state}`),
  ...ENDINGS.map((ending) => `ending:${ending}`),
  ...REFUSALS.map((code) => `refused:${code}`),
  ...RECOVERIES.map((recovery) => `recovery:${recovery}`),
  'world:sealed',
];

const DELEGATION_REACHED = ['summarising', 'requesting', 'confirming', 'issuing', 'active', 'suspended', 'revoked'];
const PAYMENT_ERRORS_REACHED = [
  'AGENT_MISMATCH',
  'EXECUTION_FAILED',
  'IAC_INVALID',
  'IAC_SUSPENDED',
  'MERCHANT_NOT_ALLOWED',
  'METHOD_NOT_ALLOWED',
  'MODE_NOT_BOUNDED',
  'ORDER_MISMATCH',
  'REQUEST_EXPIRED',
  'REQUEST_REPEATED',
  'SINGLE_LIMIT_EXCEEDED',
  'SUB_ACCOUNT_INVALID',
  'TOKEN_INVALID',
  'TOTAL_LIMIT_EXCEEDED',
];

/** The same for worlds in which wearers delegate: seeds that end in `d`. */
export const DELEGATED_MUST_REACH: readonly string[] = [
  ...[...DELEGATED_FAULT_KINDS, 'crowd-of-requests'].map((kind) => `fault:${kind}`),
  ...DELEGATION_REACHED.map((state) => `delegation:${state}`),
  ...PAYMENT_ERRORS_REACHED.map((error) => `payment-error:${error}`),
  'delegated:paid',
  'delegated:refunded',
  'delegated:given-back',
  'delegated:changed-by-wearer',
  'price-question',
  'task:done',
];

/** What is not demanded of those, with the reason. */
export const DELEGATED_NOT_DEMANDED: Readonly<Record<string, string>> = {
  'delegation:expired': 'the shortest of them outlasts the world; sim/scenarios/delegate-expired.yaml',
  'payment-error:IAC_EXPIRED': 'as above; test/sim/cloud/psp-spending-checks.test.ts',
  'payment-error:IAC_REVOKED': 'takes a request that is later than a revocation; comes once in some hundred worlds',
  'payment-error:TOKEN_AGENT_MISMATCH': 'takes two agents; test/sim/cloud/psp-spending-checks.test.ts',
  'payment-error:INSUFFICIENT_BALANCE': 'the wallet holds more than these bounds; test/sim/ledger/spending.test.ts',
  'payment-error:AGENT_SIGNATURE_INVALID': 'the PSP’s own test: test/sim/cloud/psp-spending-checks.test.ts',
  'payment-error:USER_CONFIRMATION_FAILED': 'of instant payments only',
};

/** What is not demanded of these worlds, with the reason. */
export const NOT_DEMANDED: Readonly<Record<string, string>> = {
  'state:unknown': 'comes once in some hundred worlds: a PSP has to stay away for long at one moment',
  'recovery:device-restarted-in-confirming':
    'cannot occur: a prompt does not survive a restart, the purchase ends with it',
  'ending:unknown: no-news-of-order': 'takes a merchant that is silent for longer than a storm lasts',
  'ending:cancelled: locked': 'nobody orders a lock in these worlds; test/device/signer/locks.test.ts does',
  'ending:refused: signer-mismatch': 'takes a signer that reads otherwise than its host; test/device/signer has one',
  'fault:signer-unplug':
    'the signer of these worlds is in the device’s own process; test/device/hid plays the attached one',
};

/** The threats of the table and what of them these worlds must have seen, or where else they are tested. */
export const THREATS: Readonly<Record<string, readonly string[] | string>> = {
  T1: ['fault:alteration', 'refused:cose-signature'],
  T2: ['fault:replay', 'fault:crash'],
  T3: ['fault:copy'],
  T4: ['fault:reordering', 'fault:delay', 'fault:late-answer'],
  T5: ['fault:misdirection', 'fault:stranger', 'refused:frame-not-for-me'],
  T6: ['fault:lie', 'fault:double-answer', 'fault:second-cart'],
  T7: ['fault:lie'],
  T8: 'texts, not time: test/device/confirm',
  T9: 'layout, not time: test/device/confirm',
  T10: ['fault:bounce', 'fault:stuck-button', 'fault:lost-button', 'fault:hasty-finger', 'fault:loose-contact'],
  T11: 'a matter of the adapter: test/adapters',
  T12: 'within one call: test/device',
  T13: ['fault:obedient-agent', 'fault:crowd-of-requests', 'payment-error:ORDER_MISMATCH'],
  T14: ['fault:execution-late', 'fault:obedient-agent', 'fault:crowd-of-requests', 'delegated:paid'],
  T15: 'two gateways on one ledger: test/sim/ledger/race.test.ts',
  T16: ['fault:clock-jump', 'fault:clock-drift'],
  T17: ['fault:status-down', 'fault:stubborn-agent', 'delegated:changed-by-wearer', 'delegation:suspended'],
  T18: ['fault:wear-off', 'fault:trouble-at-prompt', 'ending:cancelled: wear-off', 'fault:reported-lost'],
  T19: 'keys on a real disk: test/adapters',
  T20: 'versions of frames: test/protocol; old data: test/device',
  T21: ['refused:cbor-malformed', 'refused:cbor-truncated'],
  T22: 'key forgeries need real mathematics: test/protocol',
  T23: ['refused:cose-kid', 'fault:others-key'],
  T24: 'algorithms in headers: test/protocol',
  T25: ['fault:stranger', 'fault:others-key'],
  T26: ['fault:torn-write', 'fault:lost-write', 'fault:full-disk'],
  T27: 'histories between two witnesses: test/sim/world/fork.test.ts',
  T28: ['world:sealed', 'recovery:recipient-key-rotated'],
  T29: ['fault:lie', 'fault:other-deal', 'ending:finished: trade-finished', 'fault:refund-race'],
  T30: ['fault:flood', 'refused:link-flooded'],
};

/** What a run has not reached although it must. @param reached names with counts. */
export function missingReach(
  reached: ReadonlyMap<string, number>,
  must: readonly string[] = MUST_REACH,
): readonly string[] {
  return must.filter((name) => !reached.has(name));
}
