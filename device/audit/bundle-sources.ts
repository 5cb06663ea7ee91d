/** Where the objects of one order stand in a device's journal. Pure; the entries themselves hold a token and are not handed out. */
import { type Cart, equalBytes, type Id16, OBJECTS, type ObjectType, type Receipt } from '../../protocol/index.ts';
import { StoreError } from '../errors.ts';
import { decodeRecord, type JournalRecord, type Purchases } from '../journal-record.ts';
import type { Paid } from '../purchase/state.ts';
import type { BundleObject, BundlePayment } from './bundle.ts';
import { bodyOf, KeptEvidence, type Piece } from './kept-evidence.ts';
import { keptObject, readableObject } from './kept-object.ts';

/** What a journal has of one paid order. */
export interface OrderFound {
  readonly intentId: Id16;
  readonly delegationId?: Id16;
  readonly orderNo: string;
  readonly receipt: Receipt;
  readonly cart?: Cart;
  readonly objects: readonly BundleObject[];
  /** The other payments under its delegation, in order of arrival. */
  readonly payments: readonly BundlePayment[];
  /** What an agent paid it under, whole. */
  readonly authorization?: Uint8Array;
}

/** A bundle has room for so many other payments, the newest; a reader is told that there are more by the PSP's own count. */
const MOST_PAYMENTS = 256;

/** A payment under a delegation with all that came along, as the journal has it. */
export interface DelegatedFound extends OrderFound {
  readonly delegationId: Id16;
  readonly authorization: Uint8Array;
  readonly payment: BundlePayment;
}

/** All that a journal has as evidence. */
export interface Evidence {
  readonly kept: KeptEvidence;
  readonly spends: readonly DelegatedFound[];
}

/**
 * Reads a journal to its end.
 * @param visit is shown each entry.
 * @throws StoreError `store-altered`, `store-version` for entries that cannot be read, and where some are missing between
 *   others: those behind the hole would be counted as others (T26).
 */
export function readEntries(
  entries: readonly Uint8Array[],
  visit: (entry: JournalRecord, spends: readonly DelegatedFound[]) => void = () => {},
): Evidence {
  const kept = new KeptEvidence();
  const all: DelegatedFound[] = [];
  let size = 0;
  for (const [i, bytes] of entries.entries()) {
    const entry = decodeRecord(bytes);
    const base = entry.carried?.base?.size;
    if (base !== undefined && base !== size && i > 0) throw hole(size, base);
    size = (base ?? size) + 1;
    kept.take(entry);
    const spends = delegated(entry);
    all.push(...spends);
    visit(entry, spends);
  }
  return { kept, spends: all };
}

function hole(ends: number, goesOn: number): StoreError {
  const what = `a generation of the journal goes on after ${goesOn} entries, and those before it end at ${ends}`;
  return new StoreError('store-altered', what, 'put the missing archive back, or move all older ones away as well');
}

/**
 * The paid order that a number or an intent names; of several receipts for one number the first, as at the PSP.
 * @throws StoreError as {@link readEntries}.
 */
export function findOrder(
  entries: readonly Uint8Array[],
  wanted: { readonly orderNo: string } | { readonly intentId: string },
): OrderFound | undefined {
  let found: OrderFound | undefined;
  const { kept, spends } = readEntries(entries, ({ purchases }, paid) => {
    found ??= [...instant(purchases), ...paid].find((one) => isWanted(one, wanted));
  });
  if (!found) return undefined;
  const { orderNo, receipt, delegationId } = found;
  const after = [...kept.updatesOf(orderNo), ...kept.refundsOf(receipt.tradeNo)];
  const objects = [...found.objects, ...[...after, ...aboutDelegation(kept, delegationId)].map(objectIn)];
  const payments = othersUnder(found, spends).slice(-MOST_PAYMENTS);
  return { ...found, objects, payments: payments.map(({ payment }) => payment) };
}

/** Each once. One whose request carries something else than the same authorization shows nothing of this delegation. */
function othersUnder(
  { authorization, receipt }: OrderFound,
  spends: readonly DelegatedFound[],
): readonly DelegatedFound[] {
  if (!authorization) return [];
  const own = new Set([receipt.tradeNo]);
  return spends.filter((one) => {
    const isOther = equalBytes(one.authorization, authorization) && !own.has(one.receipt.tradeNo);
    own.add(one.receipt.tradeNo);
    return isOther;
  });
}

/** How the delegation was asked for, what the wearer changed, and what the PSP said of it. */
function aboutDelegation(kept: KeptEvidence, id: Id16 | undefined): readonly Piece<ObjectType>[] {
  if (id === undefined) return [];
  const authorization = kept.authorizationOf(id);
  const challenge = authorization && kept.challengeFor(id, authorization.value);
  return [...(challenge ? [challenge] : []), ...kept.ordersOf(id), ...kept.statusesOf(id)];
}

function objectIn({ type, bytes }: Piece<ObjectType>): BundleObject {
  return object(type, bytes);
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
    payments: [],
  };
}

/** A payment that an agent made, as the PSP told of it. */
function delegated({ delegations, received }: JournalRecord): readonly DelegatedFound[] {
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
      ...{
        authorization: request.value.iac,
        payment: { receipt: notice.receipt, request: notice.request },
        payments: [],
      },
    },
  ];
}
