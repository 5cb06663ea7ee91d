import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { StoreError } from '../errors.ts';

/** What is being written carries this ending until it is whole. */
export const DRAFT = '.new';

/**
 * Puts `text` at `path`, for its owner only: whatever happens meanwhile, the file that is found later is whole, the old or
 * the new one. @throws StoreError `store-full`, `store-failed`.
 */
export function writeDurably(path: string, text: string | Uint8Array): void {
  orStoreError('writing', path, () => {
    const draft = `${path}${DRAFT}`;
    rmSync(draft, { force: true });
    withFile(draft, 'wx', (fd) => {
      writeFileSync(fd, text);
      fsyncSync(fd);
    });
    renameSync(draft, path);
    syncDirectory(path);
  });
}

/** Makes a directory for its owner only, if there is none. @throws StoreError `store-full`, `store-failed`. */
export function makeDirectory(path: string): void {
  orStoreError('making', path, () => {
    if (mkdirSync(path, { recursive: true, mode: 0o700 }) !== undefined) syncDirectory(path);
  });
}

/**
 * Overwrites a file and removes it; one that is not there is no error. What a flash disk or a copying file system keeps of
 * older blocks it cannot reach. @throws StoreError `store-failed`.
 */
export function eraseFile(path: string): void {
  orStoreError('erasing', path, () => {
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size === undefined) return;
    withFile(path, 'r+', (fd) => {
      writeSync(fd, new Uint8Array(size), 0, size, 0);
      fsyncSync(fd);
    });
    rmSync(path);
    syncDirectory(path);
  });
}

/** The text at `path`; `undefined` where there is no file. @throws StoreError `store-unreadable`. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new StoreError('store-unreadable', `cannot read ${path} (${code})`, 'check owner and mode of the file');
  }
}

function withFile(path: string, flags: string, use: (fd: number) => void): void {
  const fd = openSync(path, flags, 0o600);
  try {
    use(fd);
  } finally {
    closeSync(fd);
  }
}

/** A name that was added or taken away is on the disk only when its directory is. */
function syncDirectory(path: string): void {
  withFile(dirname(path), 'r', fsyncSync);
}

const OUT_OF_SPACE: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

function orStoreError(doing: string, path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isFull = OUT_OF_SPACE.has(code);
    const hint = isFull ? 'free some space' : 'check that the directory is there and belongs to this user';
    throw new StoreError(isFull ? 'store-full' : 'store-failed', `${doing} ${path} failed (${code})`, hint);
  }
}
