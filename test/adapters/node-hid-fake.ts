/** A stand-in for the package node-hid: devices that a test plugs in, and what it wrote to them. */
import { EventEmitter } from 'node:events';
import type { HidHandle, HidInfo, NodeHid } from '../../device/adapters/node-hid-package.ts';
import { REPORT_BYTES, USAGE, USAGE_PAGE } from '../../device/hid/report-link.ts';

/** Lets everything happen that waits for promises and the next tick only. */
export const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

export const SIGNER: HidInfo = { path: '/nowhere/hidraw0', usagePage: USAGE_PAGE, usage: USAGE };

export class FakeHandle extends EventEmitter implements HidHandle {
  readonly written: Uint8Array[] = [];
  closes = 0;
  /** What a write comes to; by default all is written at once. */
  onWrite: (report: Buffer) => Promise<number> = async (report) => report.length;

  async write(report: Buffer): Promise<number> {
    this.written.push(Uint8Array.from(report));
    return this.onWrite(report);
  }

  /** What closing comes to. As with node-hid, reports may still come until it has settled. */
  onClose: () => Promise<void> = async () => {};

  async close(): Promise<void> {
    this.closes++;
    if (this.closes > 1) throw new TypeError('device is already closed');
    await this.onClose();
  }
}

export class FakeHid implements NodeHid {
  infos: HidInfo[] = [];
  searches = 0;
  /** Every handle that was opened, in order. */
  readonly handles: FakeHandle[] = [];
  readonly openedPaths: string[] = [];
  refusesToOpen = false;
  refusesToList = false;
  /** Runs while a search is under way. */
  whileListing = async (): Promise<void> => {};
  /** Runs while an opening is under way. */
  whileOpening = async (): Promise<void> => {};

  readonly HIDAsync = {
    open: async (path: string): Promise<HidHandle> => {
      this.openedPaths.push(path);
      await this.whileOpening();
      if (this.refusesToOpen) throw new Error(`cannot open device with path ${path}`);
      const handle = new FakeHandle();
      this.handles.push(handle);
      return handle;
    },
  };

  async devicesAsync(): Promise<readonly HidInfo[]> {
    this.searches++;
    await this.whileListing();
    if (this.refusesToList) throw new Error('udev is not there');
    return this.infos;
  }
}

/** A report filled with one byte. */
export const reportOf = (byte: number): Uint8Array => new Uint8Array(REPORT_BYTES).fill(byte);
