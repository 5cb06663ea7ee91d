import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { bytes, int, list, oneOf, scalar, text, uint, type WireType, wireMap } from '../../protocol/wire.ts';
import { refusal, verdict } from './support.ts';

const encoded = (type: WireType<never>, value: unknown) => verdict(() => type.encode(value as never, 'x'));
const decoded = (type: WireType<never>, value: unknown) => verdict(() => type.decode(value as never, 'x'));
const any = (type: unknown) => type as WireType<never>;

/** A thing that answers true to `instanceof Uint8Array` and has none of its bytes. */
const PRETENDER = Object.create(Uint8Array.prototype);
const UNINTENDED: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['a symbol', Symbol('x')],
  ['a function', () => 1],
  ['a bigint', 5n],
  ['a Date', new Date(0)],
  ['a boxed number', Object(5)],
  ['a boxed string', Object('a')],
  ['a pretended byte array', PRETENDER],
  ['an object without prototype', Object.create(null)],
  ['an object that throws when read as text', { toString: () => Object.keys(null as never) }],
];
const TYPES: readonly (readonly [string, WireType<never>])[] = [
  ['uint', any(uint(10, 1))],
  ['int', any(int(-5, 5))],
  ['text', any(text(4))],
  ['text with a pattern', any(text(4, /^[a-z]+$/))],
  ['bytes', any(bytes(4))],
  ['oneOf', any(oneOf({ a: 1, b: 2 }))],
  ['list', any(list(uint(10), 3, 1))],
  ['map', any(wireMap('m', { one: [1, uint(10)] }))],
  ['scalar', any(scalar(z.boolean(), 'bool'))],
];

describe('every wire type', () => {
  it.each(TYPES)('%s refuses with `message-shape` and a path what it was not declared for, both ways', (_, type) => {
    for (const [what, value] of UNINTENDED) {
      expect(encoded(type, value), `encode ${what}`).toBe('message-shape');
      expect(decoded(type, value), `decode ${what}`).toBe('message-shape');
      expect(refusal(() => type.decode(value as never, 'a.b'))?.path, what).toMatch(/^a\.b/);
    }
  });

  it('names the place once in the message and never quotes what the peer sent', () => {
    const type = wireMap('m', { one: [1, text(4)] });
    const canary = 'canary\u202e\nSECRET';
    for (const map of [
      new Map([[canary, 1]]),
      new Map([[1, canary]]),
      new Map<unknown, unknown>([
        [1, 'a'],
        [canary, 1],
      ]),
    ]) {
      const { message, path } = refusal(() => type.decode(map as never, 'm')) ?? {};
      expect(`${message} ${path}`).not.toMatch(/canary|SECRET|\u202e/);
    }
    expect(refusal(() => type.decode(new Map(), 'm'))?.message).toBe('message-shape: missing in m.one');
  });
});

describe('integers', () => {
  it.each([0, 11, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '5', true, [5]])(
    'T7: uint(10, 1) refuses %s',
    (n) => {
      expect(encoded(any(uint(10, 1)), n)).toBe('message-shape');
      expect(decoded(any(uint(10, 1)), n)).toBe('message-shape');
    },
  );

  it('T7: refuses negative zero, which would come back as another value', () => {
    expect(encoded(any(uint(10)), -0)).toBe('message-shape');
    expect(encoded(any(int(-5, 5)), -0)).toBe('message-shape');
  });

  it('take their borders', () => {
    for (const n of [1, 10]) expect(uint(10, 1).decode(uint(10, 1).encode(n, 'x'), 'x')).toBe(n);
    for (const n of [-5, 0, 5]) expect(int(-5, 5).decode(int(-5, 5).encode(n, 'x'), 'x')).toBe(n);
    for (const n of [-6, 6]) expect(encoded(any(int(-5, 5)), n)).toBe('message-shape');
    expect(uint(Number.MAX_SAFE_INTEGER).encode(Number.MAX_SAFE_INTEGER, 'x')).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe('text', () => {
  it('T8: refuses what has no UTF-8 form or no single reading: a lone surrogate, a leading byte order mark', () => {
    for (const bad of ['\ud800', 'a\udc00', '\udc00\ud800', '\ufeffa']) {
      expect(encoded(any(text(9)), bad)).toBe('message-shape');
      expect(decoded(any(text(9)), bad)).toBe('message-shape');
    }
    expect(text(9).encode('🥤', 'x')).toBe('🥤');
  });

  it('is bounded in code points, from 1, whatever they take in this language', () => {
    for (const good of ['a', 'abcd', '🥤🥤🥤🥤']) expect(text(4).decode(good, 'x')).toBe(good);
    for (const bad of ['', 'abcde', '🥤🥤🥤🥤🥤']) expect(decoded(any(text(4)), bad)).toBe('message-shape');
  });

  it('holds its pattern as a whole, also before a final newline', () => {
    for (const bad of ['ab\n', '\nab', 'a b', 'aB'])
      expect(decoded(any(text(4, /^[a-z]+$/)), bad)).toBe('message-shape');
  });
});

describe('bytes', () => {
  it('take 1 to the limit, a Node Buffer too, and no other view', () => {
    expect(bytes(4).encode(Buffer.from('abcd'), 'x')).toHaveLength(4);
    for (const bad of [
      new Uint8Array(0),
      new Uint8Array(5),
      new DataView(new ArrayBuffer(2)),
      new Uint16Array(2),
      [1],
    ]) {
      expect(encoded(any(bytes(4)), bad)).toBe('message-shape');
    }
  });
});

describe('oneOf', () => {
  const type = oneOf({ VOICE: 1, BUTTON: 2 });

  it('takes its own names and numbers only', () => {
    for (const [name, number] of [
      ['VOICE', 1],
      ['BUTTON', 2],
    ] as const) {
      expect(type.encode(name, 'x')).toBe(number);
      expect(type.decode(number, 'x')).toBe(name);
    }
    for (const bad of ['voice', '', 'constructor', '__proto__', 'toString', 1])
      expect(encoded(any(type), bad)).toBe('message-shape');
    for (const bad of [0, 3, -1, '1', 'VOICE', true]) expect(decoded(any(type), bad)).toBe('message-shape');
  });

  it('does not take what merely reads as a name when it is made a text', () => {
    expect(encoded(any(type), ['VOICE'])).toBe('message-shape');
    expect(encoded(any(type), { toString: () => 'VOICE' })).toBe('message-shape');
  });

  it('is a defect of ours when a number stands for two names', () => {
    expect(() => oneOf({ a: 1, b: 1 })).toThrow(/twice/);
  });
});

describe('list', () => {
  const type = list(uint(10), 3, 1);

  it('is bounded and says which value is wrong', () => {
    expect(type.decode(type.encode([1, 2, 3], 'x'), 'x')).toEqual([1, 2, 3]);
    for (const bad of [[], [1, 2, 3, 4], new Set([1]), { 0: 1, length: 1 }])
      expect(encoded(any(type), bad)).toBe('message-shape');
    expect(refusal(() => type.encode([1, 11], 'm.list'))?.path).toBe('m.list[1]');
    expect(refusal(() => type.decode([1, 11], 'm.list'))?.path).toBe('m.list[1]');
  });

  it('refuses a hole as it refuses any other missing value', () => {
    const holed = [1, 2];
    delete holed[0];
    expect(refusal(() => type.encode(holed, 'm'))?.path).toBe('m[0]');
  });
});

describe('wireMap', () => {
  const type = wireMap('m', { one: [1, uint(10)], two: [2, text(4), 'optional'] });

  afterEach(() => {
    Reflect.deleteProperty(Object.prototype, 'two');
  });

  it('spells fields by number and back, with and without the optional one', () => {
    expect(type.encode({ one: 5, two: 'b' }, 'm')).toEqual(
      new Map<number, unknown>([
        [1, 5],
        [2, 'b'],
      ]),
    );
    for (const value of [{ one: 5 }, { one: 5, two: 'b' }])
      expect(type.decode(type.encode(value, 'm'), 'm')).toEqual(value);
    expect(type.encode({ one: 5, two: undefined } as never, 'm')).toEqual(new Map([[1, 5]]));
  });

  it.each([
    [
      'an unknown key',
      new Map([
        [1, 5],
        [3, 5],
      ]),
      'm.3',
    ],
    [
      'a negative key',
      new Map([
        [-1, 5],
        [1, 5],
      ]),
      'm.-1',
    ],
    [
      'a key as text',
      new Map<unknown, unknown>([
        [1, 5],
        ['2', 'b'],
      ]),
      'm',
    ],
    ['a missing field', new Map([[2, 'b']]), 'm.one'],
    [
      'null for an optional field',
      new Map<unknown, unknown>([
        [1, 5],
        [2, null],
      ]),
      'm.two',
    ],
    ['a field of another type', new Map([[1, '5']]), 'm.one'],
    ['an array', [5], 'm'],
    ['a plain object', { 1: 5 }, 'm'],
  ])('refuses %s on the wire and says where', (_, value, path) => {
    const error = refusal(() => type.decode(value as never, 'm'));
    expect([error?.code, error?.path]).toEqual(['message-shape', path]);
  });

  it.each([
    ['an unknown field', { one: 5, three: 1 }, 'm.three'],
    ['an unknown field without a value', { one: 5, three: undefined }, 'm.three'],
    ['a missing field', { two: 'b' }, 'm.one'],
    ['a field of another type', { one: '5' }, 'm.one'],
    ['an array', [5], 'm'],
    ['a Map', new Map([['one', 5]]), 'm'],
    ['a text', 'one', 'm'],
  ])('refuses %s in the program and says where', (_, value, path) => {
    const error = refusal(() => type.encode(value as never, 'm'));
    expect([error?.code, error?.path]).toEqual(['message-shape', path]);
  });

  it('takes own fields only: what a prototype adds is not part of the message', () => {
    Object.defineProperty(Object.prototype, 'two', { value: 'evil', configurable: true });
    expect(type.encode({ one: 5 }, 'm')).toEqual(new Map([[1, 5]]));
    expect(verdict(() => type.encode(Object.create({ one: 5 }), 'm'))).toBe('message-shape');
  });

  it('reads a field once, so that what was checked is what is written (T12)', () => {
    let reads = 0;
    const shifting = {
      get one() {
        return ++reads;
      },
    };
    expect(type.encode(shifting, 'm')).toEqual(new Map([[1, 1]]));
    expect(reads).toBe(1);
  });

  it('gives back an object with no prototype tricks and no extra fields', () => {
    const value = type.decode(new Map([[1, 5]]), 'm');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value)).toEqual(['one']);
  });

  it('is a defect of ours when a key is used twice', () => {
    expect(() => wireMap('m', { one: [1, uint(1)], two: [1, uint(1)] })).toThrow(/twice/);
  });
});

describe('the CDDL of a declaration', () => {
  it('says bounds, keys and which fields are optional', () => {
    const type = wireMap('m', {
      one: [1, uint(10, 1)],
      two: [2, list(oneOf({ a: 1, 'b-c': 2 }), 4, 1), 'optional'],
      three: [3, bytes(9)],
      four: [4, text(5)],
    });
    expect(type.cddl).toBe(
      '{ 1: 1..10 ; one\n, ? 2: [1*4 &(a: 1, b-c: 2)] ; two\n, 3: bytes .size (1..9) ; three\n, 4: text .size (1..20) ; four\n }',
    );
  });

  it('writes patterns as XSD does: without anchors, which would be characters there, without \\/, and with the length', () => {
    const type = text(9, /^did:[a-z.-]+\/\w$/);
    expect(type.cddl).toBe('(text .size (1..9)) .and (text .regexp "did:[a-z.-]+/\\\\w")');
  });
});
