/** What somebody of the tenant can say that it must not: frames of others, and objects under keys that are genuine elsewhere (T5, T23, T25). */
import {
  decodeCbor,
  type FrameAddress,
  type Message,
  newId,
  OBJECTS,
  type ObjectType,
  type ObjectValue,
  parseSign1,
  peekFrame,
  sealFrame,
  signObject,
} from '../../protocol/index.ts';
import { bodyOf } from '../checkers/facts.ts';
import { keyOf } from '../cloud/key-of.ts';
import type { SeededRandom } from '../seeded-random.ts';

/** Under which address a frame is said to go, and whose frame key signs it: the two need not belong together. */
export interface Guise {
  readonly address: FrameAddress;
  readonly seed: Uint8Array;
}

/** The body of a frame once more, in a guise. @throws ProtocolError for an address that its type cannot have. */
export function disguised(payload: Uint8Array, { address, seed }: Guise, random: SeededRandom): Uint8Array {
  const { iat, exp } = peekFrame(payload);
  const life = { iat, lifetimeS: exp - iat, cti: newId(random.bytes(16)) };
  return sealFrame(bodyOf(payload) as unknown as Message, address, life, keyOf(seed));
}

/** The same object under the key of somebody who may sign other things. */
export function signedByOther<T extends ObjectType>(type: T, bytes: Uint8Array, seed: Uint8Array): Uint8Array {
  const value = OBJECTS[type].body.decode(decodeCbor(parseSign1(bytes).payload), type) as ObjectValue<T>;
  return signObject(type, value, keyOf(seed));
}
