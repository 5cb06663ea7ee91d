/**
 * The records of /dev/uhid as linux/uhid.h lays them out: `struct uhid_event`, packed, in the byte order of the host. A record
 * may be shorter than the struct; kernel and user space both read what is missing as zeros.
 */
import { endianness } from 'node:os';

/** `enum uhid_event_type`, the values this program meets. */
const TYPE = {
  destroy: 1,
  start: 2,
  stop: 3,
  output: 6,
  getReport: 9,
  getReportReply: 10,
  create2: 11,
  input2: 12,
  setReport: 13,
  setReportReply: 14,
} as const;

/** `sizeof(struct uhid_event)`: the type and its longest member, `uhid_create2_req`. */
export const UHID_EVENT_BYTES = 4376;

/** `BUS_USB` of linux/input.h: a signer in hardware is a USB device. */
const BUS_USB = 0x03;
/** `EIO` of errno.h, the answer to feature reports, which a signer has not. */
const EIO = 5;
/** `UHID_DATA_MAX` */
const DATA_MAX_BYTES = 4096;

const LITTLE = endianness() === 'LE';

/** What a host sees of a device beside its reports. Nothing of it identifies a signer; that is for the handshake. */
export interface UhidIdentity {
  /** Shown by the system; at most 127 bytes of UTF-8. */
  readonly name: string;
  /** The serial number; at most 63 bytes of UTF-8. */
  readonly serial: string;
  readonly vendorId: number;
  readonly productId: number;
}

/** What the kernel tells a device. */
export type UhidEvent =
  /** The kernel has taken the device in; its hidraw node is there or about to be. */
  | { readonly kind: 'start' }
  /** The kernel has let the device go; nothing follows. */
  | { readonly kind: 'stop' }
  /** A host wrote: the bytes as the kernel hands them over. */
  | { readonly kind: 'output'; readonly data: Uint8Array }
  /** A host asks for, or sends, a report by the control pipe; it waits for the reply with this id. */
  | { readonly kind: 'get-report' | 'set-report'; readonly id: number }
  /** Openings and closings by hosts, and what later kernels may add. */
  | { readonly kind: 'other' };

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A fresh record of `type` with room for `bodyBytes`. */
function record(type: number, bodyBytes: number): { readonly bytes: Uint8Array; readonly view: DataView } {
  const bytes = new Uint8Array(4 + bodyBytes);
  const view = viewOf(bytes);
  view.setUint32(0, type, LITTLE);
  return { bytes, view };
}

/** Writes `text` as a C string into a field of `fieldBytes`. The caller's text is the caller's care: too long is a `RangeError`. */
function putText(into: Uint8Array, at: number, fieldBytes: number, text: string): void {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length >= fieldBytes)
    throw new RangeError(`${bytes.length} bytes of text do not fit a field of ${fieldBytes}`);
  into.set(bytes, at);
}

/** UHID_CREATE2: `name[128] phys[64] uniq[64] rd_size:16 bus:16 vendor:32 product:32 version:32 country:32 rd_data`. */
export function createEvent(identity: UhidIdentity, descriptor: Uint8Array): Uint8Array {
  const { bytes, view } = record(TYPE.create2, 276 + descriptor.length);
  putText(bytes, 4, 128, identity.name);
  putText(bytes, 196, 64, identity.serial);
  view.setUint16(260, descriptor.length, LITTLE);
  view.setUint16(262, BUS_USB, LITTLE);
  view.setUint32(264, identity.vendorId, LITTLE);
  view.setUint32(268, identity.productId, LITTLE);
  bytes.set(descriptor, 280);
  return bytes;
}

/** UHID_INPUT2: `size:16 data`. The kernel takes a report of any length; what a host makes of a wrong one is the host's matter. */
export function inputEvent(report: Uint8Array): Uint8Array {
  const { bytes, view } = record(TYPE.input2, 2 + report.length);
  view.setUint16(4, report.length, LITTLE);
  bytes.set(report, 6);
  return bytes;
}

/** UHID_DESTROY: unplugs the device. */
export function destroyEvent(): Uint8Array {
  return record(TYPE.destroy, 0).bytes;
}

/** The refusal of a report on the control pipe (`id:32 err:16 …`); without one the host would wait five seconds. */
export function refusalEvent(asked: { readonly kind: 'get-report' | 'set-report'; readonly id: number }): Uint8Array {
  const { bytes, view } = record(asked.kind === 'get-report' ? TYPE.getReportReply : TYPE.setReportReply, 8);
  view.setUint32(4, asked.id, LITTLE);
  view.setUint16(8, EIO, LITTLE);
  return bytes;
}

/** How each record that matters is read; the view begins after the type. */
const READERS: ReadonlyMap<number, (body: DataView) => UhidEvent> = new Map<number, (body: DataView) => UhidEvent>([
  [TYPE.start, () => ({ kind: 'start' })],
  [TYPE.stop, () => ({ kind: 'stop' })],
  // `data[4096] size:16 rtype:8`
  [
    TYPE.output,
    (body) => {
      const size = Math.min(body.getUint16(DATA_MAX_BYTES, LITTLE), DATA_MAX_BYTES);
      return { kind: 'output', data: new Uint8Array(body.buffer, body.byteOffset, size) };
    },
  ],
  [TYPE.getReport, (body) => ({ kind: 'get-report', id: body.getUint32(0, LITTLE) })],
  [TYPE.setReport, (body) => ({ kind: 'set-report', id: body.getUint32(0, LITTLE) })],
]);

/** Reads one record of the kernel's. The result shares no memory with `received`. */
export function readEvent(received: Uint8Array): UhidEvent {
  const bytes = new Uint8Array(UHID_EVENT_BYTES);
  bytes.set(received.subarray(0, UHID_EVENT_BYTES));
  const type = viewOf(bytes).getUint32(0, LITTLE);
  return READERS.get(type)?.(new DataView(bytes.buffer, 4)) ?? { kind: 'other' };
}
