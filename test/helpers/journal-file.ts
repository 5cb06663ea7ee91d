/** The bytes of journals, read and made beside the programs: from copies on disk, and as somebody would who may write the file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { makeFrame, makeHeader, readHeader, SALT_BYTES, scanJournal } from '../../device/adapters/journal-format.ts';
import { type SealedBy, unseal } from '../../device/adapters/sealed-file.ts';
import {
  aboutJournal,
  type RecordSealing,
  readSealedHeader,
  recordSealing,
  unsealRecords,
} from '../../device/adapters/sealed-journal-format.ts';
import { concatBytes, hex } from '../../protocol/bytes.ts';

/** The whole records in the bytes of a journal file, as they lie there; an append that is on its way is not one yet. */
export function recordsIn(file: Uint8Array, path = 'the journal'): readonly Uint8Array[] {
  const header = readHeader(file);
  if (typeof header === 'string') throw new Error(`${path}: ${header}`);
  const { records, altered } = scanJournal(file, header);
  if (altered) throw new Error(`${path} was altered`);
  return records;
}

/** A journal file with these records, each in a frame of its own, that nothing in journal-format.ts can tell from a true one. */
export function writeForged(path: string, records: readonly Uint8Array[]): void {
  const header = makeHeader(new Uint8Array(SALT_BYTES).fill(7));
  let { check } = header;
  const frames = records.map((record) => {
    const frame = makeFrame(header, check, [record]);
    check = frame.check;
    return frame.bytes;
  });
  writeFileSync(path, concatBytes(header.bytes, ...frames));
}

/** Stretching the passphrase takes 0.1 s, so each file's key is made once. */
const sealings = new Map<string, RecordSealing>();

/** What a sealed journal file holds, in the clear; the program that has it open may go on. */
export function unsealedRecords(path: string, name: string, by: () => SealedBy): readonly Uint8Array[] {
  const [first, ...rest] = recordsIn(readFileSync(path), path);
  if (!first) return [];
  const known = sealings.get(hex(first)) ?? sealingOf(path, name, first, by());
  sealings.set(hex(first), known);
  const opened = unsealRecords(known, rest);
  if (typeof opened === 'number') throw new Error(`${path}: record ${opened + 1} does not open`);
  return opened.records;
}

function sealingOf(path: string, name: string, first: Uint8Array, by: SealedBy): RecordSealing {
  const header = readSealedHeader(first);
  if (typeof header === 'string') throw new Error(`${path}: ${header}`);
  const fileKey = unseal(path, header, aboutJournal(name), by);
  if (!fileKey) throw new Error(`${path} does not open`);
  return recordSealing(fileKey, first);
}
