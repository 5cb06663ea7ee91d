/** A Unix socket that only its owner can open, and that one process at a time serves. */
import { lstatSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { DeviceError } from '../errors.ts';
import type { Stop } from '../ports.ts';
import { holdLock } from './file-lock.ts';

/** Longer paths do not fit a socket address (unix(7): 108 bytes with the terminator). */
const MAX_PATH_BYTES = 107;

/**
 * Listens at `path` with mode 0600; a socket that a killed process left behind is replaced.
 * @returns stops listening; connections that are open stay.
 * @throws DeviceError `hardware-failed` when the socket cannot be made; `store-locked` while another process serves it.
 */
export async function servePrivateSocket(path: string, connected: (socket: Socket) => void): Promise<Stop> {
  const unlock = holdLock(`${path}.lock`);
  try {
    const server = await serve(path, connected);
    return () => {
      server.close();
      unlock();
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** The lock is ours: a socket that is there belongs to nobody. */
async function serve(path: string, connected: (socket: Socket) => void): Promise<Server> {
  const failed = (reason: string) => {
    const hint = 'name a short path in a directory of this user';
    return new DeviceError('hardware-failed', `cannot listen at ${path} (${reason})`, hint);
  };
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) throw failed(`longer than ${MAX_PATH_BYTES} bytes`);
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there && !there.isSocket()) throw failed('there is a file of that name');
  rmSync(path, { force: true });
  const server = createServer(connected);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(failed(error.code ?? 'failed')));
    // The socket appears inside listen(), with these rights and no others at any moment.
    const mask = process.umask(0o177);
    server.listen(path, resolve);
    process.umask(mask);
  });
  return server;
}
