import { describe, expect, it } from 'vitest';
import * as real from '../../../protocol/hpke.ts';
import * as fake from '../../../sim/fuzz/fake-hpke.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';

const random = new SeededRandom('fake sealing');
const CONTEXT = { info: random.bytes(20), aad: random.bytes(12) };
const PLAINTEXT = random.bytes(300);

function sealed(key = fake.deriveKeyPair(random.bytes(32))) {
  const input = { publicKey: key.publicKey, ephemeralIkm: random.bytes(32), plaintext: PLAINTEXT, ...CONTEXT };
  return { key, ...fake.hpkeSeal(input) };
}

describe('the fake sealing', () => {
  it('has every function of the real one, and its lengths', () => {
    expect(Object.keys(fake).sort()).toEqual(Object.keys(real).sort());
    const ikm = random.bytes(32);
    const lengths = [real, fake].map(({ deriveKeyPair, hpkeSeal, hkdfExtract, hkdfExpand }) => {
      const { publicKey, agree } = deriveKeyPair(ikm);
      const { enc, ciphertext } = hpkeSeal({ publicKey, ephemeralIkm: ikm, plaintext: PLAINTEXT, ...CONTEXT });
      const kdf = [hkdfExtract(ikm, ikm), hkdfExpand(ikm, ikm, 77)];
      return [publicKey, agree(publicKey), enc, ciphertext, ...kdf].map(({ length }) => length);
    });
    expect(lengths[1]).toEqual(lengths[0]);
  });

  it('opens with the right key and context, and agrees on the same from both sides', () => {
    const { key, enc, ciphertext } = sealed();
    expect(fake.hpkeOpen({ key, enc, ciphertext, ...CONTEXT })).toEqual(PLAINTEXT);
    const other = fake.deriveKeyPair(random.bytes(32));
    expect(key.agree(other.publicKey)).toEqual(other.agree(key.publicKey));
  });

  it('refuses every altered bit, another key and another context', () => {
    const { key, enc, ciphertext } = sealed();
    const flipped = (bytes: Uint8Array, bit: number) =>
      bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
    const refuses = (over: Partial<Parameters<typeof fake.hpkeOpen>[0]>) =>
      expect(() => fake.hpkeOpen({ key, enc, ciphertext, ...CONTEXT, ...over })).toThrow(/seal-open/);
    for (let bit = 0; bit < enc.length * 8; bit += 1) refuses({ enc: flipped(enc, bit) });
    for (let bit = 0; bit < ciphertext.length * 8; bit += 1) refuses({ ciphertext: flipped(ciphertext, bit) });
    refuses({ key: fake.deriveKeyPair(random.bytes(32)) });
    refuses({ info: random.bytes(20) });
    refuses({ aad: random.bytes(12) });
    refuses({ ciphertext: ciphertext.subarray(0, 15) });
  });

  it('refuses seeds and keys as the real one does', () => {
    for (const { checkedSeed, isSoundPublicKey, hpkeSeal } of [real, fake]) {
      expect(() => checkedSeed(random.bytes(31))).toThrow(/key-malformed/);
      expect([random.bytes(31), new Uint8Array(32)].map((key) => isSoundPublicKey(key))).toEqual([false, false]);
      const input = { publicKey: new Uint8Array(32), ephemeralIkm: random.bytes(32), plaintext: PLAINTEXT, ...CONTEXT };
      expect(() => hpkeSeal(input)).toThrow(/seal-key/);
    }
  });
});
