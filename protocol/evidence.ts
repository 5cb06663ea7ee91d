/** The evidence of one instant purchase: four signed objects, enough to show who sold what, what the wearer saw and pressed, and what was paid. */
import { decodeCbor, encodeCbor } from './cbor.ts';
import { ProtocolError } from './errors.ts';
import { totalOf } from './messages/cart.ts';
import { type ObjectValue, openObject } from './objects.ts';
import type { TrustSet } from './trust.ts';
import { bytes, type WireValue, wireMap } from './wire.ts';

export const Evidence = wireMap('evidence', {
  cart: [1, bytes(2048)],
  challenge: [2, bytes(512)],
  confirmation: [3, bytes(512)],
  receipt: [4, bytes(512)],
});
export type Evidence = WireValue<typeof Evidence>;

export function encodeEvidence(evidence: Evidence): Uint8Array {
  return encodeCbor(Evidence.encode(evidence, 'evidence'));
}

export function decodeEvidence(encoded: Uint8Array): Evidence {
  return Evidence.decode(decodeCbor(encoded), 'evidence');
}

export interface VerifiedEvidence {
  readonly cart: ObjectValue<'cart'>;
  readonly challenge: ObjectValue<'challenge'>;
  readonly confirmation: ObjectValue<'confirmation'>;
  readonly receipt: ObjectValue<'receipt'>;
}

/**
 * Verifies all four signatures and that each object refers to the one before it.
 * @throws ProtocolError `cose-*` for a bad signature, `evidence-link` where two objects do not belong together.
 */
export function verifyEvidence(evidence: Evidence, by: { trust: TrustSet; tenant: string }): VerifiedEvidence {
  const receipt = openObject('receipt', evidence.receipt, by);
  // The PSP signed when it was paid: a key that was replaced later was good then.
  const then = { ...by, at: receipt.value.paidAt };
  const cart = openObject('cart', evidence.cart, then);
  const challenge = openObject('challenge', evidence.challenge, then);
  const confirmation = openObject('confirmation', evidence.confirmation, then);
  const links: readonly [string, boolean][] = [
    ['cart signer', cart.signer.party === cart.value.merchant],
    ['cart total', totalOf(cart.value) === cart.value.totalMinor],
    ['challenge to cart', challenge.value.cartDigest === cart.digest],
    ['confirming device', challenge.value.payer === confirmation.signer.party],
    ['challenge to confirmation', confirmation.value.challengeDigest === challenge.digest],
    [
      'confirmed in time',
      confirmation.value.confirmedAt <= Math.min(challenge.value.expiresAt, cart.value.lockedUntil),
    ],
    ['confirmation to receipt', receipt.value.confirmationDigest === confirmation.digest],
    ['one PSP', receipt.signer.party === challenge.signer.party],
    ['one order', sameTerms(cart.value, challenge.value) && sameTerms(cart.value, receipt.value)],
  ];
  const broken = links.find(([, holds]) => !holds);
  if (broken) throw new ProtocolError('evidence-link', `${broken[0]} does not hold`);
  return { cart: cart.value, challenge: challenge.value, confirmation: confirmation.value, receipt: receipt.value };
}

function sameTerms(
  cart: ObjectValue<'cart'>,
  terms: { orderNo: string; payee: string; amountMinor: number; currency: string },
): boolean {
  return (
    cart.orderNo === terms.orderNo &&
    cart.merchant === terms.payee &&
    cart.totalMinor === terms.amountMinor &&
    cart.currency === terms.currency
  );
}
