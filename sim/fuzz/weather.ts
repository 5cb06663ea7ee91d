/** What a fault can take hold of in a world: single deliveries, moments of processes, the passing of time, what services say. */
import type { Clock } from '../../device/index.ts';
import type { Moment } from '../life.ts';
import type { Delivery } from '../memory-broker.ts';
import type { Play } from '../play.ts';
import type { SeededRandom } from '../seeded-random.ts';

/** One thing a service is about to say, and when. */
export interface Saying {
  readonly payload: Uint8Array;
  readonly afterMs: number;
}

/** Works on the delays of a delivery's copies, in milliseconds: one entry a copy, none where it is lost. */
export type OnDelivery = (delivery: Delivery, delaysMs: readonly number[]) => readonly number[];
export type OnCopy = (payload: Uint8Array) => Uint8Array;
/** @throws PowerCut where the process is to die. */
export type OnMoment = (party: string, moment: Moment, disk: string | undefined) => void;
export type OnSay = (party: string, payload: Uint8Array) => readonly Saying[] | undefined;

/** Whether the PSP's books fail to answer a transaction: before it was made, or after it. */
export type OnBooks = () => 'before' | 'after' | undefined;

/** What a fault is given to do its work. Whatever it hooks in works only while there are faults. */
export interface Weather {
  readonly play: Play;
  readonly clock: Clock;
  readonly devices: readonly string[];
  readonly services: readonly string[];
  /** Takes down that the fault has struck. */
  struck(detail: string): void;
  onDelivery(hook: OnDelivery): void;
  onCopy(hook: OnCopy): void;
  onMoment(hook: OnMoment): void;
  onSay(hook: OnSay): void;
  onBooks(hook: OnBooks): void;
  /** Has a service say something besides, if it lives. */
  say(party: string, topic: string, payload: Uint8Array): void;
  /** Strikes again and again, at random times that are `meanMs` apart on average. */
  again(meanMs: number, strike: () => void): void;
  /** Does something later, even if the faults have stopped by then. */
  later(afterMs: number, act: () => void): void;
  /** What is to be put right when the faults stop. */
  inTheEnd(mend: () => void): void;
  /** Sets a party's own clock, in milliseconds ahead of the world's. */
  setClock(party: string, aheadMs: number): void;
}

export interface FaultRow {
  /** How many worlds have it, 0 to 1. */
  readonly odds: number;
  /** @param strength above 0, at most 1: how bad it is. @param random the fault's own stream. */
  readonly begin: (weather: Weather, strength: number, random: SeededRandom) => void;
}

/** Puts something right after a while, and when the faults stop at the latest. */
export function mendAfter(weather: Weather, afterMs: number, mend: () => void): void {
  weather.later(afterMs, mend);
  weather.inTheEnd(mend);
}

export function oneOf<T>(random: SeededRandom, list: readonly T[]): T {
  const one = list[random.below(list.length)];
  if (one === undefined) throw new Error('there is nothing to choose from');
  return one;
}

/** Says yes once in a while: costs one draw for each yes, and none for a no. @param mean how many calls there are to one yes. */
export function nowAndThen(random: SeededRandom, mean: number): () => boolean {
  const draw = () => 1 + random.below(Math.max(1, Math.round(2 * mean)));
  let left = draw();
  return () => {
    left -= 1;
    if (left > 0) return false;
    left = draw();
    return true;
  };
}
