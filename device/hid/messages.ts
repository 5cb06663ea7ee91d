/** What is said inside a session, each request and each answer declared once: number, body and bounds (ACT-HID.md §7). */

import { locale } from '../../protocol/fields.ts';
import { flag } from '../../protocol/ids.ts';
import {
  type CborValue,
  decodeCbor,
  encodeCbor,
  ProtocolError,
  type WireType,
  type WireValue,
  wireMap,
} from '../../protocol/index.ts';
import { confirmationMethod } from '../../protocol/messages/payment.ts';
import { bytes, oneOf, text, uint } from '../../protocol/wire.ts';

const key = bytes(32, 32);
const NO_FIELDS = wireMap('nothing', {});

/** What anybody may ask before pairing; proven only when the session or the pairing proves the identity key. */
export const SignerInfo = wireMap('signer-info', {
  /** Of the protocol, and the oldest one spoken. */
  version: [1, uint(0xff, 1)],
  floor: [2, uint(0xff, 1)],
  identity: [3, key],
  firmware: [4, text(32, /^[A-Za-z0-9.+-]+$/)],
  /** The maker's certificate for the identity key, as it is. */
  certificate: [5, bytes(1024), 'optional'],
});
export type SignerInfo = WireValue<typeof SignerInfo>;

/** The longest documents; all of one request together are bounded by the codec, 4,096 bytes. */
const signedObject = bytes(3072);
const draft = bytes(3072);

const REQUESTS = {
  status: [1, NO_FIELDS],
  keys: [2, wireMap('keys', { nonce: [1, key] })],
  payment: [3, wireMap('payment', { challenge: [1, signedObject], cart: [2, signedObject], locale: [3, locale] })],
  delegation: [4, wireMap('delegation', { challenge: [1, signedObject], iac: [2, draft], locale: [3, locale] })],
  lifecycle: [5, wireMap('lifecycle', { change: [1, draft], authorization: [2, signedObject], locale: [3, locale] })],
  binding: [6, wireMap('binding', { offer: [1, signedObject], locale: [2, locale] })],
  unlock: [7, wireMap('unlock', { locale: [1, locale] })],
  reset: [8, wireMap('reset', { locale: [1, locale] })],
  cancel: [9, wireMap('cancel', { request: [1, uint(Number.MAX_SAFE_INTEGER, 1)] })],
  lock: [10, NO_FIELDS],
  obey: [11, wireMap('obey', { order: [1, signedObject] })],
  unpair: [12, NO_FIELDS],
  /** The host is still there. The only request without an answer. */
  alive: [13, NO_FIELDS],
  account: [14, wireMap('account', { change: [1, draft], authorization: [2, signedObject], locale: [3, locale] })],
} as const;

const reason = oneOf({
  ...{ 'wear-off': 1, 'button-lost': 2, 'link-lost': 3, 'new-cart': 4 },
  ...{ restart: 5, expired: 6, locked: 7, clock: 8 },
});

const orderAnswer = oneOf({ obeyed: 1, 'order-signature': 2, 'order-not-newer': 3 });

const ANSWERS = {
  done: [1, NO_FIELDS],
  signed: [
    2,
    wireMap('signed', {
      signed: [1, bytes(3072)],
      method: [2, confirmationMethod],
      jsonSignature: [3, bytes(64, 64), 'optional'],
    }),
  ],
  declined: [3, NO_FIELDS],
  cancelled: [4, NO_FIELDS],
  'timed-out': [5, NO_FIELDS],
  void: [6, wireMap('void', { reason: [1, reason] })],
  failed: [7, wireMap('failed', { code: [1, text(48, /^[a-z0-9:-]+$/)] })],
  status: [
    8,
    wireMap('status', {
      counter: [1, uint(Number.MAX_SAFE_INTEGER)],
      lock: [2, oneOf({ 'by-wearer': 1, 'by-psp': 2 }), 'optional'],
      hosts: [3, uint(0xff)],
    }),
  ],
  keys: [9, wireMap('signer-keys', { confirmation: [1, key], attestation: [2, bytes(64, 64)] })],
  order: [10, wireMap('order-taken', { answer: [1, orderAnswer], isLocked: [2, flag] })],
} as const;

type Table = Readonly<Record<string, readonly [number, WireType<unknown>]>>;
type Rows<T> = { readonly [K in keyof T]: T[K] extends readonly [number, WireType<infer V>] ? V : never };
/** One row of a table with its body beside its name. */
type Spoken<T> = { readonly [K in keyof T & string]: { readonly kind: K } & Rows<T>[K] }[keyof T & string];

export type HidRequest = Spoken<typeof REQUESTS>;
export type HidAnswer = Spoken<typeof ANSWERS>;

/** @throws ProtocolError `message-shape` or `cbor-*` for what does not fit. */
export function encodeRequest(request: HidRequest): Uint8Array {
  return encodeCbor(encoded(REQUESTS, request));
}

/** @throws ProtocolError for anything else than exactly one request. */
export function decodeRequest(plaintext: Uint8Array): HidRequest {
  return decoded(REQUESTS, itemsOf(plaintext, 2)) as HidRequest;
}

/** An answer, and which request it is for. @throws ProtocolError for what does not fit. */
export function encodeAnswer(to: number, answer: HidAnswer): Uint8Array {
  return encodeCbor([to, ...encoded(ANSWERS, answer)]);
}

/** @throws ProtocolError for anything else than exactly one answer. */
export function decodeAnswer(plaintext: Uint8Array): { readonly to: number; readonly answer: HidAnswer } {
  const [to, ...rest] = itemsOf(plaintext, 3);
  if (typeof to !== 'number') throw new ProtocolError('message-shape', 'expected the number of a request');
  return { to, answer: decoded(ANSWERS, rest) as HidAnswer };
}

function encoded(table: Table, { kind, ...body }: { readonly kind: string }): CborValue[] {
  const [number, type] = table[kind] as Table[string];
  return [number, type.encode(body, kind)];
}

function decoded(table: Table, [number, body]: readonly CborValue[]): { readonly kind: string } {
  const row = Object.entries(table).find(([, [known]]) => known === number);
  if (!row || body === undefined) throw new ProtocolError('message-shape', 'expected a known number and a body');
  const [kind, [, type]] = row;
  return { ...(type.decode(body, kind) as object), kind };
}

function itemsOf(plaintext: Uint8Array, count: number): readonly CborValue[] {
  const items = decodeCbor(plaintext);
  if (!Array.isArray(items) || items.length !== count) {
    throw new ProtocolError('message-shape', `expected ${count} items`);
  }
  return items as readonly CborValue[];
}

/** @throws ProtocolError for what does not fit. */
export function encodeInfo(info: SignerInfo): Uint8Array {
  return encodeCbor(SignerInfo.encode(info, 'info'));
}

/** @throws ProtocolError for anything else. */
export function decodeInfo(payload: Uint8Array): SignerInfo {
  return SignerInfo.decode(decodeCbor(payload), 'info');
}
