import { describe, expect, it } from 'vitest';
import { fromHex, hex } from '../../protocol/bytes.ts';
import { type CborValue, decodeCbor, encodeCbor } from '../../protocol/cbor.ts';
import { hasVectors, refusal, vectors } from './support.ts';

interface AppendixA {
  readonly hex: string;
  readonly decoded?: unknown;
  readonly diagnostic?: string;
}

/** Why the profile refuses an example, told from its bytes: the first of these that applies. */
const CLASSES = [
  { code: 'cbor-tag', holds: /^(c|d[0-9a-b])/ },
  { code: 'cbor-float', holds: /^f[9ab]/ },
  { code: 'cbor-simple', holds: /^(f7|f8|f0)/ },
  { code: 'cbor-int-range', holds: /^[13]bffffffffffffffff$/ },
  { code: 'cbor-indefinite', holds: /^(5f|7f)|(9f|bf).*ff/ },
] as const;

/** JSON cannot hold byte strings or integer keys, so values are compared in a JSON-like form. */
function plain(value: CborValue): unknown {
  if (value instanceof Uint8Array) return `h'${hex(value)}'`;
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, inner]) => [String(key), plain(inner)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

/** Examples of each class in the published file. */
const COUNTS = {
  accepted: 35,
  'cbor-float': 22,
  'cbor-indefinite': 11,
  'cbor-int-range': 2,
  'cbor-simple': 4,
  'cbor-tag': 8,
};

/** JSON has no integer keys; the file gives this one as diagnostic notation. */
const IN_DIAGNOSTIC_NOTATION: Readonly<Record<string, unknown>> = {
  '{1: 2, 3: 4}': { 1: 2, 3: 4 },
};

describe.skipIf(!hasVectors('cbor-appendix-a.json'))('RFC 8949 appendix A', () => {
  const all = vectors<AppendixA[]>('cbor-appendix-a.json', []);
  const classOf = (example: AppendixA) => CLASSES.find(({ holds }) => holds.test(example.hex))?.code ?? 'accepted';
  const inside = all.filter((example) => classOf(example) === 'accepted');
  const outside = all.filter((example) => classOf(example) !== 'accepted');

  it('divides into the classes we know', () => {
    const counts: Record<string, number> = {};
    for (const example of all) counts[classOf(example)] = (counts[classOf(example)] ?? 0) + 1;
    expect(counts).toEqual(COUNTS);
  });

  it.each(inside)('T21: reads $hex and writes the same bytes', (example) => {
    const value = decodeCbor(fromHex(example.hex));
    expect(hex(encodeCbor(value))).toBe(example.hex);
    const { decoded, diagnostic = '' } = example;
    expect(plain(value)).toEqual('decoded' in example ? decoded : (IN_DIAGNOSTIC_NOTATION[diagnostic] ?? diagnostic));
  });

  it.each(outside)('T21: refuses $hex', (example) => {
    expect(refusal(() => decodeCbor(fromHex(example.hex)))?.code).toBe(classOf(example));
  });
});
