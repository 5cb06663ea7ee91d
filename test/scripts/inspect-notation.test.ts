import { describe, expect, it } from 'vitest';
import { fromHex } from '../../protocol/bytes.ts';
import { diagnose } from '../../scripts/inspect/diagnostic.ts';
import { hasVectors, vectors } from '../protocol/support.ts';

describe('diagnostic notation', () => {
  it.each([
    ['01', '1'],
    ['1bffffffffffffffff', '18446744073709551615'],
    ['3bffffffffffffffff', '-18446744073709551616'],
    ['f90000', '0.0'],
    ['f98000', '-0.0'],
    ['f93c00', '1.0'],
    ['f90001', '5.960464477539063e-8'],
    ['f97c00', 'Infinity'],
    ['f9fc00', '-Infinity'],
    ['f97e00', 'NaN'],
    ['fa47c35000', '100000.0'],
    ['fb3ff199999999999a', '1.1'],
    ['f4', 'false'],
    ['f7', 'undefined'],
    ['f0', 'simple(16)'],
    ['f8ff', 'simple(255)'],
    ['c11a514b67b0', '1(1363896240)'],
    ['4401020304', "h'01020304'"],
    ['62225c', '"\\"\\\\"'],
    ['61ff', "h'ff' / no valid UTF-8 /"],
    ['83010203', '[1, 2, 3]'],
    ['a26161016162820203', '{"a": 1, "b": [2, 3]}'],
    ['5f42010243030405ff', "(_ h'0102', h'030405')"],
    ['5fff', "''_"],
    ['7f657374726561646d696e67ff', '(_ "strea", "ming")'],
    ['7fff', '""_'],
    ['9f018202039f0405ffff', '[_ 1, [2, 3], [_ 4, 5]]'],
    ['bf61610161629f0203ffff', '{_ "a": 1, "b": [_ 2, 3]}'],
    ['43820102', '<<[1, 2]>>'],
    ['43821801', "h'821801'"],
    ['0102', '1,\n2'],
  ])('is that of RFC 8949 §8 for %s', (input, notation) => {
    expect(diagnose(fromHex(input))).toBe(notation);
  });

  const appendix = vectors<readonly { readonly hex: string; readonly diagnostic?: string }[]>(
    'cbor-appendix-a.json',
    [],
  );
  it.skipIf(!hasVectors('cbor-appendix-a.json'))(
    'writes every example of RFC 8949 appendix A as it stands there',
    () => {
      // RFC 7049 had one more, simple(24) in two bytes, which RFC 8949 §3.3 calls not well-formed.
      const examples = appendix.filter(({ hex }) => hex !== 'f818');
      const written = examples.map(({ hex }) => [hex, diagnose(fromHex(hex))]);
      const asThere = examples.map(({ hex, diagnostic }, i) => [hex, diagnostic ?? written[i]?.[1]]);
      expect(written).toEqual(asThere);
    },
  );
});
