import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex, hex } from '../../protocol/bytes.ts';
import { CBOR_LIMITS, type CborInput, type CborValue, decodeCbor, encodeCbor } from '../../protocol/cbor.ts';
import { nested, SAMPLE } from './cbor-values.ts';
import { refusal, seeded, verdict } from './support.ts';

const decodeHex = (text: string) => decodeCbor(fromHex(text));
const encodeHex = (value: unknown) => hex(encodeCbor(value as CborInput));

describe('the strict profile, reading', () => {
  it.each([
    ['1800', 'cbor-not-canonical', 0],
    ['1817', 'cbor-not-canonical', 0],
    ['1900ff', 'cbor-not-canonical', 0],
    ['1a0000ffff', 'cbor-not-canonical', 0],
    ['1b00000000ffffffff', 'cbor-not-canonical', 0],
    ['3817', 'cbor-not-canonical', 0],
    ['5800', 'cbor-not-canonical', 0],
    ['780161', 'cbor-not-canonical', 0],
    ['b90001' + '0102', 'cbor-not-canonical', 0],
    ['9b0000000000000001' + '00', 'cbor-not-canonical', 0],
    ['1b0020000000000000', 'cbor-int-range', 0],
    ['1bffffffffffffffff', 'cbor-int-range', 0],
    ['3b001fffffffffffff', 'cbor-int-range', 0],
    ['f7', 'cbor-simple', 0],
    ['e0', 'cbor-simple', 0],
    ['f818', 'cbor-simple', 0],
    ['f90000', 'cbor-float', 0],
    ['fa00000000', 'cbor-float', 0],
    ['fb0000000000000000', 'cbor-float', 0],
    ['f97e00', 'cbor-float', 0],
    ['c000', 'cbor-tag', 0],
    ['c249010000000000000000', 'cbor-tag', 0],
    ['d9010381', 'cbor-tag', 0],
    ['9fff', 'cbor-indefinite', 0],
    ['bfff', 'cbor-indefinite', 0],
    ['5f4100ff', 'cbor-indefinite', 0],
    ['7f6161ff', 'cbor-indefinite', 0],
    ['1f', 'cbor-malformed', 0],
    ['3f', 'cbor-malformed', 0],
    ['1c', 'cbor-malformed', 0],
    ['5d', 'cbor-malformed', 0],
    ['fc', 'cbor-malformed', 0],
    ['ff', 'cbor-malformed', 0],
    ['0000', 'cbor-trailing', 1],
    ['8000', 'cbor-trailing', 1],
    ['', 'cbor-truncated', 0],
    ['18', 'cbor-truncated', 1],
    ['1900', 'cbor-truncated', 2],
    ['81', 'cbor-truncated', 1],
    ['a101', 'cbor-truncated', 2],
    ['420a', 'cbor-truncated', 1],
    ['5bffffffffffffffff', 'cbor-truncated', 9],
    ['a2' + '0100' + '0100', 'cbor-duplicate-key', 3],
    ['a2' + '616100' + '616100', 'cbor-duplicate-key', 4],
    ['a2' + '0200' + '0100', 'cbor-key-order', 3],
    ['a2' + '2000' + '0100', 'cbor-key-order', 3],
    ['a2' + '616200' + '616100', 'cbor-key-order', 4],
    ['a2' + '62616100' + '616200', 'cbor-key-order', 5],
    ['a3' + '0100' + '0200' + '0100', 'cbor-key-order', 5],
    ['a1' + '4100' + '00', 'cbor-bad-key', 1],
    ['a1' + 'f5' + '00', 'cbor-bad-key', 1],
    ['a1' + '80' + '00', 'cbor-bad-key', 1],
    ['a1' + 'f90000' + '00', 'cbor-float', 1],
    ['a1' + '1800' + '00', 'cbor-not-canonical', 1],
    ['a1' + '61ff' + '00', 'cbor-bad-utf8', 2],
    ['8201' + '1800', 'cbor-not-canonical', 2],
  ])('T21: refuses %s as %s', (bytes, code, at) => {
    expect(refusal(() => decodeHex(bytes))).toMatchObject({ code, at });
  });

  it.each([
    ['a stray continuation byte', '80', 0],
    ['an overlong slash', 'c0af', 0],
    ['an overlong three-byte form', 'e09fbf', 0],
    ['an overlong four-byte form', 'f08fbfbf', 0],
    ['a high surrogate', 'eda080', 0],
    ['a low surrogate', 'edbfbf', 0],
    ['a code point above 10FFFF', 'f4908080', 0],
    ['a lead byte that never occurs', 'f5808080', 0],
    ['a character cut short by the end', '61e282', 1],
    ['a character cut short by a letter', '61e28261', 1],
    ['a byte order mark at the start', 'efbbbf61', 0],
  ])('T21: refuses a text with %s', (_, content, at) => {
    const length = content.length / 2;
    const long = `${'61'.repeat(80)}${content.replace(/^efbbbf/, '80')}`;
    expect(refusal(() => decodeHex((0x60 + length).toString(16) + content))).toMatchObject({
      code: 'cbor-bad-utf8',
      at: 1 + at,
    });
    expect(verdict(() => decodeHex(`78${(long.length / 2).toString(16)}${long}`))).toBe('cbor-bad-utf8');
  });

  it.each(['', '\0', 'a\0b', '\u007f\u0080\u07ff\u0800', '\ud7ff\ue000\uffff', '\u{10000}\u{10ffff}', 'a\ufeff', '價'])(
    'reads back the text %j',
    (text) => {
      for (const repeated of [text, text.repeat(5), text.repeat(30)]) {
        expect(decodeCbor(encodeCbor(repeated))).toBe(repeated);
      }
    },
  );

  it.each([
    [0, '00'],
    [23, '17'],
    [24, '1818'],
    [255, '18ff'],
    [256, '190100'],
    [65535, '19ffff'],
    [65536, '1a00010000'],
    [2 ** 31, '1a80000000'],
    [2 ** 32 - 1, '1affffffff'],
    [2 ** 32, '1b0000000100000000'],
    [2 ** 53 - 1, '1b001fffffffffffff'],
    [-1, '20'],
    [-24, '37'],
    [-25, '3818'],
    [-256, '38ff'],
    [-257, '390100'],
    [-65536, '39ffff'],
    [-65537, '3a00010000'],
    [-(2 ** 31) - 1, '3a80000000'],
    [-(2 ** 32), '3affffffff'],
    [-(2 ** 32) - 1, '3b0000000100000000'],
    [-(2 ** 53) + 1, '3b001ffffffffffffe'],
  ])('spells the integer %d as %s and reads it back', (value, spelling) => {
    expect(encodeHex(value)).toBe(spelling);
    expect(decodeHex(spelling)).toBe(value);
  });

  it('T21: bounds length, depth and entries, exactly at the limit', () => {
    const { bytes, depth, items } = CBOR_LIMITS;
    expect(verdict(() => decodeCbor(encodeCbor(new Uint8Array(bytes - 3))))).toBe('accepted');
    expect(verdict(() => decodeCbor(concatBytes(Uint8Array.of(0x59, 0x0f, 0xfe), new Uint8Array(bytes - 2))))).toBe(
      'cbor-too-long',
    );
    expect(verdict(() => decodeHex(`${'81'.repeat(depth)}00`))).toBe('accepted');
    expect(refusal(() => decodeHex(`${'81'.repeat(depth + 1)}00`))).toMatchObject({ code: 'cbor-too-deep', at: depth });
    expect(refusal(() => decodeHex(`${'a100'.repeat(depth + 1)}00`))).toMatchObject({ code: 'cbor-too-deep' });
    expect(verdict(() => decodeHex(`9840${'00'.repeat(items)}`))).toBe('accepted');
    expect(refusal(() => decodeHex(`9841${'00'.repeat(items + 1)}`))).toMatchObject({ code: 'cbor-too-many', at: 0 });
    expect(refusal(() => decodeHex('b841'))).toMatchObject({ code: 'cbor-too-many', at: 0 });
    expect(refusal(() => decodeHex('9affffffff'))).toMatchObject({ code: 'cbor-too-many', at: 0 });
  });

  it('T21: answers anything that is no byte array with a code', () => {
    const pretender = Object.create(Uint8Array.prototype);
    for (const input of [undefined, null, 7, 'a0', [0], {}, new ArrayBuffer(1), new Uint16Array(1), pretender]) {
      expect(verdict(() => decodeCbor(input as Uint8Array))).toBe('cbor-malformed');
    }
    const detached = new Uint8Array([0xf6]);
    structuredClone(detached.buffer, { transfer: [detached.buffer] });
    expect(verdict(() => decodeCbor(detached))).toBe('cbor-truncated');
  });

  it('T12: shares no memory with its input, nor does what it returns', () => {
    const source = Buffer.from(encodeCbor(SAMPLE));
    const whole = decodeCbor(source) as Map<number, CborValue>;
    const spelled = encodeHex(whole);
    source.fill(0xff);
    expect(encodeHex(whole)).toBe(spelled);
    const content = whole.get(300) as Uint8Array;
    expect(Object.getPrototypeOf(content)).toBe(Uint8Array.prototype);
    expect(content.buffer.byteLength).toBe(4);
  });

  it('T21: takes every input of one or two bytes in one spelling or refuses it', () => {
    let accepted = 0;
    for (let n = 0; n < 0x100 + 0x10000; n++) {
      const input = n < 0x100 ? Uint8Array.of(n) : Uint8Array.of((n - 0x100) >> 8, n & 0xff);
      accepted += acceptsOneSpelling(input) ? 1 : 0;
    }
    // One byte: 24 + 24 integers, '', h'', [], {}, false, true, null. Two: 232 + 232 integers, 256 byte strings, 128 texts
    // and 55 arrays of one; no map is so short.
    expect(accepted).toBe(55 + 232 + 232 + 256 + 128 + 55);
  });

  it('T21: takes 20,000 mutated encodings in one spelling or refuses them, and throws nothing else', () => {
    const random = seeded(0xac7);
    const bases = [SAMPLE, [SAMPLE, 'x'.repeat(200)], [...SAMPLE.values()], nested(8)].map(encodeCbor);
    let accepted = 0;
    for (let run = 0; run < 20_000; run++) {
      let bytes: Uint8Array = bases[run % bases.length] ?? new Uint8Array();
      for (let times = 1 + random(3); times > 0; times--) bytes = mutated(bytes, random);
      accepted += acceptsOneSpelling(bytes) ? 1 : 0;
    }
    expect(accepted).toBeGreaterThan(1000);
    expect(accepted).toBeLessThan(19_000);
  });
});

/** True if accepted, and then spelled exactly so; false if refused with a code. */
function acceptsOneSpelling(bytes: Uint8Array): boolean {
  let value: CborValue = null;
  if (verdict(() => (value = decodeCbor(bytes))) !== 'accepted') return false;
  const again = encodeHex(value);
  if (again !== hex(bytes)) expect(again).toBe(hex(bytes));
  return true;
}

function mutated(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  const at = random(bytes.length + 1);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  const flipped = Uint8Array.from(after, (byte, i) => (i === 0 ? byte ^ (1 << random(8)) : byte));
  const kinds = [
    () => concatBytes(before, flipped),
    () => concatBytes(before, Uint8Array.of(random(256)), after.subarray(1)),
    () => concatBytes(before, Uint8Array.of(random(256)), after),
    () => concatBytes(before, after.subarray(1 + random(4))),
    () => before.slice(),
    () => concatBytes(before, after.subarray(0, 1 + random(6)), after),
  ];
  return (kinds[random(kinds.length)] ?? (() => bytes))();
}
