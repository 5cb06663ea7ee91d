/** Requests by id: who asks the same thing twice is told the same twice; who asks something else under a used id is refused. */
import {
  type Digest,
  digestOf,
  encodeCbor,
  FRAMES,
  type Id16,
  type OpenFrame,
  type WireType,
} from '../../protocol/index.ts';

/** The digest of what a frame says, whichever frame says it. */
export function contentOf({ type, body }: OpenFrame): Digest {
  return digestOf(encodeCbor((FRAMES[type].body as WireType<unknown>).encode(body, type)));
}

/** Request ids are the requester's own: two parties that use the same one do not meet. */
export function requestKey(frame: OpenFrame & { readonly body: { readonly requestId: Id16 } }): string {
  return `${frame.from.party}/${frame.body.requestId}`;
}
