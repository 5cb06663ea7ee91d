/**
 * Identifiers. Fixed-length random or derived bytes are lower-case hex in the program (they compare with `===`) and byte
 * strings on the wire; names are text with a closed alphabet, so that nothing invisible can hide in them (T8).
 */

import * as z from 'zod/mini';
import { fromHex, hex, isBytes } from './bytes.ts';
import type { CborValue } from './cbor.ts';
import { sha256Hex } from './crypto.ts';
import { ProtocolError } from './errors.ts';
import { refuse, scalar, text, type WireType } from './wire.ts';

declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

/** 16 random bytes in hex: intents, requests, nonces, message ids. */
export type Id16 = Branded<string, 'Id16'>;
/** SHA-256 in hex. */
export type Digest = Branded<string, 'Digest'>;
/** 8 bytes in hex, agreed at enrolment between one device and its cloud; bound into every frame (T5). */
export type SessionId = Branded<string, 'SessionId'>;

/** Exactly so many bytes; the encoder says that bytes are what it makes, for those who put them elsewhere than in a body. */
interface FixedBytes<T> extends WireType<T> {
  encode(value: T, path: string): Uint8Array;
}

function fixedBytes<T extends string>(length: number): FixedBytes<T> {
  const spelling = new RegExp(`^[0-9a-f]{${length * 2}}$`);
  return {
    encode(value, path) {
      if (typeof value !== 'string' || !spelling.test(value)) refuse(path, `expected ${length} bytes in hex`);
      return fromHex(value);
    },
    decode(value: CborValue, path) {
      if (!isBytes(value) || value.length !== length) return refuse(path, `expected ${length} bytes`);
      return hex(value) as T;
    },
    cddl: `bytes .size ${length}`,
  };
}

export const id16 = fixedBytes<Id16>(16);
export const digest = fixedBytes<Digest>(32);
export const sessionId = fixedBytes<SessionId>(8);

/** Turns 16 bytes from a random source into an id. */
export function newId(random: Uint8Array): Id16 {
  if (random.length !== 16) throw new ProtocolError('id-syntax', 'an id takes 16 random bytes');
  return hex(random) as Id16;
}

/** Reads an id that came as text (configuration, command line). */
export function parseId16(spelling: string): Id16 {
  if (!/^[0-9a-f]{32}$/.test(spelling)) throw new ProtocolError('id-syntax', 'expected 16 bytes in lower-case hex');
  return spelling as Id16;
}

/** Reads a session id that came as text. */
export function parseSessionId(spelling: string): SessionId {
  if (!/^[0-9a-f]{16}$/.test(spelling)) throw new ProtocolError('id-syntax', 'expected 8 bytes in lower-case hex');
  return spelling as SessionId;
}

/** SHA-256 of exact bytes. */
export function digestOf(exact: Uint8Array): Digest {
  return sha256Hex(exact) as Digest;
}

/** A device, agent, merchant or PSP inside one tenant. It is also an MQTT user name, so `/`, `+` and `#` cannot occur. */
export const partyId = text(32, /^[a-z0-9][a-z0-9-]*$/);
/** Merchant-side order number (CID-CART-CFM). */
export const orderNo = text(24, /^[A-Za-z0-9-]+$/);
/** PSP-side trade number (PSD-PAY-INS). */
export const tradeNo = text(32, /^[A-Za-z0-9-]+$/);
/** Agent identity, for example `did:act:example.com/device-1`. */
export const agentId = text(96, /^did:act:[a-z0-9.-]+\/[A-Za-z0-9._-]+$/);
/** Reference to a payment token; never an account (PSD-PMT-BND). */
export const paymentToken = text(48, /^[A-Za-z0-9_-]+$/);
/** Payment method, for example `urn:act:payment:alipay` (CID-PCA-NEG). */
export const paymentMethod = text(64, /^urn:act:payment:[a-z0-9-]+$/);
/** Id of a vocabulary item, option or choice, of a product or of a coupon. */
export const slug = text(24, /^[a-z0-9][a-z0-9-]*$/);
export const flag = scalar(z.boolean(), 'bool');
