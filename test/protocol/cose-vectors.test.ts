import { createPublicKey, verify } from 'node:crypto';
import { Decoder } from 'cbor-x/index-no-eval';
import { describe, expect, it } from 'vitest';
import { fromHex, hex } from '../../protocol/bytes.ts';
import { verifyEd25519 } from '../../protocol/ed25519.ts';
import { parseSign1, toBeSigned } from '../../protocol/sign1.ts';
import { hasVectors, vectorFolder, verdict } from './support.ts';

/*
 * The COSE working group's examples carry kid (and once alg) unprotected and mostly use ES256: all are outside our profile
 * and refused by it. What they can still check is the layer below: that our Sig_structure is theirs byte for byte, and that
 * a lenient verifier built on it, here in the test, agrees with them about every signature.
 */
interface Example {
  readonly title: string;
  readonly fail?: boolean;
  readonly input: { readonly sign0?: Sign0; readonly sign?: { readonly signers: readonly Sign0[] } };
  readonly intermediates: {
    readonly ToBeSign_hex?: string;
    readonly signers?: readonly { readonly ToBeSign_hex: string }[];
  };
  readonly output: { readonly cbor: string };
}
interface Sign0 {
  readonly key: Readonly<Record<'crv' | 'x' | 'y' | 'x_hex', string>>;
  readonly external?: string;
}
type Sign1Parts = readonly [Uint8Array, ReadonlyMap<number, unknown>, Uint8Array, Uint8Array];

const lenient = new Decoder({ mapsAsObjects: false, useRecords: false });
const ALG_OF_CURVE: Readonly<Record<string, number>> = { 'P-256': -7, Ed25519: -8 };

function partsOf(example: Example): { readonly tag: number | undefined; readonly parts: Sign1Parts } {
  const item = lenient.decode(fromHex(example.output.cbor));
  return Array.isArray(item) ? { tag: undefined, parts: item as never } : { tag: item.tag, parts: item.value };
}

/** Verifies as RFC 9052 §4.4 says, with the header rules of COSE instead of ours. */
function verifyLeniently(example: Example, { key, external = '' }: Sign0): boolean {
  const { tag, parts } = partsOf(example);
  const [protectedBytes, unprotected, payload, signature] = parts;
  if (tag !== undefined && tag !== 18) return false;
  const header = protectedBytes.length === 0 ? new Map() : lenient.decode(protectedBytes);
  if ((header.get(1) ?? unprotected.get(1)) !== ALG_OF_CURVE[key.crv]) return false;
  // An empty header counts as no bytes, however it was sent (RFC 9052 §4.4).
  const covered = toBeSigned(header.size === 0 ? new Uint8Array() : protectedBytes, fromHex(external), payload);
  if (key.crv === 'Ed25519') return verifyEd25519(signature, covered, fromHex(key.x_hex));
  const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: key.crv, x: key.x, y: key.y } });
  return verify('sha256', covered, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
}

const NAMES = ['cose/sign1-tests', 'cose/eddsa-examples'];

describe.skipIf(!NAMES.every(hasVectors))('COSE working group examples', () => {
  const all = NAMES.flatMap((folder) => vectorFolder<Example>(folder));
  const sign1 = all.filter(([, { input }]) => input.sign0 !== undefined && input.sign0.key.crv !== 'Ed448');
  const passing = sign1.filter(([, { fail }]) => fail !== true);

  it('are the 13 we know, of which 10 are COSE_Sign1 on curves we can check', () => {
    expect([all.length, sign1.length, passing.length]).toEqual([13, 10, 4]);
  });

  it.each(passing)('%s: covers the same bytes', (_, example) => {
    const [protectedBytes, , payload] = partsOf(example).parts;
    const covered = toBeSigned(
      hex(protectedBytes) === 'a0' ? new Uint8Array() : protectedBytes,
      fromHex(example.input.sign0?.external ?? ''),
      payload,
    );
    expect(hex(covered)).toBe(example.intermediates.ToBeSign_hex?.toLowerCase());
  });

  it.each(sign1)('%s: the verdict on the signature is theirs', (_, example) => {
    expect(verifyLeniently(example, example.input.sign0 as Sign0)).toBe(example.fail !== true);
  });

  it.each(all)('T24: %s is outside our profile and refused with a code', (_, example) => {
    expect(verdict(() => parseSign1(fromHex(example.output.cbor)))).toMatch(/^cose-(header|malformed)$/);
  });

  it('verifies the Ed25519 signer of eddsa-01, and no Ed448 signature', () => {
    for (const [name, isEd25519] of [
      ['eddsa-01.json', true],
      ['eddsa-02.json', false],
    ] as const) {
      const example = all.find(([file]) => file === name)?.[1];
      const signer = example?.input.sign?.signers[0];
      const covered = fromHex(example?.intermediates.signers?.[0]?.ToBeSign_hex ?? '');
      const [, , , signers] = lenient.decode(fromHex(example?.output.cbor ?? '')).value;
      expect(verifyEd25519(signers[0][2], covered, fromHex(signer?.key.x_hex ?? ''))).toBe(isEd25519);
    }
  });
});
