/** Nobody fills a device with messages, however genuine they are (T30). */
import { type Findings, frameHead } from './facts.ts';
import type { Watching } from './reading.ts';

/** What a device takes of one sender, in frames: at once, and in each second after that; on each of its two topics. */
const AT_ONCE = 2 * 64;
const EACH_SECOND = 2 * 16;
const WITHIN_MS = 2_000;

/** What a device keeps of one sender stays within what it takes from anybody. */
export const floodsAreCut: Watching = ({ received, devices }) => {
  const recent = new Map<string, number[]>();
  let at = 0;
  return () => {
    const fresh = received.slice(at);
    at = received.length;
    return fresh.flatMap(({ party, frame, at: now, isFound }): Findings => {
      // What is found at a start came at some time before.
      if (isFound || !devices.has(party)) return [];
      const { iss } = frameHead(frame);
      const times = (recent.get(`${party} ${iss}`) ?? []).filter((one) => one > now - WITHIN_MS);
      times.push(now);
      recent.set(`${party} ${iss}`, times);
      const most = AT_ONCE + (EACH_SECOND * WITHIN_MS) / 1_000;
      return times.length === most + 1 ? [`${party} has acted on more than ${most} frames of ${iss} at once`] : [];
    });
  };
};
