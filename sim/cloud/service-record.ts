/** How one input of a service stands in its journal: 8 bytes time, 8 bytes outbox mark, then the frame as it was received. */
import { type EpochMs, epochMs } from '../../protocol/index.ts';

const HEAD_BYTES = 16;

export interface ServiceRecord {
  /** When the service handled it. */
  readonly at: EpochMs;
  /** All messages the service had ever sent before this number had been taken by the broker. */
  readonly takenBelow: number;
  /** Absent for a tick: time alone was the input. */
  readonly frame?: Uint8Array;
}

export function encodeRecord({ at, takenBelow, frame = new Uint8Array() }: ServiceRecord): Uint8Array {
  const record = new Uint8Array(HEAD_BYTES + frame.length);
  const head = new DataView(record.buffer);
  head.setBigUint64(0, BigInt(at));
  head.setBigUint64(8, BigInt(takenBelow));
  record.set(frame, HEAD_BYTES);
  return record;
}

/** @throws RangeError, ProtocolError for bytes that {@link encodeRecord} did not write; a journal returns only what was appended. */
export function decodeRecord(record: Uint8Array): ServiceRecord {
  const head = new DataView(record.buffer, record.byteOffset, HEAD_BYTES);
  const at = epochMs(Number(head.getBigUint64(0)));
  const takenBelow = Number(head.getBigUint64(8));
  return record.length === HEAD_BYTES ? { at, takenBelow } : { at, takenBelow, frame: record.slice(HEAD_BYTES) };
}
