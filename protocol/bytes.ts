import { ProtocolError } from './errors.ts';

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Both letters of 12 bits at once, and the digit of each letter. */
const BASE64URL_PAIRS = Array.from({ length: 4096 }, (_, bits) => `${BASE64URL[bits >> 6]}${BASE64URL[bits & 63]}`);
/** By the code of the letter; 64 where there is none. */
const BASE64URL_DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = BASE64URL.indexOf(String.fromCharCode(code));
  return digit < 0 ? 64 : digit;
});
/** Of a hexadecimal digit in either case, by its character code. */
const HEX_DIGITS = Uint8Array.from({ length: 128 }, (_, code) => Number.parseInt(String.fromCharCode(code), 16) || 0);
const LONE_SURROGATE = /\p{Surrogate}/u;
const textEncoder = new TextEncoder();

/** Whether `value` really is a byte array (a Node Buffer is one): an object that merely claims the prototype is not. */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && value instanceof Uint8Array;
}

/** Lower-case hexadecimal, two digits a byte. */
export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/** Reads hexadecimal in either case. @throws ProtocolError `bytes-hex` for an odd length or any other character. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) {
    throw new ProtocolError('bytes-hex', 'expected pairs of hexadecimal digits');
  }
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const [high, low] = [HEX_DIGITS[text.charCodeAt(2 * i)], HEX_DIGITS[text.charCodeAt(2 * i + 1)]];
    bytes[i] = ((high as number) << 4) | (low as number);
  }
  return bytes;
}

/** RFC 4648 §5 without padding. */
export function base64url(bytes: Uint8Array): string {
  const whole = bytes.length - (bytes.length % 3);
  let text = '';
  for (let i = 0; i < whole; i += 3) {
    const group = ((bytes[i] as number) << 16) | ((bytes[i + 1] as number) << 8) | (bytes[i + 2] as number);
    text += (BASE64URL_PAIRS[group >> 12] as string) + (BASE64URL_PAIRS[group & 4095] as string);
  }
  if (whole === bytes.length) return text;
  const group = ((bytes[whole] as number) << 16) | ((bytes[whole + 1] ?? 0) << 8);
  const tail = (BASE64URL_PAIRS[group >> 12] as string) + (BASE64URL_PAIRS[group & 4095] as string);
  return text + tail.slice(0, bytes.length - whole + 1);
}

/**
 * Reads RFC 4648 §5 without padding, in the one spelling {@link base64url} writes.
 * @throws ProtocolError `bytes-base64url` for padding, other alphabets, an impossible length or unused bits that are set.
 */
export function fromBase64url(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let [bits, held, next] = [0, 0, 0];
  for (let i = 0; i < text.length; i++) {
    const digit = BASE64URL_DIGITS[text.charCodeAt(i)] ?? 64;
    if (digit === 64) throw new ProtocolError('bytes-base64url', 'a character is outside the base64url alphabet');
    bits = ((bits << 6) | digit) & 0xfff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[next++] = bits >> held;
    }
  }
  if (held === 6 || (bits & ((1 << held) - 1)) !== 0) {
    throw new ProtocolError('bytes-base64url', 'the last character does not end a byte');
  }
  return bytes;
}

/** Same length and same content. Not constant time: never compare a secret with it. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** A new array holding the parts one after another. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** False for a string with a surrogate that is no pair: it has no UTF-8 spelling, and encoders silently replace it. */
export function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}

/** The UTF-8 bytes of a text. @throws ProtocolError `bytes-text` for a lone surrogate. */
export function utf8(text: string): Uint8Array {
  if (!isWellFormed(text)) throw new ProtocolError('bytes-text', 'a surrogate without its pair has no UTF-8 form');
  return textEncoder.encode(text);
}
