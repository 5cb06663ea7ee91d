/**
 * The headers of ACT 2.1 PSD-PAY-A402: base64url of UTF-8 JSON. Only the header decides; the body of a 402 response is for
 * people, and nothing here takes it.
 */
import { PaymentNeeded, PaymentProof, PaymentValidation } from './act/a402.ts';
import { fromJson, toJson } from './act/json-form.ts';
import { base64url, fromBase64url, utf8 } from './bytes.ts';
import { ProtocolError } from './errors.ts';
import { fromUtf8, parseJson, writeJson } from './json.ts';
import type { WireType, WireValue } from './wire.ts';

/** The three headers and what each holds. */
export const A402_HEADERS = {
  'Payment-Needed': PaymentNeeded,
  'Payment-Proof': PaymentProof,
  'Payment-Validation': PaymentValidation,
} as const;

export type A402Header = keyof typeof A402_HEADERS;
export type A402Value<H extends A402Header> = WireValue<(typeof A402_HEADERS)[H]>;

/** Common servers refuse longer header lines. */
export const A402_MAX_CHARS = 8192;

/** The value of a header. @throws ProtocolError `message-shape`, `a402-*`. */
export function writeA402<H extends A402Header>(header: H, value: A402Value<H>): string {
  const type = A402_HEADERS[header] as WireType<unknown>;
  const text = base64url(utf8(writeJson(toJson(type, value, header))));
  if (text.length > A402_MAX_CHARS) throw new ProtocolError('a402-too-long', `over ${A402_MAX_CHARS} characters`);
  return text;
}

/**
 * Reads the value of a header, of which a message has one: two joined by a comma are no base64url.
 * @throws ProtocolError `a402-*`, `json-*`, `message-shape`, `money-*`, `time-*`.
 */
export function readA402<H extends A402Header>(header: H, text: string): A402Value<H> {
  if (text.length > A402_MAX_CHARS) throw new ProtocolError('a402-too-long', `over ${A402_MAX_CHARS} characters`);
  const type = A402_HEADERS[header] as WireType<unknown>;
  return fromJson(type, parseJson(decoded(text)), header) as A402Value<H>;
}

function decoded(text: string): string {
  try {
    return fromUtf8(fromBase64url(text));
  } catch {
    throw new ProtocolError('a402-encoding', 'the header is not base64url of UTF-8');
  }
}
