/**
 * What a PSP checks before it offers a binding and before it makes one, in ACT's order (ACT 2.1 PSD-PMT-BND): who asks,
 * for which agent, on which account, how far. The first rule that does not hold names the failure.
 */
import {
  type BindingFailure,
  type BindingRequest,
  CLOCK_SKEW_S,
  type Digest,
  type EpochSeconds,
  type OpenedObject,
} from '../../protocol/index.ts';
import { REQUEST_WINDOW_S } from './psp-checks.ts';
import type { CounterVerdict } from './signer-counters.ts';

/** The longest a token may hold. */
export const BINDING_MAX_S = 366 * 86_400;

/** A wearer's account at the PSP. Its name never leaves the PSP; the wearer is known outside by the principal id. */
export interface WearerAccount {
  readonly account: string;
  readonly principal: string;
  readonly currency: string;
  /** The most one binding may reach in all, in minor units. */
  readonly bindingCapMinor: number;
  readonly methods: readonly string[];
  /** No new binding is made for an account that was closed. */
  readonly isClosed?: boolean;
}

export interface BindingFacts {
  readonly request: BindingRequest;
  readonly now: EpochSeconds;
  /** The account that the asking device is enrolled for, if any. */
  readonly account: WearerAccount | undefined;
  /** The agents that are enrolled on the device. */
  readonly agentIds: readonly string[];
  readonly isLocked: boolean;
}

export interface ConsentFacts extends BindingFacts {
  readonly device: string;
  readonly consent: OpenedObject<'binding-consent'> | undefined;
  readonly offerDigest: Digest;
  readonly expiresAt: EpochSeconds;
  /** Of the consent's counter; absent where there is no consent. */
  readonly counter: CounterVerdict | undefined;
}

type Check<Facts> = readonly [holds: (facts: Facts) => boolean, otherwise: BindingFailure];

/** What must hold when the offer is made and still when the wearer has consented. */
const STANDING_CHECKS: readonly Check<BindingFacts>[] = [
  [({ isLocked }) => !isLocked, 'AUTH_FAILED'],
  [({ request, account }) => account?.principal === request.delegatorIdentity, 'AUTH_FAILED'],
  [({ request, agentIds }) => agentIds.includes(request.agentId), 'AGENT_NOT_REGISTERED'],
  [({ account }) => account?.isClosed !== true, 'ACCOUNT_INVALID'],
  [({ request, account }) => request.limits.currency === account?.currency, 'ACCOUNT_INVALID'],
  [({ request, account }) => request.methods.every((one) => account?.methods.includes(one)), 'ACCOUNT_INVALID'],
  // A limit that is not named is none, and no account is lent without one.
  [({ request, account }) => (request.limits.maxTotalMinor ?? Infinity) <= capOf(account), 'ACCOUNT_LIMIT_EXCEEDED'],
  [({ request, account }) => (request.limits.maxSingleMinor ?? 0) <= capOf(account), 'ACCOUNT_LIMIT_EXCEEDED'],
  [({ request, now }) => endOf(request) > now && endOf(request) <= now + BINDING_MAX_S, 'ACCOUNT_LIMIT_EXCEEDED'],
];

const REQUEST_CHECKS: readonly Check<BindingFacts>[] = [
  [({ request, now }) => request.createdAt >= now - REQUEST_WINDOW_S, 'AUTH_FAILED'],
  [({ request, now }) => request.createdAt <= now + CLOCK_SKEW_S, 'AUTH_FAILED'],
  ...STANDING_CHECKS,
];

/** Whether the wearer consented, to this and now, is asked before anything else. */
const CONSENT_CHECKS: readonly Check<ConsentFacts>[] = [
  [({ consent, device }) => consent?.signer.party === device, 'AUTH_FAILED'],
  [({ counter }) => counter === 'fresh' || counter === 'repeated', 'AUTH_FAILED'],
  [({ consent, offerDigest }) => consent?.value.offerDigest === offerDigest, 'AUTH_FAILED'],
  [({ now, expiresAt }) => now < expiresAt, 'AUTH_FAILED'],
  ...STANDING_CHECKS,
];

/** Why this request gets no offer, or nothing. */
export function bindingFault(facts: BindingFacts): BindingFailure | undefined {
  return REQUEST_CHECKS.find(([holds]) => !holds(facts))?.[1];
}

/** Why this consent binds nothing, or nothing. */
export function consentFault(facts: ConsentFacts): BindingFailure | undefined {
  return CONSENT_CHECKS.find(([holds]) => !holds(facts))?.[1];
}

function capOf(account: WearerAccount | undefined): number {
  return account?.bindingCapMinor ?? 0;
}

function endOf({ limits }: BindingRequest): number {
  return limits.validUntil ?? Number.POSITIVE_INFINITY;
}
