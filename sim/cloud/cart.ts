/** The merchant's cart: one payee, one total, locked until a time, signed (CID-CART-CFM). */
import {
  type EpochMs,
  type EpochSeconds,
  type ObjectValue,
  ProtocolError,
  type SigningKey,
  secondsOf,
  signObject,
} from '../../protocol/index.ts';
import type { Quote } from '../shops/index.ts';
import type { FrameOf } from './handler.ts';
import { discountsOf, SHOP_CURRENCY } from './offers.ts';
import { lineTitle } from './titles.ts';

/** How long price and goods are kept for a cart that is not paid. */
export const CART_LOCK_S = 300;
/** What a cart message has room for. */
const CART_MAX_BYTES = 2048;

export function cartOf(
  quote: Quote,
  { intentId, locale }: FrameOf<'cart-request'>['body'],
  orderNo: string,
  now: EpochMs,
): ObjectValue<'cart'> {
  const issuedAt = secondsOf(now);
  return {
    orderNo,
    intentId,
    merchant: quote.shopId,
    lines: quote.lines.map((line) => ({
      sku: line.sku,
      title: lineTitle(line.title, line.options, locale),
      quantity: line.quantity,
      amountMinor: line.amountMinor,
      itemId: line.itemId,
      options: line.options,
    })),
    discounts: discountsOf(quote),
    deliveryMinor: quote.deliveryMinor,
    totalMinor: quote.totalMinor,
    currency: SHOP_CURRENCY,
    issuedAt,
    lockedUntil: (issuedAt + CART_LOCK_S) as EpochSeconds,
    etaMin: quote.etaMin,
  };
}

/** The signed bytes, or `undefined` for a cart with more in it than a message holds. */
export function signedCart(cart: ObjectValue<'cart'>, key: SigningKey): Uint8Array | undefined {
  try {
    const bytes = signObject('cart', cart, key);
    return bytes.length <= CART_MAX_BYTES ? bytes : undefined;
  } catch (error) {
    if (error instanceof ProtocolError && error.code === 'cbor-too-long') return undefined;
    throw error;
  }
}
