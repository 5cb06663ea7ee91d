/**
 * What keeps a device from having two pasts (T26, T27): for each device its newest checkpoint. A checkpoint is cosigned only
 * where it is proved to add to the one before; otherwise the device is shown that one.
 */
import {
  cosign,
  type EpochMs,
  type NoteKey,
  type NoteSigner,
  type OpenedCheckpoint,
  openCheckpoint,
  ProtocolError,
  secondsOf,
  verifyConsistency,
} from '../../protocol/index.ts';
import type { FrameOf, Reaction } from './handler.ts';

export interface WitnessParts {
  readonly signer: NoteSigner;
  /** Under which name and key a device signs its checkpoints. */
  readonly deviceKey: (device: string) => NoteKey | undefined;
  /** Told of a device that has shown two histories of one length: it is for a person to look at. */
  readonly alarm: (code: 'journal-forked', detail: { readonly device: string }) => void;
}

interface Seen {
  readonly note: string;
  readonly head: OpenedCheckpoint;
}

export class Witness {
  readonly #parts: WitnessParts;
  readonly #newest = new Map<string, Seen>();

  constructor(parts: WitnessParts) {
    this.#parts = parts;
  }

  checkpoint({ from, body }: FrameOf<'journal-checkpoint'>, now: EpochMs): Reaction {
    const head = this.#opened(from.party, body.note);
    if (!head) return { drop: 'checkpoint-forged' };
    const newest = this.#newest.get(from.party);
    const answer = (content: { readonly line: string } | { readonly newest: string }): Reaction => [
      { to: from, message: { type: 'journal-cosignature', body: { requestId: body.requestId, ...content } } },
    ];
    if (newest && !this.#adds(from.party, newest.head, head, body)) return answer({ newest: newest.note });
    this.#newest.set(from.party, { note: body.note, head });
    return answer({ line: cosign(head, secondsOf(now), this.#parts.signer) });
  }

  /** Somebody has looked into it: what the device shows next is taken as its first. */
  accept(device: string): Reaction {
    this.#newest.delete(device);
    return [];
  }

  #opened(device: string, note: string): OpenedCheckpoint | undefined {
    const key = this.#parts.deviceKey(device);
    try {
      return key && openCheckpoint(note, key);
    } catch (error) {
      if (error instanceof ProtocolError) return undefined;
      throw error;
    }
  }

  #adds(device: string, newest: OpenedCheckpoint, head: OpenedCheckpoint, body: FrameOf<'journal-checkpoint'>['body']) {
    if (head.size === newest.size && !verifyConsistency(newest, head, []))
      this.#parts.alarm('journal-forked', { device });
    const isFrom = head.size === newest.size || body.from === newest.size;
    return isFrom && verifyConsistency(newest, head, head.size === newest.size ? [] : body.proof);
  }
}
