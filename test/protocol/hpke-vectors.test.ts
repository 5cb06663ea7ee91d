import { existsSync, readFileSync } from 'node:fs';
import { Decoder } from 'cbor-x/index-no-eval';
import { describe, expect, it } from 'vitest';
import { fromHex, hex, utf8 } from '../../protocol/bytes.ts';
import { encodeCbor } from '../../protocol/cbor.ts';
import { aeadOpen, aeadSeal, x25519Key } from '../../protocol/crypto.ts';
import { hkdfExpand, hkdfExtract, hpkeOpen, isSoundPublicKey } from '../../protocol/hpke.ts';
import { openEnvelope } from '../../protocol/seal.ts';
import { keysOf, READER } from './seal-builder.ts';
import { hasVectors, vectors, verdict } from './support.ts';

interface Wycheproof<T> {
  readonly testGroups: readonly { readonly ivSize?: number; readonly tests: readonly T[] }[];
}
type Case<K extends string> = Readonly<Record<K | 'result', string>> & {
  readonly tcId: number;
  readonly flags: readonly string[];
};
const NONE = { testGroups: [] };
const casesOf = <T>(file: string) =>
  vectors<Wycheproof<T>>(file, NONE).testGroups.flatMap(({ tests, ivSize }) =>
    tests.map((one) => ({ ...one, ivSize })),
  );

const X25519 = 'wycheproof-x25519.json';
describe.skipIf(!hasVectors(X25519))('Wycheproof X25519', () => {
  const cases = casesOf<Case<'public' | 'private' | 'shared'>>(X25519);

  it('agrees on all 518, and gives zero for exactly the 31 low-order points', () => {
    expect(cases).toHaveLength(518);
    const computed = cases.map((one) => hex(x25519Key(fromHex(one.private)).agree(fromHex(one.public))));
    expect(computed).toEqual(cases.map(({ shared }) => shared));
    expect(computed.filter((shared) => /^0+$/.test(shared))).toHaveLength(31);
  });

  it('T22: calls unsound exactly the public keys under which the secret is zero', () => {
    for (const { public: publicKey, flags } of cases) {
      expect(isSoundPublicKey(fromHex(publicKey))).toBe(!flags.includes('ZeroSharedSecret'));
    }
  });
});

const HKDF = 'wycheproof-hkdf-sha256.json';
describe.skipIf(!hasVectors(HKDF))('Wycheproof HKDF-SHA256', () => {
  it('gives the same bytes in 83 cases and refuses the 3 that are too long', () => {
    const cases = casesOf<Case<'ikm' | 'salt' | 'info' | 'okm'> & { readonly size: number }>(HKDF);
    expect(cases).toHaveLength(86);
    for (const { ikm, salt, info, size, okm, result } of cases) {
      const expand = () => hkdfExpand(hkdfExtract(fromHex(salt), fromHex(ikm)), fromHex(info), size);
      if (result === 'valid') expect(hex(expand())).toBe(okm);
      else expect(expand).toThrow(/255 blocks/);
    }
  });
});

const CHACHA = 'wycheproof-chacha20-poly1305.json';
describe.skipIf(!hasVectors(CHACHA))('Wycheproof ChaCha20-Poly1305', () => {
  it('has their verdict in all 325 cases', () => {
    const cases = casesOf<Case<'key' | 'iv' | 'aad' | 'msg' | 'ct' | 'tag'>>(CHACHA);
    expect(cases).toHaveLength(325);
    for (const { key, iv, aad, msg, ct, tag, result, ivSize } of cases) {
      const input = { key: fromHex(key), nonce: fromHex(iv), aad: fromHex(aad) };
      if (ivSize !== 96) {
        expect(result).toBe('invalid');
        expect(() => aeadOpen(input, fromHex(ct + tag))).toThrow(/length/);
        continue;
      }
      const opened = aeadOpen(input, fromHex(ct + tag));
      expect(opened && hex(opened)).toBe(result === 'valid' ? msg : undefined);
      expect(hex(aeadSeal(input, fromHex(msg))) === ct + tag).toBe(result === 'valid');
    }
  });
});

const COSE_HPKE = new URL('../../../shared/vectors/cose-hpke.txt', import.meta.url);
const lenient = new Decoder({ mapsAsObjects: false, useRecords: false });

interface CoseVector {
  readonly title: string;
  readonly suite: string;
  readonly scalar: Uint8Array;
  readonly message: Uint8Array;
}

/** A COSE_Key line, then per vector a title and a line with the message. */
function coseVectors(): CoseVector[] {
  let [suite, scalar, title] = ['', new Uint8Array(), ''];
  const found: CoseVector[] = [];
  for (const line of existsSync(COSE_HPKE) ? readFileSync(COSE_HPKE, 'utf8').split('\n') : []) {
    const [, name, key] = /^(HPKE-\S+) COSE_Key::? ([0-9a-f]+)$/.exec(line) ?? [];
    const [, message] = /^Ciphertext: ([0-9a-f]+)$/.exec(line) ?? [];
    if (name !== undefined && key !== undefined) {
      suite = name;
      scalar = new Uint8Array(lenient.decode(fromHex(key)).get(-4) ?? []);
    } else if (message !== undefined) found.push({ title, suite, scalar, message: fromHex(message) });
    else if (line.startsWith('HPKE-')) title = line;
  }
  return found;
}

/** The inputs of the draft's appendix C, each used where the title of the vector says "external". */
const external = (title: string, name: string, value: string) =>
  title.includes(`external ${name}`) ? utf8(value) : new Uint8Array();
const aadOf = (title: string) => (/external aad/.test(title) ? utf8('external-aad') : new Uint8Array());
const PLAINTEXT = 'hpke test payload';

/** draft-ietf-cose-hpke §3.2: HPKE encrypts the content itself. */
function openEncrypt0({ title, scalar, message }: CoseVector): Uint8Array {
  const [protectedBytes, unprotected, ciphertext] = lenient.decode(message).value;
  return hpkeOpen({
    key: x25519Key(scalar),
    enc: new Uint8Array(unprotected.get(-4)),
    info: external(title, 'info', 'external-info'),
    aad: encodeCbor(['Encrypt0', new Uint8Array(protectedBytes), aadOf(title)]),
    ciphertext: new Uint8Array(ciphertext),
  });
}

/** draft-ietf-cose-hpke §3.3: HPKE encrypts the key of the content, which here is ChaCha20-Poly1305 (24) too. */
function openKeyEncryption({ title, scalar, message }: CoseVector): Uint8Array {
  const [protectedBytes, unprotected, ciphertext, [[recipientProtected, recipientUnprotected, wrapped]]] =
    lenient.decode(message).value;
  expect(lenient.decode(protectedBytes).get(1)).toBe(24);
  const extra = external(title, 'info', 'external-info');
  const contentKey = hpkeOpen({
    key: x25519Key(scalar),
    enc: new Uint8Array(recipientUnprotected.get(-4)),
    info: encodeCbor(['HPKE Recipient', 24, new Uint8Array(recipientProtected), extra]),
    aad: external(title, 'hpke aad', 'external-hpke-aad'),
    ciphertext: new Uint8Array(wrapped),
  });
  const aad = encodeCbor(['Encrypt', new Uint8Array(protectedBytes), aadOf(title)]);
  const content = aeadOpen(
    { key: contentKey, nonce: new Uint8Array(unprotected.get(5)), aad },
    new Uint8Array(ciphertext),
  );
  return content ?? new Uint8Array();
}

describe.skipIf(!hasVectors('cose-hpke.txt'))('the vectors of draft-ietf-cose-hpke', () => {
  const all = coseVectors();
  const ours = all.filter(({ suite }) => /^HPKE-4(-KE)?$/.test(suite));
  const base = ours.filter(({ title }) => !title.includes('PSK'));
  const encrypt0 = base.filter(({ suite }) => suite === 'HPKE-4');
  const keyEncryption = base.filter(({ suite }) => suite === 'HPKE-4-KE');

  it('are 192 over eight suites, of which 24 are for X25519 with ChaCha20-Poly1305, and 12 of those in base mode', () => {
    expect([all.length, ours.length, encrypt0.length, keyEncryption.length]).toEqual([192, 24, 4, 8]);
  });

  it.each(encrypt0)('opens $title', (vector) => {
    expect(hex(openEncrypt0(vector))).toBe(hex(utf8(PLAINTEXT)));
  });

  it.each(keyEncryption)('opens $title', (vector) => {
    expect(hex(openKeyEncryption(vector))).toBe(hex(utf8(PLAINTEXT)));
  });

  it.each(ours.filter(({ title }) => title.includes('PSK')))(
    'does not open $title: there is no other mode',
    (vector) => {
      const open = vector.suite === 'HPKE-4' ? openEncrypt0 : openKeyEncryption;
      expect(verdict(() => open(vector))).toBe('seal-open');
    },
  );

  it('T20, T24: are all refused as envelopes, whatever their suite', () => {
    const pair = { ...x25519Key(encrypt0[0]?.scalar ?? new Uint8Array(32)), kid: new Uint8Array(8) };
    for (const { message } of all) {
      expect(verdict(() => openEnvelope(message, { ...READER, keys: keysOf(pair) }))).toBe('seal-size');
    }
  });
});
