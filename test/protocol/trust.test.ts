import { describe, expect, it } from 'vitest';
import { hex } from '../../protocol/bytes.ts';
import { ROLES } from '../../protocol/fields.ts';
import { kidOf, type VerifyingKey } from '../../protocol/sign1.ts';
import type { EpochSeconds } from '../../protocol/time.ts';
import { type KeyUse, type TrustedKey, TrustSet, trustedKey } from '../../protocol/trust.ts';
import { anEnrolledKey, at, keyOf } from './builders.ts';
import { verdict } from './support.ts';

const USES: readonly KeyUse[] = ['frame', 'object'];
const PSP = { party: 'psp-1', role: 'psp', tenant: 'tenant-1', use: 'object' } as const;
const KEY = keyOf('trust');
const trust = new TrustSet([trustedKey({ ...PSP, publicKey: KEY.publicKey })]);
const find = (kid: Uint8Array, changes: Partial<Parameters<TrustSet['find']>[1]> = {}) =>
  trust.find(kid, { tenant: 'tenant-1', use: 'object', roles: ['psp'], ...changes });

describe('a trusted key', () => {
  it('has the kid of its public key and everything enrolment said', () => {
    const key = find(KEY.kid);
    expect(hex(key.kid)).toBe(hex(kidOf(KEY.publicKey)));
    expect(key).toMatchObject(PSP);
  });

  it.each(USES)('T23: is found for its own tenant, role and use only, as a %s key', (use) => {
    for (const role of ROLES) {
      const one = new TrustSet([trustedKey({ ...PSP, role, use, publicKey: KEY.publicKey })]);
      for (const wantedUse of USES)
        for (const wantedRole of ROLES)
          for (const tenant of ['tenant-1', 'tenant-2']) {
            const fits = wantedUse === use && wantedRole === role && tenant === 'tenant-1';
            const found = verdict(() => one.find(KEY.kid, { tenant, use: wantedUse, roles: [wantedRole] }));
            expect(found, `${role} asked as ${wantedRole} ${wantedUse} in ${tenant}`).toBe(
              fits ? 'accepted' : 'cose-kid',
            );
          }
    }
    expect(verdict(() => find(KEY.kid, { roles: [] }))).toBe('cose-kid');
    expect(verdict(() => find(KEY.kid, { roles: ['agent', 'psp'] }))).toBe('accepted');
  });

  it('T23: is not found under an unknown, a shortened, a lengthened or an empty kid', () => {
    const { kid } = KEY;
    for (const other of [
      keyOf('other').kid,
      kid.slice(0, 7),
      Uint8Array.of(...kid, 0),
      new Uint8Array(0),
      new Uint8Array(10_000),
    ]) {
      expect(verdict(() => find(other))).toBe('cose-kid');
    }
  });

  it('T23: has one owner, one role, one use: the same key or kid twice is refused', () => {
    const enrolled = trustedKey({ ...PSP, publicKey: KEY.publicKey });
    const second = { ...enrolled, publicKey: keyOf('other').publicKey };
    for (const other of [
      { ...enrolled, role: 'merchant' },
      { ...enrolled, use: 'frame' },
      { ...enrolled, tenant: 'tenant-2' },
      second,
    ]) {
      expect(verdict(() => new TrustSet([enrolled, other as TrustedKey]))).toBe('cose-kid');
    }
  });

  it('T23: is refused under a kid that is not its own, so that no key can stand in for another', () => {
    const enrolled = trustedKey({ ...PSP, publicKey: KEY.publicKey });
    const substitute = { ...enrolled, publicKey: keyOf('other').publicKey };
    expect(verdict(() => new TrustSet([substitute]))).toBe('cose-kid');
  });

  it('T19: is found for times before it was replaced, and for none where nobody says a time', () => {
    const until = at(100);
    const replaced = new TrustSet([trustedKey({ ...PSP, publicKey: KEY.publicKey, until })]);
    const found = (as?: EpochSeconds) =>
      verdict(() => replaced.find(KEY.kid, { tenant: 'tenant-1', use: 'object', roles: ['psp'], at: as }));
    expect([at(0), at(99)].map(found)).toEqual(['accepted', 'accepted']);
    expect([at(100), at(101), undefined].map(found)).toEqual(['cose-kid', 'cose-kid', 'cose-kid']);
    expect(verdict(() => find(KEY.kid, { at: at(1_000_000) }))).toBe('accepted');
  });

  it('T22: must be a sound Ed25519 key', () => {
    const zero = new Uint8Array(32);
    expect(verdict(() => trustedKey({ ...PSP, publicKey: zero }))).toBe('key-low-order');
    expect(verdict(() => trustedKey({ ...PSP, publicKey: new Uint8Array(31) }))).toBe('key-malformed');
    expect(verdict(() => trustedKey({ ...PSP, publicKey: undefined as never }))).toBe('key-malformed');
  });

  it('T12: keeps a copy of the key, also out of a Node Buffer, whose slices share memory', () => {
    for (const source of [Buffer.from(KEY.publicKey), new Uint8Array(KEY.publicKey)]) {
      const enrolled = trustedKey({ ...PSP, publicKey: source });
      source.fill(0);
      expect(hex(enrolled.publicKey)).toBe(hex(KEY.publicKey));
    }
  });

  it('is pinned to an algorithm where enrolment says so', () => {
    const entry = { party: 'psp-1', role: 'psp', use: 'frame', publicKey: KEY.publicKey } as const;
    const pinned: VerifyingKey = anEnrolledKey({ ...entry, alg: -8 });
    expect(pinned.alg).toBe(-8);
    expect(anEnrolledKey(entry)).not.toHaveProperty('alg');
  });
});
