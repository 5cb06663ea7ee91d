/** Documents that nobody signed yet: the wearer's signature is what is asked for. */
import { decodeCbor, ProtocolError, type WireType } from '../../protocol/index.ts';

/** A draft in deterministic CBOR under its declaration and rules, or `undefined` for whatever is wrong with it. */
export function draftOf<T>(type: WireType<T>, bytes: Uint8Array | undefined): T | undefined {
  try {
    return bytes && type.decode(decodeCbor(bytes), 'draft');
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
