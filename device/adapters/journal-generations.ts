/**
 * The files of a journal that grows without end. `PATH` is the generation that is written; `PATH.1`, `PATH.2`, … are those
 * that were closed off, oldest first, and only ever read.
 *
 * One takes over from the other by a rename, so that at every moment exactly one file is `PATH`, whole, with everything that
 * was acknowledged (T26):
 *
 * 1. the new generation is written and synced as `PATH.next`: nobody reads that name;
 * 2. the old one gets its second name, `PATH.n`, and that is synced;
 * 3. `PATH.next` becomes `PATH`, and that is synced.
 *
 * A crash before 3 leaves the old generation under two names, after it under one. Opening takes the second name away again.
 */
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';

/** The calls on a directory that can fail on a sick disk; tests replace them. */
export interface DirectoryIo {
  readonly linkSync: (existing: string, added: string) => void;
  readonly renameSync: (from: string, to: string) => void;
  /** Makes the names in a directory durable. */
  readonly syncDirectory: (directory: string) => void;
}

export const NODE_DIRECTORY_IO: DirectoryIo = { linkSync, renameSync, syncDirectory };

/** A name that was added or taken away is on the disk only when its directory is. */
function syncDirectory(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Where a generation is written until it is whole. */
export function nextPath(path: string): string {
  return `${path}.next`;
}

export function archivePath(path: string, number: number): string {
  return `${path}.${number}`;
}

/** The numbers of the closed generations that are there, oldest first. Their owner may have moved old ones away. */
export function archivesOf(path: string): readonly number[] {
  const stem = `${basename(path)}.`;
  return readdirSync(dirname(path))
    .filter((name) => name.startsWith(stem) && /^[1-9]\d{0,8}$/.test(name.slice(stem.length)))
    .map((name) => Number(name.slice(stem.length)))
    .sort((one, other) => one - other);
}

/**
 * Undoes what a crash left of a change that did not come to its end, and makes durable what one that did may have left to
 * the cache: what is appended from now on must not be in a file whose name a power cut takes back.
 */
export function settleGenerations(path: string, io: DirectoryIo): void {
  rmSync(nextPath(path), { force: true });
  const newest = archivesOf(path).at(-1);
  if (newest !== undefined && existsSync(path) && isSameFile(path, archivePath(path, newest)))
    rmSync(archivePath(path, newest));
  io.syncDirectory(dirname(path));
}

function isSameFile(one: string, other: string): boolean {
  const [a, b] = [statSync(one, { bigint: true }), statSync(other, { bigint: true })];
  return a.dev === b.dev && a.ino === b.ino;
}

/** Gives the present generation its second name. Where it throws, that is gone again, now or when the journal is opened. */
export function nameArchive(path: string, io: DirectoryIo): string {
  const archive = archivePath(path, (archivesOf(path).at(-1) ?? 0) + 1);
  try {
    io.linkSync(path, archive);
    io.syncDirectory(dirname(path));
    return archive;
  } catch (error) {
    rmSync(archive, { force: true });
    throw error;
  }
}

/** Lets the draft take the name. Where it throws, only opening again can tell which of the two generations is the present one. */
export function takeOver(path: string, archive: string, io: DirectoryIo): void {
  io.renameSync(nextPath(path), path);
  io.syncDirectory(dirname(path));
  try {
    chmodSync(archive, 0o400);
  } catch {
    // Nothing writes it any more, whatever its mode says.
  }
}
