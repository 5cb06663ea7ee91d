import { describe, expect, it } from 'vitest';
import { REPORT_DESCRIPTOR } from '../../device/hid/report-link.ts';
import { TEST_SIGNER } from '../../sim/embedded/uhid-device.ts';
import {
  createEvent,
  destroyEvent,
  inputEvent,
  readEvent,
  refusalEvent,
  UHID_EVENT_BYTES,
} from '../../sim/embedded/uhid-events.ts';

/** A record of the kernel's with `type`, and bytes at offsets, little-endian as on every machine the tests run on. */
function fromKernel(type: number, bytes: Readonly<Record<number, number>> = {}): Uint8Array {
  const record = new Uint8Array(UHID_EVENT_BYTES);
  record[0] = type;
  for (const [at, byte] of Object.entries(bytes)) record[Number(at)] = byte;
  return record;
}

it('the report descriptor is, byte for byte, what signers in firmware have', () => {
  expect(Buffer.from(REPORT_DESCRIPTOR).toString('hex')).toBe('065aff0901a101150026ff00750895400902810209039102c0');
});

describe('a record for /dev/uhid', () => {
  it('creates a device with its name, ids and descriptor where linux/uhid.h has them', () => {
    const record = createEvent(TEST_SIGNER, REPORT_DESCRIPTOR);
    const text = (at: number, end: number) => Buffer.from(record.slice(at, end)).toString();
    expect(record[0]).toBe(11);
    expect(text(4, 132).replaceAll('\0', '')).toBe('ACT signer (simulated)');
    expect(text(196, 260).replaceAll('\0', '')).toBe('0');
    expect([...record.slice(260, 272)]).toEqual([REPORT_DESCRIPTOR.length, 0, 3, 0, 0x09, 0x12, 0, 0, 1, 0, 0, 0]);
    expect(record.slice(280)).toEqual(REPORT_DESCRIPTOR);
  });

  it('has room for names as long as the kernel allows, and no longer', () => {
    const named = (bytes: number) => () => createEvent({ ...TEST_SIGNER, name: 'x'.repeat(bytes) }, REPORT_DESCRIPTOR);
    expect(named(127)).not.toThrow();
    expect(named(128)).toThrow(RangeError);
    expect(() => createEvent({ ...TEST_SIGNER, serial: '签'.repeat(22) }, REPORT_DESCRIPTOR)).toThrow(RangeError);
  });

  it('carries an input report with its length, and an unplugging alone', () => {
    expect([...inputEvent(Uint8Array.of(7, 8, 9))]).toEqual([12, 0, 0, 0, 3, 0, 7, 8, 9]);
    expect([...destroyEvent()]).toEqual([1, 0, 0, 0]);
  });

  it('refuses a report on the control pipe by its id, with EIO', () => {
    expect([...refusalEvent({ kind: 'get-report', id: 258 })]).toEqual([10, 0, 0, 0, 2, 1, 0, 0, 5, 0, 0, 0]);
    expect([...refusalEvent({ kind: 'set-report', id: 1 })]).toEqual([14, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0]);
  });
});

describe('a record of the kernel', () => {
  it('is read by its type; an unknown one is passed over', () => {
    expect([2, 3, 4, 5, 99].map((type) => readEvent(fromKernel(type)).kind)).toEqual([
      'start',
      'stop',
      'other',
      'other',
      'other',
    ]);
    expect(readEvent(fromKernel(9, { 4: 5 }))).toEqual({ kind: 'get-report', id: 5 });
    expect(readEvent(fromKernel(13, { 5: 1 }))).toEqual({ kind: 'set-report', id: 256 });
  });

  it('T12: gives what a host wrote in memory of its own', () => {
    const record = fromKernel(6, { 4: 1, 5: 2, 4100: 2 });
    const event = readEvent(record);
    record.fill(0);
    expect(event).toEqual({ kind: 'output', data: Uint8Array.of(1, 2) });
  });

  it('T21: may be short, which means zeros, and cannot make us read beyond its data', () => {
    expect(readEvent(Uint8Array.of(6, 0, 0, 0, 9))).toEqual({ kind: 'output', data: new Uint8Array(0) });
    expect(readEvent(new Uint8Array(0))).toEqual({ kind: 'other' });
    expect(readEvent(fromKernel(6, { 4100: 0xff, 4101: 0xff }))).toMatchObject({ data: { length: 4096 } });
  });
});
