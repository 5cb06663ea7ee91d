/** What the agent does when nobody says anything: one alarm for each name, the earliest first. */
import type { EpochMs } from '../../protocol/index.ts';
import type { Outgoing } from './handler.ts';

interface Alarm {
  readonly at: EpochMs;
  /** Among alarms of one time, the one that was set first rings first. */
  readonly order: number;
  readonly name: string;
  ring(now: EpochMs): readonly Outgoing[];
}

/**
 * A binary heap; an alarm that was moved or cleared stays in it until it comes up or until such ones are the greater part.
 * Thousands of delegations set and clear theirs with each frame.
 */
export class Alarms {
  #heap: Alarm[] = [];
  readonly #set = new Map<string, Alarm>();
  #order = 0;

  /** Rings at this time, or with the next tick if it is past; instead of the alarm of that name there was. */
  set(name: string, at: EpochMs, ring: Alarm['ring']): void {
    const alarm = { at, order: this.#order++, name, ring };
    this.#set.set(name, alarm);
    this.#push(alarm);
    if (this.#heap.length > 2 * this.#set.size + 64) this.#tidy();
  }

  clear(name: string): void {
    this.#set.delete(name);
  }

  wakeAt(): EpochMs | undefined {
    for (;;) {
      const [first] = this.#heap;
      if (first === undefined || this.#isSet(first)) return first?.at;
      this.#pop();
    }
  }

  /** Rings all that is due by now, also what was set for now meanwhile. */
  tick(now: EpochMs): readonly Outgoing[] {
    const said: Outgoing[] = [];
    for (let at = this.wakeAt(); at !== undefined && at <= now; at = this.wakeAt()) {
      const alarm = this.#pop();
      this.#set.delete(alarm.name);
      said.push(...alarm.ring(now));
    }
    return said;
  }

  #isSet(alarm: Alarm): boolean {
    return this.#set.get(alarm.name) === alarm;
  }

  #tidy(): void {
    this.#heap = [...this.#set.values()].sort((a, b) => (isBefore(a, b) ? -1 : 1));
  }

  #push(alarm: Alarm): void {
    const heap = this.#heap;
    let at = heap.push(alarm) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(alarm, heap[parent] as Alarm)) break;
      heap[at] = heap[parent] as Alarm;
      at = parent;
    }
    heap[at] = alarm;
  }

  #pop(): Alarm {
    const heap = this.#heap;
    const first = heap[0] as Alarm;
    const last = heap.pop() as Alarm;
    if (heap.length > 0) this.#sink(last);
    return first;
  }

  /** Puts an alarm in the place of the first one and lets it down to where it belongs. */
  #sink(alarm: Alarm): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const child = right < heap.length && isBefore(heap[right] as Alarm, heap[left] as Alarm) ? right : left;
      if (!isBefore(heap[child] as Alarm, alarm)) break;
      heap[at] = heap[child] as Alarm;
      at = child;
    }
    heap[at] = alarm;
  }
}

function isBefore(one: Alarm, other: Alarm): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
