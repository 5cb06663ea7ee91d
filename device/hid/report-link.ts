/** The port below ACT-HID: whole HID reports, one after another, to and from one opened device. */
import type { Stop } from '../ports.ts';

/**
 * Bytes of every report, in both directions. 64 is the largest interrupt packet of a full-speed USB device (USB 2.0 §5.7.3)
 * and what CTAPHID uses, so a report is one packet on every bus.
 */
export const REPORT_BYTES = 64;

/**
 * Usage page by which a host finds candidates. 0xFF00 to 0xFFFF are free for vendors (HID Usage Tables 1.5 §3.1); this one
 * keeps clear of 0xFF00, which many devices use for everything, and of 0xF1D0, which is FIDO's and has its own access rules.
 */
export const USAGE_PAGE = 0xff5a;

/** Usage of the application collection on {@link USAGE_PAGE}. It proves nothing: who a device is, only the handshake shows. */
export const USAGE = 0x01;

/**
 * The report descriptor of a signer (HID 1.11 §6.2.2): one application collection, one 64-byte input report, one 64-byte
 * output report, no report ids. It fits one control packet, and a signer in firmware uses these very bytes.
 */
export const REPORT_DESCRIPTOR: Uint8Array = Uint8Array.of(
  ...[0x06, USAGE_PAGE & 0xff, USAGE_PAGE >> 8], // Usage Page (vendor 0xFF5A), 16 bits, low byte first
  ...[0x09, USAGE], //                              Usage (ACT signer)
  ...[0xa1, 0x01], //                               Collection (Application)
  ...[0x15, 0x00], //                                 Logical Minimum (0)
  ...[0x26, 0xff, 0x00], //                           Logical Maximum (255), 16 bits: as 8 bits, 0xFF would be −1
  ...[0x75, 0x08], //                                 Report Size (8 bits)
  ...[0x95, REPORT_BYTES], //                         Report Count (64)
  ...[0x09, 0x02], //                                 Usage (data to the host)
  ...[0x81, 0x02], //                                 Input (Data, Variable, Absolute)
  ...[0x09, 0x03], //                                 Usage (data from the host); size and count still hold
  ...[0x91, 0x02], //                                 Output (Data, Variable, Absolute)
  ...[0xc0], //                                     End Collection
);

/**
 * One opened HID device: reports of exactly {@link REPORT_BYTES}, without a report id. Nothing here throws for what the
 * device or the kernel does; the one way a link ends by itself is `onGone`.
 */
export interface ReportLink {
  /**
   * Queues one report; order is kept. A report of another length is the caller's bug (`RangeError`). Once the link is gone
   * or closed, sending does nothing. A returned call proves no delivery: HID has no acknowledgement.
   */
  send(report: Uint8Array): void;
  /**
   * Delivers each whole report in a fresh array, and calls `onGone` once when the device left or failed, at once if it
   * already has. One listener at a time, a later one replaces it. Neither is called after `Stop`, nor after `close`.
   */
  listen(onReport: (report: Uint8Array) => void, onGone: () => void): Stop;
  /** Lets the device go. Closing twice, or after it has gone, does nothing. */
  close(): void;
}
