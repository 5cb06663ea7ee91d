/** Linux input events as they are read from /dev/input/event* (the kernel's `struct input_event`). Pure. */
import type { LineSink } from './line-button.ts';

const EV_SYN = 0;
const EV_KEY = 1;
const SYN_REPORT = 0;
const SYN_DROPPED = 3;
const LEVELS = ['up', 'down'] as const;

/** Two machine words of time, then type, code and value: 16 bytes on a 32-bit system, 24 on a 64-bit one. */
export function eventBytes(arch: string): number {
  return arch === 'arm' || arch === 'ia32' ? 16 : 24;
}

/**
 * Takes events in chunks of any size and tells the edges of one key. The kernel's own key repeats are no edges. After
 * SYN_DROPPED, everything up to the next report is what was left of a full buffer, and the level is unknown.
 */
export function keyEdges(keyCode: number, bytesPerEvent: number): (sink: LineSink) => (chunk: Buffer) => void {
  return (sink) => {
    let rest: Buffer = Buffer.alloc(0);
    let skipping = false;
    return (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= bytesPerEvent) {
        const at = bytesPerEvent - 8;
        const [type, code, value] = [rest.readUInt16LE(at), rest.readUInt16LE(at + 2), rest.readInt32LE(at + 4)];
        rest = rest.subarray(bytesPerEvent);
        if (type === EV_SYN && code === SYN_DROPPED) {
          skipping = true;
          sink.dropped();
        } else if (skipping) skipping = !(type === EV_SYN && code === SYN_REPORT);
        else if (type === EV_KEY && code === keyCode) {
          const level = LEVELS[value];
          if (level !== undefined) sink.edge(level);
        }
      }
    };
  };
}
