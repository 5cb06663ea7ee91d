/** Changes to bytes and to CBOR values, drawn from a seed, so that every input that ever failed can be made again. */
import { type CborKey, type CborValue, concatBytes } from '../protocol/index.ts';

/** Draws an integer from 0 to `below` − 1. */
export type Draw = (below: number) => number;

/** A reproducible stream: a Weyl sequence with the finaliser of MurmurHash3 (32 bits each). */
export function seededDraw(seed: number): Draw {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return Math.floor((((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32) * below);
  };
}

/** One of a list that is not empty. */
export function oneFrom<T>(list: readonly T[], draw: Draw): T {
  return list[draw(list.length)] as T;
}

/** First bytes of CBOR heads at which decoders have erred: wide, indefinite, tag, float, break. */
const HEADS = [
  0x18, 0x19, 0x1b, 0x3b, 0x40, 0x5f, 0x7f, 0x9f, 0xa0, 0xbf, 0xc2, 0xd2, 0xf4, 0xf6, 0xf7, 0xf9, 0xfb, 0xff,
];

type ByteMutation = (bytes: Uint8Array, at: number, draw: Draw) => Uint8Array;

/** Each works at an offset within the bytes and leaves its input as it is. */
const BYTE_MUTATIONS: readonly ByteMutation[] = [
  (bytes, at, draw) => bytes.with(at, (bytes[at] as number) ^ (1 << draw(8))),
  (bytes, at, draw) => bytes.with(at, draw(256)),
  (bytes, at, draw) => bytes.with(at, oneFrom(HEADS, draw)),
  (bytes, at, draw) => bytes.with(at, ((bytes[at] as number) + (draw(2) === 0 ? 1 : 255)) & 255),
  (bytes, at, draw) => bytes.with(at, bytes[draw(bytes.length)] as number),
  (bytes, at) => bytes.slice(0, at),
  (bytes, at, draw) => concatBytes(bytes.slice(0, at), bytes.slice(at + 1 + draw(8))),
  (bytes, at, draw) => concatBytes(bytes.slice(0, at), Uint8Array.of(draw(256)), bytes.slice(at)),
  (bytes, at, draw) => concatBytes(bytes.slice(0, at), bytes.slice(at, at + 1 + draw(40)), bytes.slice(at)),
  (bytes, at, draw) => concatBytes(bytes, bytes.slice(at, at + 1 + draw(16))),
];

/** The bytes after one to three changes. They may come out as they were. */
export function mutateBytes(bytes: Uint8Array, draw: Draw): Uint8Array {
  let mutated = bytes;
  for (let left = 1 + (draw(8) % 3); left > 0 && mutated.length > 0; left--) {
    mutated = oneFrom(BYTE_MUTATIONS, draw)(mutated, draw(mutated.length), draw);
  }
  return mutated;
}

/** The head of one input and the tail of another. */
export function splice(left: Uint8Array, right: Uint8Array, draw: Draw): Uint8Array {
  const at = draw(Math.min(left.length, right.length));
  return concatBytes(left.slice(0, at), right.slice(at));
}

/** Values of every type at the edges of what declarations allow, and names that objects inherit. */
const EDGES: readonly CborValue[] = [
  ...[0, 1, -1, 20, 21, 1440, 1441, 999_999_999_999, 1_000_000_000_000, 2 ** 32, -(2 ** 32) - 1],
  ...[Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 946_684_799, 946_684_800, 4_133_980_799, 4_133_980_800],
  ...[
    '',
    'CNY',
    'cny',
    'ZZZ',
    '12.00\n',
    '1e3',
    'a',
    'A'.repeat(97),
    '\u202e0.01',
    '\u0000',
    'constructor',
    '__proto__',
  ],
  ...[true, false, null, [], [[]], new Map(), new Map([[1, 1]]), new Map([['1', 1]])],
  ...[0, 1, 8, 16, 32, 512, 513].map((length) => new Uint8Array(length)),
];
const EXTRA_KEYS: readonly CborKey[] = [0, 99, -1, '1', 'cart', '__proto__', 'a\nb'];

/** The value with one node somewhere in it replaced, removed, repeated or joined by another. */
export function mutateValue(value: CborValue, donor: CborValue, draw: Draw): CborValue {
  if (value instanceof Map && draw(6) > 0) return mutateMap(value, donor, draw);
  if (Array.isArray(value) && draw(6) > 0) return mutateArray(value, donor, draw);
  return draw(4) === 0 ? partOf(donor, draw) : oneFrom(EDGES, draw);
}

function mutateMap(map: ReadonlyMap<CborKey, CborValue>, donor: CborValue, draw: Draw): CborValue {
  const entries = [...map];
  if (entries.length === 0 || draw(8) === 0)
    return new Map([...entries, [oneFrom(EXTRA_KEYS, draw), partOf(donor, draw)]]);
  const chosen = draw(entries.length);
  if (draw(8) === 0) return new Map(entries.filter((_, i) => i !== chosen));
  return new Map(entries.map(([key, one], i) => [key, i === chosen ? mutateValue(one, donor, draw) : one]));
}

function mutateArray(list: readonly CborValue[], donor: CborValue, draw: Draw): CborValue {
  if (list.length === 0 || draw(8) === 0) return [...list, partOf(donor, draw)];
  const chosen = draw(list.length);
  if (draw(8) === 0) return list.filter((_, i) => i !== chosen);
  if (draw(8) === 0) return Array.from({ length: draw(64) }, () => list[chosen] as CborValue);
  return list.map((one, i) => (i === chosen ? mutateValue(one, donor, draw) : one));
}

/** The value itself or something within it. */
function partOf(value: CborValue, draw: Draw): CborValue {
  const parts: readonly CborValue[] = value instanceof Map ? [...value.values()] : Array.isArray(value) ? value : [];
  return parts.length === 0 || draw(3) === 0 ? value : partOf(oneFrom(parts, draw), draw);
}
