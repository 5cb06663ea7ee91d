import type { KeySeal } from '../../device/adapters/sealed-journal.ts';
import { concatBytes, equalBytes, fromHex, hex, utf8 } from '../../protocol/bytes.ts';
import { sha256 } from '../../protocol/crypto.ts';

/**
 * Leaves the key of a journal open in its first record, only checked: stretching a passphrase takes 0.1 s each time, and
 * tests open thousands of journals that are about their records, not about that key.
 */
export const openKeySeal: KeySeal = {
  seal: (fileKey, about) => ({
    machine: [],
    machineTagHex: '00'.repeat(8),
    saltHex: '00'.repeat(16),
    nonceHex: '00'.repeat(12),
    sealedHex: hex(concatBytes(fileKey, checkOf(fileKey, about))),
  }),
  unseal({ sealedHex }, about) {
    const sealed = fromHex(sealedHex);
    const fileKey = sealed.slice(0, -16);
    return equalBytes(sealed.subarray(-16), checkOf(fileKey, about)) ? fileKey : undefined;
  },
};

function checkOf(fileKey: Uint8Array, about: readonly string[]): Uint8Array {
  return sha256(concatBytes(fileKey, utf8(about.join()))).slice(0, 16);
}
