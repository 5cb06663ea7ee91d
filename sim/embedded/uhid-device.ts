/** A signer's USB side without hardware: this process is the device, and the other side of its `ReportLink` is the Linux kernel. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { DeviceError } from '../../device/errors.ts';
import { REPORT_BYTES, REPORT_DESCRIPTOR, type ReportLink } from '../../device/hid/report-link.ts';
import {
  createEvent,
  destroyEvent,
  inputEvent,
  readEvent,
  refusalEvent,
  UHID_EVENT_BYTES,
  type UhidEvent,
  type UhidIdentity,
} from './uhid-events.ts';

/**
 * What the simulated signer shows. The ids are the ones pid.codes sets apart for private tests; a signer that is sold has its
 * own, and examples/udev names them.
 */
export const TEST_SIGNER: UhidIdentity = {
  name: 'ACT signer (simulated)',
  serial: '0',
  vendorId: 0x1209,
  productId: 0x0001,
};

export interface UhidDevice extends ReportLink {
  /** Sends an input report of any length, as broken firmware would. */
  sendRaw(report: Uint8Array): void;
  /** Settles when the kernel has let the device go. Until then the process cannot end: a read of /dev/uhid cannot be broken off. */
  readonly closed: Promise<void>;
}

/**
 * Plugs in a device with {@link REPORT_DESCRIPTOR}. Resolves when the kernel has started it; the hidraw node follows at once.
 * Throws `DeviceError` `hardware-absent` where /dev/uhid is missing or not for this user.
 */
export async function plugInUhidDevice(identity: UhidIdentity): Promise<UhidDevice> {
  const file = await openUhid();
  await file.write(createEvent(identity, REPORT_DESCRIPTOR));
  // The kernel adds the device from a worker of its own. Destroying one that was never started ends no read.
  for (;;) {
    const event = await nextEvent(file);
    if (event.kind === 'start') break;
  }
  return serve(file);
}

async function openUhid(): Promise<FileHandle> {
  try {
    return await open('/dev/uhid', constants.O_RDWR);
  } catch (error) {
    throw new DeviceError(
      'hardware-absent',
      `/dev/uhid cannot be opened (${(error as NodeJS.ErrnoException).code})`,
      'load the kernel module uhid, and give this user read and write access to /dev/uhid',
    );
  }
}

async function nextEvent(file: FileHandle): Promise<UhidEvent> {
  const buffer = new Uint8Array(UHID_EVENT_BYTES);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
  return readEvent(buffer.subarray(0, bytesRead));
}

function serve(file: FileHandle): UhidDevice {
  let listener: { onReport(report: Uint8Array): void; onGone(): void } | undefined;
  let isOpen = true;
  // One write is one record, and writes of one chain keep their order.
  let written: Promise<unknown> = Promise.resolve();
  const write = (record: Uint8Array): void => {
    // A write fails only when the kernel has let the device go, which the reader hears too.
    written = written.then(() => file.write(record)).catch(() => {});
  };

  /** Serves the kernel until it says stop. */
  async function read(): Promise<void> {
    for (;;) {
      const event = await nextEvent(file);
      if (event.kind === 'stop') return;
      if (event.kind === 'get-report' || event.kind === 'set-report') write(refusalEvent(event));
      if (event.kind !== 'output' || !isOpen) continue;
      const report = reportOf(event.data);
      if (report !== undefined) listener?.onReport(report);
    }
  }

  let isGone = false;
  const closed = read()
    .catch(() => {})
    .then(() => written)
    .then(() => file.close())
    .finally(() => {
      isGone = isOpen;
      isOpen = false;
      if (isGone) listener?.onGone();
    });
  const sendRaw = (report: Uint8Array): void => {
    if (isOpen) write(inputEvent(report));
  };

  return {
    closed,
    sendRaw,
    send(report) {
      if (report.length !== REPORT_BYTES)
        throw new RangeError(`a report has ${REPORT_BYTES} bytes, not ${report.length}`);
      sendRaw(report);
    },
    listen(onReport, onGone) {
      const mine = { onReport, onGone };
      listener = mine;
      if (isGone) onGone();
      return () => {
        if (listener === mine) listener = undefined;
      };
    },
    close() {
      if (!isOpen) return;
      write(destroyEvent());
      isOpen = false;
    },
  };
}

/** The report in what a host wrote: hidraw puts the report id in front, 0 as the descriptor names none. Other lengths are no report. */
function reportOf(data: Uint8Array): Uint8Array | undefined {
  return data.length === REPORT_BYTES + 1 && data[0] === 0 ? data.slice(1) : undefined;
}
