import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, hex, utf8 } from '../../protocol/bytes.ts';
import { type CborInput, decodeCbor, encodeCbor } from '../../protocol/cbor.ts';
import { nested, SAMPLE } from './cbor-values.ts';
import { refusal, verdict } from './support.ts';

const encodeHex = (value: unknown) => hex(encodeCbor(value as CborInput));

describe('the strict profile, writing', () => {
  it('spells a value one way, whatever the order its keys came in', () => {
    const shuffled = new Map([...SAMPLE].reverse());
    expect(encodeHex(shuffled)).toBe(encodeHex(SAMPLE));
    expect(encodeHex({ b: 1, aa: 2, a: 3 })).toBe('a3616103616201626161' + '02');
    // UTF-16 order would put the first of these after the second.
    expect(encodeHex({ '\uffff\u0001': 1, '\u{10000}': 2 })).toBe(`a264efbfbf0101${'64f0908080'}02`);
  });

  it('reads back what it wrote, for any value of the profile', () => {
    const text = fc.string({ unit: 'binary', maxLength: 90 }).filter((t) => !t.startsWith('\ufeff'));
    const key = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -30, max: 300 }), text);
    const { value } = fc.letrec<{ value: CborInput }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4, depthSize: 'small' },
        fc.oneof(fc.maxSafeInteger(), text, fc.boolean(), fc.constant(null), fc.uint8Array({ maxLength: 300 })),
        fc.array(tie('value'), { maxLength: 5 }),
        fc.array(fc.tuple(key, tie('value')), { maxLength: 6 }).map((entries) => new Map(entries)),
      ),
    }));
    fc.assert(
      fc.property(value, (original) => {
        const bytes = encodeCbor(original);
        const read = decodeCbor(bytes);
        expect(hex(encodeCbor(read as CborInput))).toBe(hex(bytes));
        expect(read).toEqual(original);
      }),
      { seed: 21, numRuns: 2000 },
    );
  });

  it('takes plain objects as text-keyed maps and a Buffer as a byte string', () => {
    const bare = Object.assign(Object.create(null), { __proto: 1 });
    expect(decodeCbor(encodeCbor({ 1: 'one', __proto__: null } as never))).toEqual(new Map([['1', 'one']]));
    expect(decodeCbor(encodeCbor(bare))).toEqual(new Map([['__proto', 1]]));
    expect(decodeCbor(encodeCbor(JSON.parse('{"__proto__": 5}')))).toEqual(new Map([['__proto__', 5]]));
    expect(encodeHex(Buffer.from([1, 2]))).toBe('420102');
    expect(encodeHex(new Uint8Array([9, 1, 2, 9]).subarray(1, 3))).toBe('420102');
  });

  it.each([
    ['a fraction', 1.5, 'cbor-float'],
    ['negative zero', -0, 'cbor-float'],
    ['NaN', Number.NaN, 'cbor-float'],
    ['infinity', Number.POSITIVE_INFINITY, 'cbor-float'],
    ['2^53', 2 ** 53, 'cbor-int-range'],
    ['−2^53', -(2 ** 53), 'cbor-int-range'],
    ['1e300', 1e300, 'cbor-int-range'],
    ['a lone surrogate', 'a\ud800b', 'cbor-bad-utf8'],
    ['a byte order mark', '\ufeffa', 'cbor-bad-utf8'],
    ['undefined', undefined, 'cbor-unsupported-value'],
    ['a BigInt', 1n, 'cbor-unsupported-value'],
    ['a symbol', Symbol('s'), 'cbor-unsupported-value'],
    ['a function', () => 1, 'cbor-unsupported-value'],
    ['a Date', new Date(0), 'cbor-unsupported-value'],
    ['a Set', new Set([1]), 'cbor-unsupported-value'],
    ['another typed array', new Uint16Array(1), 'cbor-unsupported-value'],
    ['an instance of a class', new (class Cart {})(), 'cbor-unsupported-value'],
    ['a hole', Array(1), 'cbor-unsupported-value'],
    ['an undefined member', { price: undefined }, 'cbor-unsupported-value'],
    ['a byte string as key', new Map([[Uint8Array.of(1), 1]]), 'cbor-bad-key'],
    ['a fraction as key', new Map([[0.5, 1]]), 'cbor-bad-key'],
    ['2^53 as key', new Map([[2 ** 53, 1]]), 'cbor-bad-key'],
    ['a lone surrogate as key', { '\udc00': 1 }, 'cbor-bad-utf8'],
    ['a text beyond the limit', 'a'.repeat(4097), 'cbor-too-long'],
    ['bytes beyond the limit', new Uint8Array(4097), 'cbor-too-long'],
    ['too many entries', Array(65).fill(0), 'cbor-too-many'],
    ['too many keys', new Map(Array.from({ length: 65 }, (_, i) => [i, 0])), 'cbor-too-many'],
    ['nine containers', nested(9), 'cbor-too-deep'],
  ])('refuses %s', (_, value, code) => {
    expect(verdict(() => encodeCbor(value as CborInput))).toBe(code);
    expect(refusal(() => encodeCbor(new Map([[7, [0, value]]]) as never))?.path).toMatch(/^7\.1/);
  });

  it('names the field it refuses, and quotes nothing', () => {
    const error = refusal(() => encodeCbor({ items: [{ unit: 1 }, { unit: 'secret\ud800' }] }));
    expect(error).toMatchObject({ code: 'cbor-bad-utf8', path: 'items.1.unit' });
    expect(error?.message).not.toContain('secret');
    expect(error?.message).toContain('cbor-bad-utf8');
  });

  it('refuses parts that are too long together', () => {
    const parts = [new Uint8Array(4000), new Uint8Array(100)];
    expect(verdict(() => encodeCbor(parts))).toBe('cbor-too-long');
  });

  it('refuses a value that contains itself', () => {
    const loop: unknown[] = [];
    loop.push(loop);
    expect(verdict(() => encodeCbor(loop as never))).toBe('cbor-too-deep');
  });

  it('T12: returns bytes of their own, unharmed by what is encoded next', () => {
    const first = encodeCbor('first');
    const second = encodeCbor('other');
    expect(hex(first)).toBe(hex(concatBytes(Uint8Array.of(0x65), utf8('first'))));
    expect(second.buffer).not.toBe(first.buffer);
    expect(first.buffer.byteLength).toBe(first.length);
  });
});
