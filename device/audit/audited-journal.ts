/**
 * A journal that can be held to what it said: its records make up a Merkle tree, and now and then the device signs the tree's
 * head. Checkpoints lie in a journal of their own and go to witnesses; they follow what they count and never hold it up.
 */
import {
  equalBytes,
  fromUtf8,
  leafHash,
  type NoteKey,
  type NoteSigner,
  signCheckpoint,
  utf8,
} from '../../protocol/index.ts';
import { StoreError } from '../errors.ts';
import { baseOf } from '../journal-record.ts';
import type { Clock, Journal, Log, Stop } from '../ports.ts';
import { type History, judgeHistory } from './history.ts';
import { JournalTree, type TreeBase } from './journal-tree.ts';

/** A checkpoint is due after so many records, or so long after the first that none has counted (design 8). */
export const CHECKPOINT_RECORDS = 64;
export const CHECKPOINT_MS = 60_000;
/** So many of the newest go along into a new generation, cosigned ones among them; the others stay in their own archive. */
const CARRIED_CHECKPOINTS = 256;

export interface AuditedJournalParts {
  readonly journal: Journal;
  /** Holds the checkpoints and nothing else. */
  readonly checkpoints: Journal;
  /** The device's own name and key for them. */
  readonly signer: NoteSigner;
  /** Every key that the device has signed with so far; the signer's alone where it is left out. */
  readonly ownKeys?: readonly NoteKey[];
  readonly clock: Clock;
  readonly log: Log;
  /** Told of each checkpoint as soon as it is durable. */
  readonly onCheckpoint?: (note: string) => void;
  /** Whether a witness has contradicted the history since: it is not signed over then, either (T27). */
  readonly isBroken?: () => boolean;
}

/**
 * `rotate` takes records the first of which carries the tree's base (`carried.base`), and is put off until a checkpoint counts
 * all that is closed off. A broken history is never closed off.
 */
export interface AuditedJournal extends Journal {
  rotate(first: readonly Uint8Array[]): boolean;
  /** What was found when it was opened. */
  readonly history: History;
  readonly tree: JournalTree;
  /** Signs the tree as it stands, if anything was added since; after a payment, for example. */
  checkpoint(): void;
}

/**
 * Opens a journal and compares it with its checkpoints. A broken history is told, not thrown: the records are still the best
 * there is, and who uses them decides what may be done with them.
 * @throws StoreError as the two journals do.
 */
export function auditJournal(parts: AuditedJournalParts): AuditedJournal {
  return new Audited(parts);
}

class Audited implements AuditedJournal {
  readonly tree: JournalTree;
  readonly history: History;
  readonly #parts: AuditedJournalParts;
  #signed: number;
  #timer: Stop | undefined;

  constructor(parts: AuditedJournalParts) {
    this.#parts = parts;
    const records = parts.journal.read();
    this.tree = new JournalTree(baseOf(records[0]), () => olderLeaves(parts.journal));
    for (const record of records) this.tree.append(record);
    const notes = parts.checkpoints.read().map(fromUtf8);
    this.history = judgeHistory(this.tree, notes, parts.ownKeys ?? [parts.signer]);
    this.#signed = this.history.kind === 'sound' ? this.history.checkpointed : this.tree.size;
    this.#plan();
  }

  read(): Uint8Array[] {
    return this.#parts.journal.read();
  }

  append(records: readonly Uint8Array[]): void {
    this.#parts.journal.append(records);
    for (const record of records) this.tree.append(record);
    if (this.tree.size - this.#signed >= CHECKPOINT_RECORDS) this.checkpoint();
    else this.#plan();
  }

  /** The checkpoint first: what is in the archive is vouched for by a signature, not by whoever can write the file (T26). */
  rotate(first: readonly Uint8Array[]): boolean {
    const { journal, checkpoints, log } = this.#parts;
    if (!journal.rotate || this.history.kind === 'broken') return false;
    if (!isSameBase(baseOf(first[0]), this.tree.frontier())) throw new Error('a generation begins with another tree');
    this.checkpoint();
    if (this.#signed !== this.tree.size || !journal.rotate(first)) return false;
    this.tree.rebase();
    for (const record of first) this.tree.append(record);
    this.#plan();
    try {
      checkpoints.rotate?.(checkpoints.read().slice(-CARRIED_CHECKPOINTS));
    } catch (error) {
      // Too many are kept then, until the next time.
      if (!(error instanceof StoreError)) throw error;
      log.write('error', error.code);
    }
    return true;
  }

  archives(): Iterable<readonly Uint8Array[]> {
    return this.#parts.journal.archives?.() ?? [];
  }

  checkpoint(): void {
    // A broken history is not signed over: the next checkpoint is made by whoever resolves it.
    if (this.history.kind === 'broken' || this.tree.size === this.#signed) return;
    const { checkpoints, signer, log, onCheckpoint, isBroken } = this.#parts;
    if (isBroken?.()) return;
    const note = signCheckpoint({ origin: signer.name, ...this.tree.head }, signer);
    try {
      checkpoints.append([utf8(note)]);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      log.write('error', error.code);
      this.#plan();
      return;
    }
    this.#signed = this.tree.size;
    this.#timer?.();
    this.#timer = undefined;
    onCheckpoint?.(note);
  }

  close(): void {
    this.checkpoint();
    this.#timer?.();
    this.#parts.checkpoints.close();
    this.#parts.journal.close();
  }

  /** Sees to it that what no checkpoint counts is counted in time. */
  #plan(): void {
    if (this.history.kind === 'broken' || this.tree.size === this.#signed || this.#timer) return;
    if (this.#parts.isBroken?.()) return;
    this.#timer = this.#parts.clock.after(CHECKPOINT_MS, () => {
      this.#timer = undefined;
      this.checkpoint();
    });
  }
}

function isSameBase(one: TreeBase | undefined, other: TreeBase): boolean {
  const isSize = one?.size === other.size && one.roots.length === other.roots.length;
  return isSize && other.roots.every((root, i) => equalBytes(root, one.roots[i] as Uint8Array));
}

/** The hashes of all records in the archive, which has to go back to the first. */
function olderLeaves(journal: Journal): readonly Uint8Array[] {
  const leaves: Uint8Array[] = [];
  for (const records of journal.archives?.() ?? []) for (const record of records) leaves.push(leafHash(record));
  return leaves;
}
