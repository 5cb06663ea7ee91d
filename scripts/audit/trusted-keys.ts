/** Which keys of a bundle its reader has reason to believe: those of a directory that came to the reader another way. */
import type { BundleKey } from '../../device/audit/bundle.ts';
import type { Directory } from '../../device/index.ts';
import { equalBytes, hex, thumbprintOf } from '../../protocol/index.ts';
import { witnessesOf } from './device-evidence.ts';

/** The keys of a bundle that the directory has for the same purpose; the trust chain's node is in none, and its key is compared by eye. */
export function knownKeys(keys: readonly BundleKey[], directory: Directory): readonly BundleKey[] {
  const { keys: known } = directory;
  return keys.flatMap((key): readonly BundleKey[] => {
    const entry = known.find(({ publicKey }) => hex(publicKey) === hex(key.publicKey));
    if (key.purpose === 'chain') return [key];
    if (key.purpose === 'witness') return isWitness(key, directory) ? [key] : [];
    if (!entry) return [];
    const isSigner =
      key.purpose === 'object' && entry.use === 'object' && entry.party === key.id && entry.role === key.role;
    const isAgent = key.purpose !== 'object' && entry.use === 'frame' && entry.role === 'device';
    if (!isSigner && !isAgent) return [];
    // The reader's directory knows when a key was replaced; the bundle's word on that is not needed.
    const { until: _, ...bare } = key;
    return [{ ...bare, ...(entry.until !== undefined && { until: entry.until }) }];
  });
}

function isWitness({ id, publicKey }: BundleKey, directory: Directory): boolean {
  return witnessesOf(directory).some((one) => one.name === id && equalBytes(one.publicKey, publicKey));
}

/** How people compare a key: the first half of its RFC 9679 thumbprint, in groups. */
export function fingerprint(publicKey: Uint8Array): string {
  return (thumbprintOf(publicKey).slice(0, 32).match(/.{4}/g) ?? []).join(' ');
}
