import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeFileSync } from 'node:fs';
import { DeviceError, type DeviceErrorCode } from '../errors.ts';

/** Key files, passphrases and tokens are all short; anything longer is the wrong file. */
const MAX_BYTES = 8192;

/**
 * Reads a file that only its owner may read: key, passphrase, password, payment token (T19).
 * @throws DeviceError `keystore-permissions` when group or others have any right to it; `unreadable` as code otherwise.
 */
export function readPrivateFile(path: string, unreadable: DeviceErrorCode): Buffer {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    throw new DeviceError(
      unreadable,
      `cannot read ${path} (${reason})`,
      'check the path and that it belongs to this user',
    );
  }
  try {
    const status = fstatSync(fd);
    if (!status.isFile()) throw new DeviceError(unreadable, `${path} is no file`, 'name a file');
    if ((status.mode & 0o077) !== 0) {
      throw new DeviceError(
        'keystore-permissions',
        `${path} can be read or changed by others`,
        `run: chmod 600 ${path}`,
      );
    }
    const held = Buffer.alloc(MAX_BYTES + 1);
    const length = readSync(fd, held, 0, held.length, 0);
    if (length > MAX_BYTES)
      throw new DeviceError(unreadable, `${path} is longer than ${MAX_BYTES} bytes`, 'name the right file');
    return held.subarray(0, length);
  } finally {
    closeSync(fd);
  }
}

/**
 * Writes a new file that only its owner may read, durably.
 * @throws DeviceError `keystore-exists` when there is one: a key is never overwritten; `keystore-unreadable`.
 */
export function writeNewPrivateFile(path: string, text: string): void {
  try {
    const fd = openSync(path, 'wx', 0o600);
    try {
      writeFileSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    if (reason === 'EEXIST')
      throw new DeviceError(
        'keystore-exists',
        `${path} is there already`,
        'choose another path, or move the old key away first',
      );
    throw new DeviceError(
      'keystore-unreadable',
      `cannot write ${path} (${reason})`,
      'check that the directory exists and belongs to this user',
    );
  }
}
