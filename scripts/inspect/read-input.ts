/** Gets at the bytes to inspect, however somebody has them at hand: as text out of a log, or as a captured payload. */
import { existsSync, readFileSync } from 'node:fs';
import { fromHex, isWellFormed } from '../../protocol/index.ts';
import { InspectError } from './inspect-error.ts';

export type Spelling = 'hex' | 'base64' | 'base64url' | 'binary';

export interface Input {
  readonly bytes: Uint8Array;
  readonly spelling: Spelling;
}

/** Far beyond anything a profile of 4 KiB could hold, even as hex with a comment around it. */
const MOST_INPUT_BYTES = 1024 * 1024;
const STDIN = 0;
const HINT = 'give hex, base64 or base64url, the name of a file, or - for standard input';

/**
 * `-` is standard input, the name of an existing file that file; anything else is the bytes themselves as text.
 * @throws InspectError `inspect-unreadable`, `inspect-empty`; `inspect-input` with the place of the first bad character.
 */
export function readInput(operand: string): Input {
  const fromFile = operand === '-' || existsSync(operand);
  const input = fromFile ? ofContent(readAll(operand)) : fromText(operand);
  if (input.bytes.length === 0) throw new InspectError('inspect-empty', 'no bytes', HINT);
  return input;
}

function readAll(operand: string): Uint8Array {
  let content: Uint8Array;
  try {
    content = readFileSync(operand === '-' ? STDIN : operand);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new InspectError(
      'inspect-unreadable',
      `cannot read ${operand} (${reason})`,
      'check the path and its permissions',
    );
  }
  if (content.length > MOST_INPUT_BYTES)
    throw new InspectError('inspect-input', `more than ${MOST_INPUT_BYTES} bytes`, 'give one message at a time');
  return new Uint8Array(content);
}

/** Whatever begins like a message of ours holds bytes that are no printable ASCII, so a file of text is told from a binary one. */
function ofContent(content: Uint8Array): Input {
  const isText = content.every(
    (byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09,
  );
  return isText ? fromText(String.fromCharCode(...content)) : { bytes: content, spelling: 'binary' };
}

const ALPHABETS: readonly (readonly [Spelling, RegExp])[] = [
  ['hex', /^(?:[0-9a-fA-F]{2})*$/],
  ['base64', /^[A-Za-z0-9+/]*={0,2}$/],
  ['base64url', /^[A-Za-z0-9_-]*={0,2}$/],
];

/** Reads text; white space, and a `0x` in front, are passed over. */
function fromText(text: string): Input {
  const letters = text.replace(/\s+/g, '').replace(/^0x/i, '');
  const [spelling] = ALPHABETS.find(([, alphabet]) => alphabet.test(letters)) ?? [];
  if (spelling === undefined || (spelling !== 'hex' && isMeantAsHex(letters))) return refuseText(text, letters);
  if (spelling === 'hex') return { bytes: fromHex(letters), spelling };
  const digits = letters.replace(/=+$/, '');
  if (digits.length % 4 === 1)
    throw new InspectError('inspect-input', 'base64 that ends within a byte', HINT, text.length);
  return { bytes: new Uint8Array(Buffer.from(digits, 'base64')), spelling };
}

/** In base64 one character of three is a hexadecimal digit; text with hardly any other is hex with a slip in it. */
function isMeantAsHex(letters: string): boolean {
  const digits = letters.match(/[0-9a-f]/gi)?.length ?? 0;
  return digits === letters.length || (letters.length >= 16 && digits >= 0.75 * letters.length);
}

/** Says where the text stops being what it seems to be. */
function refuseText(text: string, letters: string): never {
  const asHex = isMeantAsHex(letters);
  const alphabet = asHex ? /[0-9a-fA-F\s]/ : /[A-Za-z0-9+/=_\s-]/;
  const prefix = /^\s*0x/i.exec(text)?.[0].length ?? 0;
  const bad = [...text].findIndex((letter, i) => i >= prefix && !alphabet.test(letter));
  const shown = isWellFormed(text) ? JSON.stringify([...text][bad]) : 'half a character';
  if (bad < 0 && asHex)
    throw new InspectError('inspect-input', 'an odd number of hexadecimal digits', HINT, text.length);
  if (bad < 0)
    throw new InspectError('inspect-input', 'both alphabets of base64 in one text, or padding inside it', HINT);
  const name = asHex ? 'a hexadecimal digit' : 'in the alphabet of base64, and no file has this name';
  throw new InspectError('inspect-input', `character ${bad} is ${shown}, not ${name}`, HINT, bad);
}
