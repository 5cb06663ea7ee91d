import { describe, expect, it } from 'vitest';
import * as real from '../../../protocol/ed25519.ts';
import * as fake from '../../../sim/fuzz/fake-ed25519.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';

describe('the fake signatures', () => {
  const random = new SeededRandom('fake signatures');

  it('have every function of the real ones, and their lengths', () => {
    expect(Object.keys(fake).sort()).toEqual(Object.keys(real).sort());
    const seed = random.bytes(32);
    for (const { publicKeyOf, signEd25519 } of [real, fake])
      expect([publicKeyOf(seed).length, signEd25519(random.bytes(9), seed).length]).toEqual([32, 64]);
    for (const { publicKeyOf, checkEnrolmentKey } of [real, fake]) {
      expect(() => publicKeyOf(random.bytes(31))).toThrow(/key-malformed/);
      expect(() => checkEnrolmentKey(random.bytes(33))).toThrow(/key-malformed/);
    }
  });

  it('refuse every altered bit of signature, message and key, and another length', () => {
    const seed = random.bytes(32);
    const message = random.bytes(61);
    const key = fake.publicKeyOf(seed);
    const signature = fake.signEd25519(message, seed);
    expect(fake.verifyEd25519(signature, message, key)).toBe(true);
    const flipped = (bytes: Uint8Array, bit: number) => {
      const altered = bytes.slice();
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return altered;
    };
    for (let bit = 0; bit < 512; bit += 1)
      expect(fake.verifyEd25519(flipped(signature, bit), message, key)).toBe(false);
    for (let bit = 0; bit < message.length * 8; bit += 1)
      expect(fake.verifyEd25519(signature, flipped(message, bit), key)).toBe(false);
    for (let bit = 0; bit < 256; bit += 1)
      expect(fake.verifyEd25519(signature, message, flipped(key, bit))).toBe(false);
    for (const length of [0, 60, 62]) expect(fake.verifyEd25519(signature, random.bytes(length), key)).toBe(false);
    expect(fake.verifyEd25519(signature.slice(1), message, key)).toBe(false);
  });

  it('tell 100,000 messages and keys apart', () => {
    const seed = new Uint8Array(32).fill(3);
    const signatures = new Set<string>();
    for (let i = 0; i < 100_000; i += 1) {
      const message = Uint8Array.of(i & 255, (i >> 8) & 255, (i >> 16) & 255);
      signatures.add(Buffer.from(fake.signEd25519(message, seed)).toString('latin1'));
    }
    expect(signatures.size).toBe(100_000);
  });
});
