import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex, utf8 } from '../../protocol/bytes.ts';
import { sha256 } from '../../protocol/crypto.ts';
import {
  agentId,
  digest,
  digestOf,
  flag,
  id16,
  newId,
  orderNo,
  parseId16,
  parseSessionId,
  partyId,
  paymentMethod,
  paymentToken,
  slug,
  tradeNo,
} from '../../protocol/ids.ts';
import { refusal, verdict } from './support.ts';

const SIXTEEN = Uint8Array.from({ length: 16 }, (_, i) => i * 17);
const SPELT = '00112233445566778899aabbccddeeff';

describe('ids of fixed length', () => {
  it('are bytes on the wire and lower-case hex in the program, one spelling each way', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        expect(id16.encode(id16.decode(bytes, 'x'), 'x')).toEqual(bytes);
      }),
      { seed: 16, numRuns: 200 },
    );
    expect(digest.decode(sha256(utf8('x')), 'x')).toBe(digestOf(utf8('x')));
    expect(id16.decode(SIXTEEN, 'x')).toBe(SPELT);
  });

  it.each([
    SPELT.toUpperCase(),
    SPELT.slice(2),
    `${SPELT}00`,
    `${SPELT}\n`,
    ` ${SPELT.slice(1)}`,
    '',
    5,
    null,
    SIXTEEN,
    [SPELT],
  ])('refuse the spelling %j', (spelling) => {
    const error = refusal(() => id16.encode(spelling as never, 'a.id'));
    expect([error?.code, error?.path]).toEqual(['message-shape', 'a.id']);
  });

  it.each([
    new Uint8Array(15),
    new Uint8Array(17),
    new Uint8Array(0),
    SPELT,
    [...SIXTEEN],
    new Uint16Array(16),
    null,
    Object.create(Uint8Array.prototype),
  ])('refuse these bytes: %j', (bytes) => {
    const error = refusal(() => id16.decode(bytes as never, 'a.id'));
    expect([error?.code, error?.path]).toEqual(['message-shape', 'a.id']);
  });

  it('come from exactly 16 random bytes, or from configuration in the one spelling', () => {
    expect(newId(SIXTEEN)).toBe(SPELT);
    expect(parseId16(SPELT)).toBe(SPELT);
    expect(parseSessionId('0011223344556677')).toBe('0011223344556677');
    for (const length of [0, 15, 17, 32]) expect(verdict(() => newId(new Uint8Array(length)))).toBe('id-syntax');
    for (const bad of ['', SPELT.toUpperCase(), `${SPELT}\n`, SPELT.slice(1), `0x${SPELT.slice(2)}`]) {
      expect(
        verdict(() => parseId16(bad)),
        bad,
      ).toBe('id-syntax');
      expect(
        verdict(() => parseSessionId(bad)),
        bad,
      ).toBe('id-syntax');
    }
  });

  it('digests are SHA-256 of the exact bytes, also out of a Node Buffer', () => {
    expect(digestOf(Buffer.from('abc'))).toBe(hex(sha256(utf8('abc'))));
  });
});

describe('names', () => {
  const NAMES = {
    partyId: [partyId, ['a', 'lane-coffee', '7', 'a'.repeat(32)], ['-a', 'A', 'a_b', 'a'.repeat(33)]],
    orderNo: [orderNo, ['A-1', '9'.repeat(24)], ['A_1', 'A 1', '9'.repeat(25)]],
    tradeNo: [tradeNo, ['2026', 'x'.repeat(32)], ['20/26', 'x'.repeat(33)]],
    agentId: [
      agentId,
      ['did:act:example.com/glasses-7'],
      ['did:act:example.com', 'did:web:example.com/x', 'did:act:/x', 'did:act:a/b/c'],
    ],
    paymentToken: [paymentToken, ['tok_5f-A'], ['tok 5', 'x'.repeat(49)]],
    paymentMethod: [
      paymentMethod,
      ['urn:act:payment:alipay'],
      ['urn:act:payment:', 'urn:act:psp:alipay', 'URN:ACT:PAYMENT:ALIPAY'],
    ],
    slug: [slug, ['latte', '0'], ['-latte', 'Latte', 'x'.repeat(25)]],
  } as const;

  it.each(Object.entries(NAMES))('%s has a closed alphabet', (_, [type, good, bad]) => {
    for (const name of good) expect(type.decode(type.encode(name, 'x'), 'x')).toBe(name);
    for (const name of bad)
      expect(
        verdict(() => type.decode(name, 'x')),
        name,
      ).toBe('message-shape');
  });

  it.each(Object.entries(NAMES))(
    'T8: nothing invisible, wild or reserved by MQTT can hide in a %s',
    (_, [type, [good]]) => {
      for (const hidden of [
        '\u202e',
        '\u200b',
        '\u00ad',
        '\ufeff',
        '\u0000',
        '\n',
        '\u0430',
        '\ud800',
        '+',
        '#',
        ' ',
      ]) {
        for (const name of [`${good}${hidden}`, `${hidden}${good}`]) {
          expect(
            verdict(() => type.decode(name, 'x')),
            JSON.stringify(name),
          ).toBe('message-shape');
          expect(
            verdict(() => type.encode(name, 'x')),
            JSON.stringify(name),
          ).toBe('message-shape');
        }
      }
    },
  );

  it('a flag is true or false and nothing that counts as one', () => {
    for (const value of [true, false]) expect(flag.decode(flag.encode(value, 'x'), 'x')).toBe(value);
    for (const bad of [0, 1, 'true', null]) expect(verdict(() => flag.decode(bad, 'x'))).toBe('message-shape');
  });
});
