/** Loads the optional native package `node-hid`, of which only these asynchronous calls are used: the others block the agent. */
import { createRequire } from 'node:module';
import { DeviceError } from '../errors.ts';

/** What a search finds; what the system does not know is missing. */
export interface HidInfo {
  readonly path?: string | undefined;
  readonly usagePage?: number | undefined;
  readonly usage?: number | undefined;
}

/** An opened device. Adding the `data` listener starts the native reading on the next tick. */
export interface HidHandle {
  on(event: 'data', listener: (report: Uint8Array) => void): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  /** Takes the report with its id in front, 0 where there are none; resolves to the bytes written, the id counted. */
  write(report: Buffer): Promise<number>;
  close(): Promise<void>;
}

/** What the package exports. */
export interface NodeHid {
  devicesAsync(): Promise<readonly HidInfo[]>;
  readonly HIDAsync: { open(path: string): Promise<HidHandle> };
}

/** Shared libraries that the package's binary needs on Linux, for hidraw too, and that it does not bring. */
const SYSTEM_LIBRARY = /lib(?:udev|usb)[-\w.]*\.so/;

/** Throws `DeviceError` `hid-unavailable`, which says what is missing and how to get it. */
export function loadNodeHid(require: (name: string) => unknown = createRequire(import.meta.url)): NodeHid {
  try {
    const hid = require('node-hid') as NodeHid & { getHidapiVersion(): string };
    // The package loads its binary when it is first needed; needing it here tells now whether it can be loaded at all.
    hid.getHidapiVersion();
    return hid;
  } catch (error) {
    throw unavailable(error as NodeJS.ErrnoException);
  }
}

function unavailable({ code, message }: NodeJS.ErrnoException): DeviceError {
  const library = SYSTEM_LIBRARY.exec(message)?.[0];
  if (library !== undefined) {
    return new DeviceError(
      'hid-unavailable',
      `node-hid needs the system library ${library}`,
      'sudo apt-get install libudev1 libusb-1.0-0, or the same libraries of your system, and start again',
    );
  }
  if (code === 'MODULE_NOT_FOUND') {
    return new DeviceError(
      'hid-unavailable',
      'the optional package node-hid is not installed',
      'npm install node-hid, and start again',
    );
  }
  return new DeviceError(
    'hid-unavailable',
    'node-hid has no binary that runs on this machine',
    'use another signer, or build node-hid from source (npm rebuild node-hid --build-from-source)',
  );
}
