/**
 * Signed objects out of one's own journal. They were verified before they were let in, perhaps under a key that was replaced
 * since; here they are only read again.
 */
import {
  type Digest,
  decodeCbor,
  digestOf,
  OBJECTS,
  type ObjectType,
  type ObjectValue,
  ProtocolError,
  parseSign1,
} from '../../protocol/index.ts';
import type { WireType } from '../../protocol/wire.ts';

export interface KeptObject<T extends ObjectType> {
  readonly value: ObjectValue<T>;
  /** Of the whole signed object. */
  readonly digest: Digest;
}

/** @throws ProtocolError for what was never let in. */
export function keptObject<T extends ObjectType>(type: T, bytes: Uint8Array): KeptObject<T> {
  const body = OBJECTS[type].body as unknown as WireType<ObjectValue<T>>;
  return { value: body.decode(decodeCbor(parseSign1(bytes).payload), type), digest: digestOf(bytes) };
}

/** The same for what a peer has put into a frame, which may be anything; `undefined` where it is no such object. */
export function readableObject<T extends ObjectType>(type: T, bytes: Uint8Array): KeptObject<T> | undefined {
  try {
    return keptObject(type, bytes);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
