/** What tells this Linux machine from others, so that sealed files copied to another one do not open there (T19). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { concatBytes, utf8 } from '../../protocol/bytes.ts';
import { sha256 } from '../../protocol/crypto.ts';
import type { MachineIdentity } from '../ports.ts';

/**
 * Each with where it stands. All can be read without privileges: what only root may read would bind a file to an account.
 * The serial number is that of boards that are described by a device tree, such as a Raspberry Pi.
 */
const SOURCES: ReadonlyMap<string, readonly string[]> = new Map([
  ['machine-id', ['etc/machine-id', 'var/lib/dbus/machine-id']],
  ['board-serial', ['sys/firmware/devicetree/base/serial-number']],
]);
/** Texts that stand for "none yet" (machine-id(5)) and for boards whose maker wrote no number. */
const EMPTY = /^(?:uninitialized|0*)$/;
const LABEL = 'act-edge machine';

/**
 * Machine-id(5) and the board's serial number. Whoever can read files as this user can read them too: they hold back a copy
 * of the data directory, not a program on this machine. A clone of a whole image has the machine-id of the original.
 * @param root where the file system begins.
 */
export function linuxMachineIdentity(root = '/'): MachineIdentity {
  const read = (source: string): string | undefined =>
    SOURCES.get(source)
      ?.map((path) => readValue(join(root, path)))
      .find((value) => value !== undefined);
  return {
    sources: [...SOURCES.keys()].filter((source) => read(source) !== undefined),
    secretOf(sources) {
      const values = sources.map(read);
      if (values.includes(undefined)) return undefined;
      const named = sources.map((source, i) => utf8(`\n${source}=${values[i]}`));
      return sha256(concatBytes(utf8(LABEL), ...named));
    },
  };
}

/** Device trees end their texts with a zero byte, files with a line break. */
function readValue(path: string): string | undefined {
  try {
    const value = readFileSync(path, 'latin1').replace(/[\0\s]+$/, '');
    return EMPTY.test(value) ? undefined : value;
  } catch {
    return undefined;
  }
}
