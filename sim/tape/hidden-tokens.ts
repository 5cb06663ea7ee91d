/**
 * A new payment token comes in a frame that its PSP has signed. A tape holds that frame without the token, so it is signed
 * again with a key that everybody knows; a device that is played from a tape takes that key for its PSP's.
 */
import type { DeviceSettings, Directory } from '../../device/index.ts';
import { deviceReader } from '../../device/link/device-reader.ts';
import {
  FRAMES,
  openFrame,
  ProtocolError,
  parseSign1,
  peekFrame,
  sealFrame,
  softSigningKey,
  TrustSet,
  trustedKey,
  utf8,
} from '../../protocol/index.ts';
import { maskOf, type SecretMask } from './secret-mask.ts';

const KNOWN_SEED_BYTES = 32;
const knownKey = softSigningKey(utf8('known to all who read a tape'.padEnd(KNOWN_SEED_BYTES)));

/** @param message a frame, or what is none. @returns it with zeros in place of a token; `mask` knows that token from then on. */
export function hiddenTokens(mask: SecretMask, message: Uint8Array, settings: DeviceSettings): Uint8Array {
  const payload = payloadOfResult(message);
  if (!payload) return message;
  const reader = deviceReader(settings);
  try {
    const frame = openFrame(message, reader, peekFrame(message).iat);
    if (frame.type !== 'bind-result' || frame.body.paymentToken === undefined) return message;
    mask.add(frame.body.paymentToken);
    const body = { ...frame.body, paymentToken: maskOf(frame.body.paymentToken) };
    const { tenant, self } = reader;
    const address = { tenant, from: frame.from, to: self, session: settings.session };
    const { iat, exp, cti } = frame;
    return sealFrame({ type: 'bind-result', body }, address, { iat, lifetimeS: exp - iat, cti }, knownKey);
  } catch (error) {
    // The PSP may have sent it all the same, with a token: under a key that is not known here yet, in another session. The
    // device drops it, with whatever is in it.
    if (error instanceof ProtocolError) return withZeros(message, payload.length);
    throw error;
  }
}

/** What a bind-result brings, whoever has sent it; nothing for another frame, and for what is none. */
function payloadOfResult(message: Uint8Array): Uint8Array | undefined {
  try {
    const { header, payload } = parseSign1(message);
    return header.typ === FRAMES['bind-result'].typ ? payload : undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/** A signature of 64 bytes, with its length, is the last in a frame, and the payload stands before it. */
const SIGNATURE_BYTES = 66;

function withZeros(message: Uint8Array, payloadBytes: number): Uint8Array {
  const end = message.length - SIGNATURE_BYTES;
  return message.slice().fill(0, end - payloadBytes, end);
}

/** The directory of a device that is played from a tape. */
export function withKnownKey(directory: Directory, psp: string): Directory {
  const { tenant } = directory;
  const key = trustedKey({ party: psp, role: 'psp', use: 'frame', tenant, publicKey: knownKey.publicKey });
  const keys = [...directory.keys, key];
  return { ...directory, keys, trust: new TrustSet(keys) };
}
