/** Vectors of signed objects, and of the evidence that four of them make. */
import { type CborKey, type CborValue, decodeCbor, encodeCbor } from '../../protocol/cbor.ts';
import type { ProtocolErrorCode } from '../../protocol/errors.ts';
import {
  type Digest,
  digestOf,
  type Evidence,
  encodeEvidence,
  fromHex,
  hex,
  OBJECTS,
  type ObjectType,
  type ObjectValue,
  type SigningKey,
  signObject,
} from '../../protocol/index.ts';
import type { WireType } from '../../protocol/wire.ts';
import { at, EVIDENCE, EVIDENCE_BYTES, FRAME_KEYS, keyOf, NOW, OBJECT_KEYS, SIGNED, VALUES } from '../fuzz-samples.ts';
import { digestFor, OTHER_PSP_KEY } from './keys.ts';
import { shortened } from './shortened.ts';
import { plain, rawSign1, spoilt, type Vector } from './vector.ts';

const TYPES = Object.keys(OBJECTS) as ObjectType[];
const keyFor = (type: ObjectType): SigningKey => OBJECT_KEYS[OBJECTS[type].signer];

interface ObjectParts {
  readonly labels?: readonly (readonly [CborKey, CborValue])[];
  readonly payload?: CborValue;
  readonly aad?: CborValue;
  readonly key?: SigningKey;
}

function payloadOf(type: ObjectType): ReadonlyMap<CborKey, CborValue> {
  const encoded = encodeCbor((OBJECTS[type].body as WireType<unknown>).encode(VALUES[type], type));
  return decodeCbor(encoded) as ReadonlyMap<CborKey, CborValue>;
}

function objectWith(type: ObjectType, { labels = [], payload, aad, key = keyFor(type) }: ObjectParts): Uint8Array {
  const { typ } = OBJECTS[type];
  const header = new Map<CborKey, CborValue>([[1, -19], [4, key.kid], [16, typ], ...labels]);
  return rawSign1({ header, payload: payload ?? payloadOf(type), aad: aad ?? ['act-edge', 1, 'object', typ], key });
}

function validOf(type: ObjectType): Vector[] {
  const digest = digestOf(SIGNED[type]);
  const decoded = { type, digest, value: plain(VALUES[type]) };
  const whole = {
    name: `${type}: an object`,
    proves: ['ACTC-OBJ-002', 'ACTC-OBJ-004'],
    type,
    input: hex(SIGNED[type]),
  };
  const short: ObjectValue<ObjectType> = shortened(OBJECTS[type].body, VALUES[type]);
  if (short === VALUES[type]) return [{ ...whole, decoded }];
  const bytes = signObject(type, short, keyFor(type));
  return [
    { ...whole, decoded },
    {
      name: `${type}: without its optional fields`,
      proves: ['ACTC-OBJ-005'],
      type,
      input: hex(bytes),
      decoded: { type, digest: digestOf(bytes), value: plain(short) },
    },
  ];
}

function invalidOf(type: ObjectType): Vector[] {
  const body = payloadOf(type);
  const [first = 0] = body.keys();
  const other = OBJECTS[type].typ === 2 ? 4 : 2;
  const claims = new Map<CborKey, CborValue>([[4, NOW + 60]]);
  const stranger = OBJECTS[type].signer === 'psp' ? OBJECT_KEYS.merchant : OBJECT_KEYS.psp;
  const cases: readonly (readonly [string, ProtocolErrorCode, string, Uint8Array])[] = [
    ['a bit of the signature flipped', 'cose-signature', 'ACTC-COS-006', spoilt(SIGNED[type])],
    ['another type in its header', 'cose-typ', 'ACTC-COS-008', objectWith(type, { labels: [[16, other]] })],
    [
      'signed as another type',
      'cose-signature',
      'ACTC-OBJ-002',
      objectWith(type, { aad: ['act-edge', 1, 'object', other] }),
    ],
    ['signed as a frame', 'cose-signature', 'ACTC-OBJ-002', objectWith(type, { aad: ['act-edge', 1, 'frame', other] })],
    ['with claims', 'cose-header', 'ACTC-OBJ-001', objectWith(type, { labels: [[15, claims]] })],
    ['with a version', 'cose-header', 'ACTC-OBJ-001', objectWith(type, { labels: [[-70001, 1]] })],
    ['signed by another role', 'cose-kid', 'ACTC-OBJ-003', objectWith(type, { key: stranger })],
    ['signed by a key for frames', 'cose-kid', 'ACTC-OBJ-003', objectWith(type, { key: FRAME_KEYS.psp })],
    ['signed by nobody we know', 'cose-kid', 'ACTC-OBJ-003', objectWith(type, { key: keyOf('nobody') })],
    [
      'a required field missing',
      'message-shape',
      'ACTC-OBJ-005',
      objectWith(type, { payload: new Map([...body].filter(([key]) => key !== first)) }),
    ],
    ['an unknown key', 'message-shape', 'ACTC-OBJ-005', objectWith(type, { payload: new Map([...body, [99, 1]]) })],
    ['an extension', 'message-shape', 'ACTC-VER-004', objectWith(type, { payload: new Map([...body, [-1, 1]]) })],
    [
      'a text where a number or bytes belong',
      'message-shape',
      'ACTC-OBJ-005',
      objectWith(type, { payload: new Map([...body, [9, 'x'], [5, 'x'], [2, -1]]) }),
    ],
  ];
  return cases.map(([name, code, proves, bytes]) => {
    return { name: `${type}: ${name}`, proves: [proves], type, input: hex(bytes), code };
  });
}

/** Single fields at and beyond their bounds, in an object that is otherwise the sample. */
function boundsOf(): Vector[] {
  const cart = payloadOf('cart');
  const line = (cart.get(4) as readonly ReadonlyMap<CborKey, CborValue>[])[0] as ReadonlyMap<CborKey, CborValue>;
  const withCart = (key: number, value: CborValue) => objectWith('cart', { payload: new Map([...cart, [key, value]]) });
  const titled = (title: string) => withCart(4, [new Map([...line, [2, title]])]);
  /** With what the cart then says, where it is valid. */
  const cases: readonly (readonly [string, string, Uint8Array, Partial<ObjectValue<'cart'>>?])[] = [
    ['a title of 96 characters of four bytes', 'ACTC-OBJ-008', titled('𝍵'.repeat(96)), titles],
    ['a title of 97 characters', 'ACTC-OBJ-008', titled('a'.repeat(97))],
    ['an empty title', 'ACTC-OBJ-008', titled('')],
    ['an order number with a space', 'ACTC-OBJ-008', withCart(1, 'LC 42')],
    ['an order number with a line behind it', 'ACTC-OBJ-008', withCart(1, 'LC-42\n')],
    ['a currency that is not pinned', 'ACTC-OBJ-009', withCart(8, 'ZZZ')],
    ['a currency in lower case', 'ACTC-OBJ-009', withCart(8, 'cny')],
    ['a total of nothing', 'ACTC-OBJ-009', withCart(7, 0)],
    ['the largest total', 'ACTC-OBJ-009', withCart(7, 999_999_999_999), { totalMinor: 999_999_999_999 }],
    ['a total beyond the largest', 'ACTC-OBJ-009', withCart(7, 1_000_000_000_000)],
    ['a total as text', 'ACTC-OBJ-009', withCart(7, '2380')],
    ['a time before 2000', 'ACTC-OBJ-010', withCart(10, 946_684_799)],
    ['a time after 2100', 'ACTC-OBJ-010', withCart(10, 4_133_980_800)],
    ['a time in milliseconds', 'ACTC-OBJ-010', withCart(10, 1_790_000_000_000)],
    ['when the concert is', 'ACTC-OBJ-005', withCart(12, at(86_400)), { happensAt: at(86_400) }],
    ['a concert before 2000', 'ACTC-OBJ-010', withCart(12, 946_684_799)],
    ['no lines', 'ACTC-OBJ-005', withCart(4, [])],
    [
      'nine lines',
      'ACTC-OBJ-005',
      withCart(
        4,
        Array.from({ length: 9 }, () => line),
      ),
    ],
  ];
  return cases.map(([name, proves, bytes, says]): Vector => {
    const vector = { name: `cart: ${name}`, proves: [proves], type: 'cart', input: hex(bytes) };
    if (says === undefined) return { ...vector, code: 'message-shape' };
    return { ...vector, decoded: { type: 'cart', digest: digestOf(bytes), value: plain({ ...VALUES.cart, ...says }) } };
  });
}

const titles = { lines: VALUES.cart.lines.map((line) => ({ ...line, title: '𝍵'.repeat(96) })) };

/** `type`, `input`: a signed object; `decoded`: its value, and the digest others refer to it by. */
export function objectVectors(): Vector[] {
  return [...TYPES.flatMap((type) => [...validOf(type), ...invalidOf(type)]), ...boundsOf()];
}

type Changes = { readonly [T in keyof Evidence]?: { readonly value?: object; readonly key?: SigningKey } };

/** The sample evidence with changed objects; later ones refer to the changed ones. */
function evidenceWith(changes: Changes): Uint8Array {
  const made = (type: keyof Evidence, links: object) =>
    signObject(
      type,
      { ...VALUES[type], ...links, ...changes[type]?.value } as ObjectValue<typeof type>,
      changes[type]?.key ?? keyFor(type),
    );
  const cart = made('cart', {});
  const challenge = made('challenge', { cartDigest: digestOf(cart) });
  const confirmation = made('confirmation', { challengeDigest: digestOf(challenge) });
  const receipt = made('receipt', { confirmationDigest: digestOf(confirmation) });
  return encodeEvidence({ cart, challenge, confirmation, receipt });
}

const OTHER = digestFor('other') as Digest;
const BROKEN: readonly (readonly [name: string, changes: Changes])[] = [
  [
    'a cart of another merchant than its signer',
    {
      cart: { value: { merchant: 'other-coffee' } },
      challenge: { value: { payee: 'other-coffee' } },
      receipt: { value: { payee: 'other-coffee' } },
    },
  ],
  ['a total the lines do not add up to', { cart: { value: { deliveryMinor: 301 } } }],
  ['a challenge for another cart', { challenge: { value: { cartDigest: OTHER } } }],
  ['a challenge for another payer', { challenge: { value: { payer: 'glasses-8' } } }],
  ['a confirmation of another challenge', { confirmation: { value: { challengeDigest: OTHER } } }],
  ['confirmed after the challenge ended', { confirmation: { value: { confirmedAt: at(93) } } }],
  ['confirmed after the price lock ended', { cart: { value: { lockedUntil: at(8) } } }],
  ['a receipt for another confirmation', { receipt: { value: { confirmationDigest: OTHER } } }],
  ['a receipt of another PSP than challenged', { receipt: { key: OTHER_PSP_KEY } }],
  ['a receipt for another amount', { receipt: { value: { amountMinor: 2381 } } }],
  ['a receipt in another currency', { receipt: { value: { currency: 'HKD' } } }],
  ['a receipt for another order', { receipt: { value: { orderNo: 'LC-43' } } }],
  ['a receipt for another payee', { receipt: { value: { payee: 'other-coffee' } } }],
  ['a challenge for another amount', { challenge: { value: { amountMinor: 1 } } }],
];

/** `input`: an evidence bundle; `decoded`: the four values in it. */
export function evidenceVectors(): Vector[] {
  const { cart, challenge, confirmation, receipt } = VALUES;
  const whole = decodeCbor(EVIDENCE_BYTES) as ReadonlyMap<CborKey, CborValue>;
  const swapped = encodeEvidence({ ...EVIDENCE, receipt: EVIDENCE.challenge });
  const bad: readonly (readonly [string, ProtocolErrorCode, Uint8Array])[] = [
    ...BROKEN.map(([name, changes]) => [name, 'evidence-link', evidenceWith(changes)] as const),
    ['a challenge in the place of the receipt', 'cose-typ', swapped],
    ['a receipt by the merchant', 'cose-kid', evidenceWith({ receipt: { key: OBJECT_KEYS.merchant } })],
    ['a bit of the last signature flipped', 'cose-signature', spoilt(EVIDENCE_BYTES)],
    ['no receipt', 'message-shape', encodeCbor(new Map([...whole].filter(([key]) => key !== 4)))],
    ['a fifth object', 'message-shape', encodeCbor(new Map([...whole, [5, fromHex('00')]]))],
  ];
  return [
    {
      name: 'the evidence of a purchase',
      proves: ['ACTC-OBJ-006', 'ACTC-OBJ-007'],
      input: hex(EVIDENCE_BYTES),
      decoded: plain({ cart, challenge, confirmation, receipt }),
    },
    ...bad.map(([name, code, bytes]): Vector => {
      const proves = [name.includes('add up') ? 'ACTC-OBJ-007' : 'ACTC-OBJ-006'];
      return { name, proves, input: hex(bytes), code };
    }),
  ];
}
