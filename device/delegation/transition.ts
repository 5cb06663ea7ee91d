/** The form of one transition of a delegation: from a state and what happened to the next state and what to do. */
import type { EpochMs } from '../../protocol/index.ts';
import type { EventsByKey } from '../events-by-key.ts';
import type { DeviceSettings } from '../settings.ts';
import type { BookView } from './book.ts';
import type { DelegationEffect, DelegationEvent, DelegationStep } from './events.ts';
import type { Delegation, DelegationIn, Held, HeldDelegation } from './state.ts';

/** What a transition may look at besides the state. */
export interface Surroundings {
  readonly settings: DeviceSettings;
  readonly book: BookView;
}
export interface Situation extends Surroundings {
  readonly now: EpochMs;
}
export interface Moment<K extends EventKey> extends Situation {
  readonly event: ByEvent[K];
}
type ByEvent = EventsByKey<DelegationEvent>;
export type EventKey = keyof ByEvent;

/** Answers `undefined` when the event means nothing in this state. */
export type Transition<At extends Delegation['at'], K extends EventKey> = (
  state: DelegationIn<At>,
  moment: Moment<K>,
) => DelegationStep | undefined;

/** The states in which the wearer has signed. */
export type HeldAt = HeldDelegation['at'];
export type OfHeld<K extends EventKey> = (state: HeldDelegation, moment: Moment<K>) => DelegationStep | undefined;

/** The same delegation with other particulars; where it stands is left as it is. */
export function revised<S extends HeldDelegation>(state: S, over: Partial<Held>): S {
  return { ...state, ...over };
}

/** Without one of the particulars that may be absent. */
export function without<S extends HeldDelegation>(state: S, ...keys: readonly ('change' | 'asked' | 'doubtAt')[]): S {
  const kept = Object.entries(state).filter(([key]) => !(keys as readonly string[]).includes(key));
  return Object.fromEntries(kept) as unknown as S;
}

export function stay(state: Delegation, ...effects: readonly DelegationEffect[]): DelegationStep {
  return { state, effects };
}

/** One transition after the other, as far as they have something to do. */
export function chain(step: DelegationStep, next: (state: Delegation) => DelegationStep | undefined): DelegationStep {
  const after = next(step.state);
  return after ? { state: after.state, effects: [...step.effects, ...after.effects] } : step;
}
