/** A world's record in one number: two runs with the same hash took the same course, to the last byte on the wire. */
import { concatBytes, hex, sha256, utf8 } from '../../protocol/index.ts';
import type { Lived, WorldRecord } from '../world-record.ts';

/** SHA-256 in hex over everything that was sent, stored, acknowledged, presented, pressed, signed and debited, in order. */
export function traceHash(record: WorldRecord): string {
  const stamp = ({ at, seq, party, life }: Lived) => `${at} ${seq} ${party} ${life}`;
  const parts: Uint8Array[] = [];
  const add = (text: string, ...bytes: readonly Uint8Array[]) => {
    const length = bytes.reduce((sum, one) => sum + one.length, 0);
    parts.push(utf8(`${text} ${length}\n`), ...bytes);
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
  return hex(sha256(concatBytes(...parts)));
}

/** The hash of many worlds: of theirs, one after the other. */
export function hashOfHashes(hashes: readonly string[]): string {
  return hex(sha256(utf8(hashes.join('\n'))));
}
