/**
 * Everything that passed through a device's ports, in order, one line each: what came in, what it was told when it asked, what it
 * did. Played back line by line, the same device does the same again, to the last byte.
 */
import { fromHex, hex, sha256, utf8 } from '../../protocol/index.ts';

/**
 * - `in`: somebody calls the device: a timer, the broker, the ear, the signer. `nested`: the same from within another call.
 * - `read`: what the device was told: the time, random bytes, what a journal holds, a signature of its own key. `read thrown`:
 *   what it had asked for or done last ended with an error.
 * - `out`: what the device did. `out threw`: an error of its own, which ended the call that came in.
 * - `end`: nothing follows. `end closed`: the device was stopped in order; `end full`: the tape was.
 */
export type LineKind = 'in' | 'nested' | 'read' | 'out' | 'end';

export interface TapeLine {
  readonly kind: LineKind;
  readonly what: string;
  readonly values: readonly unknown[];
}

const BYTES = '$hex';

function packed(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { [BYTES]: hex(value) } : value;
}

/** @throws SyntaxError for bytes that are none. */
function unpacked(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !(BYTES in value)) return value;
  const text = value[BYTES];
  if (typeof text === 'string' && /^(?:[0-9a-f]{2})*$/.test(text)) return fromHex(text);
  throw new SyntaxError('bytes that are none');
}

export function writeLine({ kind, what, values }: TapeLine): string {
  return `${kind} ${what} ${JSON.stringify(values, packed)}`;
}

/** @throws SyntaxError for what no tape holds. */
export function readLine(line: string): TapeLine {
  const [, kind, what, json] = /^(in|nested|read|out|end) ([a-z-]+) (\[.*\])$/s.exec(line) ?? [];
  if (kind === undefined || what === undefined || json === undefined)
    throw new SyntaxError('this is no line of a tape');
  return { kind: kind as LineKind, what, values: JSON.parse(json, unpacked) as readonly unknown[] };
}

/** Bytes by their length and the start of their SHA-256: enough to see that they are others. */
export function digestOfBytes(bytes: Uint8Array): string {
  return `${bytes.length} bytes ${hex(sha256(bytes)).slice(0, 32)}`;
}

/** The same for whatever a port was given. */
export function digestOfValue(value: unknown): string {
  return digestOfBytes(utf8(JSON.stringify(value, packed)));
}
