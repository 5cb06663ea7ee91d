import { mapOf } from '../../protocol/act/json-form.ts';
import type { WireType } from '../../protocol/wire.ts';

/** A value without its optional fields, but for those that the rules between fields demand; itself if it has no other. */
export function shortened<T extends object>(declared: unknown, value: T): T {
  const body = declared as WireType<unknown>;
  const optional = mapOf(body).fields.filter((field) => field.optional && field.name in value);
  return optional.reduce<T>((whole, { name }) => {
    const less = Object.fromEntries(Object.entries(whole).filter(([field]) => field !== name)) as T;
    return body.kind?.is !== 'ruled' || body.kind.holds(less) ? less : whole;
  }, value);
}
