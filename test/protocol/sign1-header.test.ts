import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex, hex, utf8 } from '../../protocol/bytes.ts';
import { type CborInput, type CborKey, encodeCbor } from '../../protocol/cbor.ts';
import { ALG_EDDSA, parseSign1 } from '../../protocol/sign1.ts';
import {
  HEADER,
  KEY,
  OTHER,
  outcome,
  replacing,
  signed,
  signedOver,
  signedWith,
  verified,
  without,
} from './sign1-builder.ts';
import { verdict } from './support.ts';

describe('the protected header', () => {
  it.each<[string, CborInput]>([
    ['ES256', -7],
    ['HMAC, with the public key as secret', 5],
    ['Ed448', -53],
    ['zero', 0],
    ['a name', 'Ed25519'],
    ['none', 'none'],
    ['null', null],
    ['a list', [-19, -8]],
  ])('T24: refuses %s as algorithm', (_, alg) => {
    expect(outcome(signedWith(replacing(1, alg)))).toBe('cose-alg');
    expect(verdict(() => parseSign1(signedWith(replacing(1, alg))))).toBe('cose-alg');
  });

  it('T24: takes −8 under a key pinned to it and under no other, and never writes it', () => {
    const message = signedWith(replacing(1, ALG_EDDSA));
    expect(outcome(message)).toBe('cose-alg');
    expect(verdict(() => verified(message, { key: { ...KEY, alg: -19 } }))).toBe('cose-alg');
    expect(verdict(() => verified(message, { key: { ...KEY, alg: -8 } }))).toBe('accepted');
    expect(verdict(() => verified(signed(), { key: { ...KEY, alg: -8 } }))).toBe('cose-alg');
  });

  it('T24: refuses a message without an algorithm, with two, or with one that is not signed', () => {
    expect(outcome(signedWith(without(1)))).toBe('cose-alg');
    expect(outcome(signedOver(fromHex(`a40132013204${'48'}${hex(KEY.kid)}101828`)))).toBe('cbor-duplicate-key');
    expect(outcome(signedOver(encodeCbor(new Map(HEADER)), new Map([[1, -19]])))).toBe('cose-header');
    expect(outcome(signedOver(encodeCbor(new Map(without(1))), new Map([[1, -19]])))).toBe('cose-header');
    expect(outcome(signedOver(encodeCbor(new Map(without(4))), new Map([[4, KEY.kid]])))).toBe('cose-header');
  });

  it.each<[string, CborInput]>([
    ['empty', new Uint8Array()],
    ['7 bytes', new Uint8Array(7)],
    ['9 bytes', new Uint8Array(9)],
    ['3,000 bytes', new Uint8Array(3000)],
    ['text', '12345678'],
    ['a number', 7],
  ])('T23: refuses a key identifier that is %s', (_, kid) => {
    expect(outcome(signedWith(replacing(4, kid)))).toBe('cose-kid');
  });

  it('T23: refuses a missing or doubled key identifier, and one whose case or owner differs', () => {
    const kid = `48${hex(KEY.kid)}`;
    expect(outcome(signedWith(without(4)))).toBe('cose-kid');
    expect(outcome(signedOver(fromHex(`a4013204${kid}04${kid}101828`)))).toBe('cbor-duplicate-key');
    expect(outcome(signedWith(replacing(4, OTHER.kid)))).toBe('cose-kid');
  });

  it('T24: refuses any critical header', () => {
    for (const crit of [[4], [-70001], ['x'], [], 0, null]) {
      expect(outcome(signedWith([...HEADER, [2, crit]]))).toBe('cose-crit');
    }
  });

  it.each([3, 5, 6, 11, 33, 34, 255, -1, -70000, -70002, 0])(
    'refuses label %d, which has a meaning or may get one',
    (label) => {
      expect(outcome(signedWith([...HEADER, [label, 0]]))).toBe('cose-header');
    },
  );

  it('passes over optional labels, but they are signed', () => {
    const message = signedWith([...HEADER, [256, 1], ['x-trace', 'abc']]);
    expect(verified(message).header).toEqual({ alg: -19, kid: KEY.kid, typ: 40 });
    const changed = fromHex(hex(message).replace(hex(utf8('abc')), hex(utf8('abd'))));
    expect(outcome(changed)).toBe('cose-signature');
  });

  it.each<[string, CborKey, CborInput, string]>([
    ['a negative type', 16, -1, 'cose-typ'],
    ['a type beyond 16 bits', 16, 65_536, 'cose-typ'],
    ['a type by name', 16, 'application/cose', 'cose-typ'],
    ['a negative version', -70001, -1, 'cose-header'],
    ['a version beyond 16 bits', -70001, 65_536, 'cose-header'],
    ['a version by name', -70001, '2.1', 'cose-header'],
    ['claims in a list', 15, [], 'cose-header'],
    ['an empty issuer', 15, new Map([[1, '']]), 'cose-header'],
    ['an issuer of 129 characters', 15, new Map([[1, 'x'.repeat(129)]]), 'cose-header'],
    ['an issuer in bytes', 15, new Map([[1, Uint8Array.of(1)]]), 'cose-header'],
    ['an audience list', 15, new Map([[3, ['a', 'b']]]), 'cose-header'],
    ['a negative expiry', 15, new Map([[4, -1]]), 'cose-header'],
    ['an expiry in text', 15, new Map([[4, '1700000000']]), 'cose-header'],
    ['an issue time of null', 15, new Map([[6, null]]), 'cose-header'],
    ['an empty identifier', 15, new Map([[7, new Uint8Array()]]), 'cose-header'],
    ['an identifier of 33 bytes', 15, new Map([[7, new Uint8Array(33)]]), 'cose-header'],
    ['an identifier in text', 15, new Map([[7, 'abc']]), 'cose-header'],
    ['a claim we would have to heed (nbf)', 15, new Map([[5, 1_700_000_000]]), 'cose-header'],
    ['a claim by name', 15, new Map([['iss', 'x']]), 'cose-header'],
  ])('refuses %s', (_, label, value, code) => {
    expect(outcome(signedWith(replacing(label, value)))).toBe(code);
  });

  it('refuses a header that is no map, or missing its type', () => {
    expect(outcome(signedOver(encodeCbor([1, -19])))).toBe('cose-malformed');
    expect(outcome(signedOver(new Uint8Array()))).toBe('cbor-truncated');
    expect(outcome(signedOver(concatBytes(encodeCbor(new Map(HEADER)), Uint8Array.of(0))))).toBe('cbor-trailing');
    expect(outcome(signedWith(without(16)))).toBe('cose-typ');
  });
});
