import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, hex, utf8 } from '../../protocol/bytes.ts';
import { aeadOpen, aeadSeal, x25519Key } from '../../protocol/crypto.ts';
import {
  deriveKeyPair,
  type HpkeOpenInput,
  hkdfExpand,
  hpkeOpen,
  hpkeSeal,
  isSoundPublicKey,
} from '../../protocol/hpke.ts';
import { LOW_ORDER_X25519 } from './low-order.ts';
import { seed } from './seal-builder.ts';
import { refusal, verdict } from './support.ts';

const KEY = deriveKeyPair(seed('receiver'));
const PLAINTEXT = utf8('a signed frame');
const CONTEXT = { info: utf8('info'), aad: utf8('aad') };
const seal = (changes: object = {}) =>
  hpkeSeal({
    publicKey: KEY.publicKey,
    ephemeralIkm: seed('ephemeral'),
    plaintext: PLAINTEXT,
    ...CONTEXT,
    ...changes,
  });
const open = (changes: Partial<HpkeOpenInput> = {}) => hpkeOpen({ key: KEY, ...seal(), ...CONTEXT, ...changes });

describe('HPKE in base mode', () => {
  it('opens what it sealed, in memory of its own', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.uint8Array({ maxLength: 80 }), (plaintext, aad) => {
        const { enc, ciphertext } = seal({ plaintext, aad });
        expect(ciphertext).toHaveLength(plaintext.length + 16);
        const opened = hpkeOpen({ key: KEY, enc, ciphertext, info: CONTEXT.info, aad });
        expect(hex(opened)).toBe(hex(plaintext));
        expect(Object.getPrototypeOf(opened)).toBe(Uint8Array.prototype);
      }),
      { seed: 9180, numRuns: 60 },
    );
  });

  it('makes the same of the same randomness, and something else of another', () => {
    expect(seal()).toEqual(seal());
    expect(hex(seal({ ephemeralIkm: seed('later') }).enc)).not.toBe(hex(seal().enc));
  });

  it('says `seal-open`, in the same words, for every failure', () => {
    const { enc, ciphertext } = seal();
    const flipped = ciphertext.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
    const failures = [
      { key: deriveKeyPair(seed('another')) },
      { info: utf8('other') },
      { aad: utf8('other') },
      { enc: deriveKeyPair(seed('other')).publicKey },
      { enc: enc.slice(1) },
      { enc: new Uint8Array() },
      { enc: new Uint8Array(32) },
      { ciphertext: flipped },
      { ciphertext: ciphertext.slice(0, -1) },
      { ciphertext: ciphertext.slice(0, 15) },
      { ciphertext: new Uint8Array() },
    ].map((changes) => refusal(() => open(changes)));
    expect(new Set(failures.map((error) => error?.message))).toEqual(new Set(['seal-open: this does not open']));
    expect(new Set(failures.map((error) => error?.at ?? error?.path))).toEqual(new Set([undefined]));
  });

  it.each(LOW_ORDER_X25519)('T22: refuses the low-order point %s at both ends', (point) => {
    expect(hex(KEY.agree(fromHex(point)))).toBe('00'.repeat(32));
    expect(isSoundPublicKey(fromHex(point))).toBe(false);
    expect(verdict(() => seal({ publicKey: fromHex(point) }))).toBe('seal-key');
    expect(verdict(() => open({ enc: fromHex(point) }))).toBe('seal-open');
  });

  it('T22: opens nothing that a stranger sealed under the all-zero secret', () => {
    // The attacker knows the secret of a low-order `enc`; without the check these would be the receiver's key and nonce.
    const silent = { publicKey: KEY.publicKey, agree: () => new Uint8Array(32) };
    expect(verdict(() => open({ key: silent }))).toBe('seal-open');
  });

  it.each([0, 31, 33])('seals for no public key of %i bytes', (length) => {
    expect(verdict(() => seal({ publicKey: new Uint8Array(length).fill(9) }))).toBe('seal-key');
    expect(isSoundPublicKey(new Uint8Array(length).fill(9))).toBe(false);
  });

  it('T19: shows no secret in the keys it makes', () => {
    const scalar = seed('scalar');
    const shown = JSON.stringify(x25519Key(scalar), (_, value) => (value instanceof Uint8Array ? hex(value) : value));
    expect(Object.keys(JSON.parse(shown))).toEqual(['publicKey']);
    scalar.fill(0);
    expect(hex(x25519Key(seed('scalar')).agree(KEY.publicKey))).toBe(
      hex(KEY.agree(x25519Key(seed('scalar')).publicKey)),
    );
  });
});

describe('the primitives under it', () => {
  it('stops at the 255 blocks that HKDF has', () => {
    expect(hkdfExpand(seed('prk'), CONTEXT.info, 8160)).toHaveLength(8160);
    expect(() => hkdfExpand(seed('prk'), CONTEXT.info, 8161)).toThrow(/255 blocks/);
  });

  it.each([
    [31, 12],
    [33, 12],
    [32, 8],
    [32, 0],
    [32, 13],
  ])('takes no key of %i bytes with a nonce of %i', (keyBytes, nonceBytes) => {
    const input = { key: new Uint8Array(keyBytes), nonce: new Uint8Array(nonceBytes), aad: CONTEXT.aad };
    expect(() => aeadSeal(input, PLAINTEXT)).toThrow(/length/);
    expect(() => aeadOpen(input, new Uint8Array(40))).toThrow(/length/);
  });
});
