/** ACT 2.1 ADD-IAC-LCM: the four states of a credential, the six ways between them and who may take each. */
import { id16 } from '../ids.ts';
import { oneOf, text, uint, type WireValue, wireMap } from '../wire.ts';
import { time } from './fields.ts';
import { ruled } from './rules.ts';

export const iacState = oneOf({ Active: 1, Suspended: 2, Revoked: 3, Expired: 4 });
export type IacState = WireValue<typeof iacState>;

export const lifecycleActor = oneOf({ PRINCIPAL: 1, AGENT: 2, RISK_CONTROL: 3, SYSTEM: 4 });
export type LifecycleActor = WireValue<typeof lifecycleActor>;

/** One way from a state to another, and the event that reports it. */
export interface IacTransition {
  readonly from: IacState;
  readonly to: IacState;
  readonly by: readonly LifecycleActor[];
  readonly event: `act:delegation:delegation-${'suspended' | 'resumed' | 'revoked' | 'expired'}`;
}

export const [SUSPENDED, RESUMED, REVOKED, EXPIRED] = [
  'act:delegation:delegation-suspended',
  'act:delegation:delegation-resumed',
  'act:delegation:delegation-revoked',
  'act:delegation:delegation-expired',
] as const;

/** The six transitions with the event each reports; every other pair of states is an error. Revoked and Expired are final. */
export const IAC_TRANSITIONS: readonly IacTransition[] = [
  { from: 'Active', to: 'Suspended', by: ['PRINCIPAL', 'RISK_CONTROL'], event: SUSPENDED },
  { from: 'Suspended', to: 'Active', by: ['PRINCIPAL', 'RISK_CONTROL'], event: RESUMED },
  { from: 'Active', to: 'Revoked', by: ['PRINCIPAL', 'AGENT'], event: REVOKED },
  { from: 'Suspended', to: 'Revoked', by: ['PRINCIPAL', 'AGENT'], event: REVOKED },
  { from: 'Active', to: 'Expired', by: ['SYSTEM'], event: EXPIRED },
  { from: 'Suspended', to: 'Expired', by: ['SYSTEM'], event: EXPIRED },
];

/** The transition between two states, or `undefined` where there is none for this actor. */
export function iacTransition(from: IacState, to: IacState, by: LifecycleActor): IacTransition | undefined {
  return IAC_TRANSITIONS.find((one) => one.from === from && one.to === to && one.by.includes(by));
}

/** A change of state. `version` counts up from 1 with each change, so that late news is never taken for new (T4, T17). */
export const LifecycleChange = ruled(
  wireMap('lifecycle-change', {
    changeId: [1, id16],
    delegationId: [2, id16],
    from: [3, iacState],
    to: [4, iacState],
    by: [5, lifecycleActor],
    changedAt: [6, time],
    version: [7, uint(0xffff, 1)],
    reason: [8, text(32, /^[a-z][a-z-]*$/), 'optional'],
  }),
  [
    {
      code: 'act-transition',
      says: 'the actor may take a credential from the one state to the other',
      holds: ({ from, to, by }) => iacTransition(from, to, by) !== undefined,
    },
  ],
);
export type LifecycleChange = WireValue<typeof LifecycleChange>;

/** Where a credential stands, as the status service says (ADD-IAC-LCM `status_reference`). */
export const LifecycleStatus = ruled(
  wireMap('lifecycle-status', {
    delegationId: [1, id16],
    state: [2, iacState],
    version: [3, uint(0xffff)],
    asOf: [4, time],
    /** Until when a verifier may rely on this answer; after it the credential does not pay (T17). */
    freshUntil: [5, time],
  }),
  [
    {
      code: 'act-window',
      says: 'an answer is fresh for some time',
      holds: (status) => status.freshUntil > status.asOf,
    },
  ],
);
export type LifecycleStatus = WireValue<typeof LifecycleStatus>;
