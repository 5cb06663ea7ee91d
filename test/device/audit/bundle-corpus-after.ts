/** Cases of what came after or beside a payment: refunds, changes of the delegation, the other payments under it. */
import type { Bundle } from '../../../device/audit/bundle.ts';
import { withoutBasket } from '../../../device/audit/bundle-disclose.ts';
import type { CborInput } from '../../../protocol/cbor.ts';
import {
  decodeCbor,
  digestOf,
  type EdgeTerms,
  encodeCbor,
  OBJECTS,
  type ObjectType,
  parseSign1,
  type Refund,
  type SigningKey,
  signObject,
  signSign1,
  softSigningKey,
  writeTerms,
} from '../../../protocol/index.ts';
import { AGENT, cart, DEVICE, id, MERCHANT, OTHER_MERCHANT, objectKey, PSP, seconds } from '../builders.ts';
import { delegatedBundle, type Other, orderBytes, type Twist, wordBytes } from './bundle-delegated.ts';
import * as edit from './bundle-edits.ts';
import { type Row, until, whole, withKey, withoutKey } from './bundle-whole.ts';

function refundBytes(amountMinor: number, refundedTotalMinor: number, over: Partial<Refund> = {}, by = PSP) {
  const { orderNo, merchant, currency } = cart();
  const value: Refund = {
    ...{ requestId: id(`refund ${refundedTotalMinor}`), tradeNo: 'T-1', orderNo, payee: merchant, amountMinor },
    ...{ refundedTotalMinor, currency, refundedAt: seconds(300), ...over },
  };
  return signObject('refund', value, objectKey(by));
}

function refunded(refunds: readonly Uint8Array[], bundle: Bundle = whole): Bundle {
  return { ...bundle, objects: [...bundle.objects, ...refunds.map((bytes) => edit.objectOf('refund', bytes))] };
}

const part = refundBytes(1_000, 1_000);
/** A payment with one of everything that can come after it or stand beside it. */
export const eventful = refunded(
  [part],
  delegatedBundle({
    orders: [
      orderBytes({ changedAt: seconds(40), to: 'Suspended' }),
      orderBytes({ changedAt: seconds(50), version: 2 }),
    ],
    payments: [{ amountMinor: 3_000, at: 10 }],
    statuses: [
      wordBytes(41, { state: 'Suspended', version: 1, spends: 2, spentMinor: 5_480 }),
      wordBytes(51, { state: 'Revoked', version: 2, spends: 2, spentMinor: 5_480 }),
    ],
  }),
);
const REFUNDS: readonly Row[] = [
  ['a refund of a part', refunded([part]), 'verified'],
  ['two refunds of all that was paid', refunded([part, refundBytes(1_480, 2_480)]), 'verified'],
  ['a refund under a delegation', refunded([part], delegatedBundle()), 'verified'],
  ['T17, T29: a payment with all that came after it', eventful, 'verified'],
  ['a refund without the basket', withoutBasket(refunded([part])), 'verified'],
  ['T29: a refund above what was paid', refunded([refundBytes(2_481, 2_481)]), 'broken refund-over'],
  [
    'T29: refunds that together are above what was paid',
    refunded([refundBytes(2_000, 2_000), refundBytes(1_000, 3_000)]),
    'broken refund-over',
  ],
  [
    'T29: a refund whose total is above what was paid',
    refunded([refundBytes(100, 2_500)]),
    'broken refund-over refund',
  ],
  ['T29: a refund of another trade', refunded([refundBytes(100, 100, { tradeNo: 'T-2' })]), 'broken refund-trade'],
  ['T29: a refund of another order', refunded([refundBytes(100, 100, { orderNo: 'LC-0043' })]), 'broken refund-trade'],
  [
    'T29: a refund that is not from who was paid',
    refunded([refundBytes(100, 100, { payee: OTHER_MERCHANT })]),
    'broken refund-trade',
  ],
  ['T7: a refund in another currency', refunded([refundBytes(100, 100, { currency: 'USD' })]), 'broken refund-trade'],
  [
    'T29: a refund by another PSP',
    refunded([refundBytes(100, 100, {}, 'other-psp')], withKey('other-psp', 'psp')),
    'broken refund-trade',
  ],
  ['T29: a refund by the merchant', refunded([refundBytes(100, 100, {}, MERCHANT)]), 'broken refund-invalid'],
  ['T29: a refund altered', refunded([edit.flipped(part, -1)]), 'broken refund-invalid'],
  ['T29: a refund that is shown twice', refunded([part, part]), 'broken refund-total'],
  ['a refund after one that is not shown', refunded([refundBytes(500, 1_500)]), 'incomplete refund'],
  [
    'a refund under a PSP key that was replaced since',
    refunded([part], until('object', PSP, seconds(30))),
    'incomplete refund-key',
  ],
];

const revoked = { state: 'Revoked', version: 1 } as const;
const suspended = { state: 'Suspended', version: 1 } as const;
const suspend = { to: 'Suspended' } as const;
const resume = { from: 'Suspended', to: 'Active', version: 2 } as const;

function withSigner(party: string, bundle: Bundle): Bundle {
  const { publicKey } = objectKey(party) as SigningKey & { publicKey: Uint8Array };
  return { ...bundle, keys: [...bundle.keys, { id: party, purpose: 'object', role: 'signer', publicKey }] };
}

const delegated = (twist: Twist, expected: string, name: string): Row => [name, delegatedBundle(twist), expected];
const CHANGES: readonly Row[] = [
  delegated(
    { orders: [orderBytes({ changedAt: seconds(40) })], statuses: [wordBytes(30), wordBytes(41, revoked)] },
    'verified',
    'T17: an order to stop after the payment, and the word that it is obeyed',
  ),
  delegated({ orders: [orderBytes()] }, 'verified', 'T17: a payment after an order to stop that nobody had obeyed yet'),
  delegated(
    { orders: [orderBytes()], statuses: [wordBytes(4, revoked)] },
    'verified',
    'T17: a payment in the second in which it was ended',
  ),
  delegated(
    { orders: [orderBytes()], statuses: [wordBytes(3, revoked), wordBytes(30, revoked)] },
    'broken paid-after-end',
    'T17: a payment after the PSP’s word that it was revoked',
  ),
  delegated(
    { statuses: [wordBytes(3, { state: 'Expired' }), wordBytes(30, { state: 'Expired' })] },
    'broken paid-after-end',
    'T17: a payment after the PSP’s word that it was expired',
  ),
  delegated(
    {
      orders: [orderBytes(suspend), orderBytes({ ...resume, changedAt: seconds(3) })],
      statuses: [wordBytes(2, suspended), wordBytes(30, { version: 2 })],
    },
    'verified',
    'a payment after the delegation was resumed',
  ),
  delegated(
    { statuses: [wordBytes(3, suspended), wordBytes(30, suspended)] },
    'broken paid-while-suspended resume',
    'T17: a payment between two words that it was suspended',
  ),
  delegated(
    { orders: [orderBytes(suspend)], statuses: [wordBytes(3, suspended)] },
    'incomplete delegation-status resume',
    'T17: a payment after a suspension that nothing shows to have ended',
  ),
  delegated(
    { orders: [orderBytes({ delegationId: id('other') })] },
    'broken change-delegation',
    'an order for another delegation',
  ),
  [
    'an order of an instant purchase',
    { ...whole, objects: [...whole.objects, edit.objectOf('lifecycle-order', orderBytes())] },
    'broken change-delegation',
  ],
  [
    'T18: an order of another device',
    withSigner('glasses-02', delegatedBundle({ orders: [orderBytes({}, 'glasses-02')] })),
    'broken change-signer',
  ],
  delegated(
    { orders: [orderBytes({ ...suspend, by: 'RISK_CONTROL' })] },
    'broken change-signer',
    'T18: an order in the name of somebody else',
  ),
  delegated({ orders: [orderBytes({}, PSP)] }, 'broken lifecycle-order-invalid', 'T23: an order signed by the PSP'),
  delegated({ orders: [edit.flipped(orderBytes(), -1)] }, 'broken lifecycle-order-invalid', 'an order altered'),
  delegated(
    { statuses: [wordBytes(30), wordBytes(30, { delegationId: id('other') })] },
    'broken status-delegation',
    'the PSP’s word on another delegation',
  ),
  [
    'another PSP’s word on the delegation',
    {
      ...delegatedBundle({ statuses: [wordBytes(30, {}, 'other-psp')] }),
      keys: [...delegatedBundle().keys, ...withKey('other-psp', 'psp').keys.slice(-1)],
    },
    'broken status-delegation',
  ],
  delegated(
    { statuses: [wordBytes(30, {}, DEVICE)] },
    'broken delegation-status-invalid delegation-status',
    'T23: a word that the device itself has signed',
  ),
];

const one: Other = { amountMinor: 3_000, at: 10 };
const termed = (terms: Partial<EdgeTerms>): NonNullable<Twist['bounds']> => ({
  ext: {
    commerce: { maxSingleMinor: 3_000, allowedMerchants: [MERCHANT] },
    vendorPrivate: writeTerms({
      ...{ currency: 'CNY', items: [{ itemId: 'iced-latte', quantity: 1 }], utcOffsetMin: 480 },
      ...terms,
    }),
  },
});
const HOUR = 3_600;
const unsaid = delegatedBundle({ statuses: [] });
const NO_PSP = 'incomplete delegation-status-key payment-key receipt-key refund-key';
const LIMITS: readonly Row[] = [
  delegated(
    {
      payments: [one, { ...one, at: 20, autonomous: true }],
      statuses: [wordBytes(30, { spends: 3, spentMinor: 8_480 })],
    },
    'verified',
    'T14: all payments of a delegation, within its total',
  ),
  delegated({ payments: [one, one, one] }, 'broken limit-total', 'T14: payments that together are above the total'),
  delegated(
    { statuses: [wordBytes(30, { spentMinor: 10_001 })] },
    'broken limit-total payments',
    'T14: a total at the PSP that is above what was allowed',
  ),
  delegated(
    { bounds: termed({ maxDailyMinor: 5_480 }), payments: [one, { ...one, at: -9 * HOUR - 610 - 4_000 }] },
    'verified',
    'T14: payments of two days, each within the daily limit',
  ),
  delegated(
    { bounds: termed({ maxDailyMinor: 5_479 }), payments: [one] },
    'broken limit-daily',
    'T14: two payments of one day above the daily limit',
  ),
  delegated(
    { bounds: termed({ maxDailyMinor: 5_000 }), payments: [{ ...one, at: -9 * HOUR }] },
    'broken limit-daily',
    'T14: two payments of one local day above the daily limit, on two days of UTC',
  ),
  delegated({ bounds: termed({ maxOrders: 2 }), payments: [one] }, 'verified', 'T14: as many orders as were allowed'),
  delegated(
    { bounds: termed({ maxOrders: 1 }), payments: [one] },
    'broken limit-orders',
    'T14: more orders than were allowed',
  ),
  delegated(
    { bounds: termed({ maxOrders: 1 }), statuses: [wordBytes(30, { spends: 2 })] },
    'broken limit-orders payments',
    'T14: more orders at the PSP than were allowed',
  ),
  delegated(
    { statuses: [wordBytes(30, { spends: 2 })] },
    'incomplete payments',
    'payments that the PSP counts and nobody shows',
  ),
  delegated(
    { statuses: [wordBytes(30, { spentMinor: 5_480 })] },
    'incomplete payments',
    'amounts that the PSP counts and nobody shows',
  ),
  delegated(
    { payments: [{ ...one, at: 40 }], statuses: [wordBytes(30, { spends: 2, spentMinor: 5_480 })] },
    'incomplete payments',
    'a later payment in the place of one that is not shown',
  ),
  delegated({ statuses: [] }, 'incomplete delegation-status', 'no word of the PSP on the delegation'),
  delegated(
    { statuses: [wordBytes(3)] },
    'incomplete delegation-status',
    'a word of the PSP from before the payment only',
  ),
  delegated(
    { payments: [{ ...one, bounds: { maxTotalMinor: 20_000 } }] },
    'broken payment-delegation',
    'T14: a payment under another authorization',
  ),
  delegated(
    { payments: [{ ...one, receipt: { confirmationDigest: digestOf(orderBytes()) } }] },
    'broken payment-request',
    'T29: a payment whose receipt is of another request',
  ),
  delegated(
    { payments: [{ ...one, receipt: { amountMinor: 2_000 } }] },
    'broken payment-request',
    'T29: a payment of another amount than was asked for',
  ),
  delegated(
    { payments: [{ ...one, receipt: { payee: OTHER_MERCHANT } }] },
    'broken payment-request',
    'T29: a payment to another payee than was asked for',
  ),
  delegated({ payments: [{ ...one, tradeNo: 'T-1' }] }, 'broken payment-repeated', 'T29: a trade that is shown twice'),
  delegated(
    { payments: [{ ...one, by: softSigningKey(new Uint8Array(32).fill(92)) }] },
    'incomplete payment-key',
    'T23: a payment by an agent whose key is not there',
  ),
  delegated(
    { payments: [{ ...one, by: objectKey(MERCHANT) }] },
    'broken payment-invalid',
    'T23: a payment that the merchant had asked for',
  ),
  delegated(
    { payments: [{ ...one, at: 35 }], statuses: [wordBytes(30), wordBytes(33, revoked), wordBytes(50, revoked)] },
    'broken paid-after-end',
    'T17: another payment after the PSP’s word that it was revoked',
  ),
  [
    'other payments of an instant purchase',
    { ...whole, payments: delegatedBundle({ payments: [one] }).payments },
    'broken object-unexpected payment-key',
  ],
  [
    'the other payments kept back, and the request shown',
    { ...unsaid, header: { ...unsaid.header, withheld: ['payments'] } },
    'verified',
  ],
  delegated(
    { bounds: { ext: { vendorPrivate: '{"other":{"max_daily_amount":1.00}}' } }, payments: [one] },
    'verified',
    'private terms of somebody else',
  ),
  ['T23: no key of the PSP, with all that came after', withoutKey('object', PSP, eventful), NO_PSP],
  [
    'T23: no key of the wearer, with all that came after',
    withoutKey('object', DEVICE, eventful),
    'incomplete authorization-key lifecycle-order-key',
  ],
  [
    'T23: no key of the agent, with all that came after',
    withoutKey('object', AGENT, eventful),
    'incomplete delegated-pay-request-key payment-key',
  ],
  ['the other payments kept back', withoutBasket(delegatedBundle({ payments: [one, one, one] })), 'verified'],
];

/** Signed by who may, and not what it has to be in itself: nobody of ours would sign it. */
function illFormed(type: ObjectType, bytes: Uint8Array, change: readonly [key: number, value: number][], by: string) {
  const body = decodeCbor(parseSign1(bytes).payload) as Map<number, CborInput>;
  const inner = type === 'lifecycle-order' ? (body.get(1) as Map<number, CborInput>) : body;
  for (const [key, value] of change) inner.set(key, value);
  const { typ } = OBJECTS[type];
  const externalAad = encodeCbor(['act-edge', 1, 'object', typ]);
  return signSign1({ payload: encodeCbor(body), key: objectKey(by), typ, externalAad });
}

const word = (...change: readonly [number, number][]) => illFormed('delegation-status', wordBytes(30), change, PSP);
const ILL_FORMED: readonly Row[] = [
  [
    'T29: a refund above its own total',
    refunded([illFormed('refund', part, [[6, 999]], PSP)]),
    'broken refund-invalid',
  ],
  delegated(
    {
      orders: [
        illFormed(
          'lifecycle-order',
          orderBytes(),
          [
            [3, 3],
            [4, 1],
          ],
          DEVICE,
        ),
      ],
    },
    'broken lifecycle-order-invalid',
    'T4: an order that leads out of a final state',
  ),
  delegated(
    { statuses: [wordBytes(30), word([5, seconds(30)])] },
    'broken delegation-status-invalid',
    'T17: a word of the PSP that was never fresh',
  ),
  delegated(
    { statuses: [wordBytes(30), word([9, 2_481])] },
    'broken delegation-status-invalid',
    'T29: a word of the PSP with more given back than paid',
  ),
];

export const AFTER: readonly Row[] = [...REFUNDS, ...CHANGES, ...LIMITS, ...ILL_FORMED];
