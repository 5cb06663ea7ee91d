import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex, hex, utf8 } from '../../protocol/bytes.ts';
import { type CborInput, encodeCbor } from '../../protocol/cbor.ts';
import { sha256 } from '../../protocol/crypto.ts';
import { type Claims, kidOf, parseSign1, type Sign1Input, softSigningKey, toBeSigned } from '../../protocol/sign1.ts';
import { AAD, CLAIMS, KEY, OTHER, outcome, PAYLOAD, signed, tagged, verified } from './sign1-builder.ts';
import { refusal, seeded, verdict } from './support.ts';

describe('COSE_Sign1', () => {
  it('verifies what it signed and returns header, claims and payload', () => {
    const message = signed({ version: 2, claims: CLAIMS });
    const { header, payload } = verified(message);
    expect(header).toEqual({ alg: -19, kid: KEY.kid, typ: 40, version: 2, claims: CLAIMS });
    expect(hex(payload)).toBe(hex(PAYLOAD));
    expect(verified(parseSign1(message) as never)).toEqual(parseSign1(message));
    expect(hex(signed({ version: 2, claims: CLAIMS }))).toBe(hex(message));
  });

  it('spends at most 18 bytes on the header of a confirmation', () => {
    for (const [typ, bytes] of [
      [10, 16],
      [40, 17],
      [65_535, 18],
    ] as const) {
      const { protectedBytes } = parseSign1(signed({ typ }));
      expect(1 + protectedBytes.length).toBe(bytes);
    }
  });

  it('builds the Sig_structure of RFC 9052 §4.4 with shortest heads at every length', () => {
    for (const length of [0, 23, 24, 255, 256, 4096]) {
      const content = new Uint8Array(length);
      const structure = toBeSigned(PAYLOAD, AAD, content);
      const head =
        length === 4096 ? '591000' : hex(encodeCbor(content)).slice(0, length < 24 ? 2 : length < 256 ? 4 : 6);
      const context = `846a${hex(utf8('Signature1'))}`;
      expect(hex(structure)).toBe(`${context}${hex(encodeCbor(PAYLOAD))}${hex(encodeCbor(AAD))}${head}${hex(content)}`);
    }
    expect(verdict(() => toBeSigned(PAYLOAD, AAD, new Uint8Array(4097)))).toBe('cbor-too-long');
  });

  it('derives the key identifier from the COSE_Key thumbprint of RFC 9679', () => {
    const coseKey = concatBytes(fromHex('a301012006215820'), KEY.publicKey);
    expect(hex(kidOf(KEY.publicKey))).toBe(hex(sha256(coseKey).subarray(0, 8)));
    expect(hex(KEY.kid)).not.toBe(hex(OTHER.kid));
  });

  it('keeps the seed out of the key it makes', () => {
    const seed = sha256(utf8('held'));
    const key = softSigningKey(seed);
    const before = hex(key.sign(PAYLOAD));
    expect(
      JSON.stringify(Object.values(key).map((part) => (part instanceof Uint8Array ? hex(part) : part))),
    ).not.toContain(hex(seed));
    seed.fill(0);
    expect(hex(key.sign(PAYLOAD))).toBe(before);
    expect(verdict(() => softSigningKey(new Uint8Array(31)))).toBe('key-malformed');
  });

  it('T1: refuses a message in which any bit changed', () => {
    const message = signed({ version: 1, claims: CLAIMS });
    for (let bit = 0; bit < message.length * 8; bit++) {
      const changed = message.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      expect(outcome(changed)).not.toBe('accepted');
    }
  });

  it('T5, T25: refuses another context, another type, another key', () => {
    const message = signed();
    expect(verdict(() => verified(message, { externalAad: utf8('to the cloud') }))).toBe('cose-signature');
    expect(verdict(() => verified(message, { externalAad: new Uint8Array() }))).toBe('cose-signature');
    expect(verdict(() => verified(message, { typ: 41 }))).toBe('cose-typ');
    expect(verdict(() => verified(message, { key: OTHER }))).toBe('cose-kid');
    expect(verdict(() => verified(message, { key: { ...OTHER, kid: KEY.kid } }))).toBe('cose-signature');
  });

  it('T12: returns copies, untouched by changes to what it read', () => {
    const message = signed({ claims: CLAIMS });
    for (const read of [verified(message), verified(parseSign1(message) as never)]) {
      const spelled = JSON.stringify(read);
      message.fill(0);
      expect(JSON.stringify(read)).toBe(spelled);
      message.set(signed({ claims: CLAIMS }));
    }
    const parsed = parseSign1(message);
    const result = verified(parsed as never);
    parsed.payload.fill(0);
    parsed.header.kid.fill(0);
    expect(hex(result.payload)).toBe(hex(PAYLOAD));
    expect(hex(result.header.kid)).toBe(hex(KEY.kid));
  });

  it('believes the signed bytes, not the header somebody put beside them', () => {
    const parsed = parseSign1(signed({ typ: 41, claims: { iss: 'mallory' } }));
    const dressed = { ...parsed, header: { ...parsed.header, typ: 40, claims: { iss: 'psp-1' } } };
    expect(verdict(() => verified(dressed as never))).toBe('cose-typ');
    expect(verified(dressed as never, { typ: 41 }).header.claims).toEqual({ iss: 'mallory' });
  });
});

describe('the envelope', () => {
  const { protectedBytes, signature } = parseSign1(signed());
  const parts = [protectedBytes, {}, PAYLOAD, signature] as const;
  const withPart = (index: number, part: CborInput) => tagged(parts.map((old, i) => (i === index ? part : old)));

  it.each<[string, Uint8Array, string]>([
    ['no tag', withPart(4, null).slice(1), 'cose-malformed'],
    ['another tag', concatBytes(Uint8Array.of(0xd1), withPart(4, null).slice(1)), 'cose-malformed'],
    ['a long spelling of tag 18', concatBytes(fromHex('d812'), withPart(4, null).slice(1)), 'cose-malformed'],
    ['three parts', tagged(parts.slice(0, 3)), 'cose-malformed'],
    ['five parts', tagged([...parts, null]), 'cose-malformed'],
    ['a protected header outside a byte string', withPart(0, {}), 'cose-malformed'],
    ['a null unprotected header', withPart(1, null), 'cose-header'],
    ['a detached payload', withPart(2, null), 'cose-malformed'],
    ['a text payload', withPart(2, 'pay'), 'cose-malformed'],
    ['a null signature', withPart(3, null), 'cose-malformed'],
    ['a signature of 63 bytes', withPart(3, signature.subarray(1)), 'cose-signature'],
    ['a signature of 65 bytes', withPart(3, new Uint8Array(65)), 'cose-signature'],
    ['an empty signature', withPart(3, new Uint8Array()), 'cose-signature'],
    ['bytes after the end', concatBytes(signed(), Uint8Array.of(0)), 'cbor-trailing'],
    ['nothing in it', new Uint8Array(), 'cbor-truncated'],
    ['more than 4 KiB', new Uint8Array(4097).fill(0xd2), 'cbor-too-long'],
  ])('refuses a message with %s', (_, message, code) => {
    expect(verdict(() => parseSign1(message))).toBe(code);
    expect(outcome(message)).toBe(code);
  });

  it('refuses a message cut anywhere, with the offset where it ends', () => {
    const message = signed();
    for (let length = 0; length < message.length; length++) {
      expect(refusal(() => parseSign1(message.slice(0, length)))?.code).toBe('cbor-truncated');
    }
  });

  it('T21: answers 10,000 mutated messages with a code', () => {
    const random = seeded(0x51);
    const message = signed({ claims: CLAIMS });
    for (let run = 0; run < 10_000; run++) {
      const changed = message.slice(0, run % 3 === 0 ? random(message.length) : message.length);
      // Never in the signature: there parsing alone cannot tell.
      for (let times = 0; times < 2; times++) changed[random(message.length - 64)] = random(256);
      expect(verdict(() => parseSign1(changed))).toBeTypeOf('string');
    }
  });
});

describe('signing', () => {
  it.each<[string, Partial<Sign1Input>, string]>([
    ['a type beyond 16 bits', { typ: 65_536 }, 'cose-typ'],
    ['a negative version', { version: -1 }, 'cose-header'],
    ['a claim in another form', { claims: { iss: '' } }, 'cose-header'],
    ['a fractional expiry', { claims: { exp: 1.5 } }, 'cbor-float'],
    ['a key whose identifier is not 8 bytes', { key: { ...KEY, kid: new Uint8Array(7) } }, 'cose-kid'],
    ['a key that returns half a signature', { key: { ...KEY, sign: () => new Uint8Array(32) } }, 'cose-signature'],
    ['a payload that leaves no room', { payload: new Uint8Array(4020) }, 'cbor-too-long'],
    ['a payload beyond the limit', { payload: new Uint8Array(5000) }, 'cbor-too-long'],
  ])('refuses %s', (_, changes, code) => {
    expect(verdict(() => signed(changes))).toBe(code);
  });

  it('asks no key to sign a header that a reader would refuse', () => {
    let asked = 0;
    const sign = (bytes: Uint8Array) => {
      asked += 1;
      return KEY.sign(bytes);
    };
    const key = { kid: KEY.kid, sign };
    expect(verdict(() => signed({ key, typ: -1 }))).toBe('cose-typ');
    expect(asked).toBe(0);
    expect(verdict(() => signed({ key }))).toBe('accepted');
    expect(asked).toBe(1);
  });

  it('leaves out claims that are absent', () => {
    expect(verified(signed({ claims: {} })).header.claims).toEqual({});
    const partly = { iss: 'dev-1', aud: undefined } as unknown as Claims;
    expect(verified(signed({ claims: partly })).header.claims).toEqual({ iss: 'dev-1' });
  });
});
