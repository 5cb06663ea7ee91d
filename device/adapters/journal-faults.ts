/** How a journal on a disk says what went wrong. */
import { StoreError } from '../errors.ts';
import { MAX_APPEND_BYTES } from './journal-format.ts';

/** What to do about a file that is not what was written. */
export const RESTORE = 'keep the file for examination and restore the state directory from its last good copy';

/** A write that took less than it was given: the disk is full. */
export function shortWrite(): Error {
  return Object.assign(new Error('short write'), { code: 'ENOSPC' });
}

/** Nothing was written; there may be room later. */
export function full(path: string, error: unknown): StoreError {
  return new StoreError(
    'store-full',
    `no room to append to ${path} (${codeOf(error)})`,
    'free disk space, then try again',
  );
}

/** A generation could not be begun; the present one goes on. */
export function putOff(path: string, error: unknown): StoreError {
  if (isOutOfSpace(error)) return full(path, error);
  const what = `a new generation of ${path} cannot be begun (${codeOf(error)})`;
  return new StoreError('store-failed', what, 'nothing is lost; replace the disk if it happens again');
}

/** Whether making room would help. */
export function isOutOfSpace(error: unknown): boolean {
  return OUT_OF_SPACE.has(codeOf(error));
}

const OUT_OF_SPACE: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** What the system calls it. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown';
}

/** Used after `close`. */
export function closed(path: string): StoreError {
  return new StoreError('store-closed', `${path} is closed`, 'open it again');
}

/** @param bytes of the append, framing included. */
export function tooLarge(bytes: number): StoreError {
  const message = `an append of ${bytes} bytes is over the limit of ${MAX_APPEND_BYTES}`;
  return new StoreError('store-too-large', message, 'append fewer records at once');
}
