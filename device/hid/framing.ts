/**
 * Messages in reports of 64 bytes and back (ACT-HID.md §3). The first report of a message says on which channel it is, what
 * it is, how long, and its CRC; the others are numbered. Pure: time is a parameter, and nothing here throws for what a peer sent.
 */
import { concatBytes, type EpochMs, epochMs } from '../../protocol/index.ts';
import { crc32 } from './crc32.ts';
import { ASSEMBLY_MS, MESSAGE_MAX_BYTES } from './limits.ts';
import { REPORT_BYTES } from './report-link.ts';

export interface HidMessage {
  /** 32 bits. */
  readonly channel: number;
  /** 7 bits, see `COMMANDS`. */
  readonly command: number;
  readonly payload: Uint8Array;
}

/** Channel, command and length in front of the CRC; channel and number in front of what follows. */
const FIRST = { command: 4, length: 5, crc: 7, payload: 11 } as const;
const NEXT = { number: 4, payload: 5 } as const;
const FIRST_MARK = 0x80;
export const FIRST_PAYLOAD_BYTES = REPORT_BYTES - FIRST.payload;
export const NEXT_PAYLOAD_BYTES = REPORT_BYTES - NEXT.payload;

/** The reports of one message, in order, the last one filled up with zeros. A payload that is too long is the caller's bug. */
export function reportsOf({ channel, command, payload }: HidMessage): readonly Uint8Array[] {
  if (payload.length > MESSAGE_MAX_BYTES) throw new RangeError(`a message has at most ${MESSAGE_MAX_BYTES} bytes`);
  const first = new Uint8Array(REPORT_BYTES);
  const head = new DataView(first.buffer);
  head.setUint32(0, channel);
  head.setUint8(FIRST.command, FIRST_MARK | command);
  head.setUint16(FIRST.length, payload.length);
  head.setUint32(FIRST.crc, checkOf(first, payload));
  first.set(payload.subarray(0, FIRST_PAYLOAD_BYTES), FIRST.payload);
  const reports = [first];
  for (let at = FIRST_PAYLOAD_BYTES; at < payload.length; at += NEXT_PAYLOAD_BYTES) {
    const next = new Uint8Array(REPORT_BYTES);
    new DataView(next.buffer).setUint32(0, channel);
    next[NEXT.number] = reports.length - 1;
    next.set(payload.subarray(at, at + NEXT_PAYLOAD_BYTES), NEXT.payload);
    reports.push(next);
  }
  return reports;
}

/** Over command, length and payload: with one of them wrong, the message is another. */
function checkOf(first: Uint8Array, payload: Uint8Array): number {
  return crc32(first.subarray(FIRST.command, FIRST.crc), payload);
}

export type FramingFault = 'channel' | 'length' | 'sequence' | 'crc';

/** What a report completed, if anything. */
export type Heard =
  | ({ readonly kind: 'message' } & HidMessage)
  | { readonly kind: 'fault'; readonly channel: number; readonly fault: FramingFault };

interface Assembly {
  readonly first: Uint8Array;
  readonly payload: Uint8Array;
  readonly until: EpochMs;
  filled: number;
  number: number;
}

/**
 * Puts messages together, one for each channel at a time: a first report on the same channel begins anew, as a peer does that
 * asks again. Memory is bounded by the number of channels for which `isOpen` is true.
 */
export class Assembler {
  readonly #isOpen: (channel: number) => boolean;
  readonly #assemblies = new Map<number, Assembly>();

  constructor(isOpen: (channel: number) => boolean) {
    this.#isOpen = isOpen;
  }

  /** Takes one report; of another length than 64 it is none. */
  accept(report: Uint8Array, now: EpochMs): Heard | undefined {
    if (report.length !== REPORT_BYTES) return undefined;
    const exact = new Uint8Array(report);
    const channel = new DataView(exact.buffer).getUint32(0);
    const isFirst = ((exact[FIRST.command] as number) & FIRST_MARK) !== 0;
    return isFirst ? this.#begin(channel, exact, now) : this.#extend(channel, exact, now);
  }

  #begin(channel: number, first: Uint8Array, now: EpochMs): Heard | undefined {
    this.#assemblies.delete(channel);
    if (!this.#isOpen(channel)) return { kind: 'fault', channel, fault: 'channel' };
    const length = new DataView(first.buffer).getUint16(FIRST.length);
    if (length > MESSAGE_MAX_BYTES) return { kind: 'fault', channel, fault: 'length' };
    const payload = new Uint8Array(length);
    const assembly = { first, payload, until: epochMs(now + ASSEMBLY_MS), filled: 0, number: 0 };
    this.#assemblies.set(channel, assembly);
    return this.#fill(channel, assembly, first.subarray(FIRST.payload));
  }

  /** A number out of turn ends the message; what then still comes of it belongs to none and is passed over. */
  #extend(channel: number, report: Uint8Array, now: EpochMs): Heard | undefined {
    const assembly = this.#assemblies.get(channel);
    if (!assembly || now >= assembly.until) return undefined;
    if (report[NEXT.number] !== assembly.number) {
      this.#assemblies.delete(channel);
      return { kind: 'fault', channel, fault: 'sequence' };
    }
    assembly.number += 1;
    return this.#fill(channel, assembly, report.subarray(NEXT.payload));
  }

  #fill(channel: number, assembly: Assembly, data: Uint8Array): Heard | undefined {
    const { first, payload } = assembly;
    const taken = data.subarray(0, payload.length - assembly.filled);
    payload.set(taken, assembly.filled);
    assembly.filled += taken.length;
    if (assembly.filled < payload.length) return undefined;
    this.#assemblies.delete(channel);
    const view = new DataView(first.buffer);
    if (view.getUint32(FIRST.crc) !== checkOf(first, payload)) return { kind: 'fault', channel, fault: 'crc' };
    return { kind: 'message', channel, command: view.getUint8(FIRST.command) & ~FIRST_MARK, payload };
  }

  /** When the next unfinished message has had its time. */
  get dueAt(): EpochMs | undefined {
    const times = [...this.#assemblies.values()].map(({ until }) => until);
    return times.length === 0 ? undefined : epochMs(Math.min(...times));
  }

  /** Gives up the messages whose time is over. @returns their channels. */
  expire(now: EpochMs): readonly number[] {
    const over = [...this.#assemblies].filter(([, { until }]) => now >= until).map(([channel]) => channel);
    for (const channel of over) this.#assemblies.delete(channel);
    return over;
  }

  forget(channel: number): void {
    this.#assemblies.delete(channel);
  }
}

/** A 32-bit number, most significant byte first. */
export function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** What a signer answers to INIT: the host's nonce again, the new channel, the version it speaks and the oldest one. */
export interface InitAnswer {
  readonly nonce: Uint8Array;
  readonly channel: number;
  readonly version: number;
  readonly floor: number;
}

const INIT_ANSWER_BYTES = 14;

export function encodeInitAnswer({ nonce, channel, version, floor }: InitAnswer): Uint8Array {
  return concatBytes(nonce, uint32(channel), Uint8Array.of(version, floor));
}

/** `undefined` for anything of another length. A later version may say more behind it, under another command. */
export function decodeInitAnswer(payload: Uint8Array): InitAnswer | undefined {
  if (payload.length !== INIT_ANSWER_BYTES) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset);
  return {
    ...{ nonce: payload.slice(0, 8), channel: view.getUint32(8) },
    ...{ version: view.getUint8(12), floor: view.getUint8(13) },
  };
}
