/** The commands and errors of ACT-HID in the clear; everything else goes inside SEALED (ACT-HID.md §4 and §8). */

/** Seven bits each; the first report of a message carries one with the highest bit set. */
export const COMMANDS = {
  ping: 0x01,
  init: 0x02,
  info: 0x03,
  wink: 0x04,
  'pair-commit': 0x05,
  'pair-reveal': 0x06,
  hello: 0x07,
  prove: 0x08,
  sealed: 0x09,
  cancel: 0x0a,
  keepalive: 0x3b,
  error: 0x3f,
} as const;

export type Command = keyof typeof COMMANDS;

/** The one byte of an ERROR. Nothing secret hangs on it, and nothing is decided by it but what to try next. */
export const HID_ERRORS = {
  command: 1,
  length: 2,
  sequence: 3,
  timeout: 4,
  busy: 5,
  crc: 6,
  channel: 7,
  body: 8,
  version: 9,
  'not-paired': 10,
  session: 11,
  declined: 12,
  'timed-out': 13,
  refused: 14,
  store: 15,
  turn: 16,
} as const;

export type HidError = keyof typeof HID_ERRORS;

/** What a KEEPALIVE says: the signer reads the request, or waits for the wearer. */
export const KEEPALIVE = { processing: 1, 'presence-needed': 2 } as const;

const NAMES_OF_COMMANDS = namesOf(COMMANDS);
const NAMES_OF_ERRORS = namesOf(HID_ERRORS);

export function commandOf(byte: number): Command | undefined {
  return NAMES_OF_COMMANDS.get(byte);
}

/** Also for an empty or a longer body: who cannot say what went wrong has still failed. */
export function errorOf(payload: Uint8Array): HidError {
  return (payload.length === 1 && NAMES_OF_ERRORS.get(payload[0] as number)) || 'refused';
}

function namesOf<N extends Readonly<Record<string, number>>>(numbers: N): ReadonlyMap<number, keyof N> {
  return new Map(Object.entries(numbers).map(([name, number]) => [number, name]));
}
