/**
 * A new payment token comes in a frame that its PSP has signed. A tape holds that frame without the token, so it is signed
 * again with a key that everybody knows; a device that is played from a tape takes that key for its PSP's.
 */
import type { DeviceSettings, Directory } from '../../device/index.ts';
import { deviceReader } from '../../device/link/device-reader.ts';
import {
  openFrame,
  ProtocolError,
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
  try {
    const head = peekFrame(message);
    if (head.type !== 'bind-result') return message;
    const reader = deviceReader(settings);
    const frame = openFrame(message, reader, head.iat);
    if (frame.type !== 'bind-result' || frame.body.paymentToken === undefined) return message;
    mask.add(frame.body.paymentToken);
    const body = { ...frame.body, paymentToken: maskOf(frame.body.paymentToken) };
    const { tenant, self } = reader;
    const address = { tenant, from: frame.from, to: self, session: settings.session };
    return sealFrame(
      { type: 'bind-result', body },
      address,
      { iat: head.iat, lifetimeS: head.exp - head.iat, cti: head.cti },
      knownKey,
    );
  } catch (error) {
    // Not one of the PSP's, so that no token of the PSP's is in it.
    if (error instanceof ProtocolError) return message;
    throw error;
  }
}

/** The directory of a device that is played from a tape. */
export function withKnownKey(directory: Directory, psp: string): Directory {
  const { tenant } = directory;
  const key = trustedKey({ party: psp, role: 'psp', use: 'frame', tenant, publicKey: knownKey.publicKey });
  const keys = [...directory.keys, key];
  return { ...directory, keys, trust: new TrustSet(keys) };
}
