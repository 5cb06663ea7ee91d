/**
 * A key of one enrolled Linux input device: a button on a GPIO line that the kernel's `gpio-keys` driver reads, or a USB
 * button. Node cannot ask a device for its identity by ioctl, so it is asked of sysfs, by the device number of the open
 * descriptor, and the program that then reads gets that very descriptor.
 */
import { closeSync, openSync } from 'node:fs';
import { DeviceError } from '../errors.ts';
import type { Log } from '../ports.ts';
import { eventBytes, keyEdges } from './input-events.ts';
import { type LineButton, lineButton } from './line-button.ts';
import { attribute, type DeviceSystem, LINUX, notWired, refused, sysfsDirectory } from './sysfs-device.ts';

/** The enrolled line. All of it must agree, or the device is refused. */
export interface EvdevPin {
  /** The node, or a link to it such as /dev/input/by-path/platform-gpio-keys-event. */
  readonly deviceFile: string;
  /** The key's code in `linux/input-event-codes.h`, for example 28 for Enter or 256 for BTN_0. */
  readonly keyCode: number;
  /** As `device/name`, `device/phys` and `device/uniq` of the node in sysfs say it; empty where they do. */
  readonly name: string;
  /** Driver and port, for example `gpio-keys/input0` or `usb-0000:01:00.0-1.3/input0`. */
  readonly phys: string;
  readonly serial: string;
  /** Four hex digits, as in `device/id/vendor` and `device/id/product`. */
  readonly vendorHex: string;
  readonly productHex: string;
}

export interface EvdevOptions {
  readonly log: Log;
  readonly system?: DeviceSystem;
  /** The program that copies its input to its output, and its arguments. One that grabs the device first is in PORTING.md. */
  readonly reader?: readonly [program: string, ...args: string[]];
}

/** The major number of all input devices. */
const INPUT_MAJOR = 13;
/** `id/bustype` of devices over Bluetooth and of those without any bus (`linux/input.h`). */
const UNWIRED_BUSES: ReadonlySet<string> = new Set(['0005', '0006']);
/** Whoever may write to an input node can press its keys. */
const WRITABLE_BY_OTHERS = 0o022;

const ATTRIBUTES = [
  ['name', 'name'],
  ['phys', 'phys'],
  ['serial', 'uniq'],
  ['vendorHex', 'id/vendor'],
  ['productHex', 'id/product'],
] as const;

/**
 * Opens and checks the device, once: unplugged, the line is lost until the program is started again.
 * @throws DeviceError `hardware-absent` when it cannot be opened, `hardware-refused` when it is not the enrolled line (T11).
 */
export function openEvdevButton(
  pin: EvdevPin,
  { log, system = LINUX, reader = ['/bin/cat'] }: EvdevOptions,
): LineButton {
  const input = openNode(pin.deviceFile);
  try {
    checkNode(input, pin, system);
    const [program, ...args] = reader;
    return lineButton({ program, args, input, accept: keyEdges(pin.keyCode, eventBytes(process.arch)), log });
  } finally {
    // The reader has its own copy of the descriptor.
    closeSync(input);
  }
}

function openNode(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const hint = 'check that the device is plugged in and that this user may read it';
    throw new DeviceError('hardware-absent', `cannot open ${path} (${code})`, hint);
  }
}

function checkNode(fd: number, pin: EvdevPin, system: DeviceSystem): void {
  const path = pin.deviceFile;
  const node = system.node(fd);
  if (!node.isCharacter || node.major !== INPUT_MAJOR)
    throw refused(`${path} is no input device`, 'name a node in /dev/input');
  if ((node.mode & WRITABLE_BY_OTHERS) !== 0)
    throw refused(`${path} can be written by others, who could press it`, 'give it mode 0400 by a udev rule');
  const place = sysfsDirectory(system, node);
  const bus = attribute(place, 'device/id/bustype');
  const why = notWired(system, place) ?? (UNWIRED_BUSES.has(bus) ? 'not on a wire' : undefined);
  if (why !== undefined) throw refused(`${path} is ${why}`, 'name a button that is wired to this machine');
  for (const [field, file] of ATTRIBUTES) {
    const found = attribute(place, `device/${file}`);
    if (found === pin[field]) continue;
    const message = `${path} is another device: ${field} is ${JSON.stringify(found)}, not ${JSON.stringify(pin[field])}`;
    throw refused(message, 'plug in the enrolled device, or enrol this one in the configuration');
  }
}
