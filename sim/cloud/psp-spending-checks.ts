/**
 * What a PSP checks before it promises money to an agent, in ACT's order (ACT 2.1 PSD-PAY-DEL, PSD-PAY-AUP): who asks, the
 * credential, its limits, method, payee, intent, and what pays. The first rule that does not hold names the error. Replay is
 * checked before all of this, where requests are remembered; the balance after it, where the money is.
 */
import {
  CLOCK_SKEW_S,
  delegationModeOf,
  type EpochSeconds,
  type Id16,
  type OpenedObject,
  type PaymentError,
  thumbprintOf,
} from '../../protocol/index.ts';
import type { RegisteredOrder } from './order-book.ts';
import { REQUEST_WINDOW_S } from './psp-checks.ts';
import type { Delegation } from './psp-delegation-book.ts';
import type { OpenedRequest } from './psp-spending-request.ts';
import { areTermsMet, isAllowedNow, isCartMet, isOrderMet } from './psp-spending-terms.ts';

/**
 * The most that is paid while the status service is down: unlike ACT's fallback to the last good status, which a thief could
 * wait for (T17).
 */
export const STATUS_DOWN_CAP_MINOR = 5_000;

/** What is known of a request that an agent did sign. */
export interface SpendingFacts {
  readonly opened: OpenedRequest | undefined;
  /** Who signed the frame, and the number it gives the request. */
  readonly from: string;
  readonly requestId: Id16;
  readonly now: EpochSeconds;
  /** The delegation that the request names, if there is one. */
  readonly delegation: Delegation | undefined;
  /** The device was reported lost, or risk control holds the delegation, whatever the ledger knows of that yet. */
  readonly isHalted: boolean;
  readonly isStatusDown: boolean;
  /** What state, window and limits say in the ledger. */
  readonly ledgerFault: PaymentError | undefined;
  /** What of the account and of the PSP can pay, as URNs. */
  readonly methods: readonly string[];
  readonly isMerchant: boolean;
  /** The order that the payee registered under this number, if any. */
  readonly order: RegisteredOrder | undefined;
  /** Whether another payment has this order already. */
  readonly isOrderTaken: boolean;
  readonly cart: OpenedObject<'cart'> | undefined;
  /** What the payee sells that is paid without an order: `undefined` for one who must register orders. */
  readonly soldWithoutOrder: readonly string[] | undefined;
  /** What the token or sub-account stands for that the request names. */
  readonly paidBy: Delegation | undefined;
}

/** The same, once both are there. */
interface Known extends SpendingFacts {
  readonly opened: OpenedRequest;
  readonly delegation: Delegation;
}

type Check<Facts> = readonly [holds: (facts: Facts) => boolean, otherwise: PaymentError];

const AGENT_CHECKS: readonly Check<SpendingFacts>[] = [
  [({ opened, from }) => opened?.signer.party === from, 'AGENT_SIGNATURE_INVALID'],
  [({ opened, requestId }) => opened?.value.requestId === requestId, 'AGENT_SIGNATURE_INVALID'],
  [({ opened, now }) => (opened?.value.createdAt ?? 0) >= now - REQUEST_WINDOW_S, 'REQUEST_EXPIRED'],
  [({ opened, now }) => (opened?.value.createdAt ?? now) <= now + CLOCK_SKEW_S, 'REQUEST_EXPIRED'],
  [({ delegation }) => delegation !== undefined, 'IAC_INVALID'],
];

const CHECKS: readonly Check<Known>[] = [
  // The credential: exactly the one the wearer signed, in its window and state, this agent's, in a mode for this.
  [({ opened, delegation }) => opened.iacDigest === delegation.authorizationDigest, 'IAC_INVALID'],
  [({ delegation, now }) => now >= delegation.iac.validityStartTime, 'IAC_INVALID'],
  [({ delegation, now }) => now < delegation.iac.validityEndTime, 'IAC_EXPIRED'],
  ledgerSays('IAC_INVALID'),
  ledgerSays('IAC_EXPIRED'),
  ledgerSays('IAC_REVOKED'),
  ledgerSays('IAC_SUSPENDED'),
  [({ isHalted }) => !isHalted, 'IAC_SUSPENDED'],
  [
    ({ isStatusDown, opened }) => !isStatusDown || opened.value.amountMinor <= STATUS_DOWN_CAP_MINOR,
    'EXECUTION_FAILED',
  ],
  [({ delegation, from }) => delegation.agent === from, 'AGENT_MISMATCH'],
  [({ delegation, opened }) => delegation.iac.agentId === opened.value.agentId, 'AGENT_MISMATCH'],
  [({ delegation, opened }) => thumbprintOf(opened.signer.publicKey) === delegation.agentKey, 'AGENT_MISMATCH'],
  [
    ({ delegation, opened }) =>
      opened.type === 'delegated-pay-request' || delegationModeOf(delegation.iac) === 'BOUNDED',
    'MODE_NOT_BOUNDED',
  ],
  // The limits. No amount in another currency is within any.
  [({ delegation, opened }) => opened.value.currency === delegation.iac.currency, 'SINGLE_LIMIT_EXCEEDED'],
  [(facts) => isSingleAllowed(facts), 'SINGLE_LIMIT_EXCEEDED'],
  ledgerSays('SINGLE_LIMIT_EXCEEDED'),
  ledgerSays('TOTAL_LIMIT_EXCEEDED'),
  [(facts) => isMethodAllowed(facts), 'METHOD_NOT_ALLOWED'],
  // The payee, and what it says it sells.
  [({ isMerchant }) => isMerchant, 'MERCHANT_NOT_ALLOWED'],
  [(facts) => isPayeeAllowed(facts), 'MERCHANT_NOT_ALLOWED'],
  [(facts) => areCategoriesAllowed(facts), 'MERCHANT_NOT_ALLOWED'],
  // The intent.
  [({ isOrderTaken }) => !isOrderTaken, 'ORDER_MISMATCH'],
  [(facts) => isOrderRight(facts), 'ORDER_MISMATCH'],
  [(facts) => isCartRight(facts), 'ORDER_MISMATCH'],
  [({ delegation, now }) => isAllowedNow(delegation.terms, now), 'ORDER_MISMATCH'],
  // What pays: a token or a sub-account, and then that of this delegation.
  [({ opened, paidBy }) => opened.value.paymentToken === undefined || paidBy !== undefined, 'TOKEN_INVALID'],
  [
    ({ opened, paidBy, delegation }) => opened.value.paymentToken === undefined || paidBy === delegation,
    'TOKEN_AGENT_MISMATCH',
  ],
  [
    ({ opened, paidBy, delegation }) => opened.value.subAccountId === undefined || paidBy === delegation,
    'SUB_ACCOUNT_INVALID',
  ],
  [({ opened }) => opened.value.subAccountId === undefined || opened.isSubAccountSigned, 'SUB_ACCOUNT_INVALID'],
];

/** Why nothing is promised to this request, or nothing. */
export function spendingFault(facts: SpendingFacts): PaymentError | undefined {
  const fault = AGENT_CHECKS.find(([holds]) => !holds(facts))?.[1];
  if (fault) return fault;
  const { opened, delegation } = facts;
  if (!opened || !delegation) throw new Error('a checked request has lost what was checked');
  const known: Known = { ...facts, opened, delegation };
  return CHECKS.find(([holds]) => !holds(known))?.[1];
}

/** The ledger finds its errors in the same order, so that what it names has nothing before it. */
function ledgerSays(error: PaymentError): Check<Known> {
  return [({ ledgerFault }) => ledgerFault !== error, error];
}

function isSingleAllowed({ delegation, opened }: Known): boolean {
  const { maxSingleMinor, minSingleMinor } = delegation.iac.ext?.commerce ?? {};
  const { amountMinor } = opened.value;
  return amountMinor >= (minSingleMinor ?? 0) && amountMinor <= (maxSingleMinor ?? Number.POSITIVE_INFINITY);
}

function isMethodAllowed({ delegation, opened, methods }: Known): boolean {
  const { method } = opened.value;
  return methods.includes(method) && (delegation.iac.allowedPaymentMethods ?? methods).includes(method);
}

function isPayeeAllowed({ delegation, opened }: Known): boolean {
  const { allowedMerchants, forbiddenMerchants = [] } = delegation.iac.ext?.commerce ?? {};
  const { payee } = opened.value;
  return (allowedMerchants?.includes(payee) ?? true) && !forbiddenMerchants.includes(payee);
}

/** A delegation that is bounded by categories is paid only where they are told. */
function areCategoriesAllowed({ delegation, order, soldWithoutOrder }: Known): boolean {
  const { allowedCategories, forbiddenCategories = [] } = delegation.iac.ext?.commerce ?? {};
  if (allowedCategories === undefined && forbiddenCategories.length === 0) return true;
  const told = order?.notice.categories ?? soldWithoutOrder ?? [];
  const isAllowed = (one: string) => (allowedCategories?.includes(one) ?? true) && !forbiddenCategories.includes(one);
  return told.length > 0 && told.every(isAllowed);
}

/** Every order is registered by its payee but those of a payee who is known to register none (PSD-PAY-A402). */
function isOrderRight({ delegation, opened, order, soldWithoutOrder, now }: Known): boolean {
  if (order) return isOrderMet(order, opened.value, delegation, now);
  return (
    soldWithoutOrder !== undefined && opened.type === 'autonomous-pay-request' && opened.value.cartDigest === undefined
  );
}

function isCartRight({ delegation, opened, order, cart, now }: Known): boolean {
  // Where there is no cart, nobody has signed when the thing itself is.
  if (!order) return cart === undefined && delegation.terms.wantedFrom === undefined;
  return (
    cart !== undefined && isCartMet(cart, opened.value, delegation, now) && areTermsMet(cart.value, delegation.terms)
  );
}
