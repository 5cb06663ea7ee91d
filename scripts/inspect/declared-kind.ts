/** Sees through a declaration to what a value of it is made of. */
import type { WireKind, WireType } from '../../protocol/wire.ts';

/** The first second of a time on the wire; no other integer is declared with this bound (`epochSeconds`). */
export const FIRST_SECOND = 946_684_800;

/** What a declaration comes to for this value: rules and choices are seen through. */
export function resolvedKind(type: WireType<unknown>, value: unknown): WireKind | undefined {
  const { kind } = type;
  if (kind?.is === 'ruled') return resolvedKind(kind.of, value);
  if (kind?.is === 'text-or-list') return resolvedKind(typeof value === 'string' ? kind.text : kind.list, value);
  if (kind?.is !== 'variant') return kind;
  const chosen = kind.cases.get(String((value as Readonly<Record<string, unknown>>)[kind.field]));
  return chosen && resolvedKind(chosen, value);
}
