/** The form of one transition of a purchase: from a state and what happened to the next state and what to do. */
import type { EpochMs } from '../../protocol/index.ts';
import type { EventsByKey } from '../events-by-key.ts';
import type { DeviceSettings } from '../settings.ts';
import type { PurchaseEvent, Step } from './events.ts';
import type { Purchase, PurchaseIn } from './state.ts';

/** What a transition may look at besides the state. */
export interface Situation {
  readonly settings: DeviceSettings;
  readonly now: EpochMs;
}
export interface Moment<K extends EventKey> extends Situation {
  readonly event: ByEvent[K];
}
type ByEvent = EventsByKey<PurchaseEvent>;
export type EventKey = keyof ByEvent;
/** Answers `undefined` when the event means nothing in this state. */
export type Transition<At extends Purchase['at'], K extends EventKey> = (
  state: PurchaseIn<At>,
  moment: Moment<K>,
) => Step | undefined;
