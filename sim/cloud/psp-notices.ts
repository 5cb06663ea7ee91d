/**
 * What devices must hear of payments that were made without them: sent until they say that they keep it (T4, T29). Each
 * device has a queue of its own; what is not acknowledged is sent again in the order in which it happened.
 */
import type { Digest, EpochMs, Message } from '../../protocol/index.ts';
import type { FrameOf, Outgoing, Reaction } from './handler.ts';

/** How soon what nobody acknowledged is sent again: doubling between these, from the start after each acknowledgement. */
export const NOTICE_AGAIN_MS = { first: 2_000, most: 300_000 } as const;
/** How many are under way to one device; the others wait until some of these are kept. */
export const NOTICES_AT_ONCE = 8;
/** A device that is heard is told at once, but not more often than this. */
const HEARD_MS = 1_000;

interface Notice {
  readonly digest: Digest;
  readonly message: Message;
}

interface Queue {
  readonly notices: Notice[];
  /** How many of the first were sent. */
  sent: number;
  sentAt: EpochMs;
  nextAt: EpochMs;
  waitMs: number;
}

export class Notices {
  readonly #queues = new Map<string, Queue>();

  /** Once for each thing. @param digest of the signed object that the device is to keep; it is what the device acknowledges. */
  add(device: string, digest: Digest, message: Message, now: EpochMs): readonly Outgoing[] {
    const queue = this.#queues.get(device) ?? fresh(now);
    this.#queues.set(device, queue);
    // A queue that was empty has nothing to wait longer for.
    if (queue.notices.length === 0) restart(queue, now);
    queue.notices.push({ digest, message });
    return this.#sendMore(device, queue, now);
  }

  acknowledged({ from, body }: FrameOf<'notice-ack'>, now: EpochMs): Reaction {
    const queue = this.#queues.get(from.party);
    const at = queue?.notices.findIndex(({ digest }) => digest === body.digest) ?? -1;
    // Nothing that was not sent yet can be kept.
    if (!queue || at < 0 || at >= queue.sent) return { drop: 'notice-unknown' };
    queue.notices.splice(at, 1);
    queue.sent -= 1;
    restart(queue, now);
    return this.#sendMore(from.party, queue, now);
  }

  /** A device was heard: it can be reached now. */
  heard(device: string, now: EpochMs): readonly Outgoing[] {
    const queue = this.#queues.get(device);
    if (!queue || queue.notices.length === 0 || now < queue.sentAt + HEARD_MS) return [];
    return this.#sendAgain(device, queue, now);
  }

  wakeAt(): EpochMs | undefined {
    const times = [...this.#queues.values()].filter(({ notices }) => notices.length > 0).map(({ nextAt }) => nextAt);
    return times.length > 0 ? (Math.min(...times) as EpochMs) : undefined;
  }

  tick(now: EpochMs): readonly Outgoing[] {
    const due = [...this.#queues].filter(([, { notices, nextAt }]) => notices.length > 0 && nextAt <= now);
    return due.flatMap(([device, queue]) => this.#sendAgain(device, queue, now));
  }

  #sendMore(device: string, queue: Queue, now: EpochMs): readonly Outgoing[] {
    const more = queue.notices.slice(queue.sent, NOTICES_AT_ONCE);
    queue.sent += more.length;
    if (more.length > 0) queue.sentAt = now;
    return more.map((notice) => outgoing(device, notice));
  }

  #sendAgain(device: string, queue: Queue, now: EpochMs): readonly Outgoing[] {
    queue.sentAt = now;
    queue.nextAt = (now + queue.waitMs) as EpochMs;
    queue.waitMs = Math.min(queue.waitMs * 2, NOTICE_AGAIN_MS.most);
    return queue.notices.slice(0, queue.sent).map((notice) => outgoing(device, notice));
  }
}

function fresh(now: EpochMs): Queue {
  return { notices: [], sent: 0, sentAt: now, nextAt: now, waitMs: NOTICE_AGAIN_MS.first };
}

function restart(queue: Queue, now: EpochMs): void {
  queue.nextAt = (now + NOTICE_AGAIN_MS.first) as EpochMs;
  queue.waitMs = NOTICE_AGAIN_MS.first * 2;
}

function outgoing(device: string, { message }: Notice): Outgoing {
  return { to: { party: device, role: 'device' }, message };
}
