import type { Random } from '../../device/ports.ts';
import { sha256 } from '../../protocol/crypto.ts';

/** Random bytes that are the same in every run: SHA-256 over a label and a counter. */
export function countingRandom(label: string): Random {
  let counter = 0;
  return {
    bytes(length) {
      const out = new Uint8Array(length);
      for (let at = 0; at < length; at += 32) {
        out.set(sha256(new TextEncoder().encode(`${label} ${counter++}`)).subarray(0, length - at), at);
      }
      return out;
    },
  };
}
