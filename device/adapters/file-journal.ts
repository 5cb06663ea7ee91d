import {
  closeSync,
  existsSync,
  fchmodSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { concatBytes } from '../../protocol/bytes.ts';
import { StoreError } from '../errors.ts';
import type { Journal, Random, Stop } from '../ports.ts';
import { holdLock } from './file-lock.ts';
import { closed, codeOf, full, isOutOfSpace, putOff, RESTORE, shortWrite, tooLarge } from './journal-faults.ts';
import {
  type HeaderFault,
  type JournalHeader,
  type JournalScan,
  MAX_APPEND_BYTES,
  makeFrame,
  makeHeader,
  readHeader,
  SALT_BYTES,
  scanJournal,
} from './journal-format.ts';
import {
  archivePath,
  archivesOf,
  type DirectoryIo,
  NODE_DIRECTORY_IO,
  nameArchive,
  nextPath,
  settleGenerations,
  takeOver,
} from './journal-generations.ts';

/** The calls that can fail on a sick disk; tests replace them. */
export interface JournalIo extends Partial<DirectoryIo> {
  readonly writeSync: (fd: number, bytes: Uint8Array, offset: number, length: number, position: number) => number;
  readonly fdatasyncSync: (fd: number) => void;
  readonly ftruncateSync: (fd: number, length: number) => void;
}

export interface FileJournal extends Journal {
  /** Bytes of a torn append that opening dropped: nothing in them was ever acknowledged. 0 after a clean end. */
  readonly droppedBytes: number;
}

const NODE_IO: JournalIo = { writeSync, fdatasyncSync, ftruncateSync };

/**
 * Opens the journal at `path`, or makes one, and holds it for this process alone until `close`. An append is one write and
 * one fdatasync; a torn one at the end, as a power cut leaves it, is cut off here (T26). An append that threw may be found
 * whole after a restart only if its sync failed, as after a crash between the write and the acknowledgement.
 * @throws StoreError `store-locked`, `store-altered`, `store-version`, `store-unreadable`, `store-failed`.
 */
export function openFileJournal(path: string, random: Random, io: JournalIo = NODE_IO): FileJournal {
  const release = holdLock(`${path}.lock`);
  const whole = { ...NODE_DIRECTORY_IO, ...io };
  let fd: number | undefined;
  try {
    settleGenerations(path, whole);
    if (!existsSync(path)) {
      if (archivesOf(path).length > 0)
        throw new StoreError('store-altered', `${path} is gone, its archive is not`, RESTORE);
      createFile(path, makeHeader(random.bytes(SALT_BYTES)), whole);
    }
    fd = openSync(path, 'r+');
    fchmodSync(fd, 0o600);
    const { header, scan, fileBytes } = readWhole(path);
    const droppedBytes = fileBytes - scan.goodBytes;
    if (droppedBytes > 0) {
      io.ftruncateSync(fd, scan.goodBytes);
      io.fdatasyncSync(fd);
    }
    return new OpenFile({ path, random, io: whole, release }, { fd, header, ...scan }, droppedBytes);
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    release();
    if (error instanceof StoreError) throw error;
    throw new StoreError(
      'store-unreadable',
      `cannot open ${path} (${codeOf(error)})`,
      'check owner and mode of the state directory',
    );
  }
}

interface Place {
  readonly path: string;
  readonly random: Random;
  readonly io: JournalIo & DirectoryIo;
  readonly release: Stop;
}

/** The file that is written: where its next frame goes, and which one that follows. */
interface Generation extends Pick<JournalScan, 'goodBytes' | 'check'> {
  readonly fd: number;
  readonly header: JournalHeader;
}

class OpenFile implements FileJournal {
  readonly droppedBytes: number;
  readonly #place: Place;
  #now: Generation;
  /** Why nothing may be written any more; reading stays possible after a failure. */
  #stopped: 'store-closed' | 'store-failed' | undefined;

  constructor(place: Place, generation: Generation, droppedBytes: number) {
    this.#place = place;
    this.#now = generation;
    this.droppedBytes = droppedBytes;
  }

  read(): Uint8Array[] {
    const { path } = this.#place;
    if (this.#stopped === 'store-closed') throw closed(path);
    return readWhole(path, this.#now.goodBytes).scan.records;
  }

  append(records: readonly Uint8Array[]): void {
    this.#mustWrite();
    if (records.length === 0) return;
    const { io } = this.#place;
    const { fd, header, check, goodBytes } = this.#now;
    const frame = frameOf(header, check, records);
    try {
      const written = io.writeSync(fd, frame.bytes, 0, frame.bytes.length, goodBytes);
      if (written < frame.bytes.length) throw shortWrite();
    } catch (error) {
      throw this.#giveUpWrite(error);
    }
    try {
      io.fdatasyncSync(fd);
    } catch (error) {
      // The kernel may have marked the lost pages clean: a second fsync would report success for data that is gone.
      throw this.#fail('syncing', error);
    }
    this.#now = { fd, header, goodBytes: goodBytes + frame.bytes.length, check: frame.check };
  }

  /** Until the new generation takes the name, a fault costs nothing but the attempt (T26). */
  rotate(first: readonly Uint8Array[]): boolean {
    this.#mustWrite();
    const { path, io } = this.#place;
    let next: Generation | undefined;
    let archive: string;
    try {
      next = this.#draft(first);
      archive = nameArchive(path, io);
    } catch (error) {
      if (next) closeSync(next.fd);
      rmSync(nextPath(path), { force: true });
      throw error instanceof StoreError ? error : putOff(path, error);
    }
    try {
      takeOver(path, archive, io);
    } catch (error) {
      closeSync(next.fd);
      throw this.#fail('closing off', error);
    }
    closeSync(this.#now.fd);
    this.#now = next;
    return true;
  }

  *archives(): Iterable<readonly Uint8Array[]> {
    const { path } = this.#place;
    if (this.#stopped === 'store-closed') throw closed(path);
    for (const number of archivesOf(path)) {
      const archive = archivePath(path, number);
      const { scan, fileBytes } = readWhole(archive);
      // It was cut back to whole frames long before it was closed off.
      if (scan.goodBytes < fileBytes) throw new StoreError('store-altered', `${archive} ends in the middle`, RESTORE);
      yield scan.records;
    }
  }

  close(): void {
    if (this.#stopped === 'store-closed') return;
    this.#stopped = 'store-closed';
    closeSync(this.#now.fd);
    this.#place.release();
  }

  /** The whole new generation under a name that nobody reads, synced. */
  #draft(first: readonly Uint8Array[]): Generation {
    const { path, io, random } = this.#place;
    const header = makeHeader(random.bytes(SALT_BYTES));
    const frames: Uint8Array[] = [header.bytes];
    let { check } = header;
    for (const record of first) {
      const frame = frameOf(header, check, [record]);
      frames.push(frame.bytes);
      check = frame.check;
    }
    const bytes = concatBytes(...frames);
    rmSync(nextPath(path), { force: true });
    const fd = openSync(nextPath(path), 'wx+', 0o600);
    try {
      if (io.writeSync(fd, bytes, 0, bytes.length, 0) < bytes.length) throw shortWrite();
      io.fdatasyncSync(fd);
      return { fd, header, goodBytes: bytes.length, check };
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  #mustWrite(): void {
    if (this.#stopped === 'store-closed') throw closed(this.#place.path);
    if (this.#stopped === 'store-failed') throw this.#fail('an earlier write to', { code: 'EIO' });
  }

  /** After ENOSPC the file goes back to its last good length: a half-written frame must not meet the next append. */
  #giveUpWrite(error: unknown): StoreError {
    try {
      this.#place.io.ftruncateSync(this.#now.fd, this.#now.goodBytes);
    } catch (truncateError) {
      return this.#fail('cutting back', truncateError);
    }
    return isOutOfSpace(error) ? full(this.#place.path, error) : this.#fail('writing', error);
  }

  #fail(doing: string, error: unknown): StoreError {
    this.#stopped = 'store-failed';
    return new StoreError(
      'store-failed',
      `${doing} ${this.#place.path} failed (${codeOf(error)})`,
      'restart the agent; replace the disk if it happens again',
    );
  }
}

/** @throws StoreError `store-too-large`. */
function frameOf(
  header: JournalHeader,
  check: Uint8Array,
  records: readonly Uint8Array[],
): ReturnType<typeof makeFrame> {
  const frame = makeFrame(header, check, records);
  if (frame.bytes.length > MAX_APPEND_BYTES) throw tooLarge(frame.bytes.length);
  return frame;
}

/** The whole header or no file: it gets its name only after it is on the disk, and the name is synced too. */
function createFile(path: string, header: JournalHeader, io: DirectoryIo): void {
  const draft = `${path}.new`;
  rmSync(draft, { force: true });
  const fd = openSync(draft, 'wx', 0o600);
  try {
    writeSync(fd, header.bytes);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(draft, path);
  io.syncDirectory(dirname(path));
}

const HEADER_FAULTS: Readonly<Record<HeaderFault, (path: string) => StoreError>> = {
  'not-a-journal': (path) => new StoreError('store-altered', `${path} does not begin like a journal`, RESTORE),
  altered: (path) => new StoreError('store-altered', `the header of ${path} is damaged`, RESTORE),
  'other-version': (path) =>
    new StoreError('store-version', `${path} has another format version`, 'run the version of act-edge that wrote it'),
};

/** Reads up to `limitBytes`: what a failed append left behind that is not part of the journal. */
function readWhole(path: string, limitBytes?: number): { header: JournalHeader; scan: JournalScan; fileBytes: number } {
  const file = readFileSync(path).subarray(0, limitBytes);
  const header = readHeader(file);
  if (typeof header === 'string') throw HEADER_FAULTS[header](path);
  const scan = scanJournal(file, header);
  if (scan.altered) {
    throw new StoreError('store-altered', `${path} was changed at byte ${scan.goodBytes}, before its end`, RESTORE);
  }
  return { header, scan, fileBytes: file.length };
}
