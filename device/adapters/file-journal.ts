import {
  closeSync,
  existsSync,
  fchmodSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
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
  type JournalHeader,
  type JournalScan,
  MAX_APPEND_BYTES,
  makeFrame,
  makeHeader,
  SALT_BYTES,
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
import { cutBackTo, ROOM_BYTES, type Room, withRoom } from './journal-room.ts';
import { readWhole } from './read-journal.ts';

/** The calls that can fail on a sick disk; tests replace them. */
export interface JournalIo extends Partial<DirectoryIo> {
  readonly writeSync: (fd: number, bytes: Uint8Array, offset: number, length: number, position: number) => number;
  readonly fdatasyncSync: (fd: number) => void;
  readonly ftruncateSync: (fd: number, length: number) => void;
  /** The file grows by so many bytes at a time (journal-room.ts); left out, by what is appended. */
  readonly roomBytes?: number;
  /** Takes a new generation away that came to nothing, if there is one; left out, by its name alone. */
  readonly discard?: (path: string) => void;
}

export interface FileJournal extends Journal {
  /** Bytes of a torn append that opening dropped: nothing in them was ever acknowledged. 0 after a clean end. */
  readonly droppedBytes: number;
}

export const NODE_IO: JournalIo = { writeSync, fdatasyncSync, ftruncateSync, roomBytes: ROOM_BYTES };

/**
 * Opens the journal at `path`, or makes one, and holds it for this process alone until `close`. An append is one write and
 * one fdatasync; a torn one at the end, as a power cut leaves it, is cut off here (T26). An append that threw may be found
 * whole after a restart only if its sync failed, as after a crash between the write and the acknowledgement.
 * @throws StoreError `store-locked`, `store-altered`, `store-version`, `store-unreadable`, `store-failed`.
 */
export function openFileJournal(path: string, random: Random, io: JournalIo = NODE_IO): FileJournal {
  const release = holdLock(`${path}.lock`);
  const whole = { ...NODE_DIRECTORY_IO, discard, ...io };
  let fd: number | undefined;
  try {
    whole.discard(nextPath(path));
    settleGenerations(path, whole);
    if (!existsSync(path)) {
      if (archivesOf(path).length > 0)
        throw new StoreError('store-altered', `${path} is gone, its archive is not`, RESTORE);
      createFile(path, makeHeader(random.bytes(SALT_BYTES)), whole);
    }
    fd = openSync(path, 'r+');
    fchmodSync(fd, 0o600);
    const { header, scan, fileBytes } = readWhole(path);
    if (fileBytes > scan.goodBytes) {
      cutBackTo(scan.goodBytes, fd, io.ftruncateSync);
      io.fdatasyncSync(fd);
    }
    const { goodBytes, check } = scan;
    const generation = { fd, header, goodBytes, check, endBytes: goodBytes };
    return new OpenFile({ path, random, io: whole, release }, generation, scan.usedBytes - goodBytes);
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
  readonly io: JournalIo & DirectoryIo & Required<Pick<JournalIo, 'discard'>>;
  readonly release: Stop;
}

/** The file that is written: where its next frame goes, and which one that follows. */
interface Generation extends Room, Pick<JournalScan, 'check'> {
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
    let { endBytes } = this.#now;
    try {
      const bytes = withRoom(frame.bytes, this.#now, io.roomBytes);
      const written = io.writeSync(fd, bytes, 0, bytes.length, goodBytes);
      // Where there was room for the frame and not for all the zeros, the next append finds out.
      if (written < frame.bytes.length) throw shortWrite();
      endBytes = Math.max(endBytes, goodBytes + written);
    } catch (error) {
      throw this.#giveUpWrite(error);
    }
    try {
      io.fdatasyncSync(fd);
    } catch (error) {
      // The kernel may have marked the lost pages clean: a second fsync would report success for data that is gone.
      throw this.#fail('syncing', error);
    }
    this.#now = { fd, header, endBytes, goodBytes: goodBytes + frame.bytes.length, check: frame.check };
  }

  /** Until the new generation takes the name, a fault costs nothing but the attempt, save one in syncing the old one (T26). */
  rotate(first: readonly Uint8Array[]): boolean {
    this.#mustWrite();
    const { path, io } = this.#place;
    let next: Generation | undefined;
    let archive: string;
    try {
      next = this.#draft(first);
      this.#giveRoomBack();
      archive = nameArchive(path, io);
    } catch (error) {
      if (next) closeSync(next.fd);
      io.discard(nextPath(path));
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
    try {
      if (!this.#stopped) this.#giveRoomBack();
    } catch {
      // Opening it again does that.
    }
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
    io.discard(nextPath(path));
    const fd = openSync(nextPath(path), 'wx+', 0o600);
    try {
      if (io.writeSync(fd, bytes, 0, bytes.length, 0) < bytes.length) throw shortWrite();
      io.fdatasyncSync(fd);
      return { fd, header, goodBytes: bytes.length, endBytes: bytes.length, check };
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  #mustWrite(): void {
    if (this.#stopped === 'store-closed') throw closed(this.#place.path);
    if (this.#stopped === 'store-failed') throw this.#fail('an earlier write to', { code: 'EIO' });
  }

  #giveRoomBack(): void {
    if (this.#now.endBytes === this.#now.goodBytes) return;
    this.#cutBack();
    try {
      this.#place.io.fdatasyncSync(this.#now.fd);
    } catch (error) {
      throw this.#fail('syncing', error);
    }
  }

  /** Everything behind the last whole frame goes. */
  #cutBack(): void {
    const { fd, goodBytes } = this.#now;
    cutBackTo(goodBytes, fd, this.#place.io.ftruncateSync);
    this.#now = { ...this.#now, endBytes: goodBytes };
  }

  /** After ENOSPC the file goes back to its last good length: a half-written frame must not meet the next append. */
  #giveUpWrite(error: unknown): StoreError {
    try {
      this.#cutBack();
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

function discard(path: string): void {
  rmSync(path, { force: true });
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
