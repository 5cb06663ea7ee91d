/** One change of where a delegation stands, and what both sides are told of it. */
import type { EpochMs, IacState, Id16, LifecycleActor, Party } from '../../protocol/index.ts';
import { type Changed, changeState } from '../ledger/delegations.ts';
import type { Books } from '../ledger/store.ts';
import type { Outgoing } from './handler.ts';
import type { Delegation } from './psp-delegation-book.ts';
import { type DelegationParts, statusFor, toAgent, toDevice } from './psp-delegation-parts.ts';

/** Who wants what. */
export interface Wish {
  readonly changeId: Id16;
  readonly to: IacState;
  readonly by: LifecycleActor;
  /** Absent where any state will do: stopping does not depend on what was known when it was ordered. */
  readonly version?: number;
}

/** Who gets the answer. */
export interface AskedBy {
  readonly to: Party;
  readonly requestId: Id16;
}

export interface Decided {
  readonly kind: 'done' | 'illegal' | 'stale';
  /** Revoked or expired, by this or before it, with whichever gateway. */
  readonly isOver: boolean;
}

const KINDS: { readonly [K in Exclude<Changed['kind'], 'unknown'>]: Decided['kind'] } = {
  changed: 'done',
  repeated: 'done',
  illegal: 'illegal',
  stale: 'stale',
};
const OVER: readonly IacState[] = ['Revoked', 'Expired'];

/** Once for each id: one that was refused is refused for good, one that was made is found made. */
export function changeIn(books: Books, { delegationId }: Delegation, wish: Wish, now: EpochMs): Decided {
  const changed = changeState(books, { delegationId, version: undefined, ...wish }, now);
  if (changed.kind === 'unknown') throw new Error('what was issued stands in the ledger');
  return { kind: KINDS[changed.kind], isOver: OVER.includes(changed.status.state) };
}

/** Both sides hear of each change; whoever asked for it finds the request in it. */
export function newsOf(parts: DelegationParts, delegation: Delegation, now: EpochMs, asked?: AskedBy): Outgoing[] {
  return [toDevice(delegation), toAgent(delegation)].map((to) =>
    statusFor(parts, delegation, to, now, to.party === asked?.to.party ? asked.requestId : undefined),
  );
}
