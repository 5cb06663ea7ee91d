/** What a service decides, apart from how it is reached: frames in, messages out, the same for the same input. */
import type { EpochMs, FrameType, Message, OpenFrame, Party } from '../../protocol/index.ts';
import type { DelegationLedger } from '../ledger/delegation-ledger.ts';

export interface Outgoing {
  readonly to: Party;
  readonly message: Message;
}

/** The frame is genuine but gets no answer, the command is not carried out as it was said; the code is counted and logged. */
export interface Drop {
  readonly drop: string;
  /** What is said to others all the same. */
  readonly also?: readonly Outgoing[];
}

export type Reaction = readonly Outgoing[] | Drop;

/**
 * One service's whole knowledge. What it answers depends on the frames, ticks and times it was given and on nothing else:
 * a service that is started again is given the same ones from its journal and then knows what it knew.
 */
export interface Handler {
  handle(frame: OpenFrame, now: EpochMs): Reaction;
  /** When {@link tick} matters next; absent or `undefined` when only a frame does. After a tick it lies in the future. */
  wakeAt?(): EpochMs | undefined;
  tick?(now: EpochMs): readonly Outgoing[];
  /** What the operator orders, in a few words; absent where there is nothing to order. */
  command?(words: string, now: EpochMs): Reaction;
  /** The books of delegated payments, with what has become of each delegation; only a PSP has any. */
  readonly delegations?: Pick<DelegationLedger, 'passages'>;
}

export type FrameOf<T extends FrameType> = Extract<OpenFrame, { type: T }>;

/** What a service does with each frame type it understands. */
export type Reactions = { readonly [T in FrameType]?: (frame: FrameOf<T>, now: EpochMs) => Reaction };

/** Looks up and runs the reaction to a frame. */
export function react(reactions: Reactions, frame: OpenFrame, now: EpochMs): Reaction {
  const reaction = reactions[frame.type] as ((frame: OpenFrame, now: EpochMs) => Reaction) | undefined;
  return reaction === undefined ? { drop: 'unhandled' } : reaction(frame, now);
}
