/** What test vectors are made of, and how they are written: every file is the same in each run. */

import { displayWidth } from '../../device/confirm/width.ts';
import { type CborInput, encodeCbor } from '../../protocol/cbor.ts';
import { concatBytes, hex, isBytes, type SigningKey } from '../../protocol/index.ts';
import { toBeSigned } from '../../protocol/sign1.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What a reader has to make of the input: the decoded form, or a refusal with this code. */
export type Expected = { readonly decoded: Json } | { readonly code: string };

/** One vector. `proves` names requirements of SPEC.md; the other members are the input. */
export type Vector = {
  readonly name: string;
  readonly proves: readonly string[];
  readonly [input: string]: Json;
} & Expected;

/** A value of the program as JSON: byte strings in hex, absent fields left out. */
export function plain(value: unknown): Json {
  if (isBytes(value)) return hex(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    const given = Object.entries(value).filter(([, one]) => one !== undefined);
    return Object.fromEntries(given.map(([name, one]) => [name, plain(one)]));
  }
  return value as Json;
}

/** The bytes with one bit of the last byte flipped: of a signed message, of its signature. */
export function spoilt(bytes: Uint8Array): Uint8Array {
  return bytes.with(-1, (bytes.at(-1) as number) ^ 1);
}

export interface RawSign1 {
  readonly header: CborInput | Uint8Array;
  readonly payload: CborInput | Uint8Array;
  readonly aad: CborInput;
  readonly key: SigningKey;
  readonly unprotected?: CborInput;
  readonly tag?: number;
}

/** A truly signed COSE_Sign1 that says whatever the vector wants: what a party with a good key and bad intent can send. */
export function rawSign1({ header, payload, aad, key, unprotected = new Map(), tag = 0xd2 }: RawSign1): Uint8Array {
  const [headerBytes, payloadBytes] = [header, payload].map((one) => (isBytes(one) ? one : encodeCbor(one))) as [
    Uint8Array,
    Uint8Array,
  ];
  const signature = key.sign(toBeSigned(headerBytes, encodeCbor(aad), payloadBytes));
  return concatBytes(Uint8Array.of(tag), encodeCbor([headerBytes, unprotected, payloadBytes, signature]));
}

const WIDTH = 120;

/**
 * JSON as the formatter of this project leaves it: an array without objects stands in one line if it fits.
 * @param before columns that a member's name takes. @param after columns that a comma takes.
 */
export function printJson(value: Json, indent = '', before = 0, after = 0): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    const line = oneLine(value);
    if (line !== undefined && indent.length + before + displayWidth(line) + after <= WIDTH) return line;
    const items = value.map((one, i) => deeper + printJson(one, deeper, 0, commaAfter(i, value)));
    return `[\n${items.join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value);
  const members = entries.map(([name, one], i) => {
    const key = `${JSON.stringify(name)}: `;
    return `${deeper}${key}${printJson(one, deeper, displayWidth(key), commaAfter(i, entries))}`;
  });
  return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n${indent}}`;
}

function commaAfter(i: number, { length }: readonly unknown[]): 0 | 1 {
  return i < length - 1 ? 1 : 0;
}

function oneLine(value: readonly Json[]): string | undefined {
  const isLong = (one: Json) => Array.isArray(one) && one.length > 1;
  if (value.length > 1 && value.every(isLong)) return undefined;
  const parts = value.map((one) => {
    if (Array.isArray(one)) return oneLine(one);
    return typeof one === 'object' && one !== null ? undefined : JSON.stringify(one);
  });
  return parts.every((part) => part !== undefined) ? `[${parts.join(', ')}]` : undefined;
}
