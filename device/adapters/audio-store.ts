/** The sealed store of kept sound on a disk, whose records can be erased for good. */
import { chmodSync, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ErasableStore } from '../voice/audio-keeper.ts';
import { eraseFile } from './durable-file.ts';
import { type JournalIo, NODE_IO } from './file-journal.ts';
import { archivePath, archivesOf, nextPath } from './journal-generations.ts';
import { type JournalSealing, openSealedJournal } from './sealed-journal.ts';

export interface AudioStore extends ErasableStore {
  close(): void;
}

/** Overwrites and removes a store that nobody has open, old generations and all. @throws StoreError `store-failed`. */
export function eraseAudio(path: string): void {
  const directory = dirname(path);
  if (!existsSync(directory)) return;
  eraseArchives(path);
  for (const left of [path, nextPath(path)]) eraseFile(left);
}

function eraseArchives(path: string): void {
  for (const number of archivesOf(path)) {
    const archive = archivePath(path, number);
    // Nobody may write one that was closed off, its owner included.
    chmodSync(archive, 0o600);
    eraseFile(archive);
  }
}

/**
 * Opens the store, or makes one. Erasing begins a new generation with what stays, under a key of its own, then overwrites the
 * old one: what a flash disk or a copying file system keeps of older blocks stays sealed under a key that is gone with them.
 * What a crash left of an old generation is overwritten here, and so is a new one that came to nothing: it has sound in it.
 * @throws StoreError, DeviceError as `openSealedJournal`.
 */
export function openAudioStore(sealing: JournalSealing, io: JournalIo = NODE_IO): AudioStore {
  const { path } = sealing;
  const journal = openSealedJournal(sealing, { ...io, discard: eraseFile });
  eraseArchives(path);
  return {
    read: () => journal.read(),
    append(records) {
      // Each by itself: one of the longest utterances is more than half of what an append may take.
      for (const record of records) journal.append([record]);
    },
    keepOnly(records) {
      journal.rotate?.(records);
      eraseArchives(path);
    },
    close: () => journal.close(),
  };
}
