/** What a merchant's cart must be before the agent pays it (ACT 2.1 CID-CART-CFM, PSD-PAY-DEL local pre-check). */
import {
  type Cart,
  type EpochMs,
  type OpenedObject,
  ProtocolError,
  secondsOf,
  sumMinor,
  totalOf,
} from '../../protocol/index.ts';
import { optionsOf } from './agent-choices.ts';
import type { Task } from './agent-task.ts';

/** Faults of the price leave the merchant in play; with any other he has answered with what nobody asked for. */
export type CartFault =
  | 'cart-unsound'
  | 'merchant-not-allowed'
  | 'intent-mismatch'
  | 'items-differ'
  | 'window-missed'
  | 'total-wrong'
  | 'currency-differs'
  | 'cart-expired'
  | 'below-minimum'
  | 'over-limit';

/** A cart that cannot be paid in time is as good as none. */
const LEAST_TIME_S = 5;

/** The first thing that is wrong with a cart, in the order in which ACT's pre-check goes through it after the items. */
export function cartFault(
  opened: OpenedObject<'cart'> | undefined,
  merchant: string,
  task: Task,
  now: EpochMs,
): CartFault | undefined {
  if (opened === undefined) return 'cart-unsound';
  const { value: cart, signer } = opened;
  const { iac } = task.mandate;
  if (signer.party !== merchant || cart.merchant !== merchant) return 'merchant-not-allowed';
  if (cart.intentId !== iac.intentId) return 'intent-mismatch';
  if (!hasExactly(cart, task)) return 'items-differ';
  if (!isInWindow(cart, task)) return 'window-missed';
  if (totalIn(cart) !== cart.totalMinor) return 'total-wrong';
  if (cart.currency !== iac.currency) return 'currency-differs';
  if (cart.lockedUntil < secondsOf(now) + LEAST_TIME_S) return 'cart-expired';
  if (cart.totalMinor < (iac.ext?.commerce?.minSingleMinor ?? 0)) return 'below-minimum';
  return cart.totalMinor > task.leftMinor(now) ? 'over-limit' : undefined;
}

/** What the things themselves cost, without delivery and promotions: that is what has a price to move. */
export function goodsMinor(cart: Cart): number {
  return sumMinor(cart.lines.map(({ amountMinor }) => amountMinor));
}

function totalIn(cart: Cart): number | undefined {
  try {
    return totalOf(cart);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/** Nothing missing, nothing added, and everything as it was wanted. */
function hasExactly({ lines }: Cart, { mandate }: Task): boolean {
  const { items = [] } = mandate.terms;
  const wanted = new Map(items.map((item) => [item.itemId, item]));
  const counts = new Map<string, number>();
  for (const { itemId, quantity, options } of lines) {
    const item = wanted.get(itemId);
    const wishes = item && optionsOf(itemId, item.choices);
    const isSo = wishes?.every((wish) =>
      options.some(({ optionId, choiceId }) => optionId === wish.optionId && choiceId === wish.choiceId),
    );
    if (isSo !== true) return false;
    counts.set(itemId, (counts.get(itemId) ?? 0) + quantity);
  }
  return items.every(({ itemId, quantity }) => counts.get(itemId) === quantity);
}

function isInWindow({ happensAt }: Cart, { mandate }: Task): boolean {
  const { wantedFrom, wantedUntil } = mandate.terms;
  if (wantedFrom === undefined || wantedUntil === undefined) return true;
  return happensAt !== undefined && wantedFrom <= happensAt && happensAt < wantedUntil;
}
