/** The fields of a decoded message with what they mean, told from its declaration. */
import { type Currency, formatAmount, hex, isBytes, isCurrency, toIsoUtc } from '../../protocol/index.ts';
import type { WireField, WireKind, WireType } from '../../protocol/wire.ts';
import { type Item, MAJOR } from './cbor-items.ts';
import { FIRST_SECOND, resolvedKind } from './declared-kind.ts';
import type { Field } from './report.ts';

/** Called for bytes, which may hold a signed object. */
export type OnBytes = (bytes: Uint8Array, path: string) => Field;

export function bytesField(bytes: Uint8Array, path: string): Field {
  return { path, value: hex(bytes), means: `${bytes.length} bytes` };
}

/** One entry for each scalar of `value`, in the order of the declaration. */
export function fieldsOf(type: WireType<unknown>, value: unknown, onBytes: OnBytes): Field[] {
  return [...walk(type, value, '', undefined, onBytes)];
}

function* walk(
  type: WireType<unknown>,
  value: unknown,
  path: string,
  currency: Currency | undefined,
  onBytes: OnBytes,
): Generator<Field> {
  const kind = resolvedKind(type, value);
  if (kind?.is === 'map') {
    const given = value as Readonly<Record<string, unknown>>;
    const beside = isCurrency(given.currency) ? given.currency : currency;
    for (const field of kind.fields)
      if (given[field.name] !== undefined)
        yield* walk(field.type, given[field.name], path === '' ? field.name : `${path}.${field.name}`, beside, onBytes);
  } else if (kind?.is === 'list') {
    for (const [i, one] of (value as readonly unknown[]).entries())
      yield* walk(kind.of, one, `${path}[${i}]`, currency, onBytes);
  } else if (isBytes(value)) {
    yield onBytes(value, path);
  } else {
    const means = meaningOf(kind, path, value, currency);
    yield { path, value: value as Field['value'], ...(means !== undefined && { means }) };
  }
}

function meaningOf(
  kind: WireKind | undefined,
  path: string,
  value: unknown,
  currency: Currency | undefined,
): string | undefined {
  if (kind?.is !== 'int' || typeof value !== 'number') return undefined;
  if (kind.min === FIRST_SECOND) return toIsoUtc(value);
  if (!path.endsWith('Minor')) return undefined;
  return currency === undefined ? 'minor units; no currency beside it' : `${currency} ${formatAmount(value, currency)}`;
}

/** The offset of the item that a path such as `cart.lines[0].title` names, or of the innermost container on the way there. */
export function offsetOf(type: WireType<unknown>, root: Item, path: string): number {
  let [kind, item] = [type.kind, root];
  const steps = path.match(/[^.[\]]+/g) ?? [];
  // The first step is the name of the message itself.
  for (const step of steps.slice(1)) {
    while (kind?.is === 'ruled') kind = kind.of.kind;
    const next = childOf(kind, item, step);
    if (next === undefined) break;
    [kind, item] = next;
  }
  return item.at;
}

function childOf(kind: WireKind | undefined, item: Item, step: string): [WireKind | undefined, Item] | undefined {
  if (kind?.is === 'list') {
    const entry = item.major === MAJOR.array ? item.children[Number(step)] : undefined;
    return entry && [kind.of.kind, entry];
  }
  if (kind?.is !== 'map' || item.major !== MAJOR.map) return undefined;
  const field: WireField | undefined = kind.fields.find(({ name }) => name === step);
  const key = BigInt(field?.key ?? (/^\d+$/.test(step) ? step : -1));
  const at = item.children.findIndex(
    (child, i) => i % 2 === 0 && child.major === MAJOR.unsigned && child.argument === key,
  );
  const value = at < 0 ? undefined : item.children[at + 1];
  return value && [field?.type.kind, value];
}
