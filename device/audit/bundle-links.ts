/** Which statements of the objects in a bundle must agree with one another, each with its own code. */
import { type Cart, type Receipt, thumbprintOf, totalOf } from '../../protocol/index.ts';
import type { BundleHeader } from './bundle.ts';
import type { OpenedObjects } from './bundle-objects.ts';

/** A rule that holds is `true`; `undefined` where the bundle has not what it is about. */
type Rule = (objects: OpenedObjects, header: BundleHeader) => boolean | undefined;

type Terms = Pick<Receipt, 'orderNo' | 'payee' | 'amountMinor' | 'currency'>;

function termsOf({ orderNo, merchant, totalMinor, currency }: Cart): Terms {
  return { orderNo, payee: merchant, amountMinor: totalMinor, currency };
}

function agree(one: Terms | undefined, other: Terms | undefined): boolean | undefined {
  return (
    one &&
    other &&
    one.orderNo === other.orderNo &&
    one.payee === other.payee &&
    one.amountMinor === other.amountMinor &&
    one.currency === other.currency
  );
}

const RULES: Readonly<Record<string, Rule>> = {
  // The purchase is the one that the bundle says it is of.
  'subject-order': ({ receipt }, { orderNo }) => receipt && receipt.value.orderNo === orderNo,
  'subject-intent': ({ cart }, { intentId }) => cart && cart.value.intentId === intentId,
  'subject-device': ({ confirmation, authorization }, { device }) => {
    const signed = confirmation ?? authorization;
    return signed && signed.signer.party === device;
  },
  'subject-delegation': ({ request }, { delegationId }) => request && request.value.delegationId === delegationId,
  // An instant purchase (PSD-PAY-INS).
  'cart-signer': ({ cart }) => cart && cart.signer.party === cart.value.merchant,
  'cart-total': ({ cart }) => cart && totalOf(cart.value) === cart.value.totalMinor,
  'challenge-cart': ({ cart, challenge }) => cart && challenge && challenge.value.cartDigest === cart.digest,
  'challenge-terms': ({ cart, challenge }) => agree(cart && termsOf(cart.value), challenge?.value),
  'challenge-payer': ({ challenge, confirmation }) =>
    challenge && confirmation && challenge.value.payer === confirmation.signer.party,
  'confirmation-challenge': ({ challenge, confirmation }) =>
    challenge && confirmation && confirmation.value.challengeDigest === challenge.digest,
  'confirmation-late': ({ cart, challenge, confirmation }) =>
    challenge &&
    confirmation &&
    confirmation.value.confirmedAt <= challenge.value.expiresAt &&
    confirmation.value.confirmedAt <= (cart?.value.lockedUntil ?? Number.POSITIVE_INFINITY),
  'receipt-confirmation': ({ confirmation, receipt }) =>
    confirmation && receipt && receipt.value.confirmationDigest === confirmation.digest,
  'receipt-psp': ({ challenge, receipt }) => challenge && receipt && receipt.signer.party === challenge.signer.party,
  'receipt-challenge': ({ challenge, receipt }) => agree(challenge?.value, receipt?.value),
  'receipt-terms': ({ cart, receipt }) => agree(cart && termsOf(cart.value), receipt?.value),
  // A delegated one (PSD-PAY-DEL, PSD-PAY-AUP).
  'request-cart': ({ cart, request }) => cart && request && request.value.cartDigest === cart.digest,
  'request-agent': ({ request, authorization }) =>
    request && authorization && thumbprintOf(request.signer.publicKey) === authorization.value.agentKey,
  'request-credential': ({ request, authorization }) =>
    request &&
    authorization &&
    request.value.delegationId === authorization.value.iac.delegationId &&
    request.value.agentId === authorization.value.iac.agentId,
  'request-bounds': withinBounds,
  'receipt-request': ({ request, receipt }) =>
    request && receipt && receipt.value.confirmationDigest === request.digest && paysFor(request.value, receipt.value),
  'credential-challenge': ({ authorization, credentialChallenge }) =>
    authorization && credentialChallenge && authorization.value.challengeDigest === credentialChallenge.digest,
  // What the wearer changed of the delegation, and what the PSP said of it (ADD-IAC-LCM).
  'change-delegation': ({ orders }, { delegationId }) =>
    orders.every(({ value }) => value.change.delegationId === delegationId),
  'change-signer': ({ orders }, { device }) =>
    orders.every(({ value, signer }) => signer.party === device && value.change.by === 'PRINCIPAL'),
  'status-delegation': ({ statuses, receipt }, { delegationId }) =>
    statuses.every(
      ({ value, signer }) =>
        value.delegationId === delegationId && (receipt?.signer.party ?? signer.party) === signer.party,
    ),
  // What came after (CID-CART-CFM).
  'fulfilment-order': ({ updates, receipt }) =>
    receipt &&
    updates.every(
      ({ value, signer }) => value.orderNo === receipt.value.orderNo && signer.party === receipt.value.payee,
    ),
  // What went back, to where it came from and never more than came (T29).
  'refund-trade': ({ refunds, receipt }) =>
    receipt &&
    refunds.every(
      ({ value: { tradeNo, orderNo, payee, currency }, signer }) =>
        tradeNo === receipt.value.tradeNo &&
        orderNo === receipt.value.orderNo &&
        payee === receipt.value.payee &&
        currency === receipt.value.currency &&
        signer.party === receipt.signer.party,
    ),
  'refund-over': ({ refunds, receipt }) =>
    receipt && Math.max(shownOf(refunds), toldOf(refunds)) <= receipt.value.amountMinor,
  'refund-total': ({ refunds }) => shownOf(refunds) <= toldOf(refunds),
};

type Refunds = OpenedObjects['refunds'];

function shownOf(refunds: Refunds): number {
  return refunds.reduce((sum, { value }) => sum + value.amountMinor, 0);
}

/** What the PSP says has gone back of the trade in all. */
function toldOf(refunds: Refunds): number {
  return Math.max(0, ...refunds.map(({ value }) => value.refundedTotalMinor));
}

/** The PSP tells of more that went back than is shown. */
export function lacksRefund({ refunds }: OpenedObjects): boolean {
  return toldOf(refunds) > shownOf(refunds);
}

/** The codes of the rules that do not hold. */
export function linkFaults(header: BundleHeader, objects: OpenedObjects): string[] {
  return Object.entries(RULES).flatMap(([code, holds]) => (holds(objects, header) === false ? [code] : []));
}

type Request = NonNullable<OpenedObjects['request']>['value'];

function paysFor(request: Request, receipt: Receipt): boolean {
  return agree({ ...request, orderNo: request.orderNo ?? receipt.orderNo }, receipt) === true;
}

/** The bounds that one payment can be held against by itself; sums over many are `bundle-limits.ts`. */
function withinBounds({ request, authorization, receipt }: OpenedObjects): boolean | undefined {
  if (!request || !authorization || !receipt) return undefined;
  const { iac } = authorization.value;
  const { maxSingleMinor, allowedMerchants, forbiddenMerchants } = iac.ext?.commerce ?? {};
  const { amountMinor, currency, payee, paidAt } = receipt.value;
  return (
    currency === iac.currency &&
    amountMinor <= Math.min(iac.maxTotalMinor, maxSingleMinor ?? iac.maxTotalMinor) &&
    paidAt >= iac.validityStartTime &&
    paidAt < iac.validityEndTime &&
    (allowedMerchants?.includes(payee) ?? true) &&
    !(forbiddenMerchants?.includes(payee) ?? false) &&
    (iac.allowedPaymentMethods?.includes(request.value.method) ?? true)
  );
}
