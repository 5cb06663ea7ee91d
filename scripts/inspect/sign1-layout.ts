/** Where the parts of a COSE_Sign1 begin, which `parseSign1` does not say. */
import { StrictReader } from '../../protocol/cbor-strict.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Fault, Part } from './report.ts';

export interface Sign1Layout {
  readonly protectedAt: number;
  readonly payloadAt: number;
  readonly parts: readonly Part[];
}

/** Bytes of a shortest head (RFC 8949 §4.2.1) in front of a string of this length; a message has no longer ones. */
const headBytes = (length: number): number => (length < 24 ? 1 : length < 256 ? 2 : 3);

/** Tag and array head; the empty unprotected header. */
const OPENING_BYTES = 2;
const UNPROTECTED_BYTES = 1;

/** @throws ProtocolError `cbor-*` or `cose-*` with the offset from the first byte of the message. */
export function sign1Layout(bytes: Uint8Array): Sign1Layout {
  const reader = new StrictReader(bytes);
  reader.literal(0xd2, 'cose-malformed', 'tag 18');
  reader.literal(0x84, 'cose-malformed', 'an array of 4');
  const header = reader.byteString('cose-malformed', 'the protected header in a byte string').length;
  const protectedAt = OPENING_BYTES + headBytes(header);
  const unprotectedAt = protectedAt + header;
  reader.literal(0xa0, 'cose-header', 'an empty unprotected header');
  const payload = reader.byteString('cose-malformed', 'the payload in a byte string').length;
  const payloadAt = unprotectedAt + UNPROTECTED_BYTES + headBytes(payload);
  const signature = reader.byteString('cose-malformed', 'the signature in a byte string').length;
  const signatureAt = payloadAt + payload + headBytes(signature);
  reader.end();
  const named = header + payload + signature;
  return {
    protectedAt,
    payloadAt,
    parts: [
      { name: 'protected header', at: protectedAt, bytes: header },
      { name: 'payload', at: payloadAt, bytes: payload },
      { name: 'signature', at: signatureAt, bytes: signature },
      { name: 'tag and heads', at: 0, bytes: bytes.length - named },
    ],
  };
}

/** What `protocol/` refused, with its offset counted from the start of the input. */
export function faultOf(error: unknown, base: number): Fault {
  if (!(error instanceof ProtocolError)) throw error;
  const { code, at, path } = error;
  // The message ends in the place, which is told apart from it here; `at` counts from another byte there.
  const message = error.message.slice(code.length + 2).replace(/(?: at byte \d+)?(?: in .*)?$/, '');
  return { code, message, ...(at !== undefined && { at: base + at }), ...(path !== undefined && { path }) };
}
