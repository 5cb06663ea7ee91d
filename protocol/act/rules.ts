/** What a list of fields cannot say: rules between them, values of two forms, and maps that differ by their type. */
import type { CborValue } from '../cbor.ts';
import { ProtocolError, type ProtocolErrorCode } from '../errors.ts';
import { refuse, type WireType, type WireValue } from '../wire.ts';
import { mapOf } from './json-form.ts';

/** A relation between fields. It is checked on writing and on reading, in CBOR and in JSON, and fails with its own code. */
export interface Rule<T> {
  readonly code: ProtocolErrorCode;
  /** What has to be, as the end of an error message. */
  readonly says: string;
  holds(value: T): boolean;
}

/** A type whose values also keep the rules. @throws ProtocolError with the code of the first rule that does not hold. */
export function ruled<T>(of: WireType<T>, rules: readonly Rule<NoInfer<T>>[]): WireType<T> {
  const checked = (value: T, path: string): T => {
    const broken = rules.find((rule) => !rule.holds(value));
    if (broken !== undefined) throw new ProtocolError(broken.code, broken.says, { path });
    return value;
  };
  return {
    // Encoding judges the shape, so that a rule never sees a value that only pretends to have one.
    encode: (value, path) => {
      const encoded = of.encode(value, path);
      checked(of.decode(encoded, path), path);
      return encoded;
    },
    decode: (value, path) => checked(of.decode(value, path), path),
    cddl: of.cddl,
    kind: {
      is: 'ruled',
      of: of as WireType<unknown>,
      holds: (value) => rules.every((rule) => rule.holds(value as T)),
    },
  };
}

/** Whether all or none of the values are there. */
export function together(...values: readonly unknown[]): boolean {
  return values.every((value) => (value === undefined) === (values[0] === undefined));
}

/** Whether exactly one of the values is there. */
export function oneAlone(...values: readonly unknown[]): boolean {
  return values.filter((value) => value !== undefined).length === 1;
}

/** Whether the values that are there do not decrease. */
export function ascending(...values: readonly (number | undefined)[]): boolean {
  const there = values.filter((value) => value !== undefined);
  return there.every((value, i) => i === 0 || value >= (there[i - 1] as number));
}

/** Whether no text is in both lists. */
export function disjoint(one: readonly string[] = [], other: readonly string[] = []): boolean {
  return !one.some((text) => other.includes(text));
}

/** A value that is either a text or a list (ACT 2.1 ADD `user_intent_raw`). */
export function textOrList<L>(text: WireType<string>, list: WireType<L>): WireType<string | L> {
  return {
    encode: (value, path) =>
      typeof value === 'string' ? text.encode(value, path) : list.encode(value as Exclude<typeof value, string>, path),
    decode: (value, path) => (typeof value === 'string' ? text.decode(value, path) : list.decode(value, path)),
    cddl: `(${text.cddl}) / ${list.cddl}`,
    kind: { is: 'text-or-list', text: text as WireType<unknown>, list: list as WireType<unknown> },
  };
}

/** A map whose fields depend on the name in one of them. Every case declares that field with the same key. */
export function variant<const C extends Readonly<Record<string, unknown>>>(
  field: string,
  key: number,
  declared: C,
): WireType<WireValue<C[keyof C]>> {
  const cases = new Map(Object.entries(declared as Record<string, WireType<unknown>>));
  const caseOf = (value: unknown, path: string): WireType<unknown> =>
    cases.get(value as string) ?? refuse(`${path}.${field}`, 'unknown type');
  const tags = new Map(
    [...cases].map(([name, type]) => {
      const tag = mapOf(type).fields.find((one) => one.name === field);
      return [tag?.type.encode(name, field), name] as const;
    }),
  );
  return {
    encode: (value, path) => caseOf((value as Record<string, unknown> | null)?.[field], path).encode(value, path),
    decode(value, path) {
      const tag = value instanceof Map ? (value as ReadonlyMap<number, CborValue>).get(key) : undefined;
      return caseOf(tags.get(tag), path).decode(value, path) as WireValue<C[keyof C]>;
    },
    cddl: [...cases.values()].map((type) => type.cddl).join(' / '),
    kind: { is: 'variant', field, cases },
  };
}
