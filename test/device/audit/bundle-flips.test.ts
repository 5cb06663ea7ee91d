import { describe, expect, it } from 'vitest';
import { encodeBundle } from '../../../device/audit/bundle.ts';
import { type BundleVerdict, verifyBundle } from '../../../device/audit/bundle-verify.ts';
import { ProtocolError } from '../../../protocol/index.ts';
import { eventful } from './bundle-corpus-after.ts';
import { whole } from './bundle-whole.ts';

/** One bit of every so many bytes; a prime, so that all kinds of places come up. */
const EVERY = 61;
const bytes = encodeBundle(whole);
/** The header is the exporter's own word; when it was exported, for example, nobody has signed. */
const headerBytes = 2 + (bytes[1] as number);

function verdictOn(encoded: Uint8Array): BundleVerdict | undefined {
  try {
    return verifyBundle(encoded);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

describe('T27: a bundle with one bit changed anywhere', () => {
  it('is not verified any more, or has lost its witness', { timeout: 60_000 }, () => {
    const places = Array.from(
      { length: Math.floor((bytes.length - headerBytes) / EVERY) },
      (_, i) => headerBytes + i * EVERY,
    );
    const verified = places.filter((at) => {
      const verdict = verdictOn(bytes.map((byte, i) => (i === at ? byte ^ 1 : byte)));
      const isCosigned = verdict?.records.every(({ journal }) => journal === 'cosigned');
      return verdict?.standing === 'verified' && isCosigned;
    });
    expect(verdictOn(bytes)?.records.every(({ journal }) => journal === 'cosigned')).toBe(true);
    expect(places.length).toBeGreaterThan(200);
    expect(verified).toEqual([]);
  });

  it('T14, T17, T29: is not verified any more, where refunds, changes and other payments are in it', () => {
    const delegated = encodeBundle(eventful);
    const from = 2 + (delegated[1] as number);
    expect(verdictOn(delegated)?.standing).toBe('verified');
    const places = Array.from({ length: Math.floor((delegated.length - from) / EVERY) }, (_, i) => from + i * EVERY);
    const verified = places.filter((at) => {
      const flipped = delegated.map((byte, i) => (i === at ? byte ^ 1 : byte));
      return verdictOn(flipped)?.standing === 'verified';
    });
    expect(places.length).toBeGreaterThan(100);
    expect(verified).toEqual([]);
  });
});
