/** Every legal value of a declaration, derived from the declaration itself; what rules forbid is filtered or repaired. */
import fc from 'fast-check';
import { CURRENCY_EXPONENTS } from '../../../protocol/money.ts';
import type { WireKind, WireType } from '../../../protocol/wire.ts';

type Value = Record<string, unknown>;
type Repair = (value: never) => unknown;

/** What random fields would hardly ever come to by themselves, by the name of the map. */
const REPAIRS: Readonly<Record<string, Repair>> = {
  'cart-confirmation': totalled as Repair,
  'cart-confirmation-request': totalled as Repair,
  'pre-check-result': ((value: { checks: { dimension: string; passed: boolean }[]; action?: string }) => {
    const checks = value.checks.filter((one, i, all) => all.findIndex((o) => o.dimension === one.dimension) === i);
    const passed = checks.every((one) => one.passed);
    const { action, ...rest } = { ...value, checks, passed };
    return passed ? rest : { ...rest, action: action ?? 'AUTO_CANCEL' };
  }) as Repair,
  'final-iac': ((value: { credentialMetadata: Value; credentialSubject: Value }) => {
    const { delegationId, delegatorIdentity, agentId, validityStartTime, validityEndTime } = value.credentialSubject;
    const told = { credentialId: delegationId, issuer: delegatorIdentity, trustee: agentId };
    const life = { effectiveAt: validityStartTime, expiresAt: validityEndTime };
    return { ...value, credentialMetadata: { ...value.credentialMetadata, ...told, ...life } };
  }) as Repair,
  'record-signature': ((value: { coverage: string[] }) => ({
    ...value,
    coverage: [...new Set(['event_body', 'participants', 'salt', 'record_id', 'event_time', ...value.coverage])],
  })) as Repair,
  'sub-account-request': ((value: Value) => {
    const { publicKey = new Uint8Array(32), subAccountId = 'sub-1', topUpMinor = 1, ...rest } = value;
    const opens = value.operation === 'OPEN';
    const named = opens ? { publicKey } : { subAccountId };
    return { ...rest, ...named, ...(value.operation === 'TOP_UP' ? { topUpMinor } : {}) };
  }) as Repair,
  'sub-account-change': (({ amountMinor = 1, ...rest }: Value) => {
    return { ...rest, ...(rest.operation === 'TOP_UP' ? { amountMinor } : {}) };
  }) as Repair,
  'delegated-pay-request': fromOneInstrument as Repair,
  'autonomous-pay-request': fromOneInstrument as Repair,
};

/** Amounts small enough to add up, and the total they add up to. */
function totalled(value: {
  items: { amountMinor: number }[];
  deliveryMinor?: number;
  discountMinor?: number;
  finalMinor: number;
}) {
  const items = value.items.map((item) => ({ ...item, amountMinor: 1 + (item.amountMinor % 1_000_000) }));
  const priced = { ...value, items };
  if (priced.deliveryMinor !== undefined) priced.deliveryMinor %= 1000;
  const gross = items.reduce((sum, item) => sum + item.amountMinor, priced.deliveryMinor ?? 0);
  if (priced.discountMinor !== undefined) priced.discountMinor %= gross;
  return { ...priced, finalMinor: gross - (priced.discountMinor ?? 0) };
}

function fromOneInstrument(value: Value) {
  const { paymentToken, subAccountId, subAccountAuthorization, ...rest } = value;
  if (paymentToken !== undefined) return { ...rest, paymentToken };
  return {
    ...rest,
    subAccountId: subAccountId ?? 'sub-1',
    subAccountAuthorization: subAccountAuthorization ?? new Uint8Array(64),
  };
}

type Kind<I extends WireKind['is']> = Extract<WireKind, { is: I }>;
const BY_KIND: { readonly [I in WireKind['is']]: (kind: Kind<I>) => fc.Arbitrary<unknown> } = {
  int: ({ min, max }) => fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max)),
  text: ({ maxLength, pattern }) => textOf(Math.min(maxLength, pattern === undefined ? 40 : 80), pattern),
  bytes: ({ minLength, maxLength }) =>
    fc.uint8Array({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 40)) }),
  names: ({ names }) => fc.constantFrom(...names),
  list: ({ of, min, max }) => fc.array(valuesOf(of), { minLength: min, maxLength: Math.max(min, Math.min(max, 3)) }),
  map: ({ fields }) =>
    fc.record(Object.fromEntries(fields.map(({ name, type }) => [name, valuesOf(type)])), {
      requiredKeys: fields.filter(({ optional }) => !optional).map(({ name }) => name),
    }),
  ruled: ({ of, holds }) =>
    valuesOf(of)
      .map(repaired(of))
      .filter((value) => holds(value)),
  'text-or-list': ({ text, list }) => fc.oneof(valuesOf(text), valuesOf(list)),
  variant: ({ cases }) => fc.oneof(...[...cases.values()].map(valuesOf)),
};

function repaired(type: WireType<unknown>): (value: unknown) => unknown {
  const repair = type.kind?.is === 'map' ? REPAIRS[type.kind.name] : undefined;
  return repair === undefined ? (value) => value : (value) => repair(value as never);
}

function textOf(maxLength: number, pattern: RegExp | undefined): fc.Arbitrary<string> {
  const fits = (text: string) => [...text].length <= maxLength && text.length > 0 && !text.startsWith('\ufeff');
  if (pattern === undefined) return fc.string({ unit: 'binary', minLength: 1, maxLength }).filter(fits);
  return fc.stringMatching(pattern, { maxLength }).filter((text) => fits(text) && pattern.test(text));
}

/** What has no `kind`, by its CDDL. */
const BY_CDDL: readonly (readonly [RegExp, (found: RegExpExecArray) => fc.Arbitrary<unknown>])[] = [
  [
    /^bytes \.size ([0-9]+)$/,
    ([, size]) =>
      fc
        .uint8Array({ minLength: Number(size), maxLength: Number(size) })
        .map((random) => Buffer.from(random).toString('hex')),
  ],
  [/^bool$/, () => fc.boolean()],
  [/^"AED|^"CNY/, () => fc.constantFrom(...Object.keys(CURRENCY_EXPONENTS))],
  [
    /a JSON object without spaces$/,
    () =>
      fc
        .dictionary(
          fc.string({ minLength: 1, maxLength: 8 }),
          fc.oneof(fc.integer(), fc.string({ maxLength: 12 }), fc.boolean(), fc.constant(null), fc.array(fc.integer())),
          { maxKeys: 4 },
        )
        .map((object) => JSON.stringify(object)),
  ],
];

/** Values of a declaration, of moderate size. */
export function valuesOf(type: WireType<unknown>): fc.Arbitrary<unknown> {
  if (type.kind !== undefined) return (BY_KIND[type.kind.is] as (kind: WireKind) => fc.Arbitrary<unknown>)(type.kind);
  for (const [pattern, make] of BY_CDDL) {
    const found = pattern.exec(type.cddl);
    if (found !== null) return make(found);
  }
  throw new Error(`no values known for ${type.cddl}`);
}
