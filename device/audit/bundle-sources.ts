/** Where the objects of one order stand in a device's journal. Pure; the entries themselves hold a token and are not handed out. */
import {
  type Cart,
  type Digest,
  decodeCbor,
  FRAMES,
  type FrameBody,
  type Id16,
  OBJECTS,
  parseSign1,
  peekFrame,
  type Receipt,
} from '../../protocol/index.ts';
import type { WireType } from '../../protocol/wire.ts';
import { decodeRecord, type JournalRecord, type Purchases } from '../journal-record.ts';
import type { Paid } from '../purchase/state.ts';
import type { BundleObject } from './bundle.ts';
import { keptObject, readableObject } from './kept-object.ts';

/** What a journal has of one paid order. */
export interface OrderFound {
  readonly intentId: Id16;
  readonly delegationId?: Id16;
  readonly orderNo: string;
  readonly receipt: Receipt;
  readonly cart?: Cart;
  readonly objects: readonly BundleObject[];
}

/**
 * The paid order that a number or an intent names; of several receipts for one number the first, as at the PSP.
 * @throws StoreError `store-altered`, `store-version` for entries that cannot be read.
 */
export function findOrder(
  entries: readonly Uint8Array[],
  wanted: { readonly orderNo: string } | { readonly intentId: string },
): OrderFound | undefined {
  const updates: Update[] = [];
  let found: OrderFound | undefined;
  for (const bytes of entries) {
    const entry = decodeRecord(bytes);
    const update = updateIn(entry);
    if (update) updates.push(update);
    found ??= [...instant(entry.purchases), ...delegated(entry)].find((one) => isWanted(one, wanted));
  }
  if (!found) return undefined;
  const own = updates.filter(({ orderNo }) => orderNo === found.orderNo);
  const once = own.filter(({ digest }, i) => own.findIndex((other) => other.digest === digest) === i);
  return { ...found, objects: [...found.objects, ...once.map(({ object }) => object)] };
}

function isWanted(found: OrderFound, wanted: { readonly orderNo: string } | { readonly intentId: string }): boolean {
  return 'orderNo' in wanted ? found.orderNo === wanted.orderNo : found.intentId === wanted.intentId;
}

function object(type: keyof typeof OBJECTS, bytes: Uint8Array): BundleObject {
  return { typ: OBJECTS[type].typ, bytes };
}

function instant({ current, background }: Purchases): readonly OrderFound[] {
  const paid = [current, ...background].flatMap((state) => ('paid' in state && state.paid ? [state.paid] : []));
  return paid.map(instantOf);
}

function instantOf({ intent, cart, challenge, confirmation, receipt, receiptBytes }: Paid): OrderFound {
  return {
    ...{ intentId: intent.intentId, orderNo: receipt.orderNo, receipt, cart: cart.cart },
    objects: [
      object('cart', cart.bytes),
      object('challenge', challenge.bytes),
      object('confirmation', confirmation),
      object('receipt', receiptBytes),
    ],
  };
}

/** A payment that an agent made, as the PSP told of it. */
function delegated({ delegations, received }: JournalRecord): readonly OrderFound[] {
  const isNews = delegations?.kept.some(({ kind }) => kind === 'spend');
  const notice = isNews ? bodyOf(received, 'spend-notice') : undefined;
  if (!notice) return [];
  const own = readableObject('delegated-pay-request', notice.request);
  const request = own ?? readableObject('autonomous-pay-request', notice.request);
  const cart = notice.cart && readableObject('cart', notice.cart)?.value;
  const authorization = request && readableObject('authorization', request.value.iac);
  const intentId = cart?.intentId ?? authorization?.value.iac.intentId;
  if (!request || intentId === undefined) return [];
  const receipt = keptObject('receipt', notice.receipt).value;
  return [
    {
      ...{ intentId, delegationId: request.value.delegationId, orderNo: receipt.orderNo, receipt },
      ...(cart && { cart }),
      objects: [
        ...(notice.cart && cart ? [object('cart', notice.cart)] : []),
        object(own ? 'delegated-pay-request' : 'autonomous-pay-request', notice.request),
        object('receipt', notice.receipt),
      ],
    },
  ];
}

interface Update {
  readonly orderNo: string;
  readonly object: BundleObject;
  readonly digest: Digest;
}

function updateIn({ received }: JournalRecord): Update | undefined {
  const body = bodyOf(received, 'fulfilment');
  const update = body && readableObject('fulfilment', body.update);
  return update && { orderNo: update.value.orderNo, object: object('fulfilment', body.update), digest: update.digest };
}

/** The body of a frame that was let in, where it is of this type. */
function bodyOf<T extends 'spend-notice' | 'fulfilment'>(
  frame: Uint8Array | undefined,
  type: T,
): FrameBody<T> | undefined {
  if (!frame || peekFrame(frame).type !== type) return undefined;
  const body = FRAMES[type].body as unknown as WireType<FrameBody<T>>;
  return body.decode(decodeCbor(parseSign1(frame).payload), type);
}
