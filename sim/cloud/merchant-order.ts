/** One order at a merchant's desk, and what is said about it. */
import {
  digestOf,
  type EpochMs,
  type ObjectValue,
  openObject,
  type Party,
  ProtocolError,
  type TrustSet,
} from '../../protocol/index.ts';
import type { FrameOf, Outgoing } from './handler.ts';
import type { Trade } from './trade.ts';

export type Receipt = ObjectValue<'receipt'>;

/** What happens by itself, and when. */
export interface NextStep {
  readonly at: EpochMs;
  run(now: EpochMs): readonly Outgoing[];
}

export interface Order {
  readonly device: Party;
  /** Who asked for the cart. */
  readonly agent: Party;
  readonly cart: ObjectValue<'cart'>;
  readonly cartReply: Outgoing;
  readonly orderNotice: Outgoing;
  readonly handOverMin: number;
  readonly trade: Trade;
  /** The one payment that it is fulfilled for. */
  paid?: Receipt;
  /** Trades that came when there was nothing to pay for; they go back whole. */
  readonly unwanted: Set<string>;
  /** While the whole payment is being given back: who waits to hear of it, by request. */
  cancelling?: Map<string, FrameOf<'order-cancel'>>;
  /** Absent once the trade is final, and while the PSP is asked to pay back. */
  next?: NextStep;
}

/** What the PSP has to know before it lets anybody pay the order. */
export function orderNotice(
  { orderNo, totalMinor, currency, lockedUntil, intentId }: ObjectValue<'cart'>,
  cartBytes: Uint8Array,
  device: string,
  categories: readonly string[],
  psp: string,
): Outgoing {
  const cartDigest = digestOf(cartBytes);
  return {
    to: { party: psp, role: 'psp' },
    message: {
      type: 'order-notice',
      body: { orderNo, device, amountMinor: totalMinor, currency, cartDigest, lockedUntil, categories, intentId },
    },
  };
}

/** The receipt, if it is the PSP's own for exactly this cart; otherwise the code of what is wrong with it (T29). */
export function receiptOf(
  bytes: Uint8Array,
  cart: ObjectValue<'cart'>,
  { trust, tenant, psp }: { readonly trust: TrustSet; readonly tenant: string; readonly psp: string },
): Receipt | string {
  try {
    const { value, signer } = openObject('receipt', bytes, { trust, tenant });
    const fits =
      signer.party === psp &&
      value.orderNo === cart.orderNo &&
      value.payee === cart.merchant &&
      value.amountMinor === cart.totalMinor &&
      value.currency === cart.currency;
    return fits ? value : 'receipt-mismatch';
  } catch (error) {
    if (error instanceof ProtocolError) return 'receipt-forged';
    throw error;
  }
}

/** The newest state of an order, for its device unless somebody else asked. */
export function updateOf({ device, trade }: Order, to: Party = device): Outgoing {
  return { to, message: { type: 'fulfilment', body: { update: trade.update } } };
}

/** The newest state for those who asked, except the device, which hears of each change anyway. */
export function copiesOf(order: Order, askers: readonly Party[]): readonly Outgoing[] {
  return askers.filter((asker) => !isSame(asker, order.device)).map((asker) => updateOf(order, asker));
}

/** Before the hand-over the device of an order and the agent that made it may call it off; nobody else (T5). */
export function mayCancel({ device, agent }: Order, by: Party): boolean {
  return isSame(device, by) || isSame(agent, by);
}

function isSame(one: Party, other: Party): boolean {
  return one.party === other.party && one.role === other.role;
}
