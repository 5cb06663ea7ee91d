/**
 * Whether an order is what the wearer has delegated (PSD-PAY-DEL: intent consistency): the merchant's signed cart against the
 * registered order, the request, and the terms of the credential.
 */
import {
  type Cart,
  type EdgeTerms,
  type EpochSeconds,
  type OpenedObject,
  ProtocolError,
  totalOf,
} from '../../protocol/index.ts';
import type { RegisteredOrder } from './order-book.ts';
import type { Delegation } from './psp-delegation-book.ts';
import type { SpendingRequest } from './psp-spending-request.ts';

const DAY_S = 86_400;
const DAYS_OF_A_WEEK = 7;
/** 1970-01-01 was a Thursday; Monday is 1. */
const FIRST_WEEKDAY = 4;

/** Whether the registered order is for this device and these goods, at this price, and still to be paid. */
export function isOrderMet(
  { notice, receipt }: RegisteredOrder,
  request: SpendingRequest,
  { device }: Delegation,
  now: EpochSeconds,
): boolean {
  return (
    receipt === undefined &&
    now < notice.lockedUntil &&
    notice.device === device &&
    notice.amountMinor === request.amountMinor &&
    notice.currency === request.currency &&
    notice.cartDigest === request.cartDigest
  );
}

/** Whether the payee itself has signed this cart for this intent, and it adds up to what is to be paid. */
export function isCartMet(
  { value: cart, digest, signer }: OpenedObject<'cart'>,
  request: SpendingRequest,
  { iac }: Delegation,
  now: EpochSeconds,
): boolean {
  return (
    digest === request.cartDigest &&
    signer.party === request.payee &&
    cart.merchant === request.payee &&
    cart.orderNo === request.orderNo &&
    cart.intentId === iac.intentId &&
    cart.totalMinor === request.amountMinor &&
    cart.currency === request.currency &&
    now < cart.lockedUntil &&
    addsUp(cart)
  );
}

/** Whether a cart holds exactly the things that were named, so many and as chosen, and the thing itself is when it is wanted. */
export function areTermsMet(cart: Cart, { items, wantedFrom, wantedUntil }: EdgeTerms): boolean {
  const isThen =
    wantedFrom === undefined ||
    wantedUntil === undefined ||
    (cart.happensAt !== undefined && wantedFrom <= cart.happensAt && cart.happensAt < wantedUntil);
  return isThen && (items === undefined || holdsExactly(cart, items));
}

/** Whether an order may be made at this time of the wearer's week. */
export function isAllowedNow({ weekdays, fromMin, untilMin, utcOffsetMin }: EdgeTerms, now: EpochSeconds): boolean {
  const localS = now + utcOffsetMin * 60;
  const weekday = ((Math.floor(localS / DAY_S) + FIRST_WEEKDAY - 1) % DAYS_OF_A_WEEK) + 1;
  const minute = Math.floor((localS % DAY_S) / 60);
  const isDay = weekdays === undefined || weekdays.includes(weekday);
  return isDay && minute >= (fromMin ?? 0) && minute < (untilMin ?? Number.POSITIVE_INFINITY);
}

function holdsExactly({ lines }: Cart, items: NonNullable<EdgeTerms['items']>): boolean {
  return (
    lines.every(({ itemId }) => items.some((wanted) => wanted.itemId === itemId)) &&
    items.every(({ itemId, quantity, choices = [] }) => {
      const found = lines.filter((line) => line.itemId === itemId);
      return (
        found.reduce((sum, line) => sum + line.quantity, 0) === quantity &&
        found.every(({ options }) => choices.every((choice) => options.some((option) => isChoice(option, choice))))
      );
    })
  );
}

/** A choice is named alone, or with its option in front where others have one of that name. */
function isChoice({ optionId, choiceId }: Cart['lines'][number]['options'][number], choice: string): boolean {
  return choice === choiceId || choice === `${optionId}-${choiceId}`;
}

/** Legal lines can add up to more than there may be; then they add up to nothing. */
function addsUp(cart: Cart): boolean {
  try {
    return totalOf(cart) === cart.totalMinor;
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}
