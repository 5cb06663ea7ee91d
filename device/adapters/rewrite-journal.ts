/** Puts a journal in the place of another that must not be readable any more. */
import { existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { StoreError } from '../errors.ts';
import type { Journal } from '../ports.ts';
import { eraseFile } from './durable-file.ts';
import { type JournalSealing, openSealedJournal } from './sealed-journal.ts';

/** So many records go into one append, far below what it may take. */
const AT_ONCE = 64;

export interface Rewritten {
  readonly kept: number;
  readonly dropped: number;
}

/**
 * Writes the journal at `path` anew without some of its records, under a key of its own, and overwrites the old file. At every
 * moment one of the two is there whole; a crash leaves at most the old one beside it, which the next call overwrites.
 * What a flash disk or a copying file system keeps of older blocks stays sealed under a key that is gone with them.
 * @param keep which records stay, of all in order; `writtenAt` is when the last was written, in ms since 1970.
 * @throws StoreError as {@link openSealedJournal}: `store-locked` while another process has it.
 */
export function rewriteSealedJournal(
  sealing: JournalSealing,
  keep: (records: readonly Uint8Array[], writtenAt: number) => readonly Uint8Array[],
): Rewritten {
  const { path } = sealing;
  const [next, old] = [`${path}.rewritten`, `${path}.old`];
  if (!existsSync(path)) return { kept: 0, dropped: 0 };
  const writtenAt = statSync(path).mtimeMs;
  // Held until the new one is in its place, so that nobody appends to a file that is about to go.
  const journal = openSealedJournal(sealing);
  try {
    tidyUp(path, next, old);
    const records = journal.read();
    const kept = keep(records, writtenAt);
    const dropped = records.length - kept.length;
    if (dropped > 0) {
      writeAll(openSealedJournal({ ...sealing, path: next }), kept);
      takeOver(path, next, old);
    }
    return { kept: kept.length, dropped };
  } finally {
    journal.close();
  }
}

/** After a crash between the two steps of taking over, the old name is a second one of the file that still counts. */
function tidyUp(path: string, next: string, old: string): void {
  if (statSync(old, { throwIfNoEntry: false })?.ino === statSync(path).ino) rmSync(old);
  else eraseFile(old);
  rmSync(next, { force: true });
}

function writeAll(journal: Journal, records: readonly Uint8Array[]): void {
  try {
    for (let at = 0; at < records.length; at += AT_ONCE) journal.append(records.slice(at, at + AT_ONCE));
  } finally {
    journal.close();
  }
}

function takeOver(path: string, next: string, old: string): void {
  try {
    linkSync(path, old);
    renameSync(next, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StoreError(
      'store-failed',
      `replacing ${path} failed (${code})`,
      'check the state directory, then repeat',
    );
  }
  eraseFile(old);
}
