/** Nobody acts on what is out of time, and a lock keeps (T2, T16, T18). */
import { decodeCbor } from '../../protocol/index.ts';
import { frameHead } from './facts.ts';
import type { Watching } from './reading.ts';

/** Design 4, in numbers of their own: how far two clocks may be apart, and how long a frame lives at most. */
const SKEW_S = 30;
const LIFE_S = 120;

/** A frame that is acted on is of now, whatever its signature says. */
export const actedInTime: Watching = ({ received, about }) => {
  let at = 0;
  const apartMs = about.clocksApartMs ?? 0;
  return () => {
    const fresh = received.slice(at);
    at = received.length;
    return fresh.flatMap(({ party, frame, at: now, isFound }) => {
      // What is found at a start was acted on at some time before.
      if (isFound) return [];
      const { type, iat, exp } = frameHead(frame);
      const [earliest, latest] = [Math.floor((now - apartMs) / 1000), Math.floor((now + apartMs) / 1000)];
      if (exp + SKEW_S <= earliest) return [`${party} acted on a ${type} that was over`];
      if (iat > latest + SKEW_S) return [`${party} acted on a ${type} of the future`];
      return exp - iat > LIFE_S ? [`${party} acted on a ${type} that lives for too long`] : [];
    });
  };
};

/** The kinds of records in a signer's memory that lock it: by its wearer, by the PSP. */
const LOCKS: ReadonlySet<unknown> = new Set([2, 3]);

/** Out of the signer's own durable records: between a lock and what lifts it there is no signature. */
export const lockedSignsNothing: Watching = ({ devices, signed, since }) => {
  const stored = since((record) => record.stored);
  const locks = new Map<string, { readonly seq: number; readonly isLocked: boolean }[]>();
  let judged = 0;
  return () => {
    for (const { party, disk, seq, records } of stored()) {
      if (disk !== 'signer' || !devices.has(party)) continue;
      for (const record of records) {
        const entry = decodeCbor(record);
        if (!Array.isArray(entry) || !LOCKS.has(entry[0])) continue;
        const known = locks.get(`${party} ${String(entry[0])}`) ?? [];
        locks.set(`${party} ${String(entry[0])}`, [...known, { seq, isLocked: entry[1] === true }]);
      }
    }
    const fresh = signed.slice(judged);
    judged = signed.length;
    return fresh.flatMap(({ party, seq, counter }) =>
      [...LOCKS].some((kind) => locks.get(`${party} ${String(kind)}`)?.findLast((one) => one.seq < seq)?.isLocked)
        ? [`counter ${counter} was signed by a locked signer`]
        : [],
    );
  };
};
