/** Reads a journal's file, or says why it cannot be the one that was written. */
import { readFileSync } from 'node:fs';
import { StoreError } from '../errors.ts';
import { RESTORE } from './journal-faults.ts';
import { type HeaderFault, type JournalHeader, type JournalScan, readHeader, scanJournal } from './journal-format.ts';

const HEADER_FAULTS: Readonly<Record<HeaderFault, (path: string) => StoreError>> = {
  'not-a-journal': (path) => new StoreError('store-altered', `${path} does not begin like a journal`, RESTORE),
  altered: (path) => new StoreError('store-altered', `the header of ${path} is damaged`, RESTORE),
  'other-version': (path) =>
    new StoreError('store-version', `${path} has another format version`, 'run the version of act-edge that wrote it'),
};

/**
 * Reads up to `limitBytes`: what a failed append left behind that is not part of the journal.
 * @throws StoreError `store-altered`, `store-version`.
 */
export function readWhole(
  path: string,
  limitBytes?: number,
): { header: JournalHeader; scan: JournalScan; fileBytes: number } {
  const file = readFileSync(path).subarray(0, limitBytes);
  const header = readHeader(file);
  if (typeof header === 'string') throw HEADER_FAULTS[header](path);
  const scan = scanJournal(file, header);
  if (scan.altered) {
    throw new StoreError('store-altered', `${path} was changed at byte ${scan.goodBytes}, before its end`, RESTORE);
  }
  return { header, scan, fileBytes: file.length };
}
