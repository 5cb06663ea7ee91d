/** Cases of bundles whose objects, records or bytes are not what they should be. */
import { encodeBundle } from '../../../device/audit/bundle.ts';
import { withoutBasket } from '../../../device/audit/bundle-disclose.ts';
import { concatBytes, digestOf, type ObjectValue, utf8 } from '../../../protocol/index.ts';
import {
  cart,
  cartBytes,
  challenge,
  checkedCart,
  confirmationBytes,
  id,
  MERCHANT,
  OTHER_MERCHANT,
  PSP,
  receiptBytes,
  seconds,
  updateBytes,
} from '../builders.ts';
import { delegatedBundle } from './bundle-delegated.ts';
import * as edit from './bundle-edits.ts';
import { bodyOf, drop, header, type Row, until, whole, withKey, withoutKey } from './bundle-whole.ts';

const { EVENT } = edit;
const other = { ...cart(), totalMinor: 2_481 };
const late = { confirmedAt: seconds(61) };
export const OBJECT_ROWS: readonly Row[] = [
  [
    'T29: a cart altered',
    edit.withObject(whole, 'cart', edit.flipped(edit.bytesOf(whole, 'cart'), -70)),
    'broken cart-invalid',
  ],
  [
    'T29: a receipt altered',
    edit.withObject(whole, 'receipt', edit.flipped(edit.bytesOf(whole, 'receipt'), -1)),
    'broken receipt-invalid',
  ],
  ['bytes that are no object', edit.withObject(whole, 'challenge', utf8('nothing')), 'broken challenge-invalid'],
  [
    'a cart of another merchant',
    edit.withObject(withKey(OTHER_MERCHANT), 'cart', cartBytes({}, OTHER_MERCHANT)),
    'broken cart-signer challenge-cart record-cart-confirmed',
  ],
  [
    'a cart that does not add up',
    edit.forged(whole, 'cart', other, MERCHANT),
    'broken cart-total challenge-cart challenge-terms receipt-terms record-cart-confirmed',
  ],
  [
    'a challenge for another cart',
    edit.forged(whole, 'challenge', challenge({ cartDigest: digestOf(utf8('x')) }), PSP),
    'broken challenge-cart confirmation-challenge record-cart-confirmed',
  ],
  [
    'a challenge for another amount',
    edit.forged(whole, 'challenge', challenge({ amountMinor: 1 }, checkedCart()), PSP),
    'broken challenge-terms confirmation-challenge receipt-challenge',
  ],
  [
    'a challenge for another device',
    edit.forged(whole, 'challenge', challenge({ payer: 'glasses-02' }), PSP),
    'broken challenge-payer confirmation-challenge',
  ],
  [
    'T2: a confirmation of another challenge',
    edit.withObject(whole, 'confirmation', confirmationBytes({ challengeDigest: digestOf(utf8('y')) })),
    'broken confirmation-challenge receipt-confirmation',
  ],
  [
    'T2: a confirmation that came too late',
    edit.withObject(whole, 'confirmation', confirmationBytes(late)),
    'broken confirmation-late receipt-confirmation',
  ],
  [
    'T29: a receipt for another amount',
    edit.withObject(whole, 'receipt', receiptBytes({ amountMinor: 2_490 })),
    'broken receipt-challenge receipt-terms record-cart-confirmed record-transaction-completed',
  ],
  [
    'T29: a receipt for another order',
    edit.withObject(whole, 'receipt', receiptBytes({ orderNo: 'LC-0043' })),
    'broken fulfilment-order receipt-challenge receipt-terms record-cart-confirmed record-fulfillment-completed record-transaction-completed subject-order',
  ],
  [
    'T29: a receipt by the merchant',
    edit.withObject(whole, 'receipt', receiptBytes({}, MERCHANT)),
    'broken receipt-invalid',
  ],
  ['T23: a receipt under no known key', withoutKey('object', PSP), 'incomplete challenge-key receipt-key'],
  ['no key of the merchant', withoutKey('object', MERCHANT), 'incomplete cart-key fulfilment-key'],
  ['a PSP key that was replaced before', until('object', PSP, seconds(1)), 'incomplete challenge-key receipt-key'],
  ['no confirmation', edit.withoutObject(whole, 'confirmation'), 'incomplete confirmation'],
  ['a basket kept back in silence', edit.withoutObject(whole, 'cart'), 'incomplete cart'],
  ['no receipt', edit.withoutObject(whole, 'receipt'), 'incomplete receipt'],
  [
    'an object twice',
    { ...whole, objects: [...whole.objects, edit.objectOf('receipt', receiptBytes())] },
    'broken object-repeated',
  ],
  [
    'an object of no concern',
    { ...whole, objects: [...whole.objects, edit.objectOf('lock-order', receiptBytes())] },
    'broken object-unexpected',
  ],
  [
    'news of another order',
    edit.withObject(whole, 'fulfilment', updateBytes(1, 'WAIT_BUYER_RECEIPT', { orderNo: 'LC-0043' })),
    'broken fulfilment-order',
  ],
  ['another order in the header', header({ orderNo: 'LC-0043' }), 'broken record-subject subject-order'],
  ['another device in the header', header({ device: 'glasses-02' }), 'broken subject-device'],
];

const delegated = delegatedBundle();
const askedFor: ObjectValue<'delegation-challenge'> = {
  ...{ nonce: id('nonce'), iacDigest: digestOf(utf8('iac')), payer: 'glasses-01', agentKey: digestOf(utf8('key')) },
  ...{ issuedAt: seconds(-70), expiresAt: seconds(-10) },
};
const MORE: readonly Row[] = [
  [
    'T29: a receipt by another PSP',
    edit.withObject(withKey('other-psp', 'psp'), 'receipt', receiptBytes({}, 'other-psp')),
    'broken receipt-psp record-transaction-completed',
  ],
  ['another intent in the header', header({ intentId: id('other') }), 'broken record-subject subject-intent'],
  [
    'another delegation in the header',
    { ...delegated, header: { ...delegated.header, delegationId: id('other') } },
    'broken record-subject status-delegation subject-delegation',
  ],
  [
    'a challenge for another delegation',
    edit.forged(delegated, 'delegation-challenge', askedFor, PSP),
    'broken credential-challenge',
  ],
  [
    'a record kept back whose anchor is on its way',
    edit.editRecord(withoutBasket(whole), 0, ({ place: _, ...one }) => one),
    'incomplete anchor',
  ],
  ['a payment of a task', delegatedBundle({ autonomous: 'order' }), 'verified'],
  ['a payment for a resource', delegatedBundle({ autonomous: 'resource' }), 'verified'],
];

export const RECORD_ROWS: readonly Row[] = [
  ...MORE,
  ['T26: a record left out', drop(EVENT.decision), 'incomplete upstream'],
  ['no record of the payment', drop(EVENT.payment), 'incomplete payment-record upstream'],
  ['no records', { ...whole, records: [] }, 'incomplete payment-record'],
  ['a record twice', { ...whole, records: [...whole.records, whole.records[0] as never] }, 'broken record-repeated'],
  [
    'a name that is not the record’s',
    edit.editRecord(whole, 0, (one) => ({ ...one, recordId: id('other') })),
    'broken journal-record record-name upstream',
  ],
  [
    'a record of another purchase',
    edit.resigned(whole, 0, (draft) => ({ ...draft, intentId: id('other') })),
    'broken record-subject',
  ],
  [
    'an upstream that is later',
    edit.resigned(whole, 0, (draft) => ({ ...draft, eventTime: seconds(90), createdAt: seconds(95) })),
    'broken record-upstream',
  ],
  [
    'an upstream of a later stage',
    edit.resigned(whole, 0, (draft) => ({ ...draft, upstreamRecordId: whole.records[1]?.recordId as never })),
    'broken record-upstream',
  ],
  [
    'a budget below the price',
    edit.resigned(
      whole,
      0,
      bodyOf((body) => ({ ...body, maxTotalMinor: 2_000 })),
    ),
    'broken record-intent-created',
  ],
  [
    'a decision for another merchant',
    edit.resigned(
      whole,
      1,
      bodyOf((body) => ({ ...body, merchantId: OTHER_MERCHANT })),
    ),
    'broken record-decision-logged',
  ],
  [
    'a record of another cart',
    edit.resigned(
      whole,
      2,
      bodyOf((body) => ({ ...body, cartDigest: 'ab'.repeat(32) })),
    ),
    'broken record-cart-confirmed',
  ],
  [
    'a record of another count',
    edit.resigned(
      whole,
      2,
      bodyOf((body) => ({ ...body, itemCount: 2 })),
    ),
    'broken record-cart-confirmed',
  ],
  [
    'a record of another receipt',
    edit.resigned(
      whole,
      3,
      bodyOf((body) => ({ ...body, receiptDigest: 'ab'.repeat(32) })),
    ),
    'broken record-transaction-completed',
  ],
  [
    'a record of other news',
    edit.resigned(
      whole,
      4,
      bodyOf((body) => ({ ...body, updateDigest: 'ab'.repeat(32) })),
    ),
    'broken record-fulfillment-completed',
  ],
];

export const DELEGATED: readonly Row[] = [
  [
    'T14: more than may be paid at once',
    delegatedBundle({ bounds: { ext: { commerce: { maxSingleMinor: 2_000 } } } }),
    'broken request-bounds',
  ],
  [
    'T14: a shop that is not allowed',
    delegatedBundle({ bounds: { ext: { commerce: { allowedMerchants: [OTHER_MERCHANT] } } } }),
    'broken request-bounds',
  ],
  [
    'T14: a shop that is forbidden',
    delegatedBundle({ bounds: { ext: { commerce: { forbiddenMerchants: [MERCHANT] } } } }),
    'broken request-bounds',
  ],
  ['T14: after the end', delegatedBundle({ bounds: { validityEndTime: seconds(3) } }), 'broken request-bounds'],
  [
    'another key than the authorized one',
    delegatedBundle({ authorization: { agentKey: digestOf(utf8('key')) } }),
    'broken request-agent',
  ],
  [
    'another agent than the authorized one',
    delegatedBundle({ request: { agentId: 'did:act:example.com/agent-2' } }),
    'broken request-credential',
  ],
  [
    'a request for another cart',
    delegatedBundle({ request: { cartDigest: digestOf(utf8('z')) } }),
    'broken request-cart',
  ],
  ['a request for another amount', delegatedBundle({ request: { amountMinor: 2_481 } }), 'broken receipt-request'],
  [
    'another delegation',
    delegatedBundle({ bounds: { delegationId: id('other') } }),
    'broken record-delegation-issued request-credential',
  ],
  [
    'T23: no key of the agent',
    withoutKey('object', 'agent', delegatedBundle()),
    'incomplete delegated-pay-request-key',
  ],
  [
    'T14: a total below what is recorded',
    delegatedBundle({ bounds: { maxTotalMinor: 3_000 } }),
    'broken record-delegation-issued',
  ],
  ['the payment under a delegation without the basket', withoutBasket(delegatedBundle()), 'verified'],
];

const bytes = encodeBundle(whole);
export const BYTES: readonly Row[] = [
  ['nothing', new Uint8Array(), 'unreadable'],
  ['T26: bytes cut off', bytes.slice(0, -1), 'unreadable'],
  ['bytes behind the end', concatBytes(bytes, new Uint8Array([0])), 'unreadable'],
  [
    'a head longer than it need be',
    concatBytes(new Uint8Array([0x59, 0, bytes[1] as number]), bytes.slice(2)),
    'unreadable',
  ],
  ['two headers', concatBytes(bytes.slice(0, 2 + (bytes[1] as number)), bytes), 'unreadable'],
  ['no header', bytes.slice(2 + (bytes[1] as number)), 'unreadable'],
  [
    'a member twice in a record',
    edit.editText(whole, 0, (text) => text.replace('{', '{"salt":"AAAAAAAAAAAAAAAAAAAAAA",')),
    'unreadable',
  ],
  ['a member that nobody knows', edit.editText(whole, 0, (text) => text.replace('{', '{"note":"x",')), 'unreadable'],
  [
    'T22: a key of low order',
    edit.editKeys(whole, (key) => (key.id === PSP ? { ...key, publicKey: new Uint8Array(32) } : key)),
    'unreadable',
  ],
];
