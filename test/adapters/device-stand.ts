/** A machine of its own for one test: a sysfs tree, nodes in /dev, and what the kernel would say about them. */
import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, openSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DeviceNode, DeviceSystem } from '../../device/adapters/sysfs-device.ts';
import type { Log } from '../../device/ports.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';

export interface Machine {
  readonly path: string;
  readonly system: DeviceSystem;
  /** What every node of it is. */
  node: DeviceNode;
  /** A device at `place` below sysfs/devices under the present numbers of {@link node}, with these attributes. */
  plug(place: string, attributes?: Readonly<Record<string, string>>): void;
  /** A pipe in /dev, held open for writing. */
  pipe(name: string): { readonly path: string; write(bytes: Uint8Array): void; close(): void };
  /** An executable shell script. @returns its path. */
  program(name: string, script: string): string;
  remove(): void;
}

export function machine(node: DeviceNode): Machine {
  const { path, remove } = temporaryDirectory();
  const [sysfs, dev] = [join(path, 'sys'), join(path, 'dev')];
  mkdirSync(join(sysfs, 'devices'), { recursive: true });
  mkdirSync(join(sysfs, 'dev/char'), { recursive: true });
  mkdirSync(dev);
  const open: (() => void)[] = [];
  const self: Machine = {
    path,
    node,
    system: { sysfs, dev, node: () => self.node },
    plug(place, attributes = {}) {
      const directory = join(sysfs, 'devices', place);
      for (const [name, value] of Object.entries(attributes)) {
        mkdirSync(dirname(join(directory, name)), { recursive: true });
        writeFileSync(join(directory, name), `${value}\n`);
      }
      mkdirSync(directory, { recursive: true });
      symlinkSync(directory, join(sysfs, 'dev/char', `${self.node.major}:${self.node.minor}`));
    },
    pipe(name) {
      const at = join(dev, name);
      spawnSync('mkfifo', [at]);
      // Open for both, a pipe waits for nobody.
      const fd = openSync(at, 'r+');
      let isOpen = true;
      const close = () => {
        if (isOpen) closeSync(fd);
        isOpen = false;
      };
      open.push(close);
      return { path: at, write: (bytes) => void writeSync(fd, bytes), close };
    },
    program(name, script) {
      const at = join(path, name);
      writeFileSync(at, `#!/bin/sh\n${script}\n`);
      chmodSync(at, 0o700);
      return at;
    },
    remove() {
      for (const close of open) close();
      remove();
    },
  };
  return self;
}

/** Codes as they are logged. */
export function logList(): Log & { readonly codes: string[] } {
  const codes: string[] = [];
  return { codes, write: (level, code) => codes.push(`${level} ${code}`) };
}
