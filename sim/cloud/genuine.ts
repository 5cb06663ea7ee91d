import { type ObjectType, type OpenedObject, openObject, ProtocolError } from '../../protocol/index.ts';
import type { OpenedBy } from '../../protocol/objects.ts';

/** A signed object under the keys of a tenant, or `undefined` for whatever is wrong with it. */
export function genuine<T extends ObjectType>(type: T, bytes: Uint8Array, by: OpenedBy): OpenedObject<T> | undefined {
  try {
    return openObject(type, bytes, by);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
