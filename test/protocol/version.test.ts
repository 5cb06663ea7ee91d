/** How a reader of today meets a writer of tomorrow (SPEC section 10). */
import { describe, expect, it } from 'vitest';
import { type CborKey, type CborValue, decodeCbor, encodeCbor } from '../../protocol/cbor.ts';
import { FRAMES, openObject, PROFILE_FLOOR, PROFILE_VERSION, ProtocolError } from '../../protocol/index.ts';
import { opened as expectedOf } from '../../scripts/make-published/frame-parts.ts';
import { plain } from '../../scripts/make-published/vector.ts';
import {
  BODIES,
  bodyOf,
  declarationOf,
  FRAME_TYPES,
  forgedFrame,
  forgedObject,
  OBJECT_TYPES,
  opened,
  TENANT,
  TRUST,
  VALUES,
} from './builders.ts';
import { refusal, verdict } from './support.ts';

type Entries = ReadonlyMap<CborKey, CborValue>;
const payloadOf = (type: (typeof FRAME_TYPES)[number]) =>
  decodeCbor(encodeCbor(bodyOf(type).encode(BODIES[type], type))) as Entries;
const extended = (map: Entries, ...more: readonly (readonly [CborKey, CborValue])[]) => new Map([...map, ...more]);

/** What a later version may write beside what we know: any value of the profile, under any negative key. */
const EXTENSIONS: readonly (readonly [number, CborValue])[] = [
  [-1, 'text'],
  [-23, new Uint8Array(3)],
  [-24, [1, [2, null]]],
  [
    -70001,
    new Map<CborKey, CborValue>([
      [-1, true],
      ['x', 0],
    ]),
  ],
  [Number.MIN_SAFE_INTEGER, 0],
];

describe('an old reader and a new writer', () => {
  it.each(FRAME_TYPES)('ACTC-VER-003: %s is read as if its extensions were not there', (type) => {
    const frame = forgedFrame(type, { payload: extended(payloadOf(type), ...EXTENSIONS) });
    const { body } = opened(type, frame);
    expect(body).toEqual(opened(type, forgedFrame(type)).body);
    expect(plain(body)).toEqual((expectedOf(type) as { body: unknown }).body);
  });

  it('ACTC-VER-003, ACTC-CBR-007: an extension is held to the CBOR profile like everything else', () => {
    const many = Array.from({ length: 64 }, (_, i) => [-1 - i, 0] as const);
    const payload = encodeCbor(extended(payloadOf('pay-query')));
    expect(() => encodeCbor(extended(payloadOf('pay-query'), ...many))).toThrow('cbor-too-many');
    expect(payload.length).toBeLessThan(64);
  });

  it.each(FRAME_TYPES)('ACTC-VER-005: %s is refused with a critical key it does not know', (type) => {
    for (const key of [0, 99, 2 ** 40, 'x', ''])
      expect(verdict(() => opened(type, forgedFrame(type, { payload: extended(payloadOf(type), [key, 0]) })))).toBe(
        'message-shape',
      );
  });

  it.each(FRAME_TYPES)('ACTC-VER-003: no extension stands for a field of %s that is missing', (type) => {
    const body = payloadOf(type);
    const [first = 0, value = null] = [...body][0] ?? [];
    const without = new Map([...body].filter(([key]) => key !== first));
    const payload = extended(without, [-1, value], [-Number(first), value]);
    expect(verdict(() => opened(type, forgedFrame(type, { payload })))).toBe('message-shape');
  });

  it('T6, ACTC-VER-004: no map inside a body has extensions, at any depth', () => {
    for (const type of FRAME_TYPES) {
      for (const payload of nestedExtensions(payloadOf(type)))
        expect(
          verdict(() => opened(type, forgedFrame(type, { payload }))),
          type,
        ).toBe('message-shape');
    }
  });

  it.each(OBJECT_TYPES)(
    'T6, ACTC-VER-004: the signed object %s has no extensions: nobody confirms what no display knows',
    (type) => {
      const body = decodeCbor(encodeCbor(declarationOf(type).encode(VALUES[type], type))) as Entries;
      const open = (bytes: Uint8Array) => openObject(type, bytes, { trust: TRUST, tenant: TENANT });
      expect(() => open(forgedObject(type, { payload: body }))).not.toThrow();
      for (const extension of EXTENSIONS)
        expect(verdict(() => open(forgedObject(type, { payload: extended(body, extension) })))).toBe('message-shape');
    },
  );

  it('T20, ACTC-VER-001, ACTC-VER-005: every other version is refused, even where the writer says that it is compatible', () => {
    expect(PROFILE_FLOOR).toBeLessThanOrEqual(PROFILE_VERSION);
    for (const version of [0, PROFILE_FLOOR - 1, PROFILE_VERSION + 1, 0xffff])
      expect(verdict(() => opened('pay-query', forgedFrame('pay-query', { version })))).toBe('frame-version');
    const pretending = forgedFrame('pay-query', { version: PROFILE_VERSION, aadVersion: PROFILE_VERSION + 1 });
    expect(verdict(() => opened('pay-query', pretending))).toBe('cose-signature');
  });

  it('ACTC-VER-007: a frame type of tomorrow is refused by its number alone', () => {
    const taken = new Set<number>(FRAME_TYPES.map((type) => FRAMES[type].typ));
    for (const typ of [
      ...Array.from({ length: 256 }, (_, i) => i).filter((typ) => typ > 31 && !taken.has(typ)),
      0xffff,
    ])
      expect(verdict(() => opened('pay-query', forgedFrame('pay-query', { typ })))).toBe('frame-unknown-type');
  });

  it('ACTC-ERR-002: a refusal says where and what was expected, and nothing of what was there', () => {
    const secret = 'tok_secret-words';
    const payload = extended(payloadOf('pay-request'), [3, `${secret} `], [4, secret]);
    const error = refusal(() => opened('pay-request', forgedFrame('pay-request', { payload })));
    expect(error).toBeInstanceOf(ProtocolError);
    expect(`${error?.message}${error?.path}${error?.stack}`).not.toContain('secret');
  });
});

/** The body with an extension in each of its nested maps, one at a time. */
function* nestedExtensions(value: CborValue, depth = 0): Generator<CborValue> {
  if (Array.isArray(value)) {
    for (const [i, one] of value.entries())
      for (const changed of nestedExtensions(one, depth + 1)) yield value.with(i, changed);
  }
  if (!(value instanceof Map)) return;
  if (depth > 0) yield new Map([...value, [-1, 0]]);
  for (const [key, one] of value)
    for (const changed of nestedExtensions(one, depth + 1)) yield new Map([...value, [key, changed]]);
}
