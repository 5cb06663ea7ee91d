/** A journal keeps what it accepted, and holds only what genuine parties sent, once (T1, T2, T3, T5, T26). */
import { decodeCbor, equalBytes } from '../../protocol/index.ts';
import type { AckedMessage, FoundRecords, WorldRecord } from '../world-record.ts';
import { type Circumstances, type Findings, frameHead, textOf } from './facts.ts';
import type { Watching } from './reading.ts';

/** At each start the disk holds every record it had accepted, in order; one more for each power cut at most. */
export const journalsKeep: Watching = ({ record, since }) => {
  const found = since(({ found: all }) => all);
  return () => found().flatMap((one) => lostOrAdded(record, one));
};

function lostOrAdded(record: WorldRecord, { party, disk, life, records }: FoundRecords): Findings {
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
}

/** Frames about the journal are in no journal: each of them there would make the next one due. checkpoints.ts judges them. */
const ABOUT_THE_JOURNAL: ReadonlySet<string> = new Set(['journal-checkpoint', 'journal-cosignature']);
const isAboutTheJournal = (payload: Uint8Array) => ABOUT_THE_JOURNAL.has(frameHead(payload).type);

/** What was acknowledged to the broker, and was meant to be acted on, is in the device's journal. */
export const acknowledgedIsKept: Watching = ({ about, sent, kept, devices, since }) => {
  const acked = since(({ acked: all }) => all);
  const floods = new Floods();
  return () =>
    acked()
      .filter(({ party }) => devices.has(party))
      .filter((one) => {
        if (floods.take(one)) return false;
        const key = textOf(one.payload);
        const isToBeKept = sent.has(key) && !isAboutTheJournal(one.payload);
        return isToBeKept && !kept.has(`${one.party}/${key}`) && !mayBeDropped(one, about);
      })
      .map(({ payload }) => `an acknowledged ${frameHead(payload).type} is not in the journal`);
};

/** From one sender a device takes so many frames at once, and no more than 16 a second after that (T30); a drop is logged. */
const FLOOD = { frames: 64, withinMs: 4_000 } as const;

class Floods {
  readonly #recent = new Map<string, number[]>();

  /** Whether there were too many from whoever this claims to be from, this one included. */
  take({ party, payload, at }: AckedMessage): boolean {
    const key = `${party}/${claimedSender(payload)}`;
    const recent = (this.#recent.get(key) ?? []).filter((one) => one > at - FLOOD.withinMs);
    recent.push(at);
    this.#recent.set(key, recent);
    return recent.length > FLOOD.frames;
  }
}

function claimedSender(payload: Uint8Array): string {
  try {
    return frameHead(payload).iss;
  } catch {
    return '';
  }
}

/** Frames that arrived out of time are dropped, rightly; so are those to others. */
function mayBeDropped({ party, payload, at }: AckedMessage, { clocksApartMs = 0 }: Circumstances): boolean {
  const { aud, iat, exp } = frameHead(payload);
  const [earliest, latest] = [Math.floor((at - clocksApartMs) / 1000), Math.floor((at + clocksApartMs) / 1000)];
  return aud !== party || exp + 30 <= latest || iat > earliest + 30;
}

/** Nobody acts on a frame that no genuine party of the tenant sent to it, byte for byte, nor twice on the same. */
export const onlyGenuineIsActedOn: Watching = ({ received, sent }) => {
  const acted = new Set<string>();
  let at = 0;
  return () => {
    const fresh = received.slice(at);
    at = received.length;
    return fresh.flatMap(({ party, frame, key }) => {
      const name = `${party}/${key}`;
      const findings: string[] = [];
      if (!sent.has(key)) findings.push(`${party} acted on a frame that nobody sent`);
      else if (frameHead(frame).aud !== party) findings.push(`${party} acted on a frame to ${frameHead(frame).aud}`);
      if (acted.has(name)) findings.push(`${party} acted twice on one ${frameHead(frame).type}`);
      acted.add(name);
      return findings;
    });
  };
};

/** Journal first, act second: a frame is in the device's journal before it leaves, a counter in the signer's before it is signed. */
export const journalledFirst: Watching = ({ devices, framesAt, signed, since }) => {
  const leaving = since(({ sent }) => sent);
  const stored = [since(({ stored: all }) => all), since(({ found }) => found)];
  const countersAt = new Map<string, number>();
  let signatures = 0;
  const isBefore = (at: number | undefined, seq: number) => at !== undefined && at < seq;
  return () => {
    for (const { party, disk, seq, records } of stored.flatMap((take) => take())) {
      if (disk !== 'signer' || !devices.has(party)) continue;
      for (const bytes of records) {
        const entry = decodeCbor(bytes);
        // What a signature takes has the number 1, then the counter; locks have other numbers.
        const name = Array.isArray(entry) && entry[0] === 1 ? `${party} ${Number(entry[1])}` : undefined;
        if (name) countersAt.set(name, Math.min(seq, countersAt.get(name) ?? seq));
      }
    }
    const left = leaving()
      .filter(({ party, payload }) => devices.has(party) && !isAboutTheJournal(payload))
      .filter(({ payload, seq }) => !isBefore(framesAt.get(textOf(payload)), seq))
      .map(({ payload }) => `a ${frameHead(payload).type} left before it was in the journal`);
    const made = signed
      .slice(signatures)
      .filter(({ party, counter, seq }) => !isBefore(countersAt.get(`${party} ${counter}`), seq))
      .map(({ counter }) => `counter ${counter} was signed before it was durable`);
    signatures = signed.length;
    return [...left, ...made];
  };
};
