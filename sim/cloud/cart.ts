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
import type { FrameOf } from './handler.ts';
import type { CartTerms } from './merchant-seller.ts';

/** How long price and goods are kept for a cart that is not paid. */
export const CART_LOCK_S = 300;
/** What a cart message has room for. */
const CART_MAX_BYTES = 2048;

export function cartOf(
  terms: CartTerms,
  merchant: string,
  { intentId }: FrameOf<'cart-request'>['body'],
  orderNo: string,
  now: EpochMs,
): ObjectValue<'cart'> {
  const issuedAt = secondsOf(now);
  return { ...terms, orderNo, intentId, merchant, issuedAt, lockedUntil: (issuedAt + CART_LOCK_S) as EpochSeconds };
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
