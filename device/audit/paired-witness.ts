/**
 * What the app of a paired phone does for a device's journal: it keeps the newest checkpoint of each journal it is paired with,
 * cosigns what is proved to add to it, and shows the device what it has where something else comes (T26, T27). What the app
 * reaches the device by, BLE or a socket, is no business of this.
 */
import type { EpochSeconds, JournalCheckpoint, JournalCosignature, NoteKey, NoteSigner } from '../../protocol/index.ts';
import { fromUtf8, ProtocolError, secondsOf, utf8 } from '../../protocol/index.ts';
import { StoreError } from '../errors.ts';
import type { Clock, Journal, Log } from '../ports.ts';
import { CheckpointWitness } from './checkpoint-witness.ts';

/** So many entries of the store, and it begins anew with the newest of each journal. */
const MAX_ENTRIES = 256;

export interface PairedWitnessOptions {
  /** Holds what was seen: a phone that forgot it would cosign another past. */
  readonly store: Journal;
  readonly signer: NoteSigner;
  /** The names and keys of the journals it is paired with, of one name the newest first. */
  readonly journals: readonly NoteKey[];
  /** Keys of theirs that were replaced: what it has seen under one of them still counts (T26). */
  readonly formerKeys?: readonly NoteKey[];
  readonly clock: Clock;
  readonly log: Log;
}

/** An entry of the store: a note with this witness's line, or that somebody has looked into a journal. */
type Entry = { readonly note: string } | { readonly accepted: string };

export class PairedWitness {
  readonly #options: PairedWitnessOptions;
  readonly #witness: CheckpointWitness;
  /** The newest notes that no key opens, by journal: what cannot be compared is not forgotten, either. */
  readonly #unreadable = new Map<string, string>();
  #entries = 0;

  /** @throws StoreError as the store does. */
  constructor(options: PairedWitnessOptions) {
    const { store, signer, journals, formerKeys = [], log } = options;
    this.#options = options;
    this.#witness = new CheckpointWitness({
      signer,
      keysOf: (journal) => journals.filter(({ name }) => name === journal),
      formerKeysOf: (journal) => formerKeys.filter(({ name }) => name === journal),
      alarm: (code, journal) => log.write('error', code, { journal }),
    });
    for (const bytes of store.read()) {
      const entry = JSON.parse(fromUtf8(bytes)) as Entry;
      if ('note' in entry) this.#remember(entry.note);
      else this.#forget(entry.accepted);
      this.#entries++;
    }
    for (const journal of this.#unreadable.keys()) log.write('error', 'journal-note-unreadable', { journal });
  }

  /** Answers one offer; nothing where it is none of its business or cannot be made durable: the device offers it again. */
  answer({ requestId, note, from, proof }: JournalCheckpoint): JournalCosignature | undefined {
    const { log } = this.#options;
    const journal = journalOf(note);
    // What it has seen last may be more than this: only somebody who has looked into it can tell.
    if (this.#unreadable.has(journal)) return undefined;
    const at = this.#now();
    const judged = at && this.#witness.judge(journal, { note, from, proof }, at);
    if (!judged) return undefined;
    const { answer } = judged;
    if ('line' in answer) {
      const cosigned = note + answer.line;
      if (!this.#keep({ note: cosigned })) return undefined;
      this.#remember(cosigned);
    } else log.write('warn', 'journal-contradicts', { journal });
    return { requestId, ...answer };
  }

  /** `undefined` while the clock was never set: nothing is signed with a time that is none. */
  #now(): EpochSeconds | undefined {
    try {
      return secondsOf(this.#options.clock.now());
    } catch (error) {
      if (error instanceof ProtocolError) return undefined;
      throw error;
    }
  }

  /** Somebody has looked into it: what the device shows next is taken as its first. @returns false where it cannot be kept. */
  accept(journal: string): boolean {
    if (!this.#keep({ accepted: journal })) return false;
    this.#forget(journal);
    return true;
  }

  #remember(note: string): void {
    const journal = journalOf(note);
    if (this.#witness.remember(journal, note)) this.#unreadable.delete(journal);
    else this.#unreadable.set(journal, note);
  }

  #forget(journal: string): void {
    this.#witness.forget(journal);
    this.#unreadable.delete(journal);
  }

  #keep(entry: Entry): boolean {
    const isKept = this.#done(() => this.#options.store.append([bytesOf(entry)]));
    if (isKept && ++this.#entries >= MAX_ENTRIES) this.#beginAnew(entry);
    return isKept;
  }

  /** Where that fails, the store only stays long: what was kept is durable all the same. */
  #beginAnew(last: Entry): void {
    const { store, journals } = this.#options;
    const names = [...new Set(journals.map(({ name }) => name))];
    const newest = names.flatMap((name) => this.#witness.newestOf(name) ?? []);
    const notes = [...newest, ...this.#unreadable.values()].map((note): Entry => ({ note }));
    const first = [...notes, last];
    this.#done(() => {
      if (store.rotate?.(first.map(bytesOf))) this.#entries = first.length;
    });
  }

  #done(step: () => void): boolean {
    try {
      step();
      return true;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#options.log.write('error', error.code);
      return false;
    }
  }
}

function bytesOf(entry: Entry): Uint8Array {
  return utf8(JSON.stringify(entry));
}

/** A note begins with the name of its journal. */
function journalOf(note: string): string {
  return note.slice(0, Math.max(0, note.indexOf('\n')));
}
