/** What Linux knows about a device, asked without native code: from the node that is opened and from sysfs (T11). */
import { fstatSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { DeviceError } from '../errors.ts';

/** What `stat` says about a node in /dev. */
export interface DeviceNode {
  readonly isCharacter: boolean;
  /** Device numbers, by which sysfs knows it. */
  readonly major: number;
  readonly minor: number;
  /** Permission bits. */
  readonly mode: number;
}

/** Where a system keeps its devices; a test has one of its own. */
export interface DeviceSystem {
  readonly sysfs: string;
  readonly dev: string;
  /** Of an open descriptor, or of what a path leads to. */
  node(which: number | string): DeviceNode;
}

export const LINUX: DeviceSystem = {
  sysfs: '/sys',
  dev: '/dev',
  node: (which) => nodeOf(typeof which === 'number' ? fstatSync(which) : statSync(which)),
};

function nodeOf(status: Stats): DeviceNode {
  // makedev(3): twelve bits of major number, and the minor number around them.
  const { rdev, mode } = status;
  const major = (rdev >>> 8) & 0xfff;
  const minor = (rdev & 0xff) | ((rdev >>> 12) & 0xfff00);
  return { isCharacter: status.isCharacterDevice(), major, minor, mode: mode & 0o777 };
}

/**
 * The directory of a device below `sysfs/devices`, with no link left in it: where the device hangs, bus by bus. Found by
 * device number, it belongs to the very descriptor that was asked, whatever happened to the path it was opened by.
 * @throws DeviceError `hardware-absent` when sysfs knows no such device.
 */
export function sysfsDirectory({ sysfs }: DeviceSystem, { major, minor }: DeviceNode): string {
  try {
    const devices = join(realpathSync(sysfs), 'devices');
    const place = realpathSync(join(sysfs, 'dev', 'char', `${major}:${minor}`));
    if (!relative(devices, place).startsWith('..')) return place;
  } catch {
    // The device is gone, or it never had an entry.
  }
  throw new DeviceError('hardware-absent', `no device ${major}:${minor}`, 'check that the device is plugged in');
}

/** One attribute, without its line end; empty when the device does not have it. */
export function attribute(directory: string, name: string): string {
  try {
    return readFileSync(join(directory, name), 'utf8').replace(/\n$/, '');
  } catch {
    return '';
  }
}

/** Parents whose children no hand can touch: uinput and uhid, radio, and what replays USB or GPIO in software. */
const NOT_WIRED: readonly (readonly [RegExp, string])[] = [
  [/^virtual$/, 'made by software'],
  [/^(?:bluetooth|hci\d+)$/, 'reached by radio'],
  [/^(?:vhci_hcd|dummy_hcd|dummy_udc)\b/, 'on a USB bus made by software'],
  [/^gpio-(?:sim|mockup)\b/, 'on a GPIO chip made by software'],
];

/**
 * Why the device at `directory` is no wired line, or nothing when it is one. Only root can make a device look wired here,
 * and root on the device is beyond what any check in this process can hold (T11).
 */
export function notWired({ sysfs }: DeviceSystem, directory: string): string | undefined {
  const parents = relative(join(realpathSync(sysfs), 'devices'), directory).split(sep);
  return NOT_WIRED.find(([pattern]) => parents.some((parent) => pattern.test(parent)))?.[1];
}

/** The one error for a device that is there but is not the enrolled line. */
export function refused(message: string, hint: string): DeviceError {
  return new DeviceError('hardware-refused', message, hint);
}
