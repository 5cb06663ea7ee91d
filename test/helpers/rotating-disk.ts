import { StoreError } from '../../device/errors.ts';
import type { Journal } from '../../device/ports.ts';
import { type MemoryDisk, memoryDisk } from '../../sim/memory-journal.ts';

/** A disk in memory with a journal on it that can be closed off; a crash in the middle of that is the business of file tests. */
export interface RotatingDisk extends MemoryDisk {
  /** What was closed off, oldest first. */
  readonly archived: Uint8Array[][];
  /** How often that was tried. */
  tries: number;
  /** While true, there is no room for a new generation. */
  isTight: boolean;
}

export function rotatingDisk(): RotatingDisk {
  const disk = memoryDisk();
  const rotating: RotatingDisk = {
    ...disk,
    archived: [],
    tries: 0,
    isTight: false,
    open(): Journal {
      let journal = disk.open();
      return {
        read: () => journal.read(),
        append: (records) => journal.append(records),
        rotate(first) {
          rotating.tries += 1;
          if (rotating.isTight) throw new StoreError('store-full', 'the simulated journal', 'make room');
          const next = memoryDisk();
          const draft = next.open();
          for (const record of first) draft.append([record]);
          rotating.archived.push(journal.read());
          journal.close();
          disk.replace(next.image());
          journal = disk.open();
          return true;
        },
        archives: () => rotating.archived,
        close: () => journal.close(),
      };
    },
  };
  return rotating;
}
