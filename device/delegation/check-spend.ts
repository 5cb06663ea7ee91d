/**
 * A payment under a delegation, checked in full against this device's own copy of the bounds (ACT 2.1 PSD-PAY-DEL): the PSP's
 * receipt, the agent's request inside it, the merchant's cart. Nothing is taken from anybody's word but the signatures'.
 */
import {
  type AutonomousPayRequest,
  type Cart,
  type DelegatedPayRequest,
  type Digest,
  decodeCbor,
  delegationModeOf,
  digestOf,
  type EdgeTerms,
  equalBytes,
  hex,
  type Id16,
  isBytes,
  msOf,
  type OpenedObject,
  ProtocolError,
  parseSign1,
  type Receipt,
  type SpendNotice,
  thumbprintOf,
} from '../../protocol/index.ts';
import type { DeviceSettings } from '../settings.ts';
import { opened } from '../signer/reading.ts';
import { dayAt, instantAt } from '../voice/delegation/calendar.ts';
import type { BookView, KeptSpend, SpendFault } from './book.ts';
import { isDue, offsetOf, readTerms } from './bounds.ts';
import type { HeldDelegation } from './state.ts';

type Request = DelegatedPayRequest | AutonomousPayRequest;
type OpenedRequest = OpenedObject<'delegated-pay-request'> | OpenedObject<'autonomous-pay-request'>;

/** A notice whose receipt is the PSP's word. Without that it proves nothing, and is not kept (T29). */
export interface OpenedNotice {
  readonly notice: SpendNotice;
  readonly receipt: Receipt;
  readonly digest: Digest;
  /** Absent where it is not signed by a key of an agent that is trusted. */
  readonly request: OpenedRequest | undefined;
  /** Under which delegation the request says that it is; proved by nothing but the receipt where it could not be opened. */
  readonly claimed: Id16 | undefined;
}

export function openNotice(notice: SpendNotice, settings: DeviceSettings): OpenedNotice | undefined {
  const receipt = opened('receipt', notice.receipt, settings);
  if (!receipt || receipt.signer.party !== settings.psp) return undefined;
  const { value, digest } = receipt;
  // An agent key that was replaced since was good when this was paid.
  const request =
    opened('delegated-pay-request', notice.request, settings, value.paidAt) ??
    opened('autonomous-pay-request', notice.request, settings, value.paidAt);
  const claimed = request?.value.delegationId ?? claimOf(notice.request);
  return { notice, receipt: value, digest, request, claimed };
}

/** The key of `delegation_id` in both requests. */
const DELEGATION_ID_KEY = 12;

/** The delegation that a request names which nobody trusted has signed: only to know where the evidence belongs. */
function claimOf(request: Uint8Array): Id16 | undefined {
  try {
    const body = decodeCbor(parseSign1(request).payload);
    const named = body instanceof Map ? body.get(DELEGATION_ID_KEY) : undefined;
    return named !== undefined && isBytes(named) && named.length === 16 ? (hex(named) as Id16) : undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

interface Facts {
  readonly held: HeldDelegation;
  readonly terms: EdgeTerms | undefined;
  readonly opened: OpenedNotice;
  /** Absent where the request is not an agent's. */
  readonly request: Request | undefined;
  readonly receipt: Receipt;
  /** `undefined`: none came along. `'bad'`: what came is not the merchant's cart for this. */
  readonly cart: Cart | 'bad' | undefined;
  readonly book: BookView;
  readonly categoryOf: (itemId: string) => string | undefined;
  /** What this device has counted under the delegation on that local day, and how often in all. */
  readonly sameDayMinor: number;
}

type Check = readonly [SpendFault, (facts: Facts) => boolean];

/** Each fault with what must hold. All are looked at: the evidence names everything that is wrong. */
const CHECKS: readonly Check[] = [
  ['request-signature', ({ request }) => request !== undefined],
  [
    'receipt-terms',
    ({ opened: { notice }, request, receipt }) =>
      receipt.confirmationDigest === digestOf(notice.request) &&
      (!request ||
        (receipt.amountMinor === request.amountMinor &&
          receipt.currency === request.currency &&
          receipt.payee === request.payee)),
  ],
  [
    'agent-key',
    ({ opened: { request }, held }) => !request || thumbprintOf(request.signer.publicKey) === held.agentKey,
  ],
  [
    'authorization',
    ({ request, held }) =>
      !request || (request.agentId === held.iac.agentId && equalBytes(request.iac, held.authorization)),
  ],
  ['order', ({ request, receipt }) => request?.orderNo === undefined || request.orderNo === receipt.orderNo],
  ['mode', ({ opened: { request }, held }) => !isAutonomous(request) || delegationModeOf(held.iac) === 'BOUNDED'],
  ['method', ({ request, held: { iac } }) => !request || (iac.allowedPaymentMethods?.includes(request.method) ?? true)],
  ['currency', ({ receipt, held }) => receipt.currency === held.iac.currency],
  ['payee', ({ receipt, held }) => isAllowed(receipt.payee, held)],
  ['single-limit', ({ receipt, held }) => receipt.amountMinor <= singleMax(held)],
  [
    'daily-limit',
    ({ receipt, terms, sameDayMinor }) =>
      terms?.maxDailyMinor === undefined || sameDayMinor + receipt.amountMinor <= terms.maxDailyMinor,
  ],
  ['total-limit', ({ receipt, held: { sums, iac } }) => sums.spentMinor + receipt.amountMinor <= iac.maxTotalMinor],
  ['orders-limit', ({ terms, held }) => terms?.maxOrders === undefined || held.sums.count < terms.maxOrders],
  [
    'window',
    ({ receipt, held: { iac } }) => receipt.paidAt >= iac.validityStartTime && receipt.paidAt < iac.validityEndTime,
  ],
  ['schedule', ({ receipt, terms }) => isDue(terms, receipt.paidAt)],
  ['cart', ({ cart }) => cart !== 'bad'],
  ['items', ({ cart, terms }) => cart === 'bad' || cart === undefined || holdsExactly(cart, terms)],
  ['category', (facts) => isOfAllowedCategories(facts)],
  ['after-revoke', ({ receipt, held }) => !wasOver(receipt, held, 'Revoked')],
  ['while-suspended', ({ receipt, held }) => !wasOver(receipt, held, 'Suspended')],
];

function isAutonomous(request: OpenedRequest | undefined): boolean {
  return request !== undefined && ('resourceId' in request.value || 'taskId' in request.value);
}

function isAllowed(payee: string, { iac }: HeldDelegation): boolean {
  const { allowedMerchants = [], forbiddenMerchants = [] } = iac.ext?.commerce ?? {};
  return (allowedMerchants.length === 0 || allowedMerchants.includes(payee)) && !forbiddenMerchants.includes(payee);
}

function singleMax({ iac }: HeldDelegation): number {
  return iac.ext?.commerce?.maxSingleMinor ?? iac.maxTotalMinor;
}

/** What one order holds: what the terms name, so many of each, with the choices they name, and nothing else. */
function holdsExactly({ lines }: Cart, terms: EdgeTerms | undefined): boolean {
  if (terms?.items === undefined) return true;
  return (
    lines.length === terms.items.length &&
    terms.items.every(({ itemId, quantity, choices = [] }) =>
      lines.some(
        (line) =>
          line.itemId === itemId &&
          line.quantity === quantity &&
          choices.every((choice) => line.options.some(({ choiceId }) => choiceId === choice)),
      ),
    )
  );
}

/** Known only where a cart came along; the PSP has the categories that the merchant told it. */
function isOfAllowedCategories({ cart, held: { iac }, categoryOf }: Facts): boolean {
  if (cart === undefined || cart === 'bad') return true;
  const { allowedCategories = [], forbiddenCategories = [] } = iac.ext?.commerce ?? {};
  return cart.lines.every(({ itemId }) => {
    const category = categoryOf(itemId);
    if (category === undefined) return allowedCategories.length === 0;
    const isWanted = allowedCategories.length === 0 || allowedCategories.includes(category);
    return isWanted && !forbiddenCategories.includes(category);
  });
}

/** Both times are the PSP's own: after it has said that nothing pays any more, nothing may be paid (T17). */
function wasOver({ paidAt }: Receipt, { status }: HeldDelegation, state: 'Revoked' | 'Suspended'): boolean {
  return status?.state === state && paidAt > status.since;
}

function cartOf(
  { notice, request }: OpenedNotice,
  receipt: Receipt,
  settings: DeviceSettings,
): Cart | 'bad' | undefined {
  const named = request?.value.cartDigest;
  if (notice.cart === undefined) return undefined;
  const cart = opened('cart', notice.cart, settings, receipt.paidAt);
  const fits =
    cart?.signer.party === receipt.payee &&
    cart.value.merchant === receipt.payee &&
    cart.value.orderNo === receipt.orderNo &&
    cart.value.totalMinor === receipt.amountMinor &&
    cart.value.currency === receipt.currency &&
    (named === undefined || cart.digest === named);
  return fits ? cart.value : 'bad';
}

function sameDay(receipt: Receipt, held: HeldDelegation, offsetMin: number, book: BookView): number {
  const day = dayAt(msOf(receipt.paidAt), offsetMin);
  const [from, until] = [instantAt(day, 0, offsetMin), instantAt(day + 1, 0, offsetMin)];
  return book
    .under(held.id)
    .filter(({ paidAt }) => msOf(paidAt) >= from && msOf(paidAt) < until)
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

/** The payment as it is kept: with everything that is wrong with it, or with no fault. */
export function checkedSpend(
  opened: OpenedNotice,
  held: HeldDelegation | undefined,
  settings: DeviceSettings,
  book: BookView,
): KeptSpend {
  const { receipt, digest } = opened;
  const { tradeNo, orderNo, payee, amountMinor, currency, paidAt } = receipt;
  const cart = cartOf(opened, receipt, settings);
  const items = cart === undefined || cart === 'bad' ? [] : cart.lines.map(({ itemId }) => itemId);
  const kept = { kind: 'spend', tradeNo, orderNo, payee, amountMinor, currency, paidAt, digest, items } as const;
  if (!held) return { ...kept, faults: ['unknown-delegation'] };
  const terms = readTerms(held.iac);
  const categoryOf = (itemId: string) => settings.vocabulary.items.find(({ id }) => id === itemId)?.category;
  const sameDayMinor = terms?.maxDailyMinor === undefined ? 0 : sameDay(receipt, held, offsetOf(terms), book);
  const facts: Facts = {
    ...{ held, terms, opened, request: opened.request?.value, receipt, cart, book, categoryOf, sameDayMinor },
  };
  const isRepeated = book.trade(tradeNo) !== undefined;
  const found = CHECKS.flatMap(([fault, holds]) => (holds(facts) ? [] : [fault]));
  return { ...kept, delegationId: held.id, faults: isRepeated ? ['trade-repeated', ...found] : found };
}
