/**
 * Gets checkpoints cosigned by somebody else, so that a device put back to an older state, or one with two pasts, cannot hide
 * it (T26, T27). Only the newest checkpoint matters; it is offered again until it is answered, and never holds anything up.
 */
import { type JournalCheckpoint, type JournalCosignature, type NoteKey, newId } from '../../protocol/index.ts';
import { StoreError } from '../errors.ts';
import type { Clock, Random, Stop } from '../ports.ts';
import { type History, judgeWitnessed, openedOwn, ownNote } from './history.ts';
import type { JournalTree } from './journal-tree.ts';

/** How soon an offer that nobody answered is made again: doubling between these. */
export const OFFER_AGAIN_MS = { first: 5_000, most: 600_000 } as const;
/** So far a witness's clock may be ahead of ours before its time is nonsense. */
const COSIGNED_AHEAD_MS = 86_400_000;

export interface WitnessingParts {
  readonly tree: JournalTree;
  /** The device's own key and those before it. */
  readonly own: readonly NoteKey[];
  readonly witness: NoteKey;
  readonly clock: Clock;
  readonly random: Random;
  readonly send: (checkpoint: JournalCheckpoint) => void;
  /** A note with the witness's line, to be kept. */
  readonly keep: (cosigned: string) => void;
  /** The witness has seen more than there is, or something else: this note. */
  readonly onBroken: (history: Extract<History, { kind: 'broken' }>, newest: string) => void;
  /** The archive is not there that tells whether the witness is right: nothing is offered or judged now. */
  readonly onUnreadable: (error: StoreError) => void;
}

export class Witnessing {
  readonly #parts: WitnessingParts;
  /** What is to be cosigned, and how many records the witness is known to have counted. */
  #offer: { readonly note: string; readonly requestId: string } | undefined;
  #from: number;
  #waitMs: number = OFFER_AGAIN_MS.first;
  #timer: Stop | undefined;
  /** What it has cosigned last in this life. */
  #done: string | undefined;

  /** @param kept the notes that are kept, oldest first: the newest with the witness's line tells how far it has counted. */
  constructor(parts: WitnessingParts, kept: readonly string[]) {
    this.#parts = parts;
    this.#from = Math.max(0, ...kept.map((note) => this.#cosignedSize(note)));
  }

  #cosignedSize(note: string): number {
    const { own, witness } = this.#parts;
    const opened = openedOwn(note, own);
    return opened?.cosignedAt(witness) === undefined ? 0 : opened.size;
  }

  /** Offers a checkpoint in place of the one before, unless it is cosigned; lines of witnesses below it are left out. */
  offer(checkpoint: string): void {
    const note = ownNote(checkpoint, this.#parts.own);
    if (note === this.#done) return;
    this.#waitMs = OFFER_AGAIN_MS.first;
    this.#send(note);
  }

  stop(): void {
    this.#timer?.();
    this.#offer = undefined;
  }

  #send(note: string): void {
    const { clock, random, tree, own } = this.#parts;
    const size = openedOwn(note, own)?.size ?? 0;
    const from = Math.min(this.#from, size);
    const requestId = newId(random.bytes(16));
    this.#offer = { note, requestId };
    const proof = this.#readable(() => (from === 0 ? [] : tree.consistencyBetween(from, size)));
    if (proof) this.#parts.send({ requestId, note, from, proof: [...proof] });
    // Answered already, by one that answers inside the call.
    if (this.#offer?.requestId !== requestId) return;
    this.#timer?.();
    this.#timer = clock.after(this.#waitMs, () => this.#send(note));
    this.#waitMs = Math.min(2 * this.#waitMs, OFFER_AGAIN_MS.most);
  }

  /** The witness's answer. One that fits nothing that was offered last is passed over (T4). */
  answered({ requestId, line, newest }: JournalCosignature): void {
    const offer = this.#offer;
    if (!offer || requestId !== offer.requestId) return;
    if (line !== undefined) this.#cosigned(offer.note, line);
    else if (newest !== undefined) this.#contradicted(offer.note, newest);
  }

  #cosigned(note: string, line: string): void {
    const { own, witness, clock, keep } = this.#parts;
    const cosigned = note + line;
    const checkpoint = openedOwn(cosigned, own);
    const at = checkpoint?.cosignedAt(witness);
    if (!checkpoint || at === undefined || at * 1_000 > clock.now() + COSIGNED_AHEAD_MS) return;
    this.#from = checkpoint.size;
    this.#done = note;
    this.stop();
    keep(cosigned);
  }

  #contradicted(note: string, newest: string): void {
    const { tree, own, onBroken } = this.#parts;
    const history = this.#readable(() => judgeWitnessed(tree, newest, own));
    if (!history) return;
    if (history.kind === 'broken') {
      this.stop();
      onBroken(history, newest);
    } else if (history.checkpointed > 0 && history.checkpointed !== this.#from) {
      // It has counted otherwise than was known here, for example because its answer was lost.
      this.#from = history.checkpointed;
      this.#send(note);
    }
  }

  #readable<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#parts.onUnreadable(error);
      return undefined;
    }
  }
}
