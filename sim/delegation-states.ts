import { type Delegation, isHeld } from '../device/delegation/state.ts';

/** Every state of a delegation, in the order in which one goes through them. */
export const DELEGATION_STATES = [
  'drafting',
  'summarising',
  'requesting',
  'confirming',
  'issuing',
  'active',
  'suspended',
  'revoked',
  'expired',
  'refused',
  'ended',
] as const satisfies readonly Delegation['at'][];

/** In these something is still to come: an answer of the wearer, of the signer, of the PSP. */
export const PASSING_STATES: readonly Delegation['at'][] = DELEGATION_STATES.slice(0, 5);

/** Whether nothing of any delegation waits for an answer that is under way. */
export function isAtRest(delegations: ReadonlyMap<string, Delegation>): boolean {
  return [...delegations.values()].every(
    (one) => !PASSING_STATES.includes(one.at) && !(isHeld(one) && (one.change?.step === 'telling' || isAwaiting(one))),
  );
}

function isAwaiting({ asked, change, account }: Extract<Delegation, { authorization: Uint8Array }>): boolean {
  return asked?.step === 'open' || change?.step === 'open' || account?.errand !== undefined;
}
