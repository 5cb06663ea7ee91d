/** Vectors of the CBOR profile: what is one item, and every way not to be one. */

import type { ProtocolErrorCode } from '../../protocol/errors.ts';
import { type CborKey, type CborValue, decodeCbor, fromHex, hex, isBytes } from '../../protocol/index.ts';
import type { Vector } from './vector.ts';

/** Diagnostic notation (RFC 8949 §8) of a value of the profile. */
export function diagnostic(value: CborValue): string {
  if (isBytes(value)) return `h'${hex(value)}'`;
  if (Array.isArray(value)) return `[${value.map(diagnostic).join(', ')}]`;
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<CborKey, CborValue>)];
    return `{${entries.map(([key, one]) => `${JSON.stringify(key)}: ${diagnostic(one)}`).join(', ')}}`;
  }
  return JSON.stringify(value);
}

const nested = (containers: number) => `${'81'.repeat(containers - 1)}80`;
const VALID: readonly (readonly [name: string, hex: string, proves: string])[] = [
  ['zero', '00', 'ACTC-CBR-001'],
  ['the largest integer in the initial byte', '17', 'ACTC-CBR-001'],
  ['the smallest integer in one more byte', '1818', 'ACTC-CBR-001'],
  ['the smallest integer in two more bytes', '190100', 'ACTC-CBR-001'],
  ['the smallest integer in four more bytes', '1a00010000', 'ACTC-CBR-001'],
  ['the smallest integer in eight more bytes', '1b0000000100000000', 'ACTC-CBR-001'],
  ['the largest integer', '1b001fffffffffffff', 'ACTC-CBR-005'],
  ['the smallest integer', '3b001ffffffffffffe', 'ACTC-CBR-005'],
  ['minus one', '20', 'ACTC-CBR-001'],
  ['an empty byte string', '40', 'ACTC-CBR-002'],
  ['text of one, two, three and four bytes a character', '6a41c3a9e69db1f09f8db5', 'ACTC-CBR-006'],
  ['a byte order mark that is not at the start', '6441efbbbf', 'ACTC-CBR-006'],
  ['an empty array and map', '8280a0', 'ACTC-CBR-002'],
  ['false, true and null', '83f4f5f6', 'ACTC-CBR-004'],
  ['sorted keys: positive, negative, texts', 'a60001181802200338ff04616105626161f6', 'ACTC-CBR-003'],
  ['a text key sorts by its length first', 'a2617a006261611903e8', 'ACTC-CBR-003'],
  ['eight containers inside one another', nested(8), 'ACTC-CBR-007'],
  ['64 entries', `9840${'00'.repeat(64)}`, 'ACTC-CBR-007'],
  ['4,096 bytes', `590ffd${'00'.repeat(4093)}`, 'ACTC-CBR-007'],
];

const INVALID: readonly (readonly [name: string, hex: string, code: ProtocolErrorCode, proves: string])[] = [
  ['23 with one more byte', '1817', 'cbor-not-canonical', 'ACTC-CBR-001'],
  ['255 in two more bytes', '1900ff', 'cbor-not-canonical', 'ACTC-CBR-001'],
  ['65,535 in four more bytes', '1a0000ffff', 'cbor-not-canonical', 'ACTC-CBR-001'],
  ['2^32 − 1 in eight more bytes', '1b00000000ffffffff', 'cbor-not-canonical', 'ACTC-CBR-001'],
  ['a length with one byte too many', '580100', 'cbor-not-canonical', 'ACTC-CBR-001'],
  ['a byte string of indefinite length', '5f4100ff', 'cbor-indefinite', 'ACTC-CBR-002'],
  ['a text of indefinite length', '7f6141ff', 'cbor-indefinite', 'ACTC-CBR-002'],
  ['an array of indefinite length', '9f00ff', 'cbor-indefinite', 'ACTC-CBR-002'],
  ['a map of indefinite length', 'bf0000ff', 'cbor-indefinite', 'ACTC-CBR-002'],
  ['a stray break', 'ff', 'cbor-malformed', 'ACTC-CBR-008'],
  ['an integer of indefinite length', '1f', 'cbor-malformed', 'ACTC-CBR-008'],
  ['a reserved head', '1c', 'cbor-malformed', 'ACTC-CBR-008'],
  ['a key twice', 'a201000100', 'cbor-duplicate-key', 'ACTC-CBR-003'],
  ['keys in descending order', 'a202000100', 'cbor-key-order', 'ACTC-CBR-003'],
  ['a negative key before a positive one', 'a220000100', 'cbor-key-order', 'ACTC-CBR-003'],
  ['a longer text key before a shorter one', 'a262616100617a00', 'cbor-key-order', 'ACTC-CBR-003'],
  ['a byte string as a key', 'a1410000', 'cbor-bad-key', 'ACTC-CBR-003'],
  ['true as a key', 'a1f500', 'cbor-bad-key', 'ACTC-CBR-003'],
  ['a half-precision float', 'f93c00', 'cbor-float', 'ACTC-CBR-004'],
  ['a single-precision float', 'fa3f800000', 'cbor-float', 'ACTC-CBR-004'],
  ['a double-precision float', 'fb3ff0000000000000', 'cbor-float', 'ACTC-CBR-004'],
  ['a tag', 'c000', 'cbor-tag', 'ACTC-CBR-004'],
  ['a bignum', 'c249010000000000000000', 'cbor-tag', 'ACTC-CBR-004'],
  ['undefined', 'f7', 'cbor-simple', 'ACTC-CBR-004'],
  ['an unassigned simple value', 'f0', 'cbor-simple', 'ACTC-CBR-004'],
  ['a simple value in two bytes', 'f8ff', 'cbor-simple', 'ACTC-CBR-004'],
  ['2^53', '1b0020000000000000', 'cbor-int-range', 'ACTC-CBR-005'],
  ['−2^53', '3b001fffffffffffff', 'cbor-int-range', 'ACTC-CBR-005'],
  ['2^64 − 1', '1bffffffffffffffff', 'cbor-int-range', 'ACTC-CBR-005'],
  ['an overlong form in a text', '62c080', 'cbor-bad-utf8', 'ACTC-CBR-006'],
  ['a surrogate in a text', '63eda080', 'cbor-bad-utf8', 'ACTC-CBR-006'],
  ['a code point beyond U+10FFFF', '64f4908080', 'cbor-bad-utf8', 'ACTC-CBR-006'],
  ['a text cut inside a character', '61e6', 'cbor-bad-utf8', 'ACTC-CBR-006'],
  ['a byte order mark at the start of a text', '64efbbbf41', 'cbor-bad-utf8', 'ACTC-CBR-006'],
  ['bad UTF-8 in a key', 'a161ff00', 'cbor-bad-utf8', 'ACTC-CBR-006'],
  ['nine containers inside one another', nested(9), 'cbor-too-deep', 'ACTC-CBR-007'],
  ['65 entries of an array', `9841${'00'.repeat(65)}`, 'cbor-too-many', 'ACTC-CBR-007'],
  ['a map that claims 65 entries', 'b841', 'cbor-too-many', 'ACTC-CBR-007'],
  ['4,097 bytes', `590ffe${'00'.repeat(4094)}`, 'cbor-too-long', 'ACTC-CBR-007'],
  ['a byte after the item', '0000', 'cbor-trailing', 'ACTC-CBR-008'],
  ['no bytes', '', 'cbor-truncated', 'ACTC-CBR-008'],
  ['a head cut short', '19', 'cbor-truncated', 'ACTC-CBR-008'],
  ['a string cut short', '4200', 'cbor-truncated', 'ACTC-CBR-008'],
  ['an array cut short', '8200', 'cbor-truncated', 'ACTC-CBR-008'],
];

/** `input`: bytes of one item; `decoded`: its diagnostic notation. */
export function cborVectors(): Vector[] {
  return [
    ...VALID.map(([name, input, proves]) => {
      return { name, proves: [proves], input, decoded: diagnostic(decodeCbor(fromHex(input))) };
    }),
    ...INVALID.map(([name, input, code, proves]) => ({ name, proves: [proves], input, code })),
  ];
}
