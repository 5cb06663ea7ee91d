/** A world's record in one number: two runs with the same hash took the same course, to the last byte on the wire. */
import { hex, sha256, utf8 } from '../../protocol/index.ts';
import type { Lived, WorldRecord } from '../world-record.ts';

const encoder = new TextEncoder();

/** SHA-256 in hex over everything that was sent, stored, acknowledged, presented, pressed, signed and debited, in order. */
export function traceHash(record: WorldRecord): string {
  const stamp = ({ at, seq, party, life }: Lived) => `${at} ${seq} ${party} ${life}`;
  const whole = new Whole();
  const add = (text: string, ...bytes: readonly Uint8Array[]) => {
    const length = bytes.reduce((sum, one) => sum + one.length, 0);
    whole.addText(`${text} ${length}\n`);
    for (const one of bytes) whole.add(one);
  };
  for (const one of record.sent) add(`sent ${stamp(one)} ${one.topic}`, one.payload);
  for (const { topic, payload } of record.wire) add(`wire ${topic}`, payload);
  for (const one of record.stored) add(`stored ${stamp(one)} ${one.disk}`, ...one.records);
  for (const one of record.acked) add(`acked ${stamp(one)}`, one.payload);
  for (const one of record.presented)
    add(`presented ${stamp(one)} ${'page' in one ? [one.page.title, ...one.page.lines].join('\n') : one.sentence}`);
  for (const one of record.edges) add(`edge ${stamp(one)} ${one.edge}`);
  for (const one of record.worn) add(`worn ${stamp(one)} ${one.worn}`);
  for (const one of record.links) add(`link ${stamp(one)} ${one.online}`);
  for (const one of record.crashes) add(`crash ${stamp(one)}`);
  for (const one of record.signatures) add(`signed ${stamp(one)}`, one.toBeSigned);
  for (const { tradeNo, currency, amountMinor } of record.debits.values())
    add(`debit ${tradeNo} ${currency} ${amountMinor}`);
  return hex(sha256(whole.bytes));
}

/** Grows by doubling: an array for each of some hundred pieces would cost more than hashing them. */
class Whole {
  static #room = new Uint8Array(1 << 18);
  #used = 0;

  get bytes(): Uint8Array {
    return Whole.#room.subarray(0, this.#used);
  }

  add(bytes: Uint8Array): void {
    this.#makeRoom(bytes.length);
    Whole.#room.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  addText(text: string): void {
    // UTF-8 takes at most three bytes for each unit of UTF-16.
    this.#makeRoom(3 * text.length);
    this.#used += encoder.encodeInto(text, Whole.#room.subarray(this.#used)).written;
  }

  #makeRoom(length: number): void {
    while (this.#used + length > Whole.#room.length) {
      const larger = new Uint8Array(2 * Whole.#room.length);
      larger.set(this.bytes);
      Whole.#room = larger;
    }
  }
}

/** The hash of many worlds: of theirs, one after the other. */
export function hashOfHashes(hashes: readonly string[]): string {
  return hex(sha256(utf8(hashes.join('\n'))));
}
