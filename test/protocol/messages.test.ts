import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ext } from '../../protocol/act/intent.ts';
import { ACT_OBJECTS } from '../../protocol/act/objects.ts';
import { hex } from '../../protocol/bytes.ts';
import { CBOR_LIMITS, type CborInput, type CborValue, decodeCbor, encodeCbor } from '../../protocol/cbor.ts';
import { encodeEvidence } from '../../protocol/evidence.ts';
import { epochSeconds as wireSeconds } from '../../protocol/fields.ts';
import { totalOf } from '../../protocol/messages/cart.ts';
import { CURRENCY_EXPONENTS, MAX_MINOR } from '../../protocol/money.ts';
import { epochSeconds } from '../../protocol/time.ts';
import type { WireType } from '../../protocol/wire.ts';
import { BODY_OF, VALUE_OF } from './arbitraries.ts';
import {
  anEvidence,
  anObject,
  BODIES,
  bodyOf,
  declarationOf,
  EVIDENCE,
  FRAME_TYPES,
  OBJECT_TYPES,
  SIGNED,
  sampleFrame,
  VALUES,
} from './builders.ts';
import { refusal, verdict } from './support.ts';

type Declared = readonly [name: string, type: WireType<unknown>, sample: object, legal: fc.Arbitrary<unknown>];
/** Objects of ACT keep rules between their fields: `act/` goes through those that are a whole body. */
const isOfAct = (body: unknown) => Object.values(ACT_OBJECTS).some(({ type }) => type === body);
const DECLARED: readonly Declared[] = [
  ...FRAME_TYPES.map((type) => [`frame ${type}`, bodyOf(type), BODIES[type], BODY_OF[type]] as const),
  ...OBJECT_TYPES.map((type) => [`object ${type}`, declarationOf(type), VALUES[type], VALUE_OF[type]] as const),
].filter(([, body]) => !isOfAct(body));
/** Fields that hold an object of ACT: here it is one value. */
const ACT_FIELDS = ['iac', 'change', 'limits', 'result'];

type Path = readonly (string | number)[];
/** Every place in a value, with what stands there. */
function places(value: unknown, path: Path = []): (readonly [Path, unknown])[] {
  const inner =
    value !== null &&
    typeof value === 'object' &&
    !(value instanceof Uint8Array) &&
    !ACT_FIELDS.includes(String(path.at(-1)));
  const below = inner
    ? Object.entries(value).map(([key, one]) => [Array.isArray(value) ? Number(key) : key, one] as const)
    : [];
  return [[path, value], ...below.flatMap(([key, one]) => places(one, [...path, key]))];
}
/** A copy of the value with another one at this place; `undefined` takes the field away. */
function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((one, i) => (i === key ? replaced(one, rest, by) : one));
  const { [key as string]: one, ...others } = value as Record<string, unknown>;
  return rest.length === 0 && by === undefined ? others : { ...others, [key]: replaced(one, rest, by) };
}
const spelt = (name: string, path: Path) =>
  path.reduce<string>((text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${key}`), name);
/** Whether the encoding has room for it: the bounds of single fields allow some bodies that no frame could hold. */
const fits = (type: WireType<unknown>, value: unknown) =>
  verdict(() => encodeCbor(type.encode(value, 'x'))) !== 'cbor-too-long';

describe.each(DECLARED)('the declaration of %s', (name, type, sample, legal) => {
  it('gives back every legal value as it was, and its bytes as they were', () => {
    fc.assert(
      fc.property(legal, (value) => {
        fc.pre(fits(type, value));
        const encoded = encodeCbor(type.encode(value, name));
        const decoded = type.decode(decodeCbor(encoded), name);
        expect(decoded).toEqual(value);
        expect(hex(encodeCbor(type.encode(decoded, name)))).toBe(hex(encoded));
      }),
      { seed: 25, numRuns: 60 },
    );
  });

  it('refuses a value of another type in every place in the program, and says where', () => {
    for (const [path, here] of places(sample))
      for (const wrong of [
        '',
        'x'.repeat(1_025),
        -1e9,
        1.5,
        2 ** 53,
        true,
        null,
        [],
        {},
        new Uint8Array(0),
        5n,
        Symbol.iterator,
      ]) {
        if ((Array.isArray(here) && Array.isArray(wrong)) || (typeof here === 'boolean' && wrong === true)) continue;
        const odd = replaced(sample, path, wrong);
        const error = refusal(() => type.encode(odd, name));
        expect(error?.code, `${spelt(name, path)}: ${String(wrong)}`).toBe('message-shape');
        expect(error?.path).toContain(spelt(name, path));
      }
  });

  it('refuses a value of another type in every place on the wire', () => {
    for (const changed of withNodesReplaced(type.encode(sample, name))) {
      const error = refusal(() => type.decode(changed, name));
      expect(error?.code).toBe('message-shape');
      expect(error?.path).toContain(name);
    }
  });

  it('refuses an unknown field in every map, both ways', () => {
    const decoding = (value: CborValue) => verdict(() => type.decode(value, name));
    for (const changed of withMapsChanged(type.encode(sample, name))) expect(decoding(changed)).toBe('message-shape');
    for (const [path, here] of places(sample)) {
      if (here === null || typeof here !== 'object' || Array.isArray(here) || here instanceof Uint8Array) continue;
      const extra = replaced(sample, path, { ...here, extra: 1 });
      expect(refusal(() => type.encode(extra, name))?.path).toBe(spelt(name, [...path, 'extra']));
    }
  });

  it('T25: reads no other declaration that it does not spell alike', () => {
    for (const [, other, otherSample] of DECLARED) {
      const bytes = encodeCbor(other.encode(otherSample, 'other'));
      if (verdict(() => type.decode(decodeCbor(bytes), name)) !== 'accepted') continue;
      const read = type.decode(decodeCbor(bytes), name);
      expect(hex(encodeCbor(type.encode(read, name)))).toBe(hex(bytes));
    }
  });

  it('has a CDDL that names every field of the sample', () => {
    for (const [path] of places(sample)) {
      const field = path.at(-1);
      if (typeof field === 'string') expect(type.cddl).toContain(` ; ${field}\n`);
    }
  });
});

/** The value with each of its maps, one at a time, given one key more, under each kind of key. */
function* withMapsChanged(value: CborValue): Generator<CborValue> {
  if (Array.isArray(value)) {
    for (const [i, one] of value.entries()) for (const changed of withMapsChanged(one)) yield value.with(i, changed);
  }
  if (!(value instanceof Map)) return;
  for (const key of [0, 99, -1, '1', '__proto__']) yield new Map([...value, [key, 1]]);
  for (const [key, one] of value) for (const changed of withMapsChanged(one)) yield new Map([...value, [key, changed]]);
}

/** The extensions of a credential and the groups in them have no field that must be there (ADD `ext`). */
const ext = Ext.encode(VALUES.authorization.iac.ext ?? {}, 'ext') as ReadonlyMap<number, CborValue>;
const MAY_BE_EMPTY = [ext, ...ext.values()].map((map) => hex(encodeCbor(map)));

/** The value with each of its nodes, one at a time, replaced by what no declaration allows there. */
function* withNodesReplaced(value: CborValue): Generator<CborValue> {
  yield* ['', null, -1e9, new Uint8Array(0)];
  if (typeof value !== 'boolean') yield true;
  if (!Array.isArray(value)) yield [];
  if (!MAY_BE_EMPTY.includes(hex(encodeCbor(value)))) yield new Map();
  if (Array.isArray(value)) {
    for (const [i, one] of value.entries()) for (const changed of withNodesReplaced(one)) yield value.with(i, changed);
  } else if (value instanceof Map) {
    for (const [key, one] of value)
      for (const changed of withNodesReplaced(one)) yield new Map([...value, [key, changed]]);
  }
}

describe('optional fields', () => {
  const OPTIONAL = new Set([
    ...['frame intent.merchantId', 'frame intent.deliverWithinMin', 'frame offers.none', 'frame offers.cheapestMinor'],
    ...['frame offers.opensAt', 'frame pay-status.receipt', 'object fulfilment.etaMin', 'frame cart-request.wanted'],
    ...['frame order-notice.categories', 'frame delegation-status.requestId', 'frame delegation-news.reason'],
    ...['frame delegated-pay.cart', 'frame spend-notice.cart', 'frame watch.wanted'],
    ...['frame price-news.prices[0].onSaleAt', 'frame price-news.prices[0].happensAt'],
    ...['frame journal-cosignature.line', 'frame journal-cosignature.newest'],
    'object delegation-status.subAccountId',
  ]);
  /** Those that may be left out, though not of the sample: a rule between fields wants them there. */
  const WANTED_BY_RULE = new Map([
    ['frame instrument.paymentToken', 'act-instrument'],
    ['frame delegated-result.receipt', 'act-result-or-error'],
    ['frame refund-answer.refund', 'act-refund'],
    ['object sub-account-order.change.amountMinor', 'act-instrument'],
  ]);

  it('are the ones named here; a body without any other is refused at that place', () => {
    for (const [name, type, sample] of DECLARED)
      for (const [path] of places(sample)) {
        if (typeof path.at(-1) !== 'string') continue;
        const without = replaced(sample, path, undefined);
        const rule = WANTED_BY_RULE.get(spelt(name, path));
        if (OPTIONAL.delete(spelt(name, path))) expect(type.decode(type.encode(without, name), name)).toEqual(without);
        else if (rule !== undefined) expect(refusal(() => type.encode(without, name))?.code).toBe(rule);
        else expect(refusal(() => type.encode(without, name))?.path).toBe(spelt(name, path));
      }
    expect([...OPTIONAL]).toEqual([]);
  });
});

describe('T7: money', () => {
  const money = DECLARED.flatMap(([name, type, sample]) =>
    places(sample)
      .filter(([path]) => String(path.at(-1)).endsWith('Minor'))
      .map(([path]) => ({ name: spelt(name, path), type, sample, path })),
  );
  /** Amounts that may be nothing: a delivery for free, a budget of nothing. Everything else is at least one minor unit. */
  const ZERO_ALLOWED = /\.(?:deliveryMinor|maxTotalMinor|spentMinor|reservedMinor|refundedMinor)$/;
  /** Two amounts of one object, of which the one is never above the other: some good amounts break that rule. */
  const RULED = /^object (?:delegation-status\.(?:spent|refunded)|refund\.(?:amount|refundedTotal))Minor$/;

  it('has a field in every declaration that should have one', () => {
    expect(new Set(money.map(({ name }) => name.split('.')[0]))).toEqual(
      new Set([
        'frame intent',
        'frame offers',
        'frame pay-request',
        'frame order-notice',
        'object cart',
        'object challenge',
        'object receipt',
        'frame price-news',
        'frame price-question',
        'object delegation-status',
        'object refund',
      ]),
    );
  });

  it.each(money)(
    '$name is whole minor units within its bounds, in the program and on the wire',
    ({ name, type, sample, path }) => {
      const encoding = (amount: unknown) => verdict(() => type.encode(replaced(sample, path, amount), 'x'));
      const goods = [1, 600, MAX_MINOR].filter((good) => !RULED.test(name) || encoding(good) !== 'act-refund');
      expect(goods.length).toBeGreaterThan(RULED.test(name) ? 0 : 2);
      for (const good of goods) {
        const value = replaced(sample, path, good);
        expect(type.decode(decodeCbor(encodeCbor(type.encode(value, 'x'))), 'x')).toEqual(value);
      }
      if (name !== 'object delegation-status.spentMinor')
        expect(encoding(0)).toBe(ZERO_ALLOWED.test(name) ? 'accepted' : 'message-shape');
      const numbers = [
        -1,
        -0,
        0.5,
        600.005,
        1e-7,
        MAX_MINOR + 1,
        2 ** 53 - 1,
        2 ** 53,
        2 ** 64 - 1,
        1e300,
        Number.NaN,
        Number.POSITIVE_INFINITY,
      ];
      for (const bad of [
        ...numbers,
        '23.80',
        '2380',
        '12.00\n',
        '1e3',
        '',
        2380n,
        true,
        null,
        [2380],
        { minor: 2380 },
      ]) {
        expect(encoding(bad), String(bad)).toBe('message-shape');
      }
    },
  );

  const currencies = DECLARED.flatMap(([name, type, sample]) =>
    places(sample)
      .filter(([path]) => path.at(-1) === 'currency')
      .map(([path]) => ({ name: spelt(name, path), type, sample, path })),
  );

  it.each(currencies)('$name is one of the pinned table, and there is no default', ({ type, sample, path }) => {
    const encoding = (code: unknown) => verdict(() => type.encode(replaced(sample, path, code), 'x'));
    for (const code of Object.keys(CURRENCY_EXPONENTS)) expect(encoding(code)).toBe('accepted');
    for (const bad of [
      'ZZZ',
      'cny',
      'CNY ',
      'CN\u00a5',
      '',
      'RMB',
      'XAU',
      'constructor',
      '__proto__',
      'toString',
      156,
      null,
      ['CNY'],
      undefined,
    ]) {
      expect(encoding(bad), String(bad)).toBe('message-shape');
    }
  });

  it.each(money)('$name has its currency in the same map', ({ sample, path }) => {
    const owner = places(sample).find(([place]) => place.join() === path.slice(0, -1).join())?.[1] as object;
    const inLine = path.some((key) => ['lines', 'discounts'].includes(String(key))) || path.at(-1) === 'cheapestMinor';
    expect('currency' in owner).toBe(!inLine);
  });

  it('a total is lines and delivery less discounts, exactly, and refuses what no amount can hold', () => {
    expect(totalOf(VALUES.cart)).toBe(VALUES.cart.totalMinor);
    for (const offer of BODIES.offers.offers) expect(totalOf(offer)).toBe(offer.totalMinor);
    const line = { amountMinor: MAX_MINOR };
    expect(totalOf({ lines: [line], discounts: [], deliveryMinor: 0 })).toBe(MAX_MINOR);
    expect(totalOf({ lines: [{ amountMinor: 100 }], discounts: [{ amountMinor: 130 }], deliveryMinor: 10 })).toBe(-20);
    for (const priced of [
      { lines: [line, line], discounts: [], deliveryMinor: 0 },
      { lines: [line], discounts: [], deliveryMinor: 1 },
      { lines: [{ amountMinor: 1.5 }], discounts: [], deliveryMinor: 0 },
    ])
      expect(verdict(() => totalOf(priced))).toBe('money-range');
  });
});

describe('T16: seconds on the wire', () => {
  it('are those of the clock in the program: 2000 to 2100', () => {
    for (const second of [946_684_799, 946_684_800, 4_133_980_799, 4_133_980_800, 0, -1, 1.5, 1_790_000_000_000]) {
      const inProgram = verdict(() => epochSeconds(second)) === 'accepted';
      expect(verdict(() => wireSeconds.decode(second, 'x')) === 'accepted', `${second}`).toBe(inProgram);
    }
  });
});

describe('sizes', () => {
  const confirmation = anObject('confirmation', { counter: Number.MAX_SAFE_INTEGER, method: 'hold-simulated' });
  const [payee, orderNo] = ['p'.repeat(32), 'O'.repeat(24)];
  const terms = { payee, orderNo, amountMinor: MAX_MINOR };
  const largest = {
    challenge: anObject('challenge', { ...terms, payer: 'd'.repeat(32) }),
    receipt: anObject('receipt', { ...terms, tradeNo: 'T'.repeat(32) }),
    fulfilment: anObject('fulfilment', { orderNo, version: 64, etaMin: 1440 }),
  };

  it('keep the budgets of one line of realistic content; the table is printed', () => {
    const rows = {
      ...Object.fromEntries(OBJECT_TYPES.map((type) => [`object ${type}`, SIGNED[type].length])),
      'largest object confirmation': confirmation.length,
      ...Object.fromEntries(Object.entries(largest).map(([type, bytes]) => [`largest object ${type}`, bytes.length])),
      'evidence, one line': encodeEvidence(EVIDENCE).length,
      ...Object.fromEntries(FRAME_TYPES.map((type) => [`frame ${type}`, sampleFrame(type).length])),
    };
    console.info(
      Object.entries(rows)
        .map(([what, bytes]) => `${String(bytes).padStart(5)} B ${what}`)
        .join('\n'),
    );
    expect(SIGNED.confirmation.length).toBeLessThanOrEqual(180);
    expect(confirmation.length).toBeLessThanOrEqual(180);
    expect(encodeEvidence(EVIDENCE).length).toBeLessThanOrEqual(900);
    expect(encodeEvidence(anEvidence({ confirmation: { value: { counter: 2 ** 32 } } })).length).toBeLessThanOrEqual(
      900,
    );
  });

  it('leave room for the largest object in every frame that carries it', () => {
    for (const bytes of [largest.challenge, confirmation, largest.receipt])
      expect(bytes.length).toBeLessThanOrEqual(512);
    expect(largest.fulfilment.length).toBeLessThanOrEqual(256);
    for (const type of FRAME_TYPES) expect(sampleFrame(type).length).toBeLessThanOrEqual(CBOR_LIMITS.bytes);
  });

  it('never grow with nesting: no declaration comes near the depth that decoding allows', () => {
    const depth = (value: CborInput): number => {
      const inner = value instanceof Map ? [...value.values()] : Array.isArray(value) ? value : undefined;
      return inner === undefined ? 0 : 1 + Math.max(0, ...inner.map(depth));
    };
    for (const [name, type, sample] of DECLARED)
      expect(depth(type.encode(sample, name)), name).toBeLessThan(CBOR_LIMITS.depth);
  });
});
