/**
 * What keeps a device from having two pasts (T26, T27): for each journal its newest checkpoint. A checkpoint is cosigned only
 * where it is proved to add to the one before; otherwise the device is shown that one. The PSP is such a witness, a paired
 * phone another: neither has to trust the other or the device.
 */
import {
  cosign,
  type EpochSeconds,
  type JournalCheckpoint,
  type NoteKey,
  type NoteSigner,
  type OpenedCheckpoint,
  verifyConsistency,
} from '../../protocol/index.ts';
import { openedOwn } from './history.ts';

export interface CheckpointWitnessParts {
  readonly signer: NoteSigner;
  /** Under which name and keys a journal is signed for, the newest first; none for one that is none of its business. */
  readonly keysOf: (journal: string) => readonly NoteKey[];
  /** Keys that were replaced: they open what was seen in an earlier life, nothing new. */
  readonly formerKeysOf?: (journal: string) => readonly NoteKey[];
  /** Told of a journal that was shown with two histories of one length: it is for a person to look at. */
  readonly alarm: (code: 'journal-forked', journal: string) => void;
}

/** A line for the note that was shown, or the newest note that it does not go together with. */
export type WitnessAnswer = { readonly line: string } | { readonly newest: string };

interface Seen {
  readonly note: string;
  readonly head: OpenedCheckpoint;
}

export class CheckpointWitness {
  readonly #parts: CheckpointWitnessParts;
  readonly #newest = new Map<string, Seen>();

  constructor(parts: CheckpointWitnessParts) {
    this.#parts = parts;
  }

  /** What it has seen last of a journal. */
  newestOf(journal: string): string | undefined {
    return this.#newest.get(journal)?.note;
  }

  /**
   * Judges a checkpoint without taking note of it, so that it can be made durable in between.
   * @returns `undefined` for what is not signed for the journal; with a line, `take` is what makes it the newest.
   */
  judge(
    journal: string,
    { note, from, proof }: Omit<JournalCheckpoint, 'requestId'>,
    at: EpochSeconds,
  ): { readonly answer: WitnessAnswer; readonly take?: () => void } | undefined {
    const head = openedOwn(note, this.#parts.keysOf(journal));
    if (!head) return undefined;
    const newest = this.#newest.get(journal);
    if (newest && !this.#adds(journal, newest.head, head, { from, proof })) return { answer: { newest: newest.note } };
    const take = () => void this.#newest.set(journal, { note, head });
    return { answer: { line: cosign(head, at, this.#parts.signer) }, take };
  }

  /** Goes on from what it had seen in an earlier life. @returns whether it is signed for the journal. */
  remember(journal: string, note: string): boolean {
    const { keysOf, formerKeysOf } = this.#parts;
    const head = openedOwn(note, [...keysOf(journal), ...(formerKeysOf?.(journal) ?? [])]);
    if (head) this.#newest.set(journal, { note, head });
    return head !== undefined;
  }

  /** Somebody has looked into it: what the device shows next is taken as its first. */
  forget(journal: string): void {
    this.#newest.delete(journal);
  }

  #adds(
    journal: string,
    newest: OpenedCheckpoint,
    head: OpenedCheckpoint,
    { from, proof }: Pick<JournalCheckpoint, 'from' | 'proof'>,
  ): boolean {
    const isSameSize = head.size === newest.size;
    if (isSameSize && !verifyConsistency(newest, head, [])) this.#parts.alarm('journal-forked', journal);
    return (isSameSize || from === newest.size) && verifyConsistency(newest, head, isSameSize ? [] : proof);
  }
}
