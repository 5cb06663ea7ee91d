/** Messages that no sender of this profile writes: each is refused for a reason of its own, before its signature is looked at (T20, T21, T24). */
import {
  type CborKey,
  type CborValue,
  concatBytes,
  decodeCbor,
  encodeCbor,
  FRAME_MAX_BYTES,
  FRAME_MAX_LIFETIME_S,
  fromHex,
  PROFILE_VERSION,
  type ProtocolErrorCode,
  parseSign1,
} from '../../protocol/index.ts';
import type { SeededRandom } from '../seeded-random.ts';

type Header = ReadonlyMap<CborKey, CborValue>;

/** COSE header labels and CWT claims, as their specifications number them. */
const [ALG, CRIT, KID, CLAIMS, TYP, VERSION] = [1, 2, 4, 15, 16, -70001];
const [EXP, IAT, CTI] = [4, 6, 7];

/** RFC 9053: ES256 and HMAC 256/256. The public key of the one is the secret of the other. */
const OTHER_ALGS = [-7, 5];
const DAY_S = 86_400;

/** A COSE_Sign1 with a header of any bytes, under a signature that holds for nothing. */
function message(header: Uint8Array, random: SeededRandom): Uint8Array {
  const lengthOf = (bytes: Uint8Array) =>
    bytes.length < 24 ? [0x40 + bytes.length] : [0x59, bytes.length >> 8, bytes.length & 0xff];
  // The shortest form of a length below 256 takes one byte.
  const head = header.length >= 24 && header.length < 256 ? [0x58, header.length] : lengthOf(header);
  const start = Uint8Array.of(0xd2, 0x84, ...head);
  return concatBytes(start, header, fromHex('a041a05840'), random.bytes(64));
}

const raw = (hex: string) => (_genuine: Uint8Array, random: SeededRandom) => message(fromHex(hex), random);

/** A genuine frame's own header with a change. */
const changed =
  (change: (header: Header, random: SeededRandom) => Iterable<readonly [CborKey, CborValue]>) =>
  (genuine: Uint8Array, random: SeededRandom): Uint8Array => {
    const header = decodeCbor(parseSign1(genuine).protectedBytes) as Header;
    return message(encodeCbor(new Map(change(header, random))), random);
  };

const replacing = (label: CborKey, value: CborValue) => changed((header) => [...header, [label, value]]);
const without = (label: CborKey) => changed((header) => [...header].filter(([one]) => one !== label));
const claiming = (change: (claims: Header) => Iterable<readonly [CborKey, CborValue]>) =>
  changed((header) => [...header, [CLAIMS, new Map(change(header.get(CLAIMS) as Header))]]);
const at = (shiftS: number) =>
  claiming((claims) => [...claims, [IAT, Number(claims.get(IAT)) + shiftS], [EXP, Number(claims.get(EXP)) + shiftS]]);

type Make = (genuine: Uint8Array, random: SeededRandom) => Uint8Array;

/** By the code under which it is refused. @param genuine a frame that its receiver would take. */
export const STRANGE_BYTES = {
  'cbor-bad-key': raw('a18000'),
  'cbor-bad-utf8': raw('a161ff00'),
  'cbor-duplicate-key': raw('a201000100'),
  'cbor-float': raw('a101f93c00'),
  'cbor-indefinite': raw('bfff'),
  'cbor-int-range': raw('a1011bffffffffffffffff'),
  'cbor-key-order': raw('a204000100'),
  'cbor-malformed': raw('a1011c'),
  'cbor-not-canonical': raw('a1011801'),
  'cbor-simple': raw('a101f7'),
  'cbor-tag': raw('a101c100'),
  'cbor-too-deep': raw(`${'81'.repeat(40)}00`),
  'cbor-too-many': raw(`99ffff${'00'.repeat(80)}`),
  'cbor-trailing': (genuine) => concatBytes(genuine, Uint8Array.of(0)),
  'cbor-truncated': (genuine, random) => genuine.slice(0, 3 + random.below(genuine.length - 3)),
  'cose-alg': changed((header, random) => [...header, [ALG, OTHER_ALGS[random.below(2)] ?? 0]]),
  'cose-crit': replacing(CRIT, [KID]),
  'cose-header': replacing(99, 0),
  'cose-kid': without(KID),
  'cose-malformed': raw('80'),
  'cose-typ': without(TYP),
  'frame-expired': at(-DAY_S),
  'frame-lifetime': claiming((claims) => [...claims, [EXP, Number(claims.get(IAT)) + FRAME_MAX_LIFETIME_S + 1]]),
  'frame-malformed': claiming((claims) => [...claims].filter(([one]) => one !== CTI)),
  'frame-not-yet-valid': at(DAY_S),
  'frame-too-long': (_genuine, random) => random.bytes(FRAME_MAX_BYTES + 1),
  'frame-unknown-type': replacing(TYP, 0xffff),
  'frame-version': changed((header, random) => [...header, [VERSION, random.chance(0.5) ? 0 : PROFILE_VERSION + 1]]),
  'time-range': claiming((claims) => [...claims, [EXP, Number.MAX_SAFE_INTEGER]]),
} as const satisfies { readonly [C in ProtocolErrorCode]?: Make };

export const STRANGE_KINDS = Object.keys(STRANGE_BYTES) as readonly (keyof typeof STRANGE_BYTES)[];
