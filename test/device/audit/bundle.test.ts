import { describe, expect, it } from 'vitest';
import { verifyBundle } from '../../../device/audit/bundle-verify.ts';
import { ProtocolError } from '../../../protocol/index.ts';
import { CORPUS } from './bundle-corpus.ts';

/** A verdict in one line: standing, conclusions other than VERIFIED, faults, missing. */
function told(encoded: Uint8Array): string {
  try {
    const { standing, records, faults, missing } = verifyBundle(encoded);
    const conclusions = records.flatMap(({ conclusion }) =>
      conclusion && conclusion !== 'VERIFIED' ? [conclusion] : [],
    );
    return [standing, ...conclusions, ...faults, ...missing].join(' ');
  } catch (error) {
    if (error instanceof ProtocolError) return 'unreadable';
    throw error;
  }
}

describe('a bundle', () => {
  it.each(CORPUS.map((one) => [one.name, one] as const))('with %s', (_, { encoded, expected }) => {
    expect(told(encoded)).toBe(expected);
  });
});
