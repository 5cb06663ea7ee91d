/** The file of a tape: every line is in it before anything else happens, so that a kill leaves all that was. */
import { closeSync, constants, fchmodSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { holdLock } from '../device/adapters/file-lock.ts';
import type { Stop } from '../device/index.ts';
import { TAPE_BEGINNING, TapeSum, writeLine } from '../sim/tape/index.ts';
import { UsageError } from './command.ts';

export interface TapeFile {
  line(text: string): void;
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
/** What a line's sum and its end take. */
const SUM_BYTES = 10;
const OWNER_ONLY = 0o600;

const endLine = (what: string, ...values: readonly number[]) => writeLine({ kind: 'end', what, values });

/**
 * Makes the file, for its owner only, or goes on behind the tape that it holds.
 * @throws UsageError `usage-file` where it holds something else or cannot be made; StoreError `store-locked` where another program
 *   writes it.
 */
export function openTapeFile({ path, limitBytes, onEnd, write = writeSync }: TapeFileParts): TapeFile {
  const { fd, size: before, isWhole } = openedTape(path);
  const letGo = locked(path, fd);
  let size = before;
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
      put(text);
      return true;
    } catch (error) {
      isOver = true;
      onEnd('recording-failed', (error as NodeJS.ErrnoException).code ?? 'unknown');
      return false;
    }
  }

  function line(text: string): void {
    if (isOver) return;
    const room = limitBytes - RESERVE_BYTES - size;
    if (Buffer.byteLength(text) + SUM_BYTES <= room) tried(`${sum.written(text)}\n`);
    else if (room < 0 || tried(`${sum.written(endLine('full', limitBytes))}\n`)) {
      isOver = true;
      onEnd('recording-full', `${limitBytes} bytes`);
    }
  }

  // What a kill has left of a line gets an end.
  if (!isWhole) tried('\n');
  return {
    line,
    close() {
      line(endLine('closed'));
      isOver = true;
      closeSync(fd);
      letGo();
    },
  };
}

function locked(path: string, fd: number): Stop {
  try {
    return holdLock(`${path}.lock`);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function openedTape(path: string): { readonly fd: number; readonly size: number; readonly isWhole: boolean } {
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  let fd: number;
  try {
    fd = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, OWNER_ONLY);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new UsageError('usage-file', `cannot make ${path} (${code})`, 'name a file that is not there yet');
  }
  const status = fstatSync(fd);
  const beginning = status.isFile() ? read(fd, 0, TAPE_BEGINNING.length) : '';
  if (!status.isFile() || (status.size > 0 && beginning !== TAPE_BEGINNING)) {
    closeSync(fd);
    throw new UsageError('usage-file', `${path} holds something else than a tape`, 'name a file that is not there yet');
  }
  fchmodSync(fd, OWNER_ONLY);
  return { fd, size: status.size, isWhole: status.size === 0 || read(fd, status.size - 1, 1) === '\n' };
}

function read(fd: number, from: number, length: number): string {
  const held = Buffer.alloc(length);
  return held.toString('utf8', 0, readSync(fd, held, 0, length, from));
}
