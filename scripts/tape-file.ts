/** The file of a tape: every line is in it before anything else happens, so that a kill leaves all that was. */
import { closeSync, constants, fchmodSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { holdLock } from '../device/adapters/file-lock.ts';
import type { Stop } from '../device/index.ts';
import { SUM_BYTES, TAPE_BEGINNING, TapeSum, writeLine } from '../sim/tape/index.ts';
import { UsageError } from './command.ts';

export interface TapeFile {
  line(text: string): void;
  /** The device was stopped in order: nothing follows. */
  end(): void;
  close(): void;
}

export interface TapeFileParts {
  readonly path: string;
  /** How long the file may get, all lives in it together. */
  readonly limitBytes: number;
  /** Told once, when nothing more is written: the limit is reached, or the disk refuses, with its code. The device goes on. */
  readonly onEnd: (why: 'recording-full' | 'recording-failed', detail: string) => void;
  /** As `writeSync` of Node. */
  readonly write?: (fd: number, bytes: Uint8Array) => number;
}

/** A line that says that the tape was full always finds room. */
const RESERVE_BYTES = 64;
const OWNER_ONLY = 0o600;
const ANOTHER = 'name a file that is not there yet';

const endLine = (what: string, ...values: readonly number[]) => writeLine({ kind: 'end', what, values });

/**
 * Makes the file, for its owner only, or goes on behind the tape that it holds.
 * @throws UsageError `usage-file` where it holds something else or cannot be made; StoreError `store-locked` where another program
 *   writes it.
 */
export function openTapeFile({ path, limitBytes, onEnd, write = writeSync }: TapeFileParts): TapeFile {
  const { fd, letGo } = openedTape(path);
  let { size } = fstatSync(fd);
  // What a kill has left of a line gets an end, together with the first line of this life.
  let gap = size === 0 || read(fd, size - 1, 1) === '\n' ? '' : '\n';
  let isBegun = false;
  let isOver = false;
  const sum = new TapeSum();

  function put(text: string): void {
    const bytes = Buffer.from(text);
    for (let from = 0; from < bytes.length; ) {
      const written = write(fd, bytes.subarray(from));
      if (written === 0) throw Object.assign(new Error('nothing was written'), { code: 'ENOSPC' });
      from += written;
    }
    size += bytes.length;
  }

  /** @returns whether nothing went wrong. What was written of a line stays: whoever reads it is told. */
  function tried(text: string): boolean {
    try {
      put(`${gap}${text}`);
      [isBegun, gap] = [true, ''];
      return true;
    } catch (error) {
      isOver = true;
      onEnd('recording-failed', (error as NodeJS.ErrnoException).code ?? 'unknown');
      return false;
    }
  }

  function line(text: string): void {
    if (isOver) return;
    const room = limitBytes - RESERVE_BYTES - size - gap.length;
    if (Buffer.byteLength(text) + SUM_BYTES + 1 <= room) tried(`${sum.written(text)}\n`);
    // An end belongs to a life: where none begins, nothing is written.
    else if (!isBegun || tried(`${sum.written(endLine('full', limitBytes))}\n`)) {
      isOver = true;
      onEnd('recording-full', `${limitBytes} bytes`);
    }
  }

  return {
    line,
    end() {
      if (isBegun) line(endLine('closed'));
      isOver = true;
    },
    close() {
      isOver = true;
      closeSync(fd);
      letGo();
    },
  };
}

function openedTape(path: string): { readonly fd: number; readonly letGo: Stop } {
  const fd = opened(path);
  try {
    const status = fstatSync(fd);
    const beginning = status.isFile() ? read(fd, 0, TAPE_BEGINNING.length) : '';
    if (!status.isFile() || (status.size > 0 && beginning !== TAPE_BEGINNING))
      throw new UsageError('usage-file', `${path} holds something else than a tape`, ANOTHER);
    made(path, () => fchmodSync(fd, OWNER_ONLY));
    return { fd, letGo: holdLock(`${path}.lock`) };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function opened(path: string): number {
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  return made(path, () => openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, OWNER_ONLY));
}

function made<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new UsageError('usage-file', `cannot make ${path} (${code})`, ANOTHER);
  }
}

function read(fd: number, from: number, length: number): string {
  const held = Buffer.alloc(length);
  return held.toString('utf8', 0, readSync(fd, held, 0, length, from));
}
