/** A journal keeps what it accepted, and holds only what genuine parties sent, once (T1, T2, T3, T5, T26). */
import { decodeRecord } from '../../device/index.ts';
import { decodeCbor, equalBytes, hex, peekFrame } from '../../protocol/index.ts';
import type { WorldRecord } from '../world-record.ts';
import type { Checker, Circumstances } from './facts.ts';
import { deviceEntries, signedConfirmation } from './facts.ts';

/** At each start the disk holds every record it had accepted, in order; one more for each power cut at most. */
export const journalsKeep: Checker = (record) =>
  record.found.flatMap(({ party, disk, life, records }) => {
    const accepted = record.stored
      .filter((one) => one.party === party && one.disk === disk && one.life < life)
      .flatMap((one) => one.records);
    let next = 0;
    for (const one of records) if (accepted[next] && equalBytes(one, accepted[next] as Uint8Array)) next += 1;
    const cuts = record.crashes.filter((one) => one.party === party && one.life < life).length;
    const findings: string[] = [];
    if (next < accepted.length)
      findings.push(`the ${disk} of ${party} has lost record ${next + 1} of ${accepted.length}`);
    if (records.length - next > cuts) findings.push(`the ${disk} of ${party} has records that nobody wrote`);
    return findings;
  });

/** What was acknowledged to the broker, and was meant to be acted on, is in the device's journal. */
export const acknowledgedIsKept: Checker = (record, about) => {
  const genuine = genuineFrames(record);
  const kept = new Set(received(record, about).map(({ frame }) => hex(frame)));
  const droppable = new Set(droppedCtis(record, about));
  return record.acked
    .filter(({ party, payload }) => party === about.device && genuine.has(hex(payload)))
    .filter(({ payload }) => !kept.has(hex(payload)) && !droppable.has(hex(payload)))
    .map(({ payload }) => `an acknowledged ${peekFrame(payload).type} is not in the journal`);
};

/** Frames that arrived out of time are dropped, rightly; so are those to others. */
function droppedCtis(record: WorldRecord, { device }: Circumstances): readonly string[] {
  return record.acked
    .filter(({ payload, at }) => {
      const head = isFrame(payload);
      return (
        head && (head.aud !== device || head.exp + 30 <= Math.floor(at / 1000) || head.iat > Math.floor(at / 1000) + 30)
      );
    })
    .map(({ payload }) => hex(payload));
}

function isFrame(payload: Uint8Array) {
  try {
    return peekFrame(payload);
  } catch {
    return undefined;
  }
}

function genuineFrames({ sent }: WorldRecord): ReadonlySet<string> {
  return new Set(sent.map(({ payload }) => hex(payload)));
}

function received(record: WorldRecord, { device, tenant }: Circumstances) {
  const byDevice = deviceEntries(record, device).flatMap(({ entry }) =>
    entry.received ? [{ party: device, frame: entry.received }] : [],
  );
  // A service's record is 16 bytes of time and mark, then the frame.
  const services = new Set([tenant.psp.party, tenant.agent.party, ...tenant.merchants.map(({ party }) => party)]);
  const byServices = record.stored
    .filter(({ party, disk }) => services.has(party) && disk === 'journal')
    .flatMap(({ party, records }) => records.map((one) => ({ party, frame: one.subarray(16) })))
    .filter(({ frame }) => frame.length > 0);
  return [...byDevice, ...byServices];
}

/** Nobody acts on a frame that no genuine party of the tenant sent to it, byte for byte, nor twice on the same. */
export const onlyGenuineIsActedOn: Checker = (record, about) => {
  const genuine = genuineFrames(record);
  const acted = new Set<string>();
  const findings: string[] = [];
  for (const { party, frame } of received(record, about)) {
    const name = `${party}/${hex(frame)}`;
    if (!genuine.has(hex(frame))) findings.push(`${party} acted on a frame that nobody sent`);
    else if (peekFrame(frame).aud !== party) findings.push(`${party} acted on a frame to ${peekFrame(frame).aud}`);
    if (acted.has(name)) findings.push(`${party} acted twice on one ${peekFrame(frame).type}`);
    acted.add(name);
  }
  return findings;
};

/** Journal first, act second: a frame is in the device's journal before it leaves, a counter in the signer's before it is signed. */
export const journalledFirst: Checker = (record, about) => {
  const entries = [...record.stored, ...record.found].filter(({ party }) => party === about.device);
  const framesAt = new Map<string, number>();
  const countersAt = new Map<number, number>();
  const first = <K>(at: Map<K, number>, key: K, seq: number) => at.set(key, Math.min(seq, at.get(key) ?? seq));
  for (const { disk, seq, records } of entries) {
    for (const bytes of records) {
      if (disk === 'journal') for (const { frame } of decodeRecord(bytes).sent) first(framesAt, hex(frame), seq);
      const counter = disk === 'signer' ? decodeCbor(bytes) : undefined;
      if (Array.isArray(counter) && typeof counter[0] === 'number') first(countersAt, counter[0], seq);
    }
  }
  const isBefore = (at: number | undefined, seq: number) => at !== undefined && at < seq;
  const sent = record.sent
    .filter(({ party, payload, seq }) => party === about.device && !isBefore(framesAt.get(hex(payload)), seq))
    .map(({ payload }) => `a ${peekFrame(payload).type} left before it was in the journal`);
  const signed = record.signatures
    .filter(({ party }) => party === about.device)
    .map(signedConfirmation)
    .filter(({ counter, seq }) => !isBefore(countersAt.get(counter), seq))
    .map(({ counter }) => `counter ${counter} was signed before it was durable`);
  return [...sent, ...signed];
};
