/** Which messages from the broker a service looks at: the cheap refusals first, the signature last (T1, T5, T30). */
import type { Directory } from '../../device/directory.ts';
import { SeenFrames } from '../../device/link/seen-frames.ts';
import { TokenBuckets } from '../../device/link/token-buckets.ts';
import {
  type EpochMs,
  equalBytes,
  type FramePeek,
  type FrameReader,
  type OpenFrame,
  openFrame,
  type Party,
  ProtocolError,
  parseTopic,
  peekFrame,
  SERVICE_SESSION,
  type SessionId,
  secondsOf,
} from '../../protocol/index.ts';
import type { Drop } from './handler.ts';

/** More than a purchase with all its retries needs; what a flood leaves of one party's frames is that party's loss (T30). */
export const FRAMES_PER_SENDER = { burst: 60, perSecond: 20 } as const;

interface Peeked {
  readonly payload: Uint8Array;
  readonly head: FramePeek;
}

let last: Peeked | undefined;

/** What a device publishes is brought to every service of a tenant: where they share a process, it is parsed for the first. */
function peeked(payload: Uint8Array): FramePeek {
  if (last && equalBytes(last.payload, payload)) return last.head;
  const head = peekFrame(payload);
  // A copy: what the transport writes into its buffer next is another frame (T12).
  last = { payload: new Uint8Array(payload), head };
  return head;
}

/** The enrolment session of each device; `undefined` for a device that is not enrolled. */
export type SessionOf = (device: string) => SessionId | undefined;

export class Inbox {
  readonly #self: Party;
  readonly #reader: FrameReader;
  readonly #roleOf: Directory['roleOf'];
  readonly #seen = new SeenFrames();
  readonly #buckets = new TokenBuckets(FRAMES_PER_SENDER);

  constructor(self: Party, directory: Directory, sessionOf: SessionOf) {
    this.#self = self;
    this.#roleOf = directory.roleOf;
    this.#reader = {
      tenant: directory.tenant,
      self,
      trust: directory.trust,
      sessionOf: (sender) => (this.#roleOf(sender) === 'device' ? sessionOf(sender) : SERVICE_SESSION),
    };
  }

  /** The verified frame, or why the message is dropped. */
  judge(topic: string, payload: Uint8Array, now: EpochMs): OpenFrame | Drop {
    try {
      return this.#judge(topic, payload, now);
    } catch (error) {
      if (error instanceof ProtocolError) return { drop: error.code };
      throw error;
    }
  }

  #judge(topic: string, payload: Uint8Array, now: EpochMs): OpenFrame | Drop {
    const source = parseTopic(topic);
    const device = source.kind === 'device' ? source.party : undefined;
    if (device !== undefined && this.#roleOf(device) !== 'device') return { drop: 'frame-wrong-sender' };
    // The broker lets a device publish on its own topic only, so this limit holds before anything was parsed.
    if (device !== undefined && !this.#buckets.take(device, now)) return { drop: 'rate-limited' };
    // Refuses by size before it parses (T21).
    const head = peeked(payload);
    if (head.aud !== this.#self.party) return { drop: 'not-for-me' };
    const role = this.#roleOf(head.iss);
    const isService = role !== undefined && role !== 'device';
    if (device === undefined ? !isService : head.iss !== device) return { drop: 'frame-wrong-sender' };
    if (this.#seen.has(head)) return { drop: 'duplicate' };
    if (device === undefined && !this.#buckets.take(head.iss, now)) return { drop: 'rate-limited' };
    return openFrame(payload, this.#reader, secondsOf(now));
  }

  /** Verifies a frame out of the journal as it was verified then. @throws ProtocolError if the directory has changed since. */
  reopen(frame: Uint8Array, at: EpochMs): OpenFrame {
    return openFrame(frame, this.#reader, secondsOf(at));
  }

  /** From now on the frame is a duplicate. To be called once it is stored, so that a frame that was not is taken again. */
  remember(frame: OpenFrame, now: EpochMs): void {
    this.#seen.add(frame, now);
  }
}
