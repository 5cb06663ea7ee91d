import { describe, expect, it } from 'vitest';
import { privateCopy } from '../../sim/private-copy.ts';
import { SeededRandom } from '../../sim/seeded-random.ts';

describe('a copy for the record', () => {
  const random = new SeededRandom('private copies');

  it('has the same bytes, whatever is written to the original and to other copies afterwards', () => {
    const originals = Array.from({ length: 400 }, () => random.bytes(random.below(1_200)));
    const texts = originals.map((bytes) => Buffer.from(bytes).toString('hex'));
    const copies = originals.map(privateCopy);
    for (const bytes of originals) bytes.fill(0xee);
    expect(copies.map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual(texts);
  });

  it('of what is longer than a frame has memory of its own', () => {
    const bytes = random.bytes(5_000);
    const copy = privateCopy(bytes);
    expect(copy).toEqual(bytes);
    expect(copy.buffer.byteLength).toBe(5_000);
  });
});
