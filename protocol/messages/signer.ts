/**
 * What else the wearer confirms besides a payment: the bounds of a delegation, a change of its state, the binding of an
 * account; and how a PSP locks a lost device. In each the signer's own counter, the view that was shown and the gesture
 * are signed along, as in a payment's confirmation (design 5).
 */
import { PaymentLimits } from '../act/binding.ts';
import { methodUrn, time } from '../act/fields.ts';
import { IacPayload } from '../act/iac.ts';
import { LifecycleChange } from '../act/lifecycle.ts';
import { ruled } from '../act/rules.ts';
import { currency, epochSeconds, paidMinor } from '../fields.ts';
import { agentId, digest, id16, partyId, paymentToken } from '../ids.ts';
import { list, oneOf, uint, type WireValue, wireMap } from '../wire.ts';
import { confirmationMethod } from './payment.ts';

const counter = uint(Number.MAX_SAFE_INTEGER, 1);

/**
 * Signed by the PSP after its own checks of a drafted IAC: that it may be confirmed, once, until `expiresAt`.
 * `iacDigest` is over the deterministic CBOR of the drafted payload (ACT 2.1 ADD-IAC-ISS; freshness: design 5.4).
 */
export const DelegationChallenge = wireMap('delegation-challenge', {
  nonce: [1, id16],
  iacDigest: [2, digest],
  /** The device whose wearer is to confirm. */
  payer: [3, partyId],
  /** RFC 9679 thumbprint of the one agent key that may pay under the IAC (`cnf`). */
  agentKey: [4, digest],
  issuedAt: [5, epochSeconds],
  expiresAt: [6, epochSeconds],
});
export type DelegationChallenge = WireValue<typeof DelegationChallenge>;

/** The Intent Authorization Credential in COSE, signed by the confirmation key: the bounds, whole, and for which agent key. */
export const Authorization = wireMap('authorization', {
  iac: [1, IacPayload],
  agentKey: [2, digest],
  challengeDigest: [3, digest],
  viewDigest: [4, digest],
  method: [5, confirmationMethod],
  counter: [6, counter],
  confirmedAt: [7, epochSeconds],
});
export type Authorization = WireValue<typeof Authorization>;

/**
 * A change of a delegation's state by the principal (ACT 2.1 ADD-IAC-LCM). There is no challenge to wait for: stopping
 * must work at once, and `change.version` makes a repeated order harmless (T17).
 */
export const LifecycleOrder = wireMap('lifecycle-order', {
  change: [1, LifecycleChange],
  viewDigest: [2, digest],
  method: [3, confirmationMethod],
  counter: [4, counter],
});
export type LifecycleOrder = WireValue<typeof LifecycleOrder>;

/**
 * What gives money to an agent, or lets it spend again: to fill its sub-account up, to unfreeze it (ACT 2.1 PSD-AGT-SUB).
 * `version` is one more than the one that the account had when the wearer was asked, so that an order does nothing once
 * anything else was done to the account (T17).
 */
export const SubAccountChange = ruled(
  wireMap('sub-account-change', {
    changeId: [1, id16],
    /** Of the delegation that it pays for, whose bounds are shown along. */
    delegationId: [2, id16],
    subAccountId: [3, paymentToken],
    operation: [4, oneOf({ TOP_UP: 2, UNFREEZE: 4 })],
    amountMinor: [5, paidMinor, 'optional'],
    currency: [6, currency],
    changedAt: [7, epochSeconds],
    version: [8, uint(0xffff_ffff, 1)],
  }),
  [
    {
      code: 'act-instrument',
      says: 'what is put into a sub-account is an amount, and unfreezing one is none',
      holds: ({ operation, amountMinor }) => (operation === 'TOP_UP') === (amountMinor !== undefined),
    },
  ],
);
export type SubAccountChange = WireValue<typeof SubAccountChange>;

/** Signed by the principal: that is to be done to the sub-account, once. */
export const SubAccountOrder = wireMap('sub-account-order', {
  change: [1, SubAccountChange],
  viewDigest: [2, digest],
  method: [3, confirmationMethod],
  counter: [4, counter],
});
export type SubAccountOrder = WireValue<typeof SubAccountOrder>;

/** Signed by the PSP: which agent is to be bound to the wearer's account, and how far (ACT 2.1 PSD-PMT-BND). */
export const BindingOffer = wireMap('binding-offer', {
  nonce: [1, id16],
  requestId: [2, id16],
  /** The device whose wearer is to confirm. */
  payer: [3, partyId],
  agentId: [4, agentId],
  methods: [5, list(methodUrn, 4, 1)],
  limits: [6, PaymentLimits],
  issuedAt: [7, time],
  expiresAt: [8, time],
});
export type BindingOffer = WireValue<typeof BindingOffer>;

/** The wearer's consent to a binding. */
export const BindingConsent = wireMap('binding-consent', {
  offerDigest: [1, digest],
  viewDigest: [2, digest],
  method: [3, confirmationMethod],
  counter: [4, counter],
  confirmedAt: [5, epochSeconds],
});
export type BindingConsent = WireValue<typeof BindingConsent>;

export const lockState = oneOf({ locked: 1, unlocked: 2 });

/** Signed by the PSP: a device reported lost signs nothing until a later version unlocks it (T18). */
export const LockOrder = wireMap('lock-order', {
  device: [1, partyId],
  state: [2, lockState],
  /** Grows with each order; an order that is not newer than the last one obeyed is refused (T4). */
  version: [3, uint(0xffff_ffff, 1)],
  issuedAt: [4, epochSeconds],
});
export type LockOrder = WireValue<typeof LockOrder>;
