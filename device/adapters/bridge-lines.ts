/** What a relay says over the bridge: one JSON object a line, of a closed set of shapes. Pure. */
import * as z from 'zod/mini';
import type { ButtonEdge } from '../ports.ts';

/** Room for the longest transcript message a speech service pushes, and its wrapping. */
export const MAX_LINE_BYTES = 8_448;

/** Each line is exactly one of these; an unknown key is garbage, not an extension. */
const MESSAGES = z.union([
  z.strictObject({ button: z.enum(['down', 'up']) }),
  z.strictObject({ wear: z.boolean() }),
  z.strictObject({ alive: z.literal(true) }),
  z.strictObject({ wake: z.literal(true) }),
  /** A message of the device's own speech service as it came. */
  z.strictObject({ transcript: z.record(z.string(), z.unknown()) }),
]);

export type BridgeMessage =
  | { readonly button: ButtonEdge }
  | { readonly wear: boolean }
  | { readonly alive: true }
  | { readonly wake: true }
  | { readonly transcript: Readonly<Record<string, unknown>> };

/** One line without its end; nothing for anything that is not exactly one message. */
export function readBridgeLine(line: string): BridgeMessage | undefined {
  try {
    const read = MESSAGES.safeParse(JSON.parse(line));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Cuts bytes into lines.
 * @returns false once a line is longer than {@link MAX_LINE_BYTES}; the rest is then not looked at.
 */
export function lineCutter(onLine: (line: Buffer) => void): (chunk: Buffer) => boolean {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      if (end > MAX_LINE_BYTES) return false;
      const line = rest.subarray(0, end);
      rest = rest.subarray(end + 1);
      onLine(line);
    }
    return rest.length <= MAX_LINE_BYTES;
  };
}
