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
import { StoreError } from '../errors.ts';
import type { Journal, Random, Stop } from '../ports.ts';
import { holdLock } from './file-lock.ts';
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

/** The three calls that can fail on a sick disk; tests replace them. */
export interface JournalIo {
  readonly writeSync: (fd: number, bytes: Uint8Array, offset: number, length: number, position: number) => number;
  readonly fdatasyncSync: (fd: number) => void;
  readonly ftruncateSync: (fd: number, length: number) => void;
}

export interface FileJournal extends Journal {
  /** Bytes of a torn append that opening dropped: nothing in them was ever acknowledged. 0 after a clean end. */
  readonly droppedBytes: number;
}

const NODE_IO: JournalIo = { writeSync, fdatasyncSync, ftruncateSync };
const RESTORE = 'keep the file for examination and restore the state directory from its last good copy';

/**
 * Opens the journal at `path`, or makes one, and holds it for this process alone until `close`. An append is one write and
 * one fdatasync; a torn one at the end, as a power cut leaves it, is cut off here (T26). An append that threw may be found
 * whole after a restart only if its sync failed, as after a crash between the write and the acknowledgement.
 * @throws StoreError `store-locked`, `store-altered`, `store-version`, `store-unreadable`, `store-failed`.
 */
export function openFileJournal(path: string, random: Random, io: JournalIo = NODE_IO): FileJournal {
  const release = holdLock(`${path}.lock`);
  let fd: number | undefined;
  try {
    if (!existsSync(path)) createFile(path, makeHeader(random.bytes(SALT_BYTES)));
    fd = openSync(path, 'r+');
    fchmodSync(fd, 0o600);
    const { header, scan, fileBytes } = readWhole(path);
    const droppedBytes = fileBytes - scan.goodBytes;
    if (droppedBytes > 0) {
      io.ftruncateSync(fd, scan.goodBytes);
      io.fdatasyncSync(fd);
    }
    return bodyOf({ path, fd, io, release, header, scan, droppedBytes });
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

interface Opened {
  readonly path: string;
  readonly fd: number;
  readonly io: JournalIo;
  readonly release: Stop;
  readonly header: JournalHeader;
  readonly scan: JournalScan;
  readonly droppedBytes: number;
}

function bodyOf({ path, fd, io, release, header, scan, droppedBytes }: Opened): FileJournal {
  let { goodBytes, check } = scan;
  /** Why nothing may be written any more; reading stays possible after a failure. */
  let stopped: 'store-closed' | 'store-failed' | undefined;

  function fail(doing: string, error: unknown): StoreError {
    stopped = 'store-failed';
    return new StoreError(
      'store-failed',
      `${doing} ${path} failed (${codeOf(error)})`,
      'restart the agent; replace the disk if it happens again',
    );
  }

  /** After ENOSPC the file goes back to its last good length: a half-written frame must not meet the next append. */
  function giveUpWrite(error: unknown): StoreError {
    try {
      io.ftruncateSync(fd, goodBytes);
    } catch (truncateError) {
      return fail('cutting back', truncateError);
    }
    if (!OUT_OF_SPACE.has(codeOf(error))) return fail('writing', error);
    return new StoreError(
      'store-full',
      `no room to append to ${path} (${codeOf(error)})`,
      'free disk space, then try again',
    );
  }

  return {
    droppedBytes,
    read() {
      if (stopped === 'store-closed') throw closed(path);
      return readWhole(path, goodBytes).scan.records;
    },
    append(records) {
      if (stopped === 'store-closed') throw closed(path);
      if (stopped === 'store-failed') throw fail('an earlier write to', 'EIO');
      if (records.length === 0) return;
      const frame = makeFrame(header, check, records);
      if (frame.bytes.length > MAX_APPEND_BYTES) throw tooLarge(frame.bytes.length);
      try {
        const written = io.writeSync(fd, frame.bytes, 0, frame.bytes.length, goodBytes);
        if (written < frame.bytes.length) throw Object.assign(new Error('short write'), { code: 'ENOSPC' });
      } catch (error) {
        throw giveUpWrite(error);
      }
      try {
        io.fdatasyncSync(fd);
      } catch (error) {
        // The kernel may have marked the lost pages clean: a second fsync would report success for data that is gone.
        throw fail('syncing', error);
      }
      goodBytes += frame.bytes.length;
      check = frame.check;
    },
    close() {
      if (stopped === 'store-closed') return;
      stopped = 'store-closed';
      closeSync(fd);
      release();
    },
  };
}

const OUT_OF_SPACE: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown';
}

function closed(path: string): StoreError {
  return new StoreError('store-closed', `${path} is closed`, 'open it again');
}

function tooLarge(bytes: number): StoreError {
  const message = `an append of ${bytes} bytes is over the limit of ${MAX_APPEND_BYTES}`;
  return new StoreError('store-too-large', message, 'append fewer records at once');
}

/** The whole header or no file: it gets its name only after it is on the disk, and the name is synced too. */
function createFile(path: string, header: JournalHeader): void {
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
  const directory = openSync(dirname(path), 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
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
