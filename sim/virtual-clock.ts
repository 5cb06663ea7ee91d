/** Time that passes only when it is told to. Events at the same instant fire in the order in which they were set. */

import type { Clock, Stop } from '../device/index.ts';
import type { EpochMs } from '../protocol/index.ts';

interface Alarm {
  readonly at: number;
  readonly order: number;
  fire: (() => void) | undefined;
}

export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  /** A binary heap: the earliest alarm first. */
  readonly #heap: Alarm[] = [];

  constructor(start: EpochMs) {
    this.#now = start;
  }

  now(): EpochMs {
    return this.#now as EpochMs;
  }

  after(delayMs: number, fire: () => void): Stop {
    const alarm: Alarm = { at: this.#now + Math.max(0, Math.ceil(delayMs)), order: this.#order++, fire };
    this.#push(alarm);
    return () => {
      alarm.fire = undefined;
    };
  }

  /** Goes to the next alarm and fires it. @returns false when none is set. */
  step(): boolean {
    for (let alarm = this.#pop(); alarm; alarm = this.#pop()) {
      const { fire } = alarm;
      if (!fire) continue;
      this.#now = Math.max(this.#now, alarm.at);
      fire();
      return true;
    }
    return false;
  }

  /** Fires all that is due within `ms`, then stands at that instant. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (let at = this.nextAt(); at !== undefined && at <= until; at = this.nextAt()) this.step();
    this.#now = until;
  }

  /** When the next alarm fires. */
  nextAt(): EpochMs | undefined {
    for (let alarm = this.#heap[0]; alarm; alarm = this.#heap[0]) {
      if (alarm.fire) return alarm.at as EpochMs;
      this.#pop();
    }
    return undefined;
  }

  /** Moves the wall clock without letting time pass, as a user or a time server does; alarms keep their distance. */
  jump(ms: number): void {
    this.#now += ms;
    const alarms = this.#heap.splice(0).map((alarm) => Object.assign(alarm, { at: alarm.at + ms }));
    for (const alarm of alarms) this.#push(alarm);
  }

  #before(a: Alarm, b: Alarm): boolean {
    return a.at < b.at || (a.at === b.at && a.order < b.order);
  }

  #push(alarm: Alarm): void {
    const heap = this.#heap;
    let i = heap.push(alarm) - 1;
    for (let up = (i - 1) >> 1; i > 0; i = up, up = (i - 1) >> 1) {
      const parent = heap[up] as Alarm;
      if (!this.#before(alarm, parent)) break;
      heap[i] = parent;
      heap[up] = alarm;
    }
  }

  #pop(): Alarm | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!last || heap.length === 0) return first;
    heap[0] = last;
    for (let i = 0; ; ) {
      const left = 2 * i + 1;
      const right = left + 1;
      let least = i;
      if (left < heap.length && this.#before(heap[left] as Alarm, heap[least] as Alarm)) least = left;
      if (right < heap.length && this.#before(heap[right] as Alarm, heap[least] as Alarm)) least = right;
      if (least === i) return first;
      const moved = heap[i] as Alarm;
      heap[i] = heap[least] as Alarm;
      heap[least] = moved;
      i = least;
    }
  }
}
