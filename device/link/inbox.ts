/** What comes in: a frame is acted on once, if it is genuine, meant for us and fresh (T1 to T5, T30). */
import {
  type EpochMs,
  FRAME_MAX_BYTES,
  type FramePeek,
  type FrameReader,
  type OpenFrame,
  openFrame,
  ProtocolError,
  peekFrame,
  secondsOf,
} from '../../protocol/index.ts';
import { SeenFrames } from './seen-frames.ts';
import { TokenBuckets } from './token-buckets.ts';

/** What one sender may send at once, and each second after that, before its frames are dropped unverified (T30). */
export const FRAMES_PER_SENDER = { burst: 64, perSecond: 16 } as const;
/** Frames remembered at once; only genuine frames are remembered, and each for little more than two minutes. */
export const MAX_REMEMBERED = 4096;

/** `seen`: a genuine frame again. Everything else is the code of the refusal. */
export type Arrival =
  | { readonly kind: 'frame'; readonly frame: OpenFrame }
  | { readonly kind: 'seen' }
  | { readonly kind: 'dropped'; readonly code: string };

export class Inbox {
  readonly #reader: FrameReader;
  readonly #seen = new SeenFrames();
  readonly #buckets = new TokenBuckets(FRAMES_PER_SENDER);

  constructor(reader: FrameReader) {
    this.#reader = reader;
  }

  /**
   * Looks at one message. Nothing is remembered yet: {@link remember} follows once the frame is durable.
   * @param topic one of the device's own: a flood on one leaves the other its rate (T30).
   */
  open(bytes: Uint8Array, now: EpochMs, topic = ''): Arrival {
    if (bytes.length > FRAME_MAX_BYTES) return { kind: 'dropped', code: 'frame-too-long' };
    try {
      const head = peekFrame(bytes);
      if (head.aud !== this.#reader.self.party) return { kind: 'dropped', code: 'frame-not-for-me' };
      // Only senders we know have a bucket, so that there are few of them.
      if (this.#reader.sessionOf(head.iss) === undefined) return { kind: 'dropped', code: 'frame-wrong-sender' };
      if (!this.#buckets.take(`${topic} ${head.iss}`, now) || this.#seen.size >= MAX_REMEMBERED)
        return { kind: 'dropped', code: 'link-flooded' };
      const frame = openFrame(bytes, this.#reader, secondsOf(now));
      return this.#seen.has(head) ? { kind: 'seen' } : { kind: 'frame', frame };
    } catch (error) {
      if (error instanceof ProtocolError) return { kind: 'dropped', code: error.code };
      throw error;
    }
  }

  /** Marks a frame as taken. Also used at start for the frames in the journal. */
  remember(frame: Pick<FramePeek, 'iss' | 'cti' | 'exp'>, now: EpochMs): void {
    this.#seen.add(frame, now);
  }

  /** The frames that were taken and could come again. */
  remembered(now: EpochMs): readonly Pick<FramePeek, 'iss' | 'cti' | 'exp'>[] {
    return this.#seen.all(now);
  }
}
