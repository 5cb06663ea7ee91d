/**
 * Whoever writes behind the end of a file has its length and its blocks noted in the file system at each sync, mostly with a
 * second write to the disk. So the append that does not fit any more brings zeros along, and those that follow go over them.
 */
import { fstatSync, futimesSync } from 'node:fs';

/** A journal's file grows by so many bytes at a time. */
export const ROOM_BYTES = 1 << 16;

/** A file that is written: where its next frame goes, and where it ends, zeros included. */
export interface Room {
  readonly goodBytes: number;
  readonly endBytes: number;
}

/** Cuts a file back. Its time stays that of the last append: by it `audit forget` tells how old the last words are at least. */
export function cutBackTo(length: number, fd: number, truncate: (fd: number, length: number) => void): void {
  const { atime, mtime } = fstatSync(fd);
  truncate(fd, length);
  futimesSync(fd, atime, mtime);
}

/** The frame, and zeros behind it up to the next multiple of `roomBytes` where the file has to grow for it. */
export function withRoom(frame: Uint8Array, { goodBytes, endBytes }: Room, roomBytes = 1): Uint8Array {
  const end = goodBytes + frame.length;
  const grown = end <= endBytes ? end : Math.ceil(end / roomBytes) * roomBytes;
  if (grown === end) return frame;
  const bytes = new Uint8Array(grown - goodBytes);
  bytes.set(frame);
  return bytes;
}
