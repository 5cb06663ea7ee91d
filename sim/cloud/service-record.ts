/**
 * How one input of a service stands in its journal: 8 bytes time, 8 bytes outbox mark, then the frame as it was received,
 * or an operator's command behind a zero byte. No frame begins with one: a frame is tagged (RFC 9052 §4.2).
 */
import { concatBytes, type EpochMs, epochMs, utf8 } from '../../protocol/index.ts';

const HEAD_BYTES = 16;
const COMMAND = new Uint8Array([0]);

export interface ServiceRecord {
  /** When the service handled it. */
  readonly at: EpochMs;
  /** All messages the service had ever sent before this number had been taken by the broker. */
  readonly takenBelow: number;
  /** Neither is there for a tick: time alone was the input. */
  readonly frame?: Uint8Array;
  readonly command?: string;
}

export function encodeRecord({ at, takenBelow, frame, command }: ServiceRecord): Uint8Array {
  const input = frame ?? (command === undefined ? new Uint8Array() : concatBytes(COMMAND, utf8(command)));
  const record = new Uint8Array(HEAD_BYTES + input.length);
  const head = new DataView(record.buffer);
  head.setBigUint64(0, BigInt(at));
  head.setBigUint64(8, BigInt(takenBelow));
  record.set(input, HEAD_BYTES);
  return record;
}

/** @throws RangeError, ProtocolError for bytes that {@link encodeRecord} did not write; a journal returns only what was appended. */
export function decodeRecord(record: Uint8Array): ServiceRecord {
  const head = new DataView(record.buffer, record.byteOffset, HEAD_BYTES);
  const at = epochMs(Number(head.getBigUint64(0)));
  const takenBelow = Number(head.getBigUint64(8));
  const input = record.slice(HEAD_BYTES);
  if (input.length === 0) return { at, takenBelow };
  if (input[0] !== COMMAND[0]) return { at, takenBelow, frame: input };
  return { at, takenBelow, command: new TextDecoder().decode(input.subarray(1)) };
}
